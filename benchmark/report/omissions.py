"""What the tables and figures of a suite leave out, and why: nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from benchmark.harness.store import Damage
from benchmark.problem.start_level import start_level_text
from benchmark.report.endings import SKIPPED, endings_text
from benchmark.report.formats import records
from benchmark.report.material import SuiteMaterial
from benchmark.report.report_table import ReportTable
from benchmark.report.rows import COST, delivered

ENDED_ALIKE = ["problem", "method", "start_level", "status", "message"]
DAMAGED = "Damaged or missing files, whose content is in no table and no figure:"
DAMAGED_NOTE = (
    "These files below the results folder are damaged or missing. What was in them is in no table and no figure: run "
    "them again or restore them."
)


def left_out(suite: SuiteMaterial) -> list[str]:
    """Paragraphs of Markdown that count how runs ended, and tell what is not in the tables or not in the figures."""
    results = delivered(suite.runs)
    without = suite.runs.drop(results.index)
    paragraphs = [counts_text(suite.runs, without), _list(_failures(without)), _list(_absent(suite.runs))]
    if results.empty:
        paragraphs.append("There are no figures, as no run delivered a result.")
    if unpriced := int(results[COST].isna().sum()):
        paragraphs.append(f"Runs of unknown cost, as a kind of their evaluations has no price: {unpriced}.")
    if untraced := sum(suite.traces[index] is None for index in results.index):
        paragraphs.append(f"Runs without a trace: {untraced}. Figures of convergence and parameters leave them out.")
    return [paragraph for paragraph in (*paragraphs, damage_text(suite.damaged)) if paragraph]


def counts_text(runs: pd.DataFrame, without: pd.DataFrame) -> str:
    """How many runs ended in which way; those `without` a result among them."""
    failed = len(without) - int((without["status"] == SKIPPED).sum())
    return (
        f"Runs: {len(runs)} ({endings_text(Counter(runs['status']))}). Failed, that is neither converged nor at the "
        f"end of the budget nor skipped: {failed}."
    )


def damage_table(damaged: Sequence[Damage]) -> ReportTable:
    """The stored files that could not be read."""
    raw = pd.DataFrame([(damage.file, damage.why) for damage in damaged], columns=["file", "reason"])
    shown = raw.set_axis(["File", "What is wrong with it"], axis=1)
    return ReportTable("damaged", "Damaged files", raw, shown, DAMAGED_NOTE, formats=("csv", "md"))


def damage_text(damaged: Iterable[Damage]) -> str:
    """Which files could not be read and why, in Markdown; empty if there are none."""
    lines = _list(f"- `{damage.file}`: {damage.why}" for damage in damaged)
    return f"{DAMAGED}\n\n{lines}" if lines else ""


def _failures(without: pd.DataFrame) -> Iterator[str]:
    """What failed or was skipped, and why: a line for all seeds that ended alike."""
    for _, alike in without.groupby(ENDED_ALIKE, observed=True):
        first, seeds = records(alike)[0], ", ".join(str(seed) for seed in alike["seed"])
        yield (
            f"- `{first['problem']}`, `{first['method']}`, start level {start_level_text(first['start_level'])}, "
            f"{'seed' if len(alike) == 1 else 'seeds'} {seeds}: "
            f"{first['status']}{': ' + first['message'] if first['message'] else ''}"
        )


def _absent(runs: pd.DataFrame) -> Iterator[str]:
    """The methods that have not run on all that others of the suite have: a line for all that one lacks."""
    settings = runs.drop_duplicates(["problem", "start_level"]).sort_values(["problem", "start_level"])
    for method, own in runs.groupby("method"):
        has = set(zip(own["problem"], own["start_level"], strict=True))
        named = zip(settings["problem"], settings["start_level"], strict=True)
        lacks = [f"`{name}` from {start_level_text(level)} starts" for name, level in named if (name, level) not in has]
        if lacks:
            yield f"- `{method}` has no runs of {', '.join(lacks)}, where others have."


def _list(lines: Iterable[str]) -> str:
    return "\n".join(lines)
