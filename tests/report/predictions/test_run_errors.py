"""Errors of predictions run by run, of known rows and against another route from identified parameters to forces."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest

from benchmark.analysis.deep_forces import deep_force_errors, true_deep_forces
from benchmark.analysis.predictions import TRAINING
from benchmark.model.contraction import fibre_force, fibre_parameters
from benchmark.model.fibres.musculotendon import drive_from_emg
from benchmark.problem.problem import UnknownProblemError, load_problem
from benchmark.problem.projection import couple
from benchmark.report.predictions.run_errors import COLUMNS, MODEL, NETWORK, run_errors
from datasets.parameters import SHARED_UNITS

from ..synthetic import failed_row, spec
from .predicted import DEEP, GOOD, OF_START, SEEN, SUITE, UNSEEN, angles, know, material, plain_row, predicting_row


@pytest.fixture
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch)


def lines(*rows: dict[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    """Lines by method, source, movement and name."""
    table = run_errors(rows)
    keys = ["method", "source", "movement", "name"]
    return {tuple(line[key] for key in keys): line for line in table.to_dict("records")}  # type: ignore[misc]


@pytest.mark.usefixtures("_known")
def test_each_prediction_has_a_line_with_what_it_is_of() -> None:
    found = lines(predicting_row(training=angles([0.9, 0.8, 0.7], [3.0, 2.0, 1.0]) | {"force_n": GOOD["force_n"]}))
    angle = found["pinn", NETWORK, TRAINING, "elv_angle"]
    assert (angle["quantity"], angle["rmse_deg"], angle["r2_1"]) == ("angles", pytest.approx(3.0), 0.9)
    assert np.isnan(angle["rmse_n"])
    quantities = {name: found["pinn", NETWORK, "held_out", name]["quantity"] for name in SEEN + UNSEEN + DEEP}
    assert [*quantities.values()] == [*["measured_forces"] * 3, "unseen_forces", *["deep_forces"] * 2]
    assert found["pinn", NETWORK, "held_out", "BRA"]["rmse_n"] == 1.0


@pytest.mark.usefixtures("_known")
def test_parameters_that_were_not_identified_are_those_of_the_start() -> None:
    found = lines(predicting_row(identified={"rmse": 4.0}), plain_row(r2=0.6))
    own, other = found["pinn", MODEL, TRAINING, "PECM1"], found["gauss_newton", MODEL, TRAINING, "PECM1"]
    assert (own["rmse_n"], own["r2_1"]) == (4.0, OF_START["r2"])
    assert other["r2_1"] == 0.6
    assert ("gauss_newton", NETWORK, TRAINING, "PECM1") not in found
    assert ("pinn", MODEL, TRAINING, "BRD") not in found


@pytest.mark.usefixtures("_known")
def test_what_is_not_predicted_has_no_line() -> None:
    found = lines(predicting_row("pinn+regression", training=angles([0.9] * 3), held_out={"angle_rad": {}}))
    assert {key[1:3] for key in found if key[1] == NETWORK} == {(NETWORK, TRAINING)}
    assert len([key for key in found if key[1] == NETWORK]) == 3


@pytest.mark.usefixtures("_known")
def test_only_cases_that_a_method_predicts_are_there() -> None:
    rows = [predicting_row(), plain_row(), plain_row(start_level=0.2), plain_row(problem="m2-ab-published")]
    found = run_errors(rows)
    assert set(found["problem"]) == {"m1-ab-published"}
    assert set(found["start_level"]) == {0.1}
    nothing = run_errors([plain_row(), predicting_row(problem="moments-deg-published")])
    assert nothing.empty
    assert [*nothing.columns] == COLUMNS


@pytest.mark.usefixtures("_known")
def test_runs_that_failed_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = failed_row(spec("m1-ab-published", "pinn", suite=SUITE, seed=1))
    suite = material(predicting_row(), failed, predicting_row(seed=2, status="diverged"))
    assert set(suite.prediction_errors["seed"]) == {0}
    monkeypatch.setattr("benchmark.report.material.run_errors", None)
    assert len(suite.prediction_errors)  # computed once


def test_missing_problems_are_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def missing(name: str) -> None:
        raise UnknownProblemError(f"unknown problem {name}")

    monkeypatch.setattr("benchmark.report.predictions.run_errors.load_problem", missing)
    with caplog.at_level(logging.WARNING):
        assert run_errors([predicting_row()]).empty
    assert "predictions of m1-ab-published: unknown problem" in caplog.text


def test_forces_of_identified_parameters_are_those_of_another_route() -> None:
    """Eq. (15) muscle by muscle from the recorded states, and `deep_force_errors`: equal to rounding."""
    problem, level, seed = load_problem("m1-a-published"), 0.1, 3
    identified = {"PECM1.maximum_isometric_force": 700.0, "DELT2.optimal_fibre_length": 0.12}
    values = problem.start(level, seed) | identified
    found = lines(predicting_row(problem=problem.name, seed=seed, identified=identified))
    entry = couple("a-published")
    recording, counted = entry.recording, entry.counted
    muscles = ("PECM1", "DELT2", "TRIlong")
    columns = np.array([recording.muscles.index(name) for name in muscles])
    shared = np.array([values[name] for name in SHARED_UNITS])
    emg = np.ascontiguousarray(recording.emg[:, columns])
    activation = drive_from_emg(emg, shared, 1.0 / recording.sampling_rate_hz, with_sensitivity=False).activation
    length, velocity = recording.states.fibre_length_m[:, columns], recording.states.fibre_velocity_m_per_s[:, columns]
    force = fibre_force(activation, length, velocity, fibre_parameters(values, muscles))[counted]
    true = recording.states.tendon_force_n[np.ix_(counted, columns)]
    for name, error, own in zip(muscles, (force - true).T, true.T, strict=True):
        line = found["pinn", MODEL, TRAINING, name]
        assert line["quantity"] == "measured_forces"
        assert line["rmse_n"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-9)
        assert line["r2_1"] == pytest.approx(1.0 - np.mean(error**2) / own.var(), rel=1e-9)
    stage = problem.acceleration_stage(values)
    size = np.sqrt(np.mean(true_deep_forces(problem) ** 2, axis=0))
    percent = deep_force_errors(problem, stage, stage.space.start, values)
    for name, one in zip(problem.deep_muscles, size, strict=True):
        line = found["pinn", MODEL, TRAINING, name]
        assert line["quantity"] == "deep_forces"
        assert line["rmse_n"] == pytest.approx(0.01 * percent[name] * one, rel=1e-9)
    assert ("pinn", MODEL, TRAINING, "TRIlat") not in found
