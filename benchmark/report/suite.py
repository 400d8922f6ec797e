"""The runs of one suite as the figures need them: a table of results, traces, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from benchmark.problem.start_level import StartLevel, start_level_text
from benchmark.report.rows import delivered
from benchmark.report.traces import Trace


@dataclass(frozen=True, eq=False)
class TracedRun:
    """A run's trace, and where it belongs."""

    setting: str
    method: str
    trace: Trace


@dataclass(frozen=True, eq=False)
class SuiteRuns:
    """The runs of a suite that delivered a result.

    Attributes
    ----------
    name
        The suite's name.
    results
        Their lines of `runs_table`, with a column ``setting``: the formulation, with the start level if the suite
        has several. The recordings of a formulation are taken together, as the paper does.
    traced
        Those with a trace.
    runs
        Number of runs of the suite, failed ones too.
    """

    name: str
    results: pd.DataFrame
    traced: tuple[TracedRun, ...]
    runs: int

    @cached_property
    def settings(self) -> list[str]:
        """Settings that have a result, sorted."""
        return sorted(self.results["setting"].unique())

    @cached_property
    def methods(self) -> list[str]:
        """Methods that have a result, sorted."""
        return sorted(self.results["method"].unique())

    @property
    def note(self) -> str:
        """How many runs the figures of results show, and how many they leave out."""
        return self._note([(self.runs - len(self.results), "failed")])

    @property
    def traced_note(self) -> str:
        """How many runs the figures of traces show, and how many they leave out."""
        return self._note([(self.runs - len(self.results), "failed"), (self.untraced, "without a trace")])

    @property
    def untraced(self) -> int:
        """Number of runs that delivered a result, but have no trace."""
        return len(self.results) - len(self.traced)

    def _note(self, left_out: Sequence[tuple[int, str]]) -> str:
        problems = ", ".join(sorted(self.results["problem"].unique()))
        reasons = ", ".join(f"{count} {reason}" for count, reason in left_out if count)
        return f"Runs: {self.runs} of {problems}" + (f"; left out: {reasons}" if reasons else "")

    def traced_with(self, method: str) -> SuiteRuns:
        """The same with the traces of one method alone."""
        return replace(self, traced=tuple(run for run in self.traced if run.method == method))

    def without_errors(self) -> SuiteRuns:
        """The same without the parameters' errors, which are most of a trace."""
        return replace(self, traced=tuple(replace(run, trace=run.trace.without_errors()) for run in self.traced))

    def without_traces(self) -> SuiteRuns:
        """The same without traces."""
        return replace(self, traced=())

    def of(self, setting: str, method: str) -> list[Trace]:
        """Traces of one setting and method."""
        return [run.trace for run in self.traced if (run.setting, run.method) == (setting, method)]


def suite_runs(name: str, runs: pd.DataFrame, traces: Sequence[Trace | None]) -> SuiteRuns:
    """Take the runs of a suite, with their traces in the same order, for its figures."""
    several = runs["start_level"].nunique() > 1
    labelled = runs.assign(
        setting=[
            _setting(problem, level if several else None)
            for problem, level in zip(runs["problem"], runs["start_level"], strict=True)
        ]
    )
    results = delivered(labelled)
    by_index = dict(zip(runs.index, traces, strict=True))
    traced = tuple(
        TracedRun(setting, method, trace)
        for index, setting, method in zip(results.index, results["setting"], results["method"], strict=True)
        if (trace := by_index[index]) is not None
    )
    return SuiteRuns(name, results, traced, len(runs))


def _setting(problem: str, level: StartLevel | None) -> str:
    """``M1`` of ``m1-a-published``; whatever a problem's name adds to formulation, movements and variant stays."""
    formulation, *rest = problem.split("-")
    words = [formulation.capitalize(), *rest[2:]]
    return " ".join(words) if level is None else f"{' '.join(words)}, {start_level_text(level)} start"
