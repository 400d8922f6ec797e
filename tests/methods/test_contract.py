"""What every method file must keep, whatever it does inside."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.harness.execute import execute
from benchmark.harness.methods import load_method, method_files
from benchmark.harness.spec import RunSpec

PROBLEM = "m1-a-published"
METHODS = tuple(method_files())
# Searches whose progress within a few dozen evaluations is a matter of luck.
SLOW_STARTERS = ("dual_annealing", "particle_swarm", "simulated_annealing", "random_search")
# These take half a second or more for an evaluation, so that a few must do.
SLOW_TO_EVALUATE = ("casadi_ipopt", "casadi_gauss_newton", "paper_literal")


def spec(method: str, evaluations: int, seed: int = 0) -> RunSpec:
    return RunSpec("tests", PROBLEM, method, 0.1, seed, 60.0, evaluations)


@pytest.fixture(scope="module", params=METHODS)
def finished(request: pytest.FixtureRequest) -> tuple[str, dict[str, object], dict[str, np.ndarray]]:
    method = str(request.param)
    evaluations = 4 if method in SLOW_TO_EVALUATE else 60
    row, trace = execute(spec(method, evaluations))
    return method, row, trace


def test_says_what_it_is(finished: tuple[str, dict[str, object], dict[str, np.ndarray]]) -> None:
    method = load_method(finished[0])
    assert method.summary
    assert method.source


def test_ends_in_a_complete_row(finished: tuple[str, dict[str, object], dict[str, np.ndarray]]) -> None:
    _, row, _ = finished
    assert row["status"] in ("converged", "budget"), row["message"]
    for name, value in row.items():
        if isinstance(value, float):
            assert np.isfinite(value), name


def test_keeps_its_budget(finished: tuple[str, dict[str, object], dict[str, np.ndarray]]) -> None:
    """Stage one gets ten twelfths of the evaluations, stage two the rest; a swarm or a solver may end a step late."""
    _, row, _ = finished
    evaluations = row["evaluations"]
    assert isinstance(evaluations, int)
    assert evaluations <= 62


def test_its_clocks_add_up(finished: tuple[str, dict[str, object], dict[str, np.ndarray]]) -> None:
    """Building, compiling and solving are parts of the whole run; what is left is the harness's own evaluation."""
    _, row, trace = finished
    names = ("build_s", "compile_s", "solve_s", "wall_s")
    build, compiling, solve, wall = (float(str(row[name])) for name in names)
    assert min(build, compiling) >= 0.0
    assert 0.0 < build + compiling + solve <= wall
    assert trace["seconds"][-1] == pytest.approx(solve, abs=1e-6)


def test_is_never_worse_than_its_start(finished: tuple[str, dict[str, object], dict[str, np.ndarray]]) -> None:
    method, row, _ = finished
    start, end = row["loss_start"], row["loss"]
    assert isinstance(start, float)
    assert isinstance(end, float)
    assert end <= start
    assert end < start or method in SLOW_STARTERS


def test_its_trace_only_falls(finished: tuple[str, dict[str, object], dict[str, np.ndarray]]) -> None:
    _, row, trace = finished
    first_stage = trace["loss"][trace["stage"] == 0]
    assert (np.diff(first_stage) <= 0).all()
    assert first_stage[-1] == pytest.approx(row["loss"], rel=1e-9)
    assert (np.diff(trace["seconds"]) >= 0).all()


@pytest.mark.parametrize("method", [name for name in METHODS if name not in SLOW_TO_EVALUATE])
def test_the_same_seed_gives_the_same_result(method: str) -> None:
    first, second = (execute(spec(method, 24))[0] for _ in range(2))
    assert first["identified"] == second["identified"]
    assert first["loss"] == second["loss"]


def test_from_truth_stays_at_the_truth() -> None:
    """The floor: a thousandth of a percent would already mean that the recordings disagree with the model."""
    row, _ = execute(spec("from_truth", 60))
    assert row["cr2m"] < 1e-3
    assert row["heldout_r2"] > 1.0 - 1e-8


def test_an_exception_of_a_method_becomes_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from methods import random_search

    def broken(view: object, options: object) -> None:
        raise ArithmeticError("no idea")

    monkeypatch.setattr(random_search, "solve", broken)
    row, _ = execute(spec("random_search", 10))
    assert row["status"] == "failed"
    assert "no idea" in str(row["message"])
    assert row["loss"] == row["loss_start"]
