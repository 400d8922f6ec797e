"""The tables that the page has of its own: all runs, what failed, what was run on what."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from benchmark.harness.row import Row
from benchmark.problem.problem_name import known_problem
from benchmark.problem.start_level import start_level_order, start_level_text
from benchmark.problem.targets import Targets
from benchmark.report.deep_muscles.problems import imperfection_words
from benchmark.report.endings import endings_text
from benchmark.report.formats import MISSING, figure, records
from benchmark.report.omissions import ENDED_ALIKE
from benchmark.report.provenance import UNKNOWN
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.rows import COST, delivered
from datasets.subjects import ANY_SUBJECT, any_subject

RUN_MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "Cr2m (%)": "cr2m",
        "Objective (rad2/s4)": "objective_rad2_per_s4",
        "Loss (1)": "loss",
        "Held-out R2 (1)": "heldout_r2",
        "Evaluations (1)": "evaluations",
        "Cost (residual evaluations)": COST,
        "Solve time (s)": "solve_s",
    }
)
RECORDED = ["recordings", "held_out"]
OF_NAME = ["formulation", "residual_unit", *RECORDED, "imperfections"]  # what a problem's name says

# Objectives and costs say the first two better, but of moment tracking; the table of failures has the last.
ASIDE = ("Loss (1)", "Evaluations (1)", "Message")
FAILURE_TEXTS = ("Suite", "Problem", "Method", "Status", "Message")


def all_runs_table(runs: pd.DataFrame) -> ReportTable:
    """Every run, a line each; `runs` as `runs_table` gives them."""
    lines = [
        {"Suite": line["suite"], "Problem": line["problem"], "Method": line["method"]}
        | {"Start": start_level_text(line["start_level"]), "Seed": line["seed"], "Status": line["status"]}
        | {"Best minimum": _yes_or_no(line["reached_target"]), "Message": line["message"] or MISSING}
        | {heading: figure(_number(line[column])) for heading, column in RUN_MEASURES.items()}
        for line in records(runs)
    ]
    headings = ["Suite", "Problem", "Method", "Start", "Seed", "Status", "Best minimum", *RUN_MEASURES, "Message"]
    return ReportTable(
        "runs",
        "All runs",
        runs,
        shown_table(lines, headings),
        essential=tuple(heading for heading in headings if heading not in ASIDE),
        sort_by={**RUN_MEASURES, "Seed": "seed"},
        formats=("csv",),
    )


def _number(value: float | None) -> float | None:
    return None if pd.isna(value) else float(value)


def _yes_or_no(reached: object) -> str:
    return MISSING if pd.isna(reached) else "yes" if reached else "no"  # type: ignore[call-overload]


def failures_table(runs: pd.DataFrame) -> ReportTable:
    """What failed or was skipped, and why: a line for all seeds that ended alike; `runs` as `runs_table` gives them."""
    failed = runs.drop(delivered(runs).index)
    alike = failed.groupby(["suite", *ENDED_ALIKE], observed=True)
    lines = [
        {heading: records(group)[0][heading.lower()] or MISSING for heading in FAILURE_TEXTS}
        | {"Start": start_level_text(group["start_level"].iloc[0])}
        | {"Seeds": ", ".join(str(seed) for seed in group["seed"])}
        for _, group in alike
    ]
    headings = [*FAILURE_TEXTS[:3], "Start", "Seeds", *FAILURE_TEXTS[3:]]
    return ReportTable("failures", "Runs without a result", failed, shown_table(lines, headings))


def design_table(runs: pd.DataFrame) -> ReportTable:
    """What was run on what, a line a suite and problem, of all virtual subjects; `runs` as `runs_table` gives them."""
    groups = runs.assign(problem=runs["problem"].map(any_subject)).groupby(["suite", "problem"], sort=True)
    lines = [
        {"Suite": suite, "Problem": problem, "Methods": group["method"].nunique()}
        | {"Starts": ", ".join(map(start_level_text, sorted(set(group["start_level"]), key=start_level_order)))}
        | {"Seeds": group["seed"].nunique(), "Runs": len(group), "Ended": endings_text(Counter(group["status"]))}
        for (suite, problem), group in groups
    ]
    headings = ["Suite", "Problem", "Methods", "Starts", "Seeds", "Runs", "Ended"]
    raw = pd.DataFrame(lines, columns=headings)
    counts = {heading: heading for heading in ("Methods", "Seeds", "Runs")}
    return ReportTable("design", "What was run on what", raw, shown_table(lines, headings), sort_by=counts)


def problems_table(problems: Sequence[str], targets: Targets) -> ReportTable:
    """What the problems are made of, and what counts as their best minimum.

    Those of virtual subjects differ in their subject alone and share a line, but for those that have a target.
    """
    alike = {problem if problem in targets else any_subject(problem): problem for problem in reversed(problems)}
    raw = pd.DataFrame([{**_problem_line(own, targets), "problem": name} for name, own in sorted(alike.items())])
    of_subject = raw["problem"].str.contains(ANY_SUBJECT, regex=False)
    raw.loc[of_subject, RECORDED] = raw.loc[of_subject, RECORDED].map(any_subject)
    numbers = {
        "Best known (rad2/s4)": "best_known_rad2_per_s4",
        "Target (rad2/s4)": "target_rad2_per_s4",
    }
    texts = {"Problem": "problem", "Deep muscles": "formulation", "Residual's unit": "residual_unit"}
    texts |= {"Recordings": "recordings", "Held out": "held_out", "Imperfections": "imperfections"}
    shown = raw[list(texts.values())].set_axis(list(texts), axis=1)
    shown = shown.assign(**{heading: raw[column].map(figure) for heading, column in numbers.items()})
    return ReportTable("problems", "The problems", raw, shown, sort_by=numbers)


def _problem_line(name: str, targets: Targets) -> Row:
    target = targets.get(name)
    line: Row = {"problem": name} | dict.fromkeys(OF_NAME, UNKNOWN)
    for column in ("best_known_rad2_per_s4", "target_rad2_per_s4"):
        line[column] = math.nan if target is None else getattr(target, column)
    parsed = known_problem(name)
    if parsed is None:
        return line
    unit = "1" if parsed.formulation.tracks_moments else "N m" if parsed.residual_in_torque else "rad/s2"
    recorded = ", ".join(parsed.recordings), " + ".join(parsed.held_out)
    words = (parsed.formulation.summary, unit, *recorded, imperfection_words(parsed.imperfections))
    return line | dict(zip(OF_NAME, words, strict=True))


def provenance_table(tables: Mapping[str, ReportTable]) -> ReportTable:
    """What the runs were made with, a column a suite.

    Parameters
    ----------
    tables
        The suites' own tables of it by the suite's name: what, and its value.
    """
    columns = [table.shown.set_index("What")["Value"].rename(suite) for suite, table in tables.items()]
    raw = pd.concat(columns, axis=1).fillna(UNKNOWN).reset_index()
    return ReportTable("provenance", "What the runs of each suite were made with", raw, raw)
