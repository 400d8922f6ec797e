"""Times of calibrations against closed forms: synthetic losses fall in a straight line, in steady time."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from benchmark.harness.row import Row
from benchmark.report.calibration.times import NEAR, REFERENCE, annealers, calibration_times, ratio
from benchmark.report.formats import records

from ..synthetic import failed_row, row, spec
from .tracking import BUDGET_S, POINTS, PROBLEM, START_LOSS, SUITE, material, tracking_row

CEINMS, TUNED = "simulated_annealing+ceinms", "simulated_annealing+tuned"


def times(*rows: Row, settings: Mapping[str, Mapping[str, str]] = {}, traced: bool = True) -> dict[str, Row]:
    """The lines by method, in their order."""
    return {line["method"]: line for line in records(calibration_times(material(*rows, traced=traced), settings))}


def expected_share(end: float, lowest: float) -> float:
    """Share of a run after which its loss is at NEAR times the lowest, at the next point of the trace."""
    share = (START_LOSS - NEAR * lowest) / (START_LOSS - end)
    return math.ceil(share * (POINTS - 1)) / (POINTS - 1)


def test_the_time_is_that_to_the_same_loss_whatever_a_method_ends_with() -> None:
    """The straight line's own times, to rounding."""
    lines = times(tracking_row(REFERENCE, loss=1.0, seconds=2.0), tracking_row("lbfgs", loss=1.1, seconds=30.0))
    assert {method: line["time_to_loss_median_s"] for method, line in lines.items()} == pytest.approx(
        {REFERENCE: 2.0 * expected_share(1.0, 1.0), "lbfgs": 30.0 * expected_share(1.1, 1.0)}
    )
    assert lines["lbfgs"]["loss_over_lowest_median_1"] == pytest.approx(1.1)
    assert lines["lbfgs"]["time_over_gauss_newton_1"] == pytest.approx(
        15.0 * expected_share(1.1, 1.0) / expected_share(1.0, 1.0)
    )
    assert list(lines) == [REFERENCE, "lbfgs"]  # the fastest first


def test_a_budget_bounds_the_time_and_an_own_end_makes_it_endless() -> None:
    lines = times(
        tracking_row(REFERENCE, loss=1.0, seconds=2.0),
        tracking_row(CEINMS, loss=5.0, seconds=BUDGET_S, status="budget"),
        tracking_row(TUNED, loss=5.0, seconds=60.0),
    )
    assert [math.isnan(lines[method]["time_to_loss_median_s"]) for method in (CEINMS, TUNED)] == [True, True]
    assert [lines[method]["time_to_loss_least_s"] for method in (CEINMS, TUNED)] == [BUDGET_S, math.inf]
    own = lines[REFERENCE]
    assert math.isnan(own[f"{CEINMS}_over_it_1"])
    assert own[f"{CEINMS}_over_it_least_1"] == pytest.approx(BUDGET_S / own["time_to_loss_median_s"])
    assert own[f"{TUNED}_over_it_least_1"] == math.inf
    assert math.isnan(lines[CEINMS][f"{TUNED}_over_it_least_1"])


def test_half_of_the_runs_are_not_most_and_failures_count() -> None:
    failed = failed_row(spec(PROBLEM, REFERENCE, suite=SUITE, seed=1)) | {"loss": None}
    most = times(*(tracking_row(REFERENCE, seed, loss=1.0, seconds=1.0 + seed) for seed in (0, 2)), failed)
    line = most[REFERENCE]
    assert (line["runs"], line["reached_runs"]) == (3, 2)
    assert line["time_to_loss_median_s"] == pytest.approx(3.0 * expected_share(1.0, 1.0))  # the slower of the two
    half = times(tracking_row(REFERENCE, loss=1.0), failed)
    assert math.isnan(half[REFERENCE]["time_to_loss_median_s"])


def test_without_a_trace_a_run_has_its_loss_at_its_end() -> None:
    line = times(tracking_row(REFERENCE, seconds=7.0), traced=False)[REFERENCE]
    assert (line["time_to_loss_median_s"], line["evaluations_to_loss_median_1"]) == (7.0, 100.0)


def test_the_lowest_loss_is_that_of_all_runs_and_not_of_medians() -> None:
    rows = [tracking_row(REFERENCE, seed, loss=loss) for seed, loss in enumerate((1.0, 2.0, 3.0))]
    line = times(*rows)[REFERENCE]
    assert (line["lowest_loss_1"], line["loss_over_lowest_median_1"], line["reached_runs"]) == (1.0, 2.0, 1)


def test_lines_say_what_evaluated_and_what_was_to_end_it() -> None:
    own = tracking_row(CEINMS, status="budget", counts={"incremental": 5, "loss": 0}, options={"tolerance": 0.5})
    line = times(own, settings={CEINMS: {"tolerance": "1e-5", "cooling": "0.1"}})[CEINMS]
    assert (line["engine"], line["ended"], line["budget_s"]) == ("only the changed muscle", "budget", BUDGET_S)
    assert line["stopping_rule"] == "cooling 0.1, tolerance 0.5"  # a suite's own option counts


def test_other_problems_and_suites_without_a_result_have_no_lines() -> None:
    accelerations = row(spec(suite=SUITE))
    assert calibration_times(material(accelerations, traced=False), {}).empty
    skipped = failed_row(spec(PROBLEM, "from_truth", suite=SUITE), status="skipped")
    assert list(times(accelerations, tracking_row(REFERENCE), skipped | {"loss": None})) == [REFERENCE]


def test_all_annealings_are_found() -> None:
    assert annealers(pd.DataFrame({"method": [TUNED, REFERENCE, CEINMS, TUNED]})) == [CEINMS, TUNED]


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ((6.0, 6.0), (2.0, 2.0), (3.0, 3.0)),
        ((np.nan, 6.0), (2.0, 2.0), (np.nan, 3.0)),
        ((6.0, 6.0), (np.nan, 2.0), (np.nan, np.nan)),
        ((6.0, 6.0), (0.0, 0.0), (np.nan, np.nan)),
    ],
)
def test_ratios_of_censored_times_are_bounds_and_over_them_nothing(
    above: tuple[float, float], below: tuple[float, float], expected: tuple[float, float]
) -> None:
    np.testing.assert_array_equal(ratio(above, below), expected)
