"""The bounds: absolute, wide enough for people other than the generic arm, and without a hint at the truth."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.problem.compiled_residual import residual_rows
from benchmark.problem.parameters import bounds
from benchmark.problem.problem import load_problem
from benchmark.problem.residual import whiten
from datasets.arm_files import load_arm, variants
from datasets.parameters import SHARED_UNITS, true_parameters

TRUTH = true_parameters(load_arm())
# Segment masses of adults, mean and standard deviation in kg.
MASSES_KG = {"humerus": (2.11, 0.49), "ulna": (1.04, 0.19), "radius": (0.22, 0.04)}


@pytest.mark.parametrize("variant", variants())
def test_truth_lies_within_the_bounds(variant: str) -> None:
    for name, value in true_parameters(load_arm(variant)).items():
        low, high = bounds(name)
        assert low < value < high or value == 0.0, name


@pytest.mark.parametrize("bone", MASSES_KG)
def test_the_boxes_hold_three_standard_deviations_of_segment_mass(bone: str) -> None:
    mean, deviation = MASSES_KG[bone]
    low, high = bounds(f"{bone}.mass")
    assert low <= mean - 3.0 * deviation
    assert mean + 3.0 * deviation <= high


@pytest.mark.parametrize(("kind", "spread"), [("optimal_fibre_length", 0.25), ("maximum_isometric_force", 0.6)])
def test_the_boxes_hold_subjects_of_another_build(kind: str, spread: float) -> None:
    for name, value in TRUTH.items():
        if name.endswith(kind):
            low, high = bounds(name)
            assert low <= (1.0 - spread) * value, name
            assert (1.0 + spread) * value <= high, name


def test_members_of_a_kind_of_muscle_share_their_box() -> None:
    """A box of a muscle's own would be a figure about that muscle."""
    for kind in ("maximum_isometric_force", "tendon_slack_length"):
        assert bounds(f"DELT1.{kind}") == bounds(f"DELT3.{kind}") != bounds(f"SUBSC.{kind}")


@pytest.mark.parametrize("name", [name for name in TRUTH if not name.endswith("pennation_at_optimal")])
def test_no_middle_of_a_box_gives_the_truth_away(name: str) -> None:
    """Neither the mean of the bounds nor their geometric mean is within 5 % (of the half width; of the value).

    Pennation is left out: one box for all sixteen angles cannot avoid them all.
    """
    low, high = bounds(name)
    assert abs(TRUTH[name] - (low + high) / 2.0) > 0.05 * (high - low) / 2.0
    if low * high > 0.0:
        assert abs(abs(TRUTH[name]) / np.sqrt(low * high) - 1.0) > 0.05


@pytest.mark.parametrize("name", [name for name in TRUTH if name not in SHARED_UNITS])
def test_bounds_are_round_figures(name: str) -> None:
    """Two digits at most, so that none is a hidden multiple of a figure of the arm."""
    assert [float(f"{bound:.2g}") for bound in bounds(name)] == list(bounds(name))


@pytest.mark.parametrize("name", ["m1-a-published", "m2-a-published"])
def test_model_is_finite_at_random_points_within_the_bounds(name: str) -> None:
    """Value and Jacobian of both stages; pytest turns numpy's warnings of an overflow or a division into errors."""
    problem, rng = load_problem(name), np.random.default_rng(1)
    start = problem.start(0.1, 0)
    stage = problem.fibre_stage(start)
    for _ in range(20):
        x = rng.uniform(stage.space.lower, stage.space.upper)
        assert np.isfinite(stage.rows(x)).all()
        tendon = problem.tendon_stage(stage, x, start)
        slack = rng.uniform(tendon.space.lower, tendon.space.upper)
        for values in (*stage.residual_and_jacobian(x), *tendon.residual_and_jacobian(slack)):
            assert np.isfinite(values).all()


def test_a_singular_mass_matrix_leaves_the_residual_finite() -> None:
    """Dependent columns of V, as unphysical inertias make them: in the reference back end and compiled."""
    rng = np.random.default_rng(0)
    columns = rng.normal(size=(200, 5, 2))
    inertia = np.concatenate([columns, columns[:, :, :1] - columns[:, :, 1:]], axis=2)
    torque = rng.normal(size=(200, 3))
    rows = whiten(list(torque.T), [list(inertia[:, c].T) for c in range(5)])
    assert np.isfinite(rows).all()
    known = np.concatenate([torque, inertia.reshape(200, -1)], axis=1)
    nothing = np.zeros((200, 18, 1))
    compiled = residual_rows(nothing, known, np.zeros(1), np.zeros((200, 3, 1)), np.zeros((200, 1)))
    assert np.isfinite(compiled).all()
    np.testing.assert_allclose(compiled[:2], rows[:2], rtol=1e-9)
