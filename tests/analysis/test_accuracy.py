"""Cr1, Cr2 and Cr2m, the dynamic coefficients behind them, and the held-out fit."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.analysis.accuracy import accuracy
from benchmark.analysis.base_parameters import STANDARD_NAMES, dynamic_coefficients
from benchmark.analysis.heldout import held_out_fit
from benchmark.model.standard_parameters import standard_parameters
from benchmark.problem.problem import Problem, load_problem
from datasets.parameters import BONE_UNITS

MUSCLE_NAMES = ("PECM1.optimal_fibre_length", "DELT1.maximum_isometric_force")


@pytest.fixture(scope="module")
def problem() -> Problem:
    return load_problem("m1-ab-published")


def standard(problem: Problem, values: dict[str, float]) -> np.ndarray:
    rows = []
    for body in problem.arm.identified_bodies:
        mass, *rest = (values[f"{body}.{kind}"] for kind in BONE_UNITS)
        rows.append(standard_parameters(mass, rest[:3], rest[3:]))
    return np.array(rows).ravel()


def test_there_are_24_dynamic_coefficients(problem: Problem) -> None:
    """The rank of the torque regressor, known from an independent prototype; the paper counts 17."""
    assert len(dynamic_coefficients(problem).names) == 24


def test_coefficients_determine_the_torque(problem: Problem) -> None:
    """Bones with equal coefficients move alike: a null direction of the coefficients changes no torque (1e-8)."""
    coefficients = dynamic_coefficients(problem)
    null = np.linalg.svd(coefficients.combination)[2][len(coefficients.names) :]
    assert null.shape == (6, 3 * len(STANDARD_NAMES))
    torque = problem.coupled[0].dynamics.torque @ null.T
    assert np.abs(torque).max() < 1e-8


def test_the_truth_has_no_error(problem: Problem) -> None:
    found = accuracy(problem.truth, problem, dynamic_coefficients(problem), MUSCLE_NAMES)
    assert found.cr1 == found.cr2 == found.cr2m == 0.0


def test_exchanged_filter_coefficients_are_no_error(problem: Problem) -> None:
    exchanged = problem.truth | {"c1": problem.truth["c2"], "c2": problem.truth["c1"]}
    found = accuracy(exchanged, problem, dynamic_coefficients(problem), (*MUSCLE_NAMES, "c1", "c2"))
    assert found.errors["c1"] == found.errors["c2"] == 0.0


def test_errors_by_hand(problem: Problem) -> None:
    """One muscle parameter 5 % off, bones exact: eq. (22)-(23) worked out by hand."""
    coefficients = dynamic_coefficients(problem)
    name = MUSCLE_NAMES[1]
    values = problem.truth | {name: 1.05 * problem.truth[name]}
    found = accuracy(values, problem, coefficients, MUSCLE_NAMES)
    assert found.cr2m == pytest.approx(2.5)
    assert found.cr2 == pytest.approx(5.0 / (len(coefficients.names) + 2))
    truth = [*(coefficients.combination @ standard(problem, problem.truth)), *(problem.truth[n] for n in MUSCLE_NAMES)]
    assert found.cr1 == pytest.approx(5.0 * problem.truth[name] / np.linalg.norm(truth))
    assert found.errors[name] == pytest.approx(5.0)


def test_held_out_torque_of_the_true_muscles_is_opensims(problem: Problem) -> None:
    """Fibre-side against OpenSim's tendon force, over moment arms of centimetres: 1e-6 N m; 1e-6 was seen."""
    fit = held_out_fit(problem.truth, problem.compared_muscles, problem.parsed.held_out[0])
    assert fit.rmse_nm < 1e-5
    assert fit.r2 > 1.0 - 1e-9


def test_held_out_error_grows_with_the_force(problem: Problem) -> None:
    """All forces 10 % too strong: the torque is off by 10 % of itself, so that R2 can be worked out."""
    stronger = {
        name: 1.1 * value if name.endswith("maximum_isometric_force") else value
        for name, value in problem.truth.items()
    }
    zero = {name: 0.0 if name.endswith("maximum_isometric_force") else value for name, value in problem.truth.items()}
    muscles, recording = problem.compared_muscles, problem.parsed.held_out[0]
    off, whole = (held_out_fit(values, muscles, recording) for values in (stronger, zero))
    assert off.rmse_nm == pytest.approx(0.1 * whole.rmse_nm, rel=1e-4)
    assert 1.0 - off.r2 == pytest.approx(0.01 * (1.0 - whole.r2), rel=1e-4)
