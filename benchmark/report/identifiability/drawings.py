"""Which figures the report has of identifiability."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmark.identifiability.quantities import COEFFICIENT
from benchmark.report.drawings import Drawing
from benchmark.report.identifiability.directions_table import weakest
from benchmark.report.identifiability.found import Identifiability
from benchmark.report.identifiability.rows import MUSCLE, fullest, side_by_side


def identifiability_drawings(found: Identifiability) -> Iterator[Drawing]:
    """The figures of stored analyses and studies."""
    yield from _bounds(found)
    yield from found.further.drawings
    weak = [one for problem in fullest(list(found.analyses)) for one in weakest(found.analyses[problem])]
    yield Drawing("directions", "directions", (weak,))
    spectra = {problem: own.information.spectrum for problem, own in found.analyses.items()}
    yield Drawing("spectrum", "spectrum", (spectra,))
    free = found.bounds[(found.bounds["family"] == MUSCLE) & found.bounds["has_influence"]]
    yield Drawing("tolerated-noise", "tolerated-noise", (free[["problem", "tolerated_noise_rad_per_s2"]],))


def _bounds(found: Identifiability) -> Iterator[Drawing]:
    """Heat maps of what all problems see, of what some of them see, and of the coefficients."""
    percent = side_by_side(found.bounds, "crb_percent")
    family = found.bounds.drop_duplicates("parameter").set_index("parameter")["family"].loc[percent.index]
    seen = np.isfinite(percent.to_numpy())
    of_bones = (family == COEFFICIENT).to_numpy()
    everywhere, somewhere = seen.all(axis=1) & ~of_bones, seen.any(axis=1) & ~seen.all(axis=1) & ~of_bones
    for name, title, lines in (
        ("bounds", "Muscle and shared parameters that all problems see", everywhere),
        ("bounds-of-some", "Muscle and shared parameters that some problems do not see", somewhere),
        ("bounds-of-coefficients", "Dynamic coefficients of the bones", of_bones),
    ):
        if lines.any():
            yield Drawing(name, "bounds", (title, percent[lines]))
