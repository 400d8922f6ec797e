"""Which figures the report has of identifiability."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pandas as pd

from benchmark.identifiability.quantities import COEFFICIENT
from benchmark.report.drawings import Drawing
from benchmark.report.identifiability.directions_table import weakest
from benchmark.report.identifiability.found import Identifiability
from benchmark.report.identifiability.rows import MUSCLE, fullest, has_unknown_fibres, side_by_side

UNKNOWN = "-fibres-unknown"  # ends names of figures of problems with unknown fibres


def identifiability_drawings(found: Identifiability) -> Iterator[Drawing]:
    """The figures of stored analyses and studies; known and unknown fibres have figures of their own."""
    for is_unknown, own in groupby(found.analyses, has_unknown_fibres):
        yield from _analyses(found, list(own), UNKNOWN if is_unknown else "")
    yield from found.further.drawings


def _analyses(found: Identifiability, problems: list[str], ending: str) -> Iterator[Drawing]:
    """The figures of the analyses of some problems, with the ending of their names."""
    bounds = found.bounds[found.bounds["problem"].isin(problems)]
    yield from _bounds(bounds, ending)
    weak = [one for problem in fullest(problems) for one in weakest(found.analyses[problem])]
    yield Drawing(f"directions{ending}", "directions", (weak,))
    spectra = {problem: found.analyses[problem].information.spectrum for problem in problems}
    yield Drawing(f"spectrum{ending}", "spectrum", (spectra,))
    free = bounds[(bounds["family"] == MUSCLE) & bounds["has_influence"]]
    yield Drawing(f"tolerated-noise{ending}", "tolerated-noise", (free[["problem", "tolerated_noise_rad_per_s2"]],))


def _bounds(bounds: pd.DataFrame, ending: str) -> Iterator[Drawing]:
    """Heat maps of what all problems see, of what some of them see, and of the coefficients."""
    percent = side_by_side(bounds, "crb_percent")
    family = bounds.drop_duplicates("parameter").set_index("parameter")["family"].loc[percent.index]
    seen = np.isfinite(percent.to_numpy())
    of_bones = (family == COEFFICIENT).to_numpy()
    everywhere, somewhere = seen.all(axis=1) & ~of_bones, seen.any(axis=1) & ~seen.all(axis=1) & ~of_bones
    for name, title, lines in (
        ("bounds", "Muscle and shared parameters that all problems see", everywhere),
        ("bounds-of-some", "Muscle and shared parameters that some problems do not see", somewhere),
        ("bounds-of-coefficients", "Dynamic coefficients of the bones", of_bones),
    ):
        if lines.any():
            yield Drawing(f"{name}{ending}", "bounds", (title, percent[lines]))
