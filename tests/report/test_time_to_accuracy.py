"""Times to the accuracy of the paper's way, on courses of errors that are known by construction."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store
from benchmark.report.report import write_report
from benchmark.report.time_to_accuracy import BASELINE, time_to_accuracy, time_to_accuracy_table
from benchmark.report.traces import Trace

from .synthetic import failed_row, row, spec, trace

NO_OTHERS: Mapping[str, float] = MappingProxyType({})
Table = dict[str, dict[str, Any]]


def falling(*errors: float, step_s: float = 1.0, others: Mapping[str, float] = NO_OTHERS) -> Trace:
    """A trace whose counted errors have the means `errors`, a step apart; `others` are constant, in percent."""
    at = step_s * np.arange(1.0, len(errors) + 1.0)
    mean = np.array(errors, dtype=np.float64)
    by_name = {"PECM1.optimal_fibre_length": 1.5 * mean, "c1": 0.5 * mean}
    by_name |= {name: np.full(len(errors), value) for name, value in others.items()}
    stage, stored = np.zeros(len(errors)), np.array(list(by_name.values()), np.float32).T
    return Trace(at, at, stage, at, stored, tuple(by_name), loss=mean, cr2m=mean)


def table(runs: Mapping[RunSpec, Trace | None], failed: tuple[RunSpec, ...] = ()) -> Table:
    """The table of runs with these traces, by method."""
    rows = [row(run, budget_s=run.budget_s) for run in runs] + [failed_row(run) | {"budget_s": 1.0} for run in failed]
    traces = {(run.suite, run.id): trace for run, trace in runs.items()}

    def read(stored: dict[str, Any]) -> Trace | None:
        found = RunSpec(
            **{name: stored[name] for name in ("suite", "problem", "method", "start_level", "seed")}, budget_s=1
        )
        return traces[found.suite, found.id]

    lines = time_to_accuracy(rows, read).to_dict("records")
    return {line["method"]: {str(name): value for name, value in line.items()} for line in lines}


def test_time_is_when_the_mean_error_is_first_as_small_as_the_baselines_end() -> None:
    found = table({spec(method=BASELINE): falling(9, 4, 3), spec(method="fast"): falling(9, 3, step_s=0.25)})
    assert found[BASELINE]["baseline_error_percent"] == pytest.approx(3.0)
    assert (found[BASELINE]["time_median_s"], found[BASELINE]["speedup_1"]) == (3.0, 1.0)
    assert (found["fast"]["time_median_s"], found["fast"]["speedup_1"]) == (0.5, 6.0)


def test_a_baseline_that_was_cut_short_is_no_measure() -> None:
    """A brief run's end is no accuracy to race for: beside a full one it does not count, alone it makes no table."""
    full, brief, other = row(spec(method=BASELINE)), row(spec(method=BASELINE, seed=1)), row(spec(method="one"))
    brief["evaluations"] -= 1
    ends = {full["seed"]: 3.0, brief["seed"]: 8.0}
    found = time_to_accuracy([full, brief, other], lambda stored: falling(9, ends[stored["seed"]]))
    assert set(found["baseline_error_percent"]) == {3.0}
    assert time_to_accuracy([brief, other], lambda _: falling(9, 8)).empty


def test_tendons_and_bones_do_not_count() -> None:
    others = {"PECM1.tendon_slack_length": 50.0, "coefficient humerus m cx": 70.0}
    found = table({spec(method=BASELINE): falling(9, 3), spec(method="one"): falling(9, 3, others=others)})
    assert found["one"]["reached_runs"] == 1


def test_who_never_gets_there_has_no_time() -> None:
    found = table({spec(method=BASELINE): falling(9, 3), spec(method="one"): falling(9, 3.1)})
    assert (found["one"]["reached_runs"], found["one"]["runs"]) == (0, 1)
    assert np.isnan(found["one"]["time_median_s"])
    assert np.isnan(found["one"]["speedup_1"])


