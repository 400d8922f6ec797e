"""Attempts: which targets a run reached, when, and what it spent.

A target is fixed and absolute. Of accuracy: the mean error of the muscle parameters, Cr2m, in percent. Of loss: the
objective, in rad2/s4, beside the lowest one known (``benchmark/problem/targets.toml``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmark.harness.prices import NO_PRICES, Prices, cost_of
from benchmark.harness.row import DELIVERED, Row
from benchmark.problem.start_level import start_level_order
from benchmark.problem.targets import Targets
from benchmark.report.traces import Trace

Array = NDArray[np.float64]
ReadTrace = Callable[[Row], Trace | None]
Measure = Literal["cr2m", "objective_rad2_per_s4"]

BEST_MINIMUM = "best minimum"
ACCURACIES_PERCENT = (5.0, 1.0, 0.1)
LOSS_FACTORS = (1e8, 1e4, 1.0)  # of the objective that counts as the best minimum
INSTANCE = ["problem", "start_level"]  # starts of an instance differ by their seed alone
KEYS = ["suite", *INSTANCE, "method", "seed", "status", "budget_s"]
NUMBERS = ["threshold", "seconds_to_target", "cost_to_target", "seconds_spent", "cost_spent"]
COLUMNS = [*KEYS, "target", "measure", "reached", "reached_at_start", "traced", *NUMBERS]


@dataclass(frozen=True)
class Threshold:
    """A target of a problem.

    Attributes
    ----------
    name
        The same for all problems.
    measure
        What has to fall to it: a column of the rows.
    value
        In percent, or in rad2/s4.
    """

    name: str
    measure: Measure
    value: float


def target_names() -> list[str]:
    """Names of all targets: of accuracy and then of loss, from the easiest to the hardest."""
    return [*(_accuracy_name(percent) for percent in ACCURACIES_PERCENT), *(_loss_name(by) for by in LOSS_FACTORS)]


def thresholds(problem: str, targets: Targets) -> list[Threshold]:
    """The targets of a problem; none of loss where nobody knows its best minimum."""
    found = [Threshold(_accuracy_name(percent), "cr2m", percent) for percent in ACCURACIES_PERCENT]
    if problem in targets:
        best = targets[problem].target_rad2_per_s4
        found += [Threshold(_loss_name(by), "objective_rad2_per_s4", by * best) for by in LOSS_FACTORS]
    return found


def attempts(rows: Sequence[Row], read: ReadTrace, targets: Targets, prices: Mapping[str, Prices]) -> pd.DataFrame:
    """One line a run and target.

    A run has reached a target if it delivered a result that has: one that failed or was killed has not, whatever it
    had seen, and one that was skipped, or whose row does not say how low it got, can not be judged.

    The time to a target of loss is that of the first point of stage one at or below it: the best loss so far never
    rises. Accuracy may rise while the loss falls, and no method can see it, so that one that passes by is of no use to
    anybody: the time to a target of accuracy is that of the first point from which on the best point, judged by its
    loss, has it until the run's end. Tendon slack lengths count, which only stage two finds: a method that takes its
    time to be sure of stage one comes to small errors late. A trace has at most 256 points a stage, so times may be
    late by as much as lies between two of them; a run without a trace reached what it reached at its end.

    A run that reached a target spent what it spent in all, too; it is for whoever counts to choose. One that was killed
    spent its budget, and so did one that died without leaving its time.

    Parameters
    ----------
    rows
        Stored rows.
    read
        Gives a row's trace.
    targets
        The best minima by the problem's name.
    prices
        Prices of evaluations by the problem's name; the cost of a problem without them, of kinds of evaluation without
        one, and to the targets of runs whose traces do not count by kind is missing.

    Returns
    -------
    pd.DataFrame
        `COLUMNS`: ``threshold`` in percent or rad2/s4, as ``measure`` says; seconds on the method's clock and costs in
        residual evaluations, to the target (missing where it was not reached) and in all; ``reached`` missing where
        that cannot be judged; ``traced`` says whether there is a trace.
    """
    lines = [line for row in rows for line in _of_run(row, read, targets, prices.get(row["problem"], NO_PRICES))]
    table = pd.DataFrame(lines, columns=COLUMNS)
    levels = sorted({row["start_level"] for row in rows}, key=start_level_order)
    table["start_level"] = pd.Categorical(table["start_level"], levels, ordered=True)
    table["target"] = pd.Categorical(table["target"], target_names(), ordered=True)
    table["reached"] = table["reached"].astype("boolean")
    table[NUMBERS] = table[NUMBERS].astype(float)
    return table


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """The attempts that can be judged, ``reached`` as plain bool."""
    return table[table["reached"].notna()].astype({"reached": bool})


def _accuracy_name(percent: float) -> str:
    return f"error {percent:g} %"


def _loss_name(factor: float) -> str:
    times = f"{factor:.0e}".replace("e+0", "e")
    return BEST_MINIMUM if factor == 1.0 else f"{times} times {BEST_MINIMUM}"


def _of_run(row: Row, read: ReadTrace, targets: Targets, prices: Prices) -> list[Row]:
    """The lines of a run."""
    trace = read(row) if row["status"] in DELIVERED else None
    run = {key: row.get(key) for key in KEYS} | {"traced": trace is not None} | _spent(row, prices)
    lines = []
    for threshold in thresholds(row["problem"], targets):
        reached = _reached(row, threshold)
        line = run | {"target": threshold.name, "measure": threshold.measure, "threshold": threshold.value}
        when = _when(row, trace, threshold, prices) if reached else _at(np.nan, np.nan)
        lines.append(line | {"reached": reached} | when)
    return lines


def _reached(row: Row, threshold: Threshold) -> bool | None:
    """Whether a run reached a target; None if that cannot be judged."""
    if row["status"] not in DELIVERED:
        return None if row["status"] == "skipped" else False
    value = row.get(threshold.measure)
    return None if value is None else bool(value <= threshold.value)


def _when(row: Row, trace: Trace | None, threshold: Threshold, prices: Prices) -> Row:
    """When a run whose end has reached the target reached it."""
    points, values = _course(row, trace, threshold)
    if trace is None or not len(points):
        spent = _spent(row, prices)
        return _at(spent["seconds_spent"], spent["cost_spent"])
    # The row's figure comes from the reference back end: a trace may end above it by rounding.
    first = int(np.flatnonzero(values[:-1] > threshold.value).max(initial=-1)) + 1
    point = int(points[first])
    counts = None if trace.counts is None else dict(zip(trace.kinds, trace.counts[point].tolist(), strict=True))
    return _at(float(trace.seconds[point]), cost_of(counts, prices), at_start=first == 0)


def _at(seconds: float, cost: float, at_start: bool = False) -> Row:
    """Columns that say when a target was reached."""
    return {"seconds_to_target": seconds, "cost_to_target": cost, "reached_at_start": at_start}


def _course(row: Row, trace: Trace | None, threshold: Threshold) -> tuple[NDArray[np.intp], Array]:
    """Points of a trace that count for a target, and how low the best point was at each; none where nobody knows."""
    nothing = np.zeros(0, dtype=np.intp), np.zeros(0)
    if trace is None:
        return nothing
    if threshold.measure == "cr2m":
        return np.arange(len(trace.cr2m)), trace.cr2m
    points, unit = np.flatnonzero(trace.stage == 0), row.get("loss_unit_rad2_per_s4")
    return nothing if unit is None else (points, trace.loss[points] * unit)


def _spent(row: Row, prices: Prices) -> dict[str, float]:
    """Seconds and cost of a whole run."""
    seconds, budget_s = _number(row.get("solve_s")), _number(row.get("budget_s"))
    if np.isnan(seconds):
        return {"seconds_spent": budget_s, "cost_spent": _number(row.get("budget_cost"))}
    if row["status"] == "killed":
        seconds = float(np.fmax(seconds, budget_s))
    return {"seconds_spent": seconds, "cost_spent": cost_of(row.get("counts"), prices)}


def _number(value: Any) -> float:
    return np.nan if value is None else float(value)
