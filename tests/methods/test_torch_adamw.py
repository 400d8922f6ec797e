"""AdamW's coordinates, its pull to the start, both ways to the gradient and its end, on a small problem."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.harness.recorder import StageRecorder
from benchmark.harness.view import ProblemView
from methods import torch_adamw
from methods.torch_adamw import OPTIONS, PRESETS
from tests.harness.bowl import Bowl, recorder

RANGE = 6.0  # between the bounds of both parameters


def descended(**options: Any) -> tuple[np.ndarray, StageRecorder]:
    record = recorder()
    return torch_adamw.solve(ProblemView(Bowl(), record, 0), {**OPTIONS, **options}), record


def test_finds_the_minimum_and_ends_by_itself() -> None:
    """Steps decay tenfold in 230 epochs: what is left in the end is far below a thousandth of the range."""
    found, _ = descended(weight_decay=0.0, decay=0.99)
    np.testing.assert_allclose(found, [1.0, -2.0], atol=1e-3)


def test_both_gradients_go_the_same_way() -> None:
    """The two gradients differ by rounding alone."""
    (by_torch, torch_record), (compiled, compiled_record) = descended(), descended(**PRESETS["compiled"])
    np.testing.assert_allclose(by_torch, compiled, atol=1e-9)
    assert torch_record.counts == {"torch": torch_record.evaluations}
    assert compiled_record.counts == {"gradient": torch_record.evaluations}


def test_the_first_step_is_the_learning_rate_times_the_range_against_the_gradient() -> None:
    """Adam's first step has the sign of the gradient alone; at the start no weight decays."""
    found, _ = descended(patience=0, learning_rate=0.02, weight_decay=5.0)
    np.testing.assert_allclose(found, [0.02 * RANGE, -0.02 * RANGE], rtol=1e-9)


def test_weights_decay_towards_the_start() -> None:
    """A decay of 1 / learning rate takes each step's way back as a whole: no point is further off than one step."""
    found, _ = descended(learning_rate=0.02, weight_decay=50.0, decay=1.0)
    assert (np.abs(found) <= 0.02 * RANGE * (1.0 + 1e-9)).all()
    assert (found != 0.0).all()


def test_it_ends_when_the_loss_has_not_fallen_by_its_share_for_so_many_epochs() -> None:
    _, record = descended(learning_rate=0.0, patience=7)
    assert record.evaluations == 1 + 7


def test_slow_progress_counts_over_the_epochs_that_it_takes() -> None:
    """An epoch gains 0.06 % at first, which is no progress, and ten gain 0.6 %, until a step is a sixth of that."""
    _, record = descended(learning_rate=1e-4, decay=0.99, tolerance=1e-3, patience=10)
    assert 100 < record.evaluations < 300


def test_an_unknown_gradient_is_told() -> None:
    with pytest.raises(HarnessError, match="unknown gradient 'complied': did you mean compiled"):
        descended(gradient="complied")
