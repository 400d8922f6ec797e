"""What stored analyses say can be known, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from benchmark.harness.row import Row
from benchmark.identifiability.classes import (
    CLASSES,
    IDENTIFIABLE,
    IDENTIFIABLE_PERCENT,
    LEVEL,
    REFERENCE_NOISE_RAD_PER_S2,
)
from benchmark.identifiability.quantities import COEFFICIENT
from benchmark.report.formats import figure, records
from benchmark.report.identifiability.rows import BONE, MUSCLE, families_of, fullest, side_by_side
from benchmark.report.identifiability.summary_table import counts


def findings(summary: pd.DataFrame, bounds: pd.DataFrame) -> str:
    """A list of Markdown.

    Parameters
    ----------
    summary, bounds
        As `benchmark.report.identifiability.summary_table.summary` and `bounds_table` give them.
    """
    names = fullest(list(summary["problem"]))
    lines = [line for line in records(summary) if line["problem"] in names]
    free = bounds[bounds["has_influence"]]
    points = [
        _muscles(lines),
        _bones(bounds, lines),
        *_without_influence(bounds[bounds["problem"].isin(names)]),
        _cleanness(free[(free["family"] == MUSCLE) & free["problem"].isin(names)]),
        *_movements(free[free["family"] == MUSCLE]),
        _common_factor(lines),
    ]
    return "\n".join(f"- {point}" for point in points)


def _muscles(lines: Iterable[Row]) -> str:
    return (
        f"**Muscles.** With noise of {REFERENCE_NOISE_RAD_PER_S2:g} rad/s2 in the accelerations, identifiable (a "
        f"{100.0 * LEVEL:g} % interval of at most {IDENTIFIABLE_PERCENT:g} % to either side) are, of the muscle "
        f"parameters that the data depend on, {_counts(lines, MUSCLE)}."
    )


def _bones(bounds: pd.DataFrame, lines: list[Row]) -> str:
    bones = bounds[bounds["family"] == BONE]
    known = bones[bones["class"] == IDENTIFIABLE]["parameter"].nunique()
    missing = sorted({line["parameters"] - line["rank"] for line in lines})
    return (
        f"**Bones.** {known or 'None'} of the {bones['parameter'].nunique()} bone parameters can be identified by "
        f"itself: {' or '.join(map(str, missing))} directions among the parameters have no effect, whatever the "
        "motion. Of the bones' dynamic coefficients, which are what remains, identifiable are "
        f"{_counts(lines, COEFFICIENT)}."
    )


def _without_influence(bounds: pd.DataFrame) -> Iterator[str]:
    """What has no influence, muscles with all of their parameters by their names alone."""
    owners = bounds["parameter"].str.partition(".")[0]
    has_any = bounds["has_influence"].groupby([bounds["problem"], owners]).transform("any")
    named = owners.where(~has_any, bounds["parameter"])[~bounds["has_influence"]]
    by_problem = named.groupby(bounds["problem"], sort=False).agg(lambda own: _listed(dict.fromkeys(own)))
    found = [
        f"{names} ({', '.join(f'`{problem}`' for problem in own.index)})"
        for names, own in by_problem.groupby(by_problem, sort=False)
    ]
    if found:
        yield f"**No influence.** The data do not depend at all on {'; '.join(found)}."


def _cleanness(bounds: pd.DataFrame) -> str:
    tolerated = bounds.groupby("problem", sort=False)["tolerated_noise_rad_per_s2"]
    limits = _listed(
        f"{figure(own.median())} and {figure(own.min())} rad/s2 in `{problem}`" for problem, own in tolerated
    )
    return f"**How clean recordings must be.** For half and for all of these muscle parameters noise may be {limits}."


def _movements(bounds: pd.DataFrame) -> Iterator[str]:
    classes = side_by_side(bounds, "class") == IDENTIFIABLE
    found = []
    for *parts, whole in families_of([str(problem) for problem in classes]):
        if parts:
            both = classes[whole] & ~classes[parts].any(axis=1)
            found.append(f"{both.sum()} of the {classes[whole].sum()} identifiable ones of `{whole}`")
    if found:
        yield f"**Movements.** Only all movements together, none of them alone, identify {_listed(found)}."


def _common_factor(lines: Iterable[Row]) -> str:
    factors = _listed(f"{figure(line['common_force_factor_percent'])} % in `{line['problem']}`" for line in lines)
    return (
        "**Scale.** All forces, masses and inertias can grow together but for what the known bodies add. The common "
        f"factor of the maximum isometric forces is known to a standard deviation of {factors}."
    )


def _counts(lines: Iterable[Row], of: str) -> str:
    """How many quantities of a family are identifiable, of how many, in each problem."""
    columns = [counts(of, klass) for klass in CLASSES]
    return _listed(
        f"{line[columns[0]]} of {sum(line[column] for column in columns)} in `{line['problem']}`" for line in lines
    )


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
