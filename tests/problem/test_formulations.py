"""The closed form against eq. (7)-(14) as they stand, and what M1 can and cannot see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmark.model.arm import Arm
from benchmark.model.contraction import FibreParameters, fibre_force
from benchmark.model.literal import LiteralResidual, constraint_matrix, literal_loss, literal_residual
from benchmark.model.scan import activation_from_emg
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.null_space import NoEquationLeftError, left_null_space
from benchmark.problem.problem import Problem, load_problem
from datasets.description import ArmDescription, Body
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS, SHARED_UNITS

EVERY = 40  # samples between those that the literal form is evaluated at


def with_bones(description: ArmDescription, values: dict[str, float]) -> ArmDescription:
    """The arm with other bones."""

    def body(entry: Body) -> Body:
        if entry.name not in description.identified_bodies:
            return entry
        mass, *rest = (values[f"{entry.name}.{kind}"] for kind in BONE_UNITS)
        return Body(entry.name, mass, tuple(rest[:3]), tuple(rest[3:]))

    return replace(description, bodies=tuple(body(entry) for entry in description.bodies))


def literal(
    problem: Problem, values: dict[str, float], every: int = EVERY
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Eq. (14) at `values`, at one sample of `every`: their indices, d, and its unexplained part."""
    coupled = problem.coupled[0]
    recording, rows = coupled.recording, coupled.counted[::every]
    arm = Arm(with_bones(problem.arm, values))
    shared = np.array([values[name] for name in SHARED_UNITS])
    activation = activation_from_emg(recording.emg, shared, 1.0 / recording.sampling_rate_hz)[rows]
    kinds = list(MUSCLE_UNITS)[:4]
    muscle = FibreParameters(*(np.array([values[f"{name}.{kind}"] for name in recording.muscles]) for kind in kinds))
    force = fibre_force(
        activation, recording.states.fibre_length_m[rows], recording.states.fibre_velocity_m_per_s[rows], muscle
    )
    deep = np.array([name in recording.deep_muscles for name in recording.muscles])
    deep &= problem.parsed.formulation.deep_muscles == "eliminated"
    independent = [problem.arm.coordinates.index(name) for name in problem.arm.independent_coordinates]
    arms = np.zeros((len(rows), len(problem.arm.coordinates), len(recording.muscles)))
    arms[:, independent] = coupled.arms[::every]
    position, velocity, acceleration = (
        values[rows] @ arm.coupling.T
        for values in (recording.position_rad, recording.velocity_rad_per_s, recording.acceleration_rad_per_s2)
    )
    constants = (
        np.array([arm.mass_matrix(q) for q in position]),
        np.array([arm.bias_torque(q, v) for q, v in zip(position, velocity, strict=True)]),
        acceleration,
        constraint_matrix(problem.arm),
        arms[:, :, ~deep],
        force[:, ~deep],
        arms[:, :, deep],
    )
    residual = literal_residual(*map(torch.from_numpy, constants))
    return np.arange(0, len(coupled.counted), every), residual.d.numpy(), residual.unexplained.numpy()


@pytest.mark.parametrize("name", ["m1-a-published", "m1-b-light", "m2-a-published", "m2-b-light"])
def test_closed_form_is_the_literal_one(name: str) -> None:
    """At 20 random parameter sets, sample by sample.

    `published`: to 1e-8 of the residual. `light`: M^-1 has entries of 1e6 there, from which the literal form takes the
    constraints' part away; it keeps 1e-9 of d (6e-10 was seen), of which the residual is a hundredth.
    """
    problem = load_problem(name)
    for seed in range(20):
        start = problem.start(0.2, seed)
        stage = problem.fibre_stage(start)
        rows = np.array(stage.rows(stage.space.start))
        samples, d, unexplained = literal(problem, start)
        found = np.linalg.norm(rows[:, samples], axis=0) / stage.weight
        lost = 1e-8 * found.max() if name.endswith("published") else 1e-8 * np.linalg.norm(d, axis=1).max()
        np.testing.assert_allclose(found, np.linalg.norm(unexplained, axis=1), rtol=1e-8, atol=lost)


@pytest.mark.parametrize("name", ["m1-a-published", "m2-a-published"])
def test_loss_is_the_literal_one(name: str) -> None:
    """Eq. (14) as a whole, over all samples, with var(d_t) from the literal d at the start: to 1e-8."""
    problem = load_problem(name)
    start = problem.start(0.1, 0)
    _, d, unexplained = literal(problem, start, every=1)
    residual = LiteralResidual(torch.from_numpy(d), torch.from_numpy(unexplained))
    expected = literal_loss(residual, float(d.var(axis=0).sum())).item()
    stage = problem.fibre_stage(start)
    assert sum(float(row @ row) for row in stage.rows(stage.space.start)) == pytest.approx(expected, rel=1e-8)


def test_one_equation_is_left_of_five() -> None:
    assert load_problem("m1-a-published").projection.equations == 1
    assert load_problem("m2-a-published").projection.equations == 5


@pytest.mark.parametrize("name", ["m1-a-published", "m1-ab-light"])
def test_elbow_muscles_have_exactly_no_influence_on_m1(name: str) -> None:
    """W'R of TRIlat and BRD is exactly zero: their forces, whatever they are, drop out of the residual."""
    problem = load_problem(name)
    muscles = problem.coupled[0].recording.muscles
    arms = np.concatenate([entry.arms for entry in problem.coupled])
    deep = [muscles.index(muscle) for muscle in problem.coupled[0].recording.deep_muscles]
    basis = left_null_space(arms[:, :, deep])
    seen = np.einsum("tck,tcn->tkn", basis, arms)
    for muscle in ("TRIlat", "BRD"):
        assert (seen[:, :, muscles.index(muscle)] == 0.0).all()
    assert not {"TRIlat", "BRD"} & set(problem.projection.muscles)
    assert len(problem.projection.muscles) == 9


def test_changing_an_elbow_muscle_changes_nothing_in_m1() -> None:
    """The literal residual, in which TRIlat and BRD do take part, does not see them either (rounding: 1e-9)."""
    problem = load_problem("m1-a-published")
    start = problem.start(0.1, 0)
    changed = start | {
        "TRIlat.maximum_isometric_force": 3.0 * start["TRIlat.maximum_isometric_force"],
        "BRD.optimal_fibre_length": 0.7 * start["BRD.optimal_fibre_length"],
    }
    _, before_d, before = literal(problem, start)
    _, after_d, after = literal(problem, changed)
    assert np.abs(after_d - before_d).max() > 1.0
    np.testing.assert_allclose(
        np.linalg.norm(after, axis=1), np.linalg.norm(before, axis=1), atol=1e-9 * np.abs(after_d).max()
    )


def test_a_changing_rank_is_refused() -> None:
    arms = np.zeros((2, 5, 2))
    arms[:, 0, 0] = 1.0
    arms[1, 1, 1] = 1.0
    with pytest.raises(NoEquationLeftError, match="act on 1 to 2 of 5 coordinates, depending on the pose"):
        left_null_space(arms)


def test_nothing_left_is_refused() -> None:
    with pytest.raises(NoEquationLeftError, match="no equation is left"):
        left_null_space(np.broadcast_to(np.eye(5), (3, 5, 5)).copy())


def test_stage_of_m2_has_all_sixteen_muscles() -> None:
    problem = load_problem("m2-a-published")
    stage = problem.fibre_stage(problem.start(0.1, 0))
    assert isinstance(stage, FibreStage)
    assert len(problem.projection.muscles) == 16
    assert stage.space.size == 30 + 16 * 4 - 4 + 5