def test_starts_that_are_there_already_are_counted() -> None:
    found = table(
        {
            spec(method=BASELINE): falling(9, 3),
            spec(method="one"): falling(2),
            spec(method="one", seed=1): falling(9, 2),
        }
    )
    assert [line["reached_at_start_runs"] for line in found.values()] == [1, 0]


def test_an_error_that_rises_again_is_reached_but_not_kept() -> None:
    found = table({spec(method=BASELINE): falling(9, 3), spec(method="one"): falling(9, 2, 8)})
    assert (found["one"]["time_median_s"], found["one"]["reached_runs"], found["one"]["kept_runs"]) == (2.0, 1, 0)


@pytest.mark.parametrize(
    ("ends", "error", "time"), [((3.0,), 3.0, 2.0), ((3.0, 5.0), 5.0, 2.0), ((1.0, 3.0, 5.0), 3.0, 2.0)]
)
def test_the_baselines_accuracy_is_its_median_and_at_least_half_its_runs_have_it(
    ends: tuple[float, ...], error: float, time: float
) -> None:
    found = table({spec(method=BASELINE, seed=seed): falling(9, end) for seed, end in enumerate(ends)})[BASELINE]
    assert found["baseline_error_percent"] == pytest.approx(error)
    assert found["time_median_s"] == time


def test_a_median_over_runs_counts_those_that_never_get_there() -> None:
    """Times 1, 2 and never have the median 2; times 1, 2, never and a failed run have none."""
    runs = {spec(method="one", seed=seed): falling(*errors) for seed, errors in enumerate([(3,), (9, 3), (9, 9)])}
    baseline = {spec(method=BASELINE): falling(9, 9, 9, 3)}
    assert table(runs | baseline)["one"]["time_median_s"] == 2.0
    with_failed = table(runs | baseline, failed=(spec(method="one", seed=9),))["one"]
    assert (with_failed["reached_runs"], with_failed["runs"]) == (2, 4)
    assert np.isnan(with_failed["time_median_s"])


def test_of_several_suites_the_largest_budget_counts() -> None:
    short, long = (spec(method=BASELINE, suite=name, budget_s=budget) for name, budget in (("a", 2.0), ("b", 50.0)))
    found = table({short: falling(9, 8), long: falling(9, 3), spec(method="one", suite="a"): falling(8, 3)})
    assert found[BASELINE]["suite"] == "b"
    assert found["one"]["time_median_s"] == 2.0


def test_only_cases_with_a_baseline_are_shown_and_not_who_starts_at_the_answer() -> None:
    found = table(
        {
            spec(method=BASELINE): falling(9, 3),
            spec(method="from_truth"): falling(0),
            spec(method="no_trace"): None,
            spec("m2-a-published", "elsewhere"): falling(9, 3),
            spec(method="farther", start_level=0.2): falling(9, 3),
        }
    )
    assert found.keys() == {BASELINE}
    assert table({spec(method="one"): falling(9, 3)}) == {}
    assert table({spec(method="one"): falling(9)}, failed=(spec(method=BASELINE),)) == {}


def test_markdown_shows_shares_and_dashes() -> None:
    rows = [row(spec(method=BASELINE)), row(spec(method="one", start_level=0.1))]
    found = time_to_accuracy(rows, lambda stored: falling(9, 3) if stored["method"] == BASELINE else falling(9, 8))
    text = time_to_accuracy_table(found).markdown()
    assert "10 %" in text
    line = next(line for line in text.splitlines() if "| one " in line)
    assert [cell.strip() for cell in line.split("|")][5:10] == ["0/1", "0/1", "0/1", "-", "-"]


def test_the_report_has_the_table_once_the_baseline_has_run(tmp_path: Path) -> None:
    for method in ("torch_adam", BASELINE):
        run = spec(method=method)
        stored = row(run)
        Store(tmp_path).save(run, stored, trace(stored))
        write_report(tmp_path)
        there = {path.name for path in (tmp_path / "tables").glob("time-to-accuracy.*")}
        kinds = ("csv", "md", "tex") if method == BASELINE else ()
        assert there == {f"time-to-accuracy.{kind}" for kind in kinds}
