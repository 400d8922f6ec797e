"""What a method still gets when its stage has ended, and what it can never change."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import torch

from benchmark.harness.errors import HarnessError
from benchmark.harness.recorder import BudgetSpent, StageEnded, TracePoint
from benchmark.harness.view import ProblemView
from tests.harness.bowl import Bowl, recorder

START, BETTER = np.zeros(2), np.array([1.0, -2.0])


class _CountingBowl(Bowl):
    """Counts what is evaluated in the reference back end, which is what the harness evaluates for itself."""

    def __init__(self) -> None:
        self.evaluated = self.written_out = 0

    def rows(self, x: Any, *others: Any) -> list[Any]:
        self.evaluated += 1
        return super().rows(x, *others)

    def literal(self) -> Any:
        self.written_out += 1
        return super().literal()


class _SlowCounter(Counter[str]):
    """Lets other threads in before it adds."""

    def __getitem__(self, key: str) -> int:
        value = super().__getitem__(key)
        time.sleep(1e-5)
        return value


class _Watch:
    """Notes what it is told, in one line."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def solving(self, seconds_left: float) -> None:
        self.told.append(seconds_left)

    def aside(self) -> None:
        self.told.append("aside")

    def seen(self, stage: int, point: TracePoint) -> None:
        """Not noted."""


@pytest.mark.parametrize("kind", ["loss", "residual", "residual_and_jacobian", "gradient", "loss_and_gradient"])
def test_whoever_catches_the_end_gets_it_again_and_nothing_else(kind: str) -> None:
    record = recorder(evaluations=1)
    view = ProblemView(Bowl(), record, seed=0)
    for x in (START, BETTER, BETTER):
        with pytest.raises(BudgetSpent):
            getattr(view, kind)(x)
    assert record.best_loss == 17.0
    assert record.evaluations == 3  # what was evaluated in vain is told all the same
    assert [point.loss for point in record.close().trace] == [17.0, 17.0]


def test_torch_and_literal_losses_end_too() -> None:
    record = recorder(evaluations=1)
    view = ProblemView(Bowl(), record, seed=0)
    literal = view.literal()
    for loss in (view.torch_loss, literal, view.torch_loss):
        with pytest.raises(BudgetSpent):
            loss(torch.zeros(2, dtype=torch.float64))


def test_the_harness_does_no_work_for_a_stage_that_has_ended() -> None:
    stage, record = _CountingBowl(), recorder(evaluations=1)
    view = ProblemView(stage, record, seed=0)
    with suppress(BudgetSpent):
        view.report(START, 1, "solver")
    assert stage.evaluated == 1
    for _ in range(3):
        with pytest.raises(BudgetSpent):
            view.report(BETTER, 1, "solver")
        with pytest.raises(BudgetSpent):
            view.literal()
    assert (stage.evaluated, stage.written_out, record.best_loss) == (1, 0, 17.0)


def test_the_literal_form_is_written_out_once() -> None:
    stage = _CountingBowl()
    view = ProblemView(stage, recorder(), seed=0)
    for _ in range(3):
        view.literal()
    assert stage.written_out == 1


def test_a_thread_that_goes_on_changes_nothing() -> None:
    record = recorder()
    view = ProblemView(Bowl(), record, seed=0)
    view.loss(START)
    history = record.close()
    before = (dict(history.counts), len(history.trace), history.seconds, record.best_loss)
    with ThreadPoolExecutor(1) as threads:
        for evaluate in (view.loss, lambda x: view.report(x, 1, "solver")):
            with pytest.raises(StageEnded):
                threads.submit(evaluate, BETTER).result()
    assert before == (dict(history.counts), len(history.trace), history.seconds, record.best_loss)


def test_evaluations_of_several_threads_are_all_counted() -> None:
    record = recorder()
    record.counts = _SlowCounter()
    view = ProblemView(Bowl(), record, seed=0)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(view.loss, [START] * 100))
    assert record.counts == {"loss": 100}


def test_the_clock_stands_still_no_longer_than_time_passes() -> None:
    """Threads that have the harness work for them at the same time."""
    began = time.perf_counter()
    record = recorder()
    together = threading.Barrier(4)

    def aside(_: int) -> None:
        together.wait()
        with record.aside():
            time.sleep(0.02)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(aside, range(4)))
    assert 0.0 <= record.seconds <= time.perf_counter() - began - 4 * 0.02


def test_the_watch_is_told_what_is_left_of_the_grace() -> None:
    watch = _Watch()
    record = recorder(1e-3, watch)
    time.sleep(0.01)
    with pytest.raises(ArithmeticError), record.aside():
        raise ArithmeticError("no such luck")
    begin, aside, left = watch.told
    assert (begin, aside) == (1e-3, "aside")
    assert left < -5e-3


def test_a_fork_cannot_evaluate_in_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    view = ProblemView(Bowl(), recorder(), seed=0)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(HarnessError, match="in the process that solve was called in, and in no other one"):
        view.loss(START)


def test_a_method_may_work_in_the_arrays_that_it_gets() -> None:
    stage = Bowl()
    view = ProblemView(stage, recorder(), seed=0)
    for given in (view.space.start, view.space.lower, view.space.upper):
        given += 5.0
    np.testing.assert_array_equal(stage.space.start, [0.0, 0.0])
    np.testing.assert_array_equal(stage.space.lower, [-3.0, -3.0])
    np.testing.assert_array_equal(stage.space.upper, [3.0, 3.0])
