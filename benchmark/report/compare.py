"""Two result folders beside each other: what changed in each method's runs, in each run, and in what they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd
from tabulate import tabulate

from benchmark.analysis.changes import BOTH, RATIOS, SIDES, paired_runs, verdicts
from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.report.formats import MISSING, figure, quartiles, records, spread
from benchmark.report.material import Material
from benchmark.report.omissions import damage_text
from benchmark.report.provenance import provenance_values
from benchmark.report.report_table import Format, ReportTable, shown_table
from benchmark.report.rows import row_order

DIFFERS = "Differs"
CELL_WIDTH = 44  # characters, in a terminal; a commit has 40
WRITTEN: tuple[Format, ...] = ("csv", "md")
RATIO_HEADINGS: Mapping[str, str] = MappingProxyType(
    {"objective_ratio_1": "Objective, B/A (1)", "cr2m_ratio_1": "Cr2m, B/A (1)", "time_ratio_1": "Solve time, B/A (1)"}
)
COUNTS: Mapping[str, str] = MappingProxyType(
    {"pairs": "Pairs", "only_a": "A alone", "only_b": "B alone", "same_status": "Same status", "same": "Same numbers"}
)
METHOD_HEADINGS = (
    "Suite",
    "Method",
    *COUNTS.values(),
    "Success, A",
    "Success, B",
    *RATIO_HEADINGS.values(),
    "Verdict on B",
)
RUN_HEADINGS = (
    *("Suite", "Problem", "Method", "Start level", "Seed", "In", "Status, A", "Status, B", "Success, A", "Success, B"),
    *("Cr2m, A (%)", "Cr2m, B (%)", "Solve time, A (s)", "Solve time, B (s)", *RATIO_HEADINGS.values(), "Same numbers"),
)
NOTE = (
    "Runs are paired by suite, problem, method, start level and seed. Ratios are B over A, of runs that delivered a "
    "result in both: median [lower quartile, upper quartile]. A run succeeds if it reached the target or, where that "
    "is not known of both, delivered a result; skipped runs do not count. `Same numbers` are pairs that end alike to "
    "the last digit, whatever time they took. The verdict: B is better if it succeeds more often or, where that says "
    "nothing, delivers a result more often or, where that says nothing either, has smaller errors of the muscle "
    "parameters (Cr2m); faster if it took less time. Judged are differences at the same starts, at a level of 5 % "
    "after Holm over the methods; ratios within 20 % and less than six pairs say nothing. Times of two machines, or "
    "of one under different loads, differ by what these do, too."
)
ORIGIN_NOTE = (
    "What the runs were made with. Parts are what a run's result depends on, by hash: the run's settings, its method's "
    "file with what it imports, the code that all runs share, recordings and packages; counted are the pairs in which "
    "a part differs, of those whose parts are known in both."
)


def comparison_tables(first: Material, second: Material) -> tuple[ReportTable, ReportTable, ReportTable]:
    """Methods, runs and origins of two result folders: A is before a change, or one machine, B after, or another."""
    pairs = paired_runs(first.runs, second.runs)
    return _methods_table(pairs, first, second), _runs_table(pairs), _origin_table(first.rows, second.rows)


def comparison_text(methods: ReportTable, origin: ReportTable) -> str:
    """What changed in each method, after what differs in where the runs come from, for a terminal."""
    differing = origin.shown[origin.shown[DIFFERS] != "no"]
    parts = [origin.title, _plain(differing) if len(differing) else "nothing differs that is known"]
    return "\n\n".join([*parts, methods.title, _plain(methods.on_paper), *methods.remarks])


def _plain(shown: pd.DataFrame) -> str:
    return tabulate(shown.to_dict("list"), headers="keys", disable_numparse=True, maxcolwidths=CELL_WIDTH)


def _methods_table(pairs: pd.DataFrame, first: Material, second: Material) -> ReportTable:
    told = verdicts(pairs).set_index(["suite", "method"])
    groups = pairs.groupby(["suite", "method"], sort=True)
    raw = pd.DataFrame([_method_line(group) for _, group in groups]).join(told, on=["suite", "method"])
    lines = [
        {"Suite": line["suite"], "Method": line["method"]}
        | {heading: line[name] for name, heading in COUNTS.items()}
        | {f"Success, {side.upper()}": f"{line[f'succeeded_{side}']}/{line['judged']}" for side in SIDES}
        | {RATIO_HEADINGS[name]: spread(line, name.removesuffix("_1"), "1") for name in RATIOS}
        | {"Verdict on B": line["verdict"] if line["pairs"] else "no pairs"}
        for line in records(raw)
    ]
    remarks = [f"{name}: {text}" for name, side in zip("AB", (first, second), strict=True) if (text := _remark(side))]
    return ReportTable(
        "compare-methods",
        "Two result folders, by method",
        raw,
        shown_table(lines, METHOD_HEADINGS),
        NOTE,
        tuple(remarks),
        essential=("Suite", "Method", "Pairs", "Same numbers", "Success, A", "Success, B", *METHOD_HEADINGS[-3:]),
        formats=WRITTEN,
    )


def _remark(side: Material) -> str:
    return " ".join(part for part in (side.narrowing.text, damage_text(side.damaged_rows)) if part)


def _method_line(group: pd.DataFrame) -> Row:
    first, counts = group.iloc[0], Counter(group["found_in"])
    judged = group.dropna(subset=["succeeded_a", "succeeded_b"])
    line: Row = {"suite": first["suite"], "method": first["method"], "pairs": counts[BOTH]}
    line |= {f"only_{side}": counts[side] for side in SIDES}
    line |= {"same_status": int(group["same_status"].sum()), "same": int(group["same_numbers"].sum())}
    line |= {"judged": len(judged)} | {f"succeeded_{side}": int(judged[f"succeeded_{side}"].sum()) for side in SIDES}
    for name in RATIOS:
        line |= quartiles(group[name], name.removesuffix("_1"), "1")
    return line


def _runs_table(pairs: pd.DataFrame) -> ReportTable:
    lines = [
        {
            "Suite": run["suite"],
            "Problem": run["problem"],
            "Method": run["method"],
            "Start level": start_level_text(run["start_level"]),
            "Seed": run["seed"],
            "In": run["found_in"] if run["found_in"] == BOTH else f"{run['found_in'].upper()} alone",
            "Same numbers": _answer(run["same_numbers"]),
        }
        | {f"Status, {side.upper()}": _word(run[f"status_{side}"]) for side in SIDES}
        | {f"Success, {side.upper()}": _answer(run[f"succeeded_{side}"]) for side in SIDES}
        | {f"Cr2m, {side.upper()} (%)": figure(run[f"cr2m_{side}"]) for side in SIDES}
        | {f"Solve time, {side.upper()} (s)": figure(run[f"solve_s_{side}"]) for side in SIDES}
        | {heading: figure(run[name]) for name, heading in RATIO_HEADINGS.items()}
        for run in records(pairs)
    ]
    shown = shown_table(lines, RUN_HEADINGS)
    return ReportTable("compare-runs", "Two result folders, run by run", pairs, shown, formats=WRITTEN)


def _word(value: Any) -> str:
    return MISSING if pd.isna(value) else str(value)


def _answer(value: Any) -> str:
    return MISSING if pd.isna(value) else "yes" if value else "no"


def _origin_table(first: Sequence[Row], second: Sequence[Row]) -> ReportTable:
    values = [provenance_values(rows) for rows in (first, second)]
    labels = dict.fromkeys([*values[0], *values[1]])
    sides = [(label, *(value.get(label, MISSING) for value in values)) for label in labels]
    lines = [(label, before, after, "no" if before == after else "yes") for label, before, after in sides]
    lines += [(f"Part: {part}", MISSING, MISSING, text) for part, text in _changed_parts(first, second).items()]
    table = pd.DataFrame(lines, columns=["What", "A", "B", DIFFERS])
    return ReportTable(
        "compare-origin", "Two result folders, where they come from", table, table, ORIGIN_NOTE, formats=WRITTEN
    )


def _changed_parts(first: Sequence[Row], second: Sequence[Row]) -> dict[str, str]:
    """In how many pairs of runs a part of what they depend on differs."""
    before, after = ({row_order(row): row.get("key_parts") or {} for row in rows} for rows in (first, second))
    known, changed = Counter[str](), Counter[str]()
    for run in before.keys() & after.keys():
        shared = before[run].keys() & after[run].keys()
        known.update(shared)
        changed.update(part for part in shared if before[run][part] != after[run][part])
    return {part: f"in {changed[part]} of {known[part]} pairs" for part in sorted(known)} or {"any": "unknown"}
