"""What every method file must keep, whatever it does inside, and what the harness makes of it."""

import time
from typing import NamedTuple

import numpy as np
import pytest

from benchmark.harness import clock, contract
from benchmark.harness.contract import counted_spec, timed_spec
from benchmark.harness.execute import execute
from benchmark.harness.method_file import read_presets
from benchmark.harness.methods import PRESET_MARK, method_files, without_preset
from benchmark.harness.row import Row, Trace

ELSEWHERE = ("casadi_collocation",)  # it does not apply to the contract's problem, and has a test of its own
METHODS = tuple(
    name
    for method, path in method_files().items()
    if method not in ELSEWHERE
    for name in (method, *(f"{method}{PRESET_MARK}{preset}" for preset in read_presets(path)))
)
# Searches whose progress within a few dozen evaluations is a matter of luck.
SLOW_STARTERS = ("dual_annealing", "particle_swarm", "simulated_annealing", "random_search")
# They are there to show what training the parameters is for.
UNTRAINED = ("pinn+regression", "pinn+fixed_parameters")
# These take a third of a second to a second for an evaluation, so that a few must do.
SLOW_TO_EVALUATE = ("casadi_ipopt", "casadi_gauss_newton", "paper_literal")
TICK_S = 0.1
FEW_SECONDS = 0.45  # by a clock that ticks: a few evaluations


class Ticking:
    """Clocks for the harness's: seconds pass as they are read, so that how busy the machine is does not matter."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def perf_counter(self) -> float:
        """Later by a tick at every call."""
        self._now_s += TICK_S
        return self._now_s

    def process_time(self) -> float:
        """No processor is at work."""
        return 0.0


class Finished(NamedTuple):
    """A run that evaluations ended, and what it took."""

    method: str
    row: Row
    trace: Trace
    wall_s: float


@pytest.fixture(scope="module", params=METHODS)
def finished(request: pytest.FixtureRequest) -> Finished:
    method = str(request.param)
    began = time.perf_counter()
    row, trace = execute(counted_spec(method, _evaluations(method)))
    return Finished(method, row, trace, time.perf_counter() - began)


def _evaluations(method: str) -> int:
    return contract.FEWEST_EVALUATIONS if method in SLOW_TO_EVALUATE else contract.MOST_EVALUATIONS


@pytest.mark.parametrize("method", METHODS)
def test_its_file_is_complete(method: str) -> None:
    assert not contract.file_is_complete(method).wrong


def test_ends_with_a_result(finished: Finished) -> None:
    assert not contract.ends_with_a_result([finished.row]).wrong
    assert not contract.leaves_nothing_to_remark([finished.row]).wrong
    assert not contract.result_is_finite_and_within_bounds([finished.row]).wrong


def test_keeps_its_evaluations(finished: Finished) -> None:
    """Stage one gets ten twelfths of them, stage two the rest; a swarm or a solver may end a step late."""
    assert not contract.keeps_its_evaluations(finished.row).wrong


@pytest.mark.parametrize("method", METHODS)
def test_keeps_its_seconds(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every evaluation reads the clock: seconds may be spent within any of them, and none may follow."""
    monkeypatch.setattr(clock, "time", Ticking())
    row, _ = execute(timed_spec(method, seconds=FEW_SECONDS))
    assert not contract.keeps_its_seconds(row).wrong
    assert row["status"] == "budget", row["message"]
    assert row["evaluations"] <= FEW_SECONDS / TICK_S + contract.LATE_EVALUATIONS


def test_its_clocks_add_up(finished: Finished) -> None:
    """Building, compiling and solving are parts of the whole run; what is left is the harness's own evaluation."""
    build, compiling, solve = (float(str(finished.row[name])) for name in ("build_s", "compile_s", "solve_s"))
    assert min(build, compiling) >= 0.0
    assert 0.0 < build + compiling + solve <= finished.wall_s
    assert finished.trace["seconds"][-1] == pytest.approx(solve, abs=1e-6)


def test_is_never_worse_than_its_start(finished: Finished) -> None:
    assert not contract.is_never_worse_than_its_start([finished.row]).wrong
    if without_preset(finished.method) not in SLOW_STARTERS and finished.method not in UNTRAINED:
        assert not contract.improves_on_its_start([finished.row]).wrong


def test_its_trace_only_falls(finished: Finished) -> None:
    first_stage = finished.trace["loss"][finished.trace["stage"] == 0]
    assert (np.diff(first_stage) <= 0).all()
    assert first_stage[-1] == pytest.approx(finished.row["loss"], rel=1e-9)
    assert (np.diff(finished.trace["seconds"]) >= 0).all()


def test_the_same_seed_gives_the_same_result(finished: Finished) -> None:
    again, _ = execute(counted_spec(finished.method, _evaluations(finished.method)))
    assert not contract.repeats_itself(finished.row, again).wrong


def test_from_truth_stays_at_the_truth() -> None:
    """The floor: a thousandth of a percent would already mean that the recordings disagree with the model."""
    row, _ = execute(counted_spec("from_truth", 60))
    assert row["cr2m"] < 1e-3
    assert row["heldout_r2"] > 1.0 - 1e-8


def test_an_exception_of_a_method_becomes_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from methods import random_search

    def broken(view: object, options: object) -> None:
        raise ArithmeticError("no idea")

    monkeypatch.setattr(random_search, "solve", broken)
    row, _ = execute(counted_spec("random_search", 10))
    assert row["status"] == "failed"
    assert "no idea" in str(row["message"])
    assert row["loss"] == row["loss_start"]
