"""The runs that stand for others, and what their muscles do, against closed forms."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.analysis.fibre_forces import fibre_forces
from benchmark.analysis.heldout import held_out_fit, held_out_torques
from benchmark.model.contraction import FIBRE_DAMPING
from benchmark.problem.problem import Problem, load_problem
from benchmark.report.examples import examples, typical_runs
from benchmark.report.figures.heldout_torque import heldout_torque
from benchmark.report.figures.muscle_curves import muscle_curves
from benchmark.report.figures.style import figure_style
from benchmark.report.report import write_report
from benchmark.report.rows import runs_table
from benchmark.report.suite import suite_runs

from .drawn import faults
from .synthetic import row, spec, store_run

PROBLEM = "m1-a-published"


@pytest.fixture(scope="module")
def problem() -> Problem:
    return load_problem(PROBLEM)


def off(problem: Problem, factor: float) -> dict[str, float]:
    """Muscle and shared parameters, maximum forces off by a factor; pennation angles of zero are known."""
    own = {name: value for name, value in problem.truth.items() if value != 0.0 and "inertia" not in name}
    return {name: value * (factor if name.endswith("isometric_force") else 1.0) for name, value in own.items()}


def table(**errors: list[float]) -> pd.DataFrame:
    """Runs of methods with these errors of muscle parameters, in 1 s each; of `slow` in 9 s."""
    lines = [
        {"method": method, "cr2m": error, "solve_s": 9.0 if method == "slow" else 1.0}
        for method, own in errors.items()
        for error in own
    ]
    return pd.DataFrame(lines)


def test_the_median_runs_of_the_best_and_of_the_middle_method_stand_for_all() -> None:
    runs = table(control=[0.0], worst=[9.0], slow=[1.0001], fast=[5.0, 1.0, 0.1], middling=[3.0, 2.0], bad=[4.0])
    chosen = runs.loc[typical_runs(runs, ["control"])]
    assert chosen["method"].tolist() == ["fast", "middling"]
    assert chosen["cr2m"].tolist() == [1.0, 3.0]


def test_one_method_stands_for_itself_and_nothing_for_nothing() -> None:
    assert typical_runs(table(only=[2.0, 1.0, 3.0]), []) == [0]
    assert typical_runs(table(control=[0.0], unknown=[np.nan]), ["control"]) == []


def test_fibre_forces_are_those_of_the_model_at_rest_and_at_full_speed(problem: Problem) -> None:
    """At the optimal length: the cosine of the pennation angle; at full shortening: the damping's alone; to 1e-9."""
    muscles, truth = problem.compared_muscles, problem.truth
    forces = fibre_forces(truth, truth, muscles)
    cosine = np.cos([truth[f"{muscle}.pennation_at_optimal"] for muscle in muscles])
    at_optimal, at_rest = (
        int(np.abs(grid - at).argmin()) for grid, at in ((forces.length, 1.0), (forces.velocity, 0.0))
    )
    np.testing.assert_allclose(forces.active[:, at_optimal], cosine, rtol=1e-9)
    np.testing.assert_allclose(forces.moving[:, at_rest], cosine, rtol=1e-9)
    np.testing.assert_allclose(forces.moving[:, 0], -FIBRE_DAMPING * cosine, rtol=1e-9)
    np.testing.assert_allclose(forces.active[:, -1], 0.0, atol=1e-9)  # too long to be active
    assert (forces.passive[:, -1] > 0.5).all()
    assert (forces.passive[:, :at_optimal] < 1e-12).all()
    assert (np.diff(forces.passive[:, at_optimal + 1 :]) > 0.0).all()


def test_forces_are_in_units_of_the_true_muscles(problem: Problem) -> None:
    muscles, truth = problem.compared_muscles, problem.truth
    stronger = fibre_forces(truth | off(problem, 1.5), truth, muscles)
    true = fibre_forces(truth, truth, muscles)
    for name in ("active", "passive", "moving"):
        np.testing.assert_allclose(getattr(stronger, name), 1.5 * getattr(true, name), rtol=1e-9, atol=1e-12)


def test_true_muscles_have_the_measured_torque_and_stronger_ones_as_much_more(problem: Problem) -> None:
    """Recordings are stored to some 1e-6 N m."""
    arguments = problem.compared_muscles, problem.parsed.held_out[0]
    true, stronger = (held_out_torques(problem.truth | off(problem, factor), *arguments) for factor in (1.0, 1.5))
    np.testing.assert_allclose(true.predicted, true.measured, atol=1e-4)
    np.testing.assert_allclose(stronger.predicted, 1.5 * true.predicted, rtol=1e-9, atol=1e-12)
    assert (np.diff(true.time_s) > 0.0).all()
    expected = 0.5 * np.sqrt((true.predicted**2).mean())
    assert held_out_fit(problem.truth | off(problem, 1.5), *arguments).rmse_nm == pytest.approx(expected, rel=1e-4)


def stored(problem: Problem) -> list[dict[str, Any]]:
    rows = [("good", 1.0, 0.1), ("middling", 1.1, 5.0), ("bad", 1.5, 20.0)]
    return [row(spec(PROBLEM, method), cr2m=error, identified=off(problem, by)) for method, by, error in rows]


def test_figures_show_the_truth_and_the_examples(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sorted(stored(problem), key=lambda own: own["method"])
    suite = suite_runs("s", runs_table(rows), [None] * 3)
    (found,) = examples(suite, {index: own["identified"] for index, own in enumerate(rows)})
    assert [run.label.split(",")[0] for run in found.runs] == ["best: good", "middle: middling"]
    with figure_style():
        curves, torque = muscle_curves(found), heldout_torque(found)
        assert faults(curves, monkeypatch) == faults(torque, monkeypatch) == []
    active = [np.asarray(line.get_ydata()) for line in curves.axes[0].lines[::2]]
    np.testing.assert_allclose(active, np.outer([1.0, 1.0, 1.1], found.truth.active[0]), rtol=1e-9)
    drawn = [np.asarray(line.get_ydata()) for line in torque.axes[2].lines]
    np.testing.assert_allclose(drawn[2], 1.1 * drawn[1], rtol=1e-9, atol=1e-12)


def test_the_report_has_them_where_runs_say_what_they_identified(problem: Problem, tmp_path: Path) -> None:
    for own in stored(problem):
        store_run(tmp_path, spec(PROBLEM, own["method"]), with_trace=False, **own)
    store_run(tmp_path, spec("m2-a-published", "good"), with_trace=False)
    write_report(tmp_path)
    figures = {path.stem for path in (tmp_path / "figures" / "paper").glob("*.png")}
    assert {name for name in figures if name.startswith(("muscle", "heldout-torque"))} == {
        "muscle-curves-m1",
        "heldout-torque-m1",
    }


def test_problems_that_nobody_knows_any_more_are_told(problem: Problem, caplog: pytest.LogCaptureFixture) -> None:
    rows = [row(spec("m1-a-forgotten", "good"), identified=off(problem, 1.0))]
    suite = suite_runs("s", runs_table(rows), [None])
    with caplog.at_level(logging.WARNING):
        assert list(examples(suite, {0: rows[0]["identified"]})) == []
    assert "no figures of muscle curves and held-out torque of m1-a-forgotten" in caplog.text


def test_runs_that_lack_a_parameter_are_no_examples(problem: Problem) -> None:
    rows = [row(spec(PROBLEM, "good"), identified={"PECM1.optimal_fibre_length": 0.1})]
    assert list(examples(suite_runs("s", runs_table(rows), [None]), {0: rows[0]["identified"]})) == []
