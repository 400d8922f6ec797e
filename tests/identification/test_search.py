"""Searches: which is best, which agree, and what becomes of methods that fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.harness.methods import Method
from benchmark.harness.view import ProblemView
from benchmark.identification.identification import Identification
from benchmark.identification.search import (
    SAME_MINIMUM,
    Attempt,
    Task,
    agreeing,
    best_of,
    explains_as_much,
    search,
)

from .conftest import recording_at


def attempt(start: int, sum_of_squares: float, status: str = "converged") -> Attempt:
    return Attempt(start, status, "", 10.0, sum_of_squares, 1.0, 5, {}, {})


def test_the_best_is_the_delivered_one_that_leaves_least() -> None:
    attempts = [attempt(0, 2.0), attempt(1, 1.0, "budget"), attempt(2, 0.5, "diverged")]
    assert best_of(attempts) is attempts[1]


def test_those_agree_that_have_a_result_within_a_thousandth_of_the_best() -> None:
    within, beyond = 1.0 + 0.9 * SAME_MINIMUM, 1.0 + 1.1 * SAME_MINIMUM
    attempts = [attempt(0, 1.0), attempt(1, within), attempt(2, beyond), attempt(3, 1.0, "failed")]
    assert [explains_as_much(entry, attempts[0]) for entry in attempts] == [True, True, False, False]
    assert agreeing(attempts) == 2


def test_a_search_leaves_less_than_it_began_with(found: Identification) -> None:
    (only,) = found.attempts
    assert only.delivered
    assert only.start_values["c1"] == found.problem.nominal["c1"]
    assert only.sum_of_squares < only.sum_of_squares_start
    assert found.best is only


def test_starts_beyond_the_first_are_around_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    task = with_method(monkeypatch, recording_at(tmp_path, 150), stays)
    first, second = search(task, 2, 1, lambda entry, starts: told.append((entry.start, starts)))
    assert told == [(0, 2), (1, 2)]
    assert first.start_values["c1"] != second.start_values["c1"]
    assert first.sum_of_squares == pytest.approx(first.sum_of_squares_start, rel=1e-9)  # nothing was changed


def test_a_method_that_fails_everywhere_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = with_method(monkeypatch, recording_at(tmp_path, 150), fails)
    with pytest.raises(HarnessError, match=r"own has no result from any of 1 starts .*no way from here.*--method"):
        search(task, 1, 1, lambda _, __: None)


def stays(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    view.residual(view.space.start)
    return view.space.start


def fails(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    raise ValueError("no way from here")


def with_method(monkeypatch: pytest.MonkeyPatch, recording: Path, solve: Callable[..., Any]) -> Task:
    """A task for a method of its own."""
    method = Method("own", "of a test", "none", {}, False, solve, Path(__file__))
    monkeypatch.setattr("benchmark.identification.search.load_method", lambda _: method)
    return Task((str(recording),), "m1", "own", 10.0, 0.1, 0)
