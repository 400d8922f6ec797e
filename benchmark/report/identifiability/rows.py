"""Bounds of all quantities of all problems as a table: what the tables and figures of identifiability are made from."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import TypeVar

import pandas as pd

from benchmark.harness.row import Row
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.classes import (
    NOISE_LEVELS_RAD_PER_S2,
    NOT,
    REFERENCE_NOISE_RAD_PER_S2,
    classes,
    tolerated_noise,
)
from benchmark.identifiability.directions import weakest_direction_shares
from benchmark.identifiability.information import UNSEEN_SHARE
from benchmark.identifiability.quantities import COEFFICIENT, SHARED, kind_of
from benchmark.problem.problem_name import FIBRES_UNKNOWN, ProblemName, UnknownProblemError
from datasets.parameters import MUSCLE_UNITS, unit

Found = TypeVar("Found")

_log = logging.getLogger(__name__)

MUSCLE, BONE = "muscle", "bone"
FAMILIES = (MUSCLE, BONE, COEFFICIENT, SHARED)
OTHER_LEVELS = tuple(level for level in NOISE_LEVELS_RAD_PER_S2 if level != REFERENCE_NOISE_RAD_PER_S2)
COMBINED = "seen only in combination with other parameters"
PAPERS_VARIANT = "published"


@cache
def parsed(problem: str) -> ProblemName:
    """What a problem's name says, read once."""
    return ProblemName.parse(problem)


def problem_order(problem: str) -> tuple[bool, str, float, bool, str, int, tuple[str, ...]]:
    """What problems are sorted by: known fibres first, formulation, noise, the paper's variant first, few movements."""
    name = parsed(problem)
    is_other = name.variant != PAPERS_VARIANT
    own = (name.formulation.name, name.noise_rad_per_s2, is_other, name.variant)
    return has_unknown_fibres(problem), *own, len(name.movements), name.movements


def has_unknown_fibres(problem: str) -> bool:
    """Whether a problem's fibre states follow from the lengths of muscle and tendon together."""
    return parsed(problem).fibres == "unknown"


def in_order(found: Mapping[str, Found]) -> dict[str, Found]:
    """What was found of problems in their order; of those that are not known any more nothing, with a warning."""
    return {problem: found[problem] for problem in sorted(filter(_is_known, found), key=problem_order)}


def _is_known(problem: str) -> bool:
    try:
        parsed(problem)
    except UnknownProblemError as error:
        _log.warning("what is stored of %s is left out: %s", problem, error)
        return False
    return True


def families_of(problems: Sequence[str]) -> list[list[str]]:
    """Problems that differ in nothing but their movements, those with the fewest first."""
    ordered = sorted(problems, key=problem_order)
    return [list(own) for _, own in groupby(ordered, lambda problem: problem_order(problem)[:5])]


def fullest(problems: Sequence[str]) -> list[str]:
    """Of problems that differ in nothing but their movements, the one with the most of them."""
    return [own[-1] for own in families_of(problems)]


def setting(problem: str) -> str:
    """What tells a problem from others of its variant, fibres and noise: formulation and movements, ``M1 ab``."""
    name = parsed(problem)
    return f"{name.formulation.name.upper()} {''.join(name.movements)}"


def setting_panels(problems: Sequence[str]) -> dict[str, list[str]]:
    """Problems by variant, fibres and noise, which are told apart by panels of a figure."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        title = problem.split("-", 2)[2].replace(f"-{FIBRES_UNKNOWN}", ", fibres unknown")
        found.setdefault(title, []).append(problem)
    return found


def family(kind: str) -> str:
    """What a quantity of a kind is of: one of `FAMILIES`."""
    return kind if kind in (COEFFICIENT, SHARED) else MUSCLE if kind in MUSCLE_UNITS else BONE


def bounds_table(analyses: Mapping[str, Analysis]) -> pd.DataFrame:
    """A line a problem and quantity, also of those without any influence, in the order of the problems.

    Returns
    -------
    pd.DataFrame
        Bounds are in percent of ``relative_to`` (in the quantity's unit), ``crb_percent`` and ``class`` those at the
        reference noise; infinite where a quantity is not seen. ``family`` is one of `FAMILIES`, and ``has_influence``
        says whether stage one or two depends on the quantity.
    """
    ordered = sorted(analyses, key=problem_order)
    return pd.DataFrame([line for problem in ordered for line in _lines(analyses[problem])])


def _lines(found: Analysis) -> Iterator[Row]:
    quantities, known = found.quantities, found.information
    percent = found.percent(REFERENCE_NOISE_RAD_PER_S2)
    columns = {
        "parameter": quantities.names,
        "kind": quantities.kinds,
        "unit": quantities.units,
        "class": classes(percent),
        "crb_percent": percent,
        "weakest_direction_share": weakest_direction_shares(known, quantities.matrix),
        "true_value": quantities.values,
        "relative_to": quantities.magnitudes,
        **{_column(level): found.percent(level) for level in OTHER_LEVELS},
        "tolerated_noise_rad_per_s2": tolerated_noise(found.percent(1.0)),
        "unseen_share": known.unseen_shares(quantities.matrix),
    }
    for line in pd.DataFrame(columns).to_dict("records"):
        cause = found.causes.get(line["parameter"], COMBINED if line["unseen_share"] > UNSEEN_SHARE else "")
        yield _line(found.problem, {str(key): value for key, value in line.items()}, cause, has_influence=True)
    for name in found.causes:
        if name not in quantities.names:
            yield _line(found.problem, _without_influence(name), found.causes[name], has_influence=False)


def _line(problem: str, line: Row, cause: str, *, has_influence: bool) -> Row:
    own = {"cause": cause, "family": family(line["kind"]), "has_influence": has_influence}
    return {"problem": problem} | line | own


def _without_influence(name: str) -> Row:
    return {
        "parameter": name,
        "kind": kind_of(name),
        "unit": unit(name),
        "class": NOT,
        "crb_percent": math.inf,
        "weakest_direction_share": math.nan,
        "true_value": math.nan,
        "relative_to": math.nan,
        **{_column(level): math.inf for level in OTHER_LEVELS},
        "tolerated_noise_rad_per_s2": 0.0,
        "unseen_share": 1.0,
    }


def _column(level: float) -> str:
    return f"crb_at_{level:g}_rad_per_s2_percent"


def side_by_side(bounds: pd.DataFrame, column: str) -> pd.DataFrame:
    """A column of `bounds_table` with a line a parameter and a column a problem, both in their first order."""
    wide = bounds.pivot(index="parameter", columns="problem", values=column)
    return wide.loc[bounds["parameter"].drop_duplicates(), bounds["problem"].drop_duplicates()]
