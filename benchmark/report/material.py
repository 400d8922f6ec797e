"""What a report is made from: stored rows and traces, the targets, and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from benchmark.analysis.attempts import attempts
from benchmark.analysis.identifiable_error import yardsticks_of
from benchmark.harness.errors import HarnessError
from benchmark.harness.prices import prices_of
from benchmark.harness.row import Row
from benchmark.harness.store import Damage, read_rows
from benchmark.harness.store import read_trace as read_stored_trace
from benchmark.identifiability.stored import load_analyses
from benchmark.problem.targets import Targets, load_targets
from benchmark.report.calibration.problems import tracks_moments
from benchmark.report.deep_muscles.problems import compares_subjects
from benchmark.report.narrowing import EVERYTHING, Narrowing
from benchmark.report.predictions.run_errors import run_errors
from benchmark.report.rows import KEYS, delivered, row_order, runs_table
from benchmark.report.traces import Trace, read_trace


@dataclass(frozen=True, eq=False)
class SuiteMaterial:
    """What is known of the runs of a suite.

    Attributes
    ----------
    name
        The suite's name.
    rows
        Its stored rows, sorted as those of `runs_table`.
    runs
        Their `runs_table`.
    traces
        Their traces; None of a run without.
    damaged
        The suite's files that could not be read.
    """

    name: str
    rows: tuple[Row, ...]
    runs: pd.DataFrame
    traces: tuple[Trace | None, ...]
    damaged: tuple[Damage, ...]

    @cached_property
    def prediction_errors(self) -> pd.DataFrame:
        """The `run_errors` of its runs that delivered a result: seconds to compute where a method predicts anything."""
        rows = dict(zip(self.runs.index, self.rows, strict=True))
        return run_errors([rows[index] for index in delivered(self.runs).index])


class Material:
    """Stored runs, and what they are judged by.

    Parameters
    ----------
    results
        The results folder.
    narrowing
        Which runs count.

    Attributes
    ----------
    rows
        Stored rows, sorted as those of `runs_table`.
    targets
        What counts as reaching a problem's best minimum.
    prices
        What evaluations cost, by the problem's name.
    yardsticks
        What errors of identifiable parameters are measured by, by the problem's name.
    narrowing
        Which runs count.
    damaged_rows
        The rows that could not be read, even of runs that might not count.

    Raises
    ------
    HarnessError
        If no run is stored there, or none that counts.
    """

    def __init__(self, results: Path, narrowing: Narrowing = EVERYTHING) -> None:
        rows, damaged = read_rows(results)
        if not rows:
            raise HarnessError(_nothing(results, damaged))
        self.damaged_rows = tuple(damaged)
        self._results = results
        self.narrowing = narrowing
        self.rows = tuple(sorted(narrowing.runs_of(rows), key=row_order))
        self.targets: Targets = load_targets()
        self.prices = prices_of(row["problem"] for row in self.rows)
        self.yardsticks = yardsticks_of((row["problem"] for row in self.rows), load_analyses(results))

    @cached_property
    def damaged(self) -> tuple[Damage, ...]:
        """The files that could not be read: rows and traces."""
        traces = (trace for trace in self._traces.values() if isinstance(trace, Damage))
        return tuple(sorted([*self.damaged_rows, *traces], key=lambda damage: damage.file))

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The `runs_table` of all rows."""
        return runs_table(self.rows, self.targets, self.prices, self.yardsticks)

    @cached_property
    def attempts(self) -> pd.DataFrame:
        """The attempts of rows at all targets, as `benchmark.analysis.attempts` gives them.

        Moment tracking has no such targets: its best models are not those with the true parameters, as none can have
        them, and its loss has no target in rad2/s4. Nor have suites over subjects: it is not methods that they compare,
        and a problem's subject, or what is wrong with its recordings, leaves no minimum that all runs could share.
        """
        over_subjects = {suite.name for suite in self.suites if compares_subjects(suite.runs["problem"])}
        rows = [row for row in self.rows if not (row["suite"] in over_subjects or tracks_moments(row["problem"]))]
        return attempts(rows, self.trace, self.targets, self.prices)

    def attempts_of(self, suite: str) -> pd.DataFrame:
        """Those of one suite."""
        return self.attempts[self.attempts["suite"] == suite].reset_index(drop=True)

    @cached_property
    def suites(self) -> tuple[SuiteMaterial, ...]:
        """The runs by suite."""
        return tuple(self._suite(name) for name in sorted({row["suite"] for row in self.rows}))

    def trace(self, row: Row) -> Trace | None:
        """The trace of one of the rows; None if it has none."""
        trace = self._traces[_identity(row)]
        return None if isinstance(trace, Damage) else trace

    @cached_property
    def _traces(self) -> dict[str, Trace | Damage | None]:
        return {_identity(row): _trace(self._results, row) for row in self.rows}

    def _suite(self, name: str) -> SuiteMaterial:
        rows = tuple(row for row in self.rows if row["suite"] == name)
        damaged = tuple(damage for damage in self.damaged if damage.file.split("/")[1] == name)
        runs = runs_table(rows, self.targets, self.prices, self.yardsticks)
        return SuiteMaterial(name, rows, runs, tuple(map(self.trace, rows)), damaged)


def _trace(results: Path, row: Row) -> Trace | Damage | None:
    stored = read_stored_trace(results, row)
    return stored if isinstance(stored, Damage) else read_trace(stored)


def _identity(row: Row) -> str:
    return json.dumps([row[key] for key in KEYS])


def _nothing(results: Path, damaged: Sequence[Damage]) -> str:
    if not damaged:
        return f"no runs in {results}: make them with python -m benchmark run all"
    return f"no runs in {results} that can be read, {len(damaged)} are damaged: run them again or restore them"
