"""How long calibrations take: to their ends, and to a loss that is the same for all methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmark.harness.methods import without_preset
from benchmark.harness.row import Row
from benchmark.report.calibration.engines import engine, stopping_rule
from benchmark.report.calibration.problems import tracking_runs
from benchmark.report.endings import SKIPPED
from benchmark.report.material import SuiteMaterial
from benchmark.report.rows import delivered
from benchmark.report.traces import Trace

NEAR = 1.2  # times the lowest loss: as good as it for predicting moments
LOOSER = (4.0, 20.0)  # also told: where slow searches still are when fast ones have ended
REFERENCE = "gauss_newton+calibration"
ANNEALING = "simulated_annealing"
CASE = ["suite", "problem", "start_level"]
OWN_RULE = "own rule"


class Reach(NamedTuple):
    """When a run, or the median run of a method, first had the loss asked for.

    Attributes
    ----------
    seconds, evaluations
        Until then; infinite if it never had.
    least_seconds
        As far as a run went that its budget ended before; otherwise as `seconds`.
    """

    seconds: float
    evaluations: float
    least_seconds: float


NEVER = Reach(np.inf, np.inf, np.inf)


def calibration_times(suite: SuiteMaterial, settings: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """What calibrations took, a line a problem, start level and method, the fastest to the loss asked for first.

    That loss is `NEAR` times the lowest one that any run of the suite has on the problem. A run that failed, or that
    its method ended above it, never has it; one that its budget ended has it later than that.

    Parameters
    ----------
    suite
        The runs of a suite.
    settings
        Each method's options by name, as code.

    Returns
    -------
    pd.DataFrame
        Units end the columns' names; what is not known is missing. Of times and their ratios, those with ``least`` are
        what they are at least, infinite where half of the runs or more never had the loss. Ratios: the time over
        Gauss-Newton's, and each annealing's over it. Empty where no run that tracks moments delivered a result.
    """
    runs = tracking_runs(suite.runs)
    rows = dict(zip(suite.runs.index, suite.rows, strict=True)) if len(runs) else {}
    traces = dict(zip(suite.runs.index, suite.traces, strict=True)) if len(runs) else {}
    runs = runs[runs["status"] != SKIPPED]
    tables = []
    for _, case in runs.groupby(CASE, sort=True, observed=True):
        lowest = delivered(runs[runs["problem"] == case["problem"].iloc[0]])["loss"].min()
        if not np.isnan(lowest):
            groups = case.groupby("method", sort=True)
            lines = [_line(own, rows, traces, lowest, settings) for _, own in groups]
            tables.append(_with_ratios(pd.DataFrame(lines)))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    order = [*CASE, "time_to_loss_least_s", "loss_median_1"]
    return table.sort_values(order, kind="stable", ignore_index=True) if len(table) else table


def annealers(table: pd.DataFrame) -> list[str]:
    """Names of the annealing methods in a table of `calibration_times`, sorted."""
    return sorted({method for method in table["method"] if without_preset(method) == ANNEALING})


def reach(run: pd.Series, trace: Trace | None, loss: float) -> Reach:
    """When a run first had a loss.

    Parameters
    ----------
    run
        Its line of `runs_table`.
    trace
        Its trace; without one, a run that ended at the loss or below has it at its end.
    loss
        The loss asked for.
    """
    if run["status"] not in ("converged", "budget") or np.isnan(run["loss"]):
        return NEVER
    if run["loss"] > loss:
        return NEVER if run["status"] == "converged" else NEVER._replace(least_seconds=float(run["solve_s"]))
    if trace is None:
        return Reach(float(run["solve_s"]), float(run["evaluations"]), float(run["solve_s"]))
    below = trace.loss <= loss
    first = int(np.argmax(below)) if below.any() else -1  # the row's loss is computed anew: rounding
    return Reach(float(trace.seconds[first]), float(trace.evaluations[first]), float(trace.seconds[first]))


def _line(
    runs: pd.DataFrame,
    rows: Mapping[Hashable, Row],
    traces: Mapping[Hashable, Trace | None],
    lowest: float,
    settings: Mapping[str, Mapping[str, str]],
) -> Row:
    first, done = runs.iloc[0], delivered(runs)
    found = [reach(run, traces[index], NEAR * lowest) for index, run in runs.iterrows()]
    middle = _median(found)
    looser = {
        factor: _median([reach(run, traces[index], factor * lowest) for index, run in runs.iterrows()])
        for factor in LOOSER
    }
    own = {index: rows[index] for index in runs.index}
    given = {name: repr(value) for name, value in (next(iter(own.values())).get("options") or {}).items()}
    budgets = sorted({row["budget_s"] for row in own.values() if row.get("budget_s") is not None})
    return {
        **{name: first[name] for name in (*CASE, "method")},
        "runs": len(runs),
        "ended": _ended(runs),
        "loss_median_1": done["loss"].median(),
        "lowest_loss_1": lowest,
        "loss_over_lowest_median_1": done["loss"].median() / lowest,
        "calibration_time_median_s": done["solve_s"].median(),
        "evaluations_median_1": done["evaluations"].median(),
        "evaluation_median_ms": 1e3 * done["seconds_per_evaluation"].median(),
        "reached_runs": int(sum(np.isfinite(run.seconds) for run in found)),
        "time_to_loss_median_s": _if_finite(middle.seconds),
        "time_to_loss_least_s": middle.least_seconds,
        "evaluations_to_loss_median_1": _if_finite(middle.evaluations),
        **{looser_column(factor): _if_finite(own_time.seconds) for factor, own_time in looser.items()},
        **{looser_column(factor, "least"): own_time.least_seconds for factor, own_time in looser.items()},
        "engine": engine({kind for row in own.values() for kind, count in (row.get("counts") or {}).items() if count}),
        "budget_s": max(budgets, default=np.nan),
        "stopping_rule": stopping_rule({**settings.get(first["method"], {}), **given}),
    }


def looser_column(factor: float, what: str = "median") -> str:
    """Name of the column with the time to so many times the lowest loss: the median, or what it is at least."""
    return f"time_to_{factor:g}_times_{what}_s"


def _median(found: Sequence[Reach]) -> Reach:
    return Reach(*(float(np.median(amounts)) for amounts in zip(*found, strict=True)))


def _ended(runs: pd.DataFrame) -> str:
    """How runs ended, in words; without numbers where all ended alike."""
    words = {"converged": OWN_RULE}
    counts = Counter(words.get(status, status) for status in runs["status"])
    return next(iter(counts)) if len(counts) == 1 else ", ".join(f"{name} {count}" for name, count in counts.items())


def _with_ratios(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines of a case with their ratios to Gauss-Newton, and those of annealing to them."""
    by_method = lines.set_index("method")[["time_to_loss_median_s", "time_to_loss_least_s"]]
    times = {str(method): tuple(pair) for method, pair in zip(by_method.index, by_method.to_numpy(), strict=True)}
    unknown = (np.nan, np.nan)
    own = [times[method] for method in lines["method"]]
    lines = _assigned(lines, "time_over_gauss_newton", [ratio(time, times.get(REFERENCE, unknown)) for time in own])
    for method in annealers(lines):
        lines = _assigned(lines, f"{method}_over_it", [ratio(times[method], time) for time in own])
    return lines


def ratio(above: Sequence[float], below: Sequence[float]) -> tuple[float, float]:
    """A time over another, and what that is at least; both are given as median, missing if censored, and least."""
    base = below[0] if below[0] > 0.0 else np.nan
    return above[0] / base, above[1] / base


def _assigned(lines: pd.DataFrame, stem: str, ratios: Sequence[tuple[float, float]]) -> pd.DataFrame:
    exact, least = zip(*ratios, strict=True)
    return lines.assign(**{f"{stem}_1": exact, f"{stem}_least_1": least})


def _if_finite(value: float) -> float:
    return value if np.isfinite(value) else np.nan
