"""What a comparison of formulations over subjects comes to, in sentences that say no more than it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from benchmark.analysis.paired import FEWEST
from benchmark.problem.problem_name import NONE
from benchmark.problem.start_level import start_level_text
from benchmark.report.deep_muscles.comparison import REFERENCE
from benchmark.report.deep_muscles.over_subjects import OverSubjects, told_apart
from benchmark.report.deep_muscles.ranks import IDEAL, Case, Ranked, case_of, one, ranked
from benchmark.report.deep_muscles.subject_runs import SETTING, measured
from benchmark.report.formats import figure
from benchmark.report.intervals import with_interval

TOLD: Final[Mapping[str, tuple[str, str]]] = {
    "cr2m": ("Cr2m", "%"),
    "heldout_rmse_nm": ("held-out RMSE", "N m"),
    "deep_force_error_percent": ("deep force error", "%"),
}
LIMITS: Final = (
    "**What this does and does not show.** The subjects are simulated with the model's own equations: a formulation "
    "meets no error of the model here but those that are put in, and a real arm has more. They are {subjects}, drawn "
    "around one arm; intervals over so few are wide, and what is not told apart may still differ. Each subject's "
    "geometry and fibre lengths count as known. Sizes of imperfections are choices, not measurements; varied one at a "
    "time, they do not tell how they act together, which a combination does for its own sizes alone. Muscles are "
    "simulated with co-activation that is irregular and different for each: nobody's least effort, and with few "
    "synergies in it (those of the measured muscles explain a third of the deep muscles' EMG at best), so that the "
    "premises of static optimisation, EMG-assisted modelling and synergy extrapolation do not hold here as they may in "
    "people. These three keep the bones of the start, the first two the deep muscles' parameters, too; their weights "
    "were not tuned to these subjects: another choice may do better. With `m2` everything is measured, which no "
    "laboratory can: it is what the others are to be held against. The moment arms of TRImed and BRA are collinear, so "
    "that no torque tells their forces apart: how they share is an assumption of each formulation, and the deep force "
    "error contains it; the table of single subjects has the other muscles' own."
)


def findings(runs: pd.DataFrame) -> tuple[str, ...]:
    """Paragraphs of Markdown on the runs of a suite, as `subject_runs` gives them."""
    settings = [own for _, own in runs.groupby(SETTING, observed=True, sort=True)]
    limits = LIMITS.format(subjects=f"{runs['subject'].nunique()} subjects")
    first = min(set(runs["method"]))  # how far others differ from it is told in a sentence
    told = (text for own in settings for text in _of_setting(own, own["method"].iloc[0] == first))
    return (*told, *_of_methods(runs), limits)


def _of_setting(runs: pd.DataFrame, with_imperfections: bool) -> Iterator[str]:
    """What a method finds from starts of a level."""
    first = runs.iloc[0]
    where = f"`{first['method']}`, {start_level_text(first['start_level'])} starts"
    cases = {str(name): own for name, own in runs.groupby("imperfection", observed=True, sort=True)}
    plain = case_of(cases.pop(NONE)) if NONE in cases else {}
    if lines := [text for measure in TOLD if (text := _who_is_best(plain, measure))]:
        heading = (
            f"**{where}, recordings as they are.** Means over subjects; in brackets paired differences to the lowest, "
            "with 95 % intervals. Told apart is what differs at 5 % after Holm over formulations:"
        )
        yield "\n".join([heading, "", *lines])
    if cases and with_imperfections:
        heading = f"**{where}, what imperfections do** to `{REFERENCE}` (in brackets: added to it), and who is lowest:"
        yield "\n".join([heading, "", *(_what_it_does(own, plain) for own in cases.values())])


def _who_is_best(case: Case, measure: str) -> str:
    """A measure's formulations from the best on; empty where nobody has it."""
    found = ranked(case, measure)
    if found is None:
        return ""
    name, unit = TOLD[measure]
    parts = [f"- {name}: lowest is `{found.best}`, {figure(found.means[found.best].mean)} {unit}", *_not_apart(found)]
    if found.apart:
        above = sorted(found.apart, key=lambda other: found.means[other].mean)
        listed = [f"`{other}` {figure(found.means[other].mean)} {_added(found.differences[other])}" for other in above]
        parts.append(f"higher: {', '.join(listed)}")
    if IDEAL in found.means:
        parts.append(f"`{IDEAL}`, which knows all EMG: {figure(found.means[IDEAL].mean)} {unit}")
    return "; ".join(parts)


def _not_apart(found: Ranked) -> list[str]:
    """Who shares the first place, and why that may be."""
    if not found.level_with:
        return []
    few = min(found.differences[name].subjects for name in found.level_with) < FEWEST
    why = f" (some have less than {FEWEST} subjects in common with it, too few to tell)" if few else ""
    listed = (f"`{name}` {figure(found.means[name].mean)}" for name in found.level_with)
    return [f"not told apart from it: {', '.join(listed)}{why}"]


def _what_it_does(runs: pd.DataFrame, plain: Case) -> str:
    """What an imperfection adds to the reference's errors, and who has the lowest ones with it."""
    case = case_of(runs)
    parts = [text for measure in TOLD if (text := _with_imperfection(case, plain, measure))]
    return f"- {runs['words'].iloc[0]}: {'; '.join(parts) or 'no result'}"


def _with_imperfection(case: Case, plain: Case, measure: str) -> str:
    found, (said, unit) = ranked(case, measure), TOLD[measure]
    if found is None:
        return ""
    if REFERENCE in found.means:
        added = [one(case[REFERENCE][measure] - own[measure]) for name, own in plain.items() if name == REFERENCE]
        said += f" {figure(found.means[REFERENCE].mean)} {unit}{''.join(f' {_added(more)}' for more in added)},"
    lowest = f"lowest `{found.best}` {figure(found.means[found.best].mean)} {unit}"
    said += " the lowest" if found.best == REFERENCE else f" {lowest}"
    listed = ", ".join(f"`{other}`" for other in found.level_with)
    return f"{said} (not told apart: {listed})" if listed else said


def _added(found: OverSubjects) -> str:
    return f"({'+' if found.mean > 0.0 else ''}{with_interval(found.mean, found.low, found.high)})"


def _of_methods(runs: pd.DataFrame) -> Iterator[str]:
    """Whether it matters which method solves the problems: of each beside the first."""
    first, *others = sorted(set(runs["method"]))
    for other in others:
        differences = {
            str(key): one(_errors(own, other) - _errors(own, first))
            for key, own in runs.groupby(["start_level", "imperfection", "formulation"], observed=True)
        }
        judged = {key: found for key, found in differences.items() if found.subjects >= FEWEST}
        apart = told_apart(judged)
        lower = sum(judged[key].mean < 0.0 for key in apart)
        yield (
            f"`{other}` in place of `{first}`, in the {len(judged)} combinations of start level, imperfection and "
            f"formulation that both have results of {FEWEST} subjects in: Cr2m is lower in {lower}, higher in "
            f"{len(apart) - lower}, and in the others they are not told apart (at 5 % after Holm over all)."
        )


def _errors(runs: pd.DataFrame, method: str) -> pd.Series:
    return measured(runs[runs["method"] == method])["cr2m"]
