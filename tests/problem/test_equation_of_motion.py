"""The equation of motion along a motion that is sought: against OpenSim's recordings and Pinocchio's dynamics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from benchmark.model.arm import Arm
from benchmark.problem.equation_of_motion import EquationOfMotion, Motion
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.stage import NoSuchFormError

Array = NDArray[np.float64]

STRIDE = 15
NOT_SEEN = ("TRIlat", "BRD")  # by m1, whatever is known of them


def of(problem: Problem, stride: int = STRIDE) -> EquationOfMotion:
    return EquationOfMotion(problem.acceleration_stage(problem.start(0.1, 0)), stride)


def true_point(problem: Problem) -> torch.Tensor:
    names = problem.acceleration_stage(problem.truth).space.names
    return torch.tensor([problem.truth[name] for name in names], dtype=torch.float64)


def recorded_forces(problem: Problem, stride: int = STRIDE) -> torch.Tensor:
    forces = [entry.recording.states.tendon_force_n[entry.counted[::stride]] for entry in problem.coupled]
    return torch.from_numpy(np.concatenate(forces))


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("m1-ab-published", 1e-10),
        ("m2-ab-published", 1e-10),
        ("m1-a-published-fibres_unknown", 1e-10),
        ("m1-a-light", 1e-8),
    ],
)
def test_it_holds_in_the_recordings(name: str, left: float) -> None:
    """Motion and forces are OpenSim's: of torques of some 10 N m rounding is left, more where the arm is light."""
    problem = load_problem(name)
    motion = of(problem)
    residual = motion.residual(true_point(problem), motion.motion, recorded_forces(problem))
    assert residual.abs().max() < left


def test_it_does_not_hold_with_other_bones_or_forces() -> None:
    problem = load_problem("m1-a-published")
    motion, force = of(problem), recorded_forces(problem)
    at_start = torch.from_numpy(problem.acceleration_stage(problem.start(0.1, 0)).space.start)
    assert motion.residual(at_start, motion.motion, force).abs().max() > 0.1
    assert motion.residual(true_point(problem), motion.motion, 1.1 * force).abs().max() > 0.1


def off_by(problem: Problem, motion: EquationOfMotion, size: float, acceleration: float) -> float:
    """Largest difference of torques (N m) to Pinocchio's at a motion off by `size` (rad, rad/s) and rad/s2."""
    recorded, directions = motion.motion, np.random.default_rng(3).standard_normal((3, motion.samples, 5))
    scales = (size, size, acceleration)
    away = [scale * torch.from_numpy(part) for scale, part in zip(scales, directions, strict=True)]
    at = Motion(*(part + moved for part, moved in zip(recorded, away, strict=True)))
    found = motion.torque(true_point(problem), at).numpy()
    arm = Arm(problem.arm)
    exact = []
    for row in zip(*(part.numpy() for part in at), strict=True):
        q, v, a = (arm.coupling @ part for part in row)
        exact.append(arm.coupling.T @ (arm.mass_matrix(q) @ a + arm.bias_torque(q, v)))
    return float(np.abs(found - exact).max())


def test_torques_of_other_motions_are_of_first_order() -> None:
    """Accelerations alone cost nothing but rounding, all together the square: of a tenth, a hundredth is left."""
    problem = load_problem("m1-a-published")
    motion = of(problem, stride=50)
    assert off_by(problem, motion, 0.0, acceleration=10.0) < 1e-10
    far, near = (off_by(problem, motion, size, acceleration=10.0 * size) for size in (1e-2, 1e-3))
    assert far / near == pytest.approx(100.0, rel=0.1)
    assert far < 0.02  # N m, beside torques of some 10 N m: 0.01 rad off is what a network of some use is


def test_derivatives_by_motion_forces_and_parameters() -> None:
    """By a small step along a random direction of all of them: central differences leave 1e-9."""
    problem = load_problem("m1-a-published")
    motion, generator = of(problem, stride=50), np.random.default_rng(0)
    places = [true_point(problem), *motion.motion, 1.1 * recorded_forces(problem, stride=50)]
    ways = [torch.from_numpy(generator.standard_normal(place.shape)) * 1e-2 * place.abs().mean() for place in places]

    def value(*at: torch.Tensor) -> Any:
        return motion.residual(at[0], Motion(*at[1:4]), at[4]).square().sum()

    leaves = [place.clone().requires_grad_() for place in places]
    slopes = torch.autograd.grad(value(*leaves), leaves)
    slope = sum(float((own * way).sum()) for own, way in zip(slopes, ways, strict=True))
    step = 1e-4
    ends = [value(*(place + side * step * way for place, way in zip(places, ways, strict=True))) for side in (1, -1)]
    assert slope == pytest.approx(float(ends[0] - ends[1]) / (2.0 * step), rel=1e-6)


def test_modelled_forces_are_those_of_the_stage_and_of_the_start() -> None:
    """Muscles of the stage by its parameters, as the reference back end has them; what it does not see at the start."""
    problem = load_problem("m1-ab-published")
    start = problem.start(0.1, 0)
    stage, motion = problem.acceleration_stage(start), of(problem)
    muscles = [motion.muscles[column] for column in motion.modelled]
    assert set(muscles) == {*stage.projection.muscles, *NOT_SEEN}
    x = true_point(problem)
    found = dict(zip(muscles, motion.modelled_force(x).numpy().T, strict=True))
    lengths = [len(own) for own in stage.projection.counted]
    rows = np.concatenate([np.arange(lengths[0])[::STRIDE], lengths[0] + np.arange(lengths[1])[::STRIDE]])
    for name, force in zip(stage.projection.muscles, stage.force(x.numpy())[rows].T, strict=True):
        np.testing.assert_allclose(found[name], force, rtol=0, atol=1e-9)
    other = EquationOfMotion(problem.acceleration_stage({**start, "TRIlat.maximum_isometric_force": 100.0}), STRIDE)
    scaled = other.modelled_force(x).numpy()[:, muscles.index("TRIlat")]
    np.testing.assert_allclose(scaled, 100.0 / start["TRIlat.maximum_isometric_force"] * found["TRIlat"], rtol=1e-12)


def test_a_network_gets_the_emg_of_measured_muscles_alone() -> None:
    problem, ideal = load_problem("m1-ab-published"), load_problem("m2-ab-published")
    assert [signals.emg.shape[1] for signals in of(problem).signals] == [11, 11]
    assert [signals.emg.shape[1] for signals in of(ideal).signals] == [16, 16]
    recording, signals = problem.coupled[0].recording, of(problem).signals[0]
    measured = [name not in problem.deep_muscles for name in recording.muscles]
    np.testing.assert_array_equal(signals.emg, recording.emg[:, measured])


@pytest.mark.parametrize("name", ["ignored", "bounded", "emg_assisted", "synergy_nmf"])
def test_other_formulations_have_other_equations(name: str) -> None:
    problem = load_problem(f"{name}-a-published")
    with pytest.raises(NoSuchFormError):
        EquationOfMotion(problem.acceleration_stage(problem.start(0.1, 0)))
