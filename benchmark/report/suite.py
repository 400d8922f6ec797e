"""The runs of one suite as the figures need them: a table of results, traces, and what is left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from benchmark.problem.problem_name import NOISE
from benchmark.problem.start_level import StartLevel, start_level_text
from benchmark.problem.targets import NO_TARGETS, Targets
from benchmark.report.rows import delivered
from benchmark.report.traces import Trace


@dataclass(frozen=True, eq=False)
class TracedRun:
    """A run's trace, and where it belongs."""

    problem: str
    start_level: StartLevel
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
        Their lines of `runs_table`, with a column ``setting``: the formulation, with the arm's variant and the start
        level if the suite has several. The movements of a formulation are taken together, as the paper does.
    traced
        Those with a trace.
    runs
        Number of runs of the suite, failed ones too.
    reached
        Of each setting and method, how many runs ``reached`` the best minimum known, and of how many that is
        ``known``, failed ones too.
    controls
        Methods that are there to be compared with, and not to compete.
    targets
        What counts as reaching a problem's best minimum.
    narrowed
        Whether these are some runs of the suite alone, as was asked for.
    """

    name: str
    results: pd.DataFrame
    traced: tuple[TracedRun, ...]
    runs: int
    reached: pd.DataFrame
    controls: frozenset[str] = frozenset()
    targets: Targets = field(default_factory=dict)
    narrowed: bool = False

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
        asked = " as asked for" if self.narrowed else ""
        return f"Runs: {self.runs}{asked} of {problems}" + (f"; left out: {reasons}" if reasons else "")

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


def suite_runs(
    name: str,
    runs: pd.DataFrame,
    traces: Sequence[Trace | None],
    controls: Collection[str] = (),
    targets: Targets = NO_TARGETS,
    narrowed: bool = False,
) -> SuiteRuns:
    """Take the runs of a suite for its figures.

    Parameters
    ----------
    name
        The suite's name.
    runs
        Its `runs_table`.
    traces
        The runs' traces, in the same order; None of a run without.
    controls
        Methods that are there to be compared with, and not to compete.
    targets
        What counts as reaching a problem's best minimum.
    narrowed
        Whether these are some runs of the suite alone, as was asked for.
    """
    labelled = runs.assign(setting=_settings(runs))
    results = delivered(labelled)
    by_index = dict(zip(runs.index, traces, strict=True))
    traced = tuple(
        TracedRun(run["problem"], run["start_level"], run["setting"], run["method"], trace)
        for index, run in results.iterrows()
        if (trace := by_index[index]) is not None
    )
    reached = labelled.groupby(["setting", "method"]).agg(
        reached=("reached_target", "sum"), known=("reached_target", "count")
    )
    own = {problem: targets[problem] for problem in sorted(set(results["problem"])) if problem in targets}
    return SuiteRuns(name, results, traced, len(runs), reached, frozenset(controls), own, narrowed)


def _settings(runs: pd.DataFrame) -> list[str]:
    """The setting of each run, without what is the same for all."""
    several_levels = runs["start_level"].nunique() > 1
    several_variants = len({_variant(problem) for problem in runs["problem"]}) > 1
    return [
        _setting(problem, level if several_levels else None, several_variants)
        for problem, level in zip(runs["problem"], runs["start_level"], strict=True)
    ]


def _setting(problem: str, level: StartLevel | None, with_variant: bool) -> str:
    """``M1`` of ``m1-a-published``; what else a name has stays, noise with its unit."""
    formulation, *rest = problem.split("-")
    words = [formulation.capitalize(), *([_variant(problem)] if with_variant else []), *map(_added, rest[2:])]
    text = " ".join(word for word in words if word)
    return text if level is None else f"{text}, {start_level_text(level)} start"


def _added(part: str) -> str:
    noise = part.removeprefix(NOISE)
    return part if noise == part else f"with noise of {noise} rad/s2"


def _variant(problem: str) -> str:
    """``light`` of ``m1-a-light``; empty where a name does not say it."""
    return (problem.split("-")[2:3] or [""])[0]
