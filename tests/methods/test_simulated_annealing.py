"""The annealing's moves, its step lengths, how it cools and when it ends, on a small problem with a known answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.harness.recorder import StageRecorder
from benchmark.harness.view import ProblemView
from benchmark.problem.stage import NoSuchFormError
from methods import simulated_annealing
from methods.simulated_annealing import OPTIONS, PRESETS
from tests.harness.bowl import Bowl, recorder

COLD, HOT = 1e-250, 1e9
BEST = np.array([1.0, -2.0])


class NotedBowl(Bowl):
    """Notes the points at which it is evaluated."""

    def __init__(self) -> None:
        self.points: list[np.ndarray] = []

    def residual(self, x: np.ndarray) -> np.ndarray:
        self.points.append(x.copy())
        return super().residual(x)


class PlainBowl(Bowl):
    """Has no incremental form."""

    def incremental(self) -> Any:
        raise NoSuchFormError("there is none")


def annealed(stage: Bowl, seed: int = 0, **options: Any) -> tuple[np.ndarray, StageRecorder]:
    record = recorder()
    found = simulated_annealing.solve(ProblemView(stage, record, seed), {**OPTIONS, **options})
    return found, record


def test_finds_the_minimum_and_ends_by_itself() -> None:
    """To the tolerance: 1e-9 of the start's loss of 17 is 1.3e-4 away at most; it ends within that of the best."""
    found, record = annealed(Bowl(), step=0.5, temperature=1.0)
    np.testing.assert_allclose(found, BEST, atol=2e-4)
    assert record.best_loss < 17.0 * 1e-9


def test_a_move_changes_one_parameter_by_turns_by_up_to_its_step() -> None:
    """Hot, so that each is accepted and the next one starts from it; the bounds are far."""
    stage = NotedBowl()
    annealed(stage, temperature=HOT, sweeps=10, adaptations=1, step=0.01, most_evaluations=2)
    moves = np.diff(stage.points, axis=0)
    assert len(moves) == 20
    assert (moves[0::2, 1] == 0.0).all()
    assert (moves[1::2, 0] == 0.0).all()
    sizes = np.abs(moves[moves != 0.0])
    assert len(sizes) == 20
    assert 0.03 < sizes.max() <= 0.01 * 6.0


def test_a_move_out_of_the_bounds_is_drawn_afresh_between_them() -> None:
    """Steps of the whole range: a third of the moves from the middle would leave it, and more from its ends."""
    stage = NotedBowl()
    annealed(stage, temperature=HOT, sweeps=2000, adaptations=1, step=1.0, most_evaluations=2)
    points = np.array(stage.points)
    assert (np.abs(points) <= 3.0).all()
    assert not np.isclose(np.abs(points), 3.0, atol=1e-9).any()  # none was put on a bound


def test_cold_it_never_climbs() -> None:
    stage = NotedBowl()
    annealed(stage, temperature=COLD, sweeps=50, adaptations=1, step=0.5, most_evaluations=2)
    best = stage.points[0]
    for point in stage.points[1:]:
        assert np.count_nonzero(point != best) == 1
        if Bowl().residual(point) @ Bowl().residual(point) < Bowl().residual(best) @ Bowl().residual(best):
            best = point


def test_steps_grow_threefold_where_all_moves_are_accepted_up_to_the_whole_range() -> None:
    """1 + 2 (1 - 0.6) / 0.4 = 3; sizes are those of 400 uniform draws, so within a few per cent of their limit."""
    stage = NotedBowl()
    annealed(stage, temperature=HOT, sweeps=200, adaptations=2, step=0.001, most_evaluations=2)
    sizes = np.abs(np.diff(stage.points, axis=0)).max(axis=1)
    assert sizes[:400].max() == pytest.approx(0.006, rel=0.05)
    assert sizes[400:].max() == pytest.approx(0.018, rel=0.05)


@pytest.mark.parametrize(
    ("share", "factor"), [(1.0, 3.0), (0.8, 2.0), (0.6, 1.0), (0.5, 1.0), (0.4, 1.0), (0.2, 0.5), (0.0, 1.0 / 3.0)]
)
def test_step_lengths_adapt_as_corana_has_it(share: float, factor: float) -> None:
    assert simulated_annealing._adaptation(np.array([share])) == pytest.approx(factor, rel=1e-14)


def test_it_ends_after_four_temperatures_without_progress() -> None:
    """Steps too small for the tolerance: 4 temperatures of 3 adaptations of 5 sweeps over 2 parameters."""
    _, record = annealed(Bowl(), temperature=COLD, step=1e-9, sweeps=5, adaptations=3, tolerance=1e-6)
    assert record.evaluations == 1 + 4 * 3 * 5 * 2


def test_it_ends_with_the_temperature_that_spends_its_evaluations() -> None:
    """A temperature takes 30: after two of them it has made 61, and 61 is not below 61."""
    for most, made in ((60, 61), (61, 61), (62, 91)):
        _, record = annealed(Bowl(), temperature=HOT, cooling=1.0, sweeps=5, adaptations=3, most_evaluations=most)
        assert record.evaluations == made


def test_ceinms_documented_example_does_not_cool_on_a_small_problem() -> None:
    """Two parameters take 1,200 moves a temperature; the sixth is at 2, where losses of order 10 are still accepted."""
    _, record = annealed(Bowl(), **PRESETS["ceinms"] | {"most_evaluations": 6 * 1200})
    assert record.evaluations == 1 + 6 * 1200
    assert record.best_loss > 1e-4  # with 7,200 points spread over the range; the tuned search is at 1e-8


def test_it_starts_again_from_the_best_point_at_each_temperature() -> None:
    stage = NotedBowl()
    annealed(stage, temperature=HOT, cooling=1.0, sweeps=10, adaptations=1, step=0.3, most_evaluations=60)
    losses = [Bowl().residual(point) @ Bowl().residual(point) for point in stage.points]
    for first in (21, 41):  # a temperature takes 20 evaluations
        best = stage.points[int(np.argmin(losses[:first]))]
        assert np.count_nonzero(stage.points[first] != best) <= 1


@pytest.mark.parametrize(
    ("stage", "evaluation", "kind"),
    [(Bowl(), "full", "loss"), (Bowl(), "incremental", "incremental"), (PlainBowl(), "incremental", "loss")],
)
def test_evaluations_are_incremental_where_asked_for_and_there(stage: Bowl, evaluation: str, kind: str) -> None:
    found, record = annealed(stage, evaluation=evaluation)
    assert set(record.counts) == {kind}
    np.testing.assert_array_equal(found, annealed(Bowl())[0])


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ({"evaluation": "incrementl"}, "unknown evaluation 'incrementl': did you mean incremental"),
        ({"unit": "strat"}, "unknown unit 'strat': did you mean start"),
    ],
)
def test_an_unknown_option_is_told(option: dict[str, Any], says: str) -> None:
    with pytest.raises(HarnessError, match=says):
        annealed(Bowl(), **option)


def test_temperature_and_tolerance_have_one_unit() -> None:
    """The start's loss is 17, so that seventeenths of the loss itself are the same search."""
    by_start, _ = annealed(Bowl(), unit="start", temperature=1.0, tolerance=1e-6)
    by_loss, _ = annealed(Bowl(), unit="loss", temperature=17.0, tolerance=17e-6)
    np.testing.assert_array_equal(by_start, by_loss)


def test_a_full_preset_differs_in_its_evaluations_alone() -> None:
    for name in ("ceinms", "tuned"):
        assert {**OPTIONS, **PRESETS[name]} == {**OPTIONS, **PRESETS[f"{name}_full"], "evaluation": "incremental"}
