"""The fibre states that all models give: partials against differences, torch against the kernels, far points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.model.contraction import FibreParameters, MuscleParameters, fibre_force
from benchmark.model.fibres.musculotendon import FibreStates, MusculotendonPath, drive_from_emg
from benchmark.model.fibres.states import FibreModel, fibre_states
from benchmark.model.fibres.torch_states import torch_fibre_states
from benchmark.problem.parameters import bounds
from datasets.parameters import SHARED_UNITS
from tests.model.fibres.recorded import recorded

Array = NDArray[np.float64]

SAMPLES = 150
RECORDING, COLUMNS, PATH, DRIVE, MUSCLE = recorded("a-published", samples=SAMPLES)
NAMES = [RECORDING.muscles[column] for column in COLUMNS]
EMG = np.ascontiguousarray(RECORDING.emg[:SAMPLES, COLUMNS])
SHARED = np.array([RECORDING.true_parameters[name] for name in SHARED_UNITS])
KINDS = (*MuscleParameters._fields, *SHARED_UNITS)
STEP = 2e-5
OFF_TRUTH = np.array([1.1, 0.95, 0.9, 1.05, 0.98])[:, None]  # where no pennation, length or activation is special


def states_at(model: FibreModel, own: Array, shared: Array, with_partials: bool = False) -> FibreStates:
    drive = drive_from_emg(EMG, shared, PATH.sample_time_s, with_partials)
    return fibre_states(model, PATH, drive, MuscleParameters(*own))


@pytest.mark.parametrize("model", FibreModel)
def test_partials_are_derivatives(model: FibreModel) -> None:
    """Against central differences of fourth order, to 1e-5 of the largest derivative of a muscle.

    The differences' own errors, rounding over the step and kinks of the activation, are some 1e-6.
    """
    own, shared = np.array(MUSCLE) * OFF_TRUTH, SHARED * 1.03
    own[3] = np.maximum(own[3], 0.1)
    found = states_at(model, own, shared, with_partials=True)
    for index, kind in enumerate(KINDS):
        states = {step: states_at(model, *_shifted(own, shared, index, step)) for step in (-2, -1, 1, 2)}
        unit = STEP * (own[index] if index < 5 else shared[index - 5])
        for field in ("length", "velocity", "force"):
            at = {step: getattr(state, field) for step, state in states.items()}
            expected = (8.0 * (at[1] - at[-1]) - (at[2] - at[-2])) / (12.0 * unit)
            error = np.abs(getattr(found, f"{field}_partials")[:, index] - expected).max(axis=0)
            worst = error / np.maximum(np.abs(expected).max(axis=0), np.finfo(float).tiny)
            np.testing.assert_array_less(worst, 1e-5, err_msg=f"{field} by {kind}")


def _shifted(own: Array, shared: Array, index: int, steps: int) -> tuple[Array, Array]:
    moved_own, moved_shared = own.copy(), shared.copy()
    moved = moved_own[index : index + 1] if index < 5 else moved_shared[index - 5 : index - 4]
    moved *= 1.0 + steps * STEP
    return moved_own, moved_shared


@pytest.mark.parametrize("model", FibreModel)
def test_without_partials_the_states_are_the_same(model: FibreModel) -> None:
    own = np.array(MUSCLE)
    plain, full = (states_at(model, own, SHARED, wanted) for wanted in (False, True))
    for field in ("length", "velocity", "force", "outside", "unsolved"):
        np.testing.assert_array_equal(getattr(plain, field), getattr(full, field))
    assert plain.force_partials.shape == (0, 5, len(NAMES))


@pytest.mark.parametrize("model", FibreModel)
def test_fibre_force_of_the_states_is_the_force(model: FibreModel) -> None:
    """Eq. (15) at the states found gives the tendon's force, to 1e-6 of the maximum: the solver's tolerance."""
    found = fibre_states(model, PATH, DRIVE, MUSCLE)
    force = fibre_force(DRIVE.activation, found.length, found.velocity, FibreParameters(*MUSCLE[:4]))
    np.testing.assert_array_less(np.abs(force - found.force) / MUSCLE.maximum_isometric_force, 1e-6)


@pytest.mark.parametrize("model", [FibreModel.DYNAMIC, FibreModel.QUASI_STATIC])
def test_all_is_finite_and_solved_within_the_bounds(model: FibreModel) -> None:
    """A thousand uniform draws, slack and infeasible tendons among them; most leave the range, and say so."""
    rng, left = np.random.default_rng(0), 0
    boxes = [np.array([bounds(f"{name}.{kind}") for name in NAMES]).T for kind in MuscleParameters._fields]
    shared_box = np.array([bounds(name) for name in SHARED_UNITS]).T
    short = MusculotendonPath(PATH.length[:40], PATH.velocity[:40], PATH.sample_time_s, PATH.rigid_tendon)
    for _ in range(1000):
        muscle = MuscleParameters(*(rng.uniform(*box) for box in boxes))
        drive = drive_from_emg(EMG[:40], rng.uniform(*shared_box), PATH.sample_time_s)
        found = fibre_states(model, short, drive, muscle)
        for values in vars(found).values():
            assert np.isfinite(values).all()
        assert found.converged.all()
        left += int(found.left_range.sum())
    assert 0.1 < left / (1000 * len(NAMES)) < 0.99


@pytest.mark.parametrize("model", FibreModel)
def test_torch_has_the_same_states_and_gradients(model: FibreModel) -> None:
    """A random weighting of all states; sums in another order differ by rounding."""
    rng = np.random.default_rng(1)
    found = states_at(model, np.array(MUSCLE), SHARED, with_partials=True)
    own = MuscleParameters(*(torch.tensor(values, requires_grad=True) for values in MUSCLE))
    shared = torch.tensor(SHARED, requires_grad=True)
    outputs = torch_fibre_states(model, PATH, EMG, own, shared)
    weights = [rng.normal(size=found.length.shape) for _ in outputs]
    total = sum((torch.from_numpy(w) * output).sum() for w, output in zip(weights, outputs, strict=True))
    assert isinstance(total, torch.Tensor)
    total.backward()  # type: ignore[no-untyped-call]
    fields = ("length", "velocity", "force")
    for output, field in zip(outputs, fields, strict=True):
        np.testing.assert_array_equal(output.detach().numpy(), getattr(found, field))
    expected = sum(
        np.einsum("tqn,tn->qn", getattr(found, f"{field}_partials"), w)
        for field, w in zip(fields, weights, strict=True)
    )
    gradients = [values.grad for values in own]
    for gradient, row in zip(gradients, expected[:5], strict=True):
        assert gradient is not None
        np.testing.assert_allclose(gradient.numpy(), row, rtol=1e-12, atol=1e-12 * np.abs(row).max())
    assert shared.grad is not None
    np.testing.assert_allclose(shared.grad.numpy(), expected[5:].sum(axis=1), rtol=1e-10)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda muscle: muscle._replace(tendon_slack_length=muscle[4][:3]), r"tendon slack length: shape \(3,\)"),
        (
            lambda muscle: muscle._replace(optimal_fibre_length=-muscle[1]),
            "optimal fibre length: -0.1442 of muscle 0, expected a positive figure",
        ),
    ],
)
def test_bad_parameters_are_named(spoil: Callable[[MuscleParameters], MuscleParameters], message: str) -> None:
    with pytest.raises(HarnessError, match=message):
        fibre_states(FibreModel.DYNAMIC, PATH, DRIVE, spoil(MUSCLE))


def test_a_bad_activation_is_named() -> None:
    with pytest.raises(HarnessError, match=r"activation: shape \(149, 16\)"):
        fibre_states(FibreModel.DYNAMIC, PATH, replace(DRIVE, activation=DRIVE.activation[1:]), MUSCLE)
