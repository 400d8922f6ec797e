"""The analysis of real problems: sensitivities, and the cases that are known beforehand."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.stats import chi2

from benchmark.analysis.base_parameters import dynamic_coefficients
from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import Analysis, analyse
from benchmark.identifiability.classes import IDENTIFIABLE, classes
from benchmark.identifiability.quantities import COEFFICIENT, tendon_slack_lengths
from benchmark.identifiability.refine import refine
from benchmark.model.standard_parameters import standard_values
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.tendon_stage import TENDON_KIND
from datasets.parameters import MUSCLE_UNITS

UNKNOWN = "m1-ab-published-fibres_unknown"
DEEP = ("INFSP", "SUBSC", "TRImed", "BRA", "PQ")


def named(found: Analysis) -> Iterator[tuple[str, str]]:
    """Names and kinds of the quantities."""
    return zip(found.quantities.names, found.quantities.kinds, strict=True)


@pytest.fixture(scope="module")
def problem() -> Problem:
    return load_problem("m1-ab-published")


@pytest.fixture(scope="module")
def found(problem: Problem) -> Analysis:
    return analyse(problem)


@pytest.mark.parametrize("name", ["m1-ab-published", "m1-a-light", "m2-a-published"])
def test_sensitivities_are_those_of_central_differences(name: str) -> None:
    """Each column to 1e-6 of its length.

    Steps of 2e-6 leave 1e-7 of rounding and less of curvature; longer ones come across a sample at which an activation
    turns from rising to falling, where the fixed steps of its integration leave a jump of 1e-7.
    """
    stage = load_problem(name).acceleration_stage(load_problem(name).truth)
    x, known = stage.space.start, analyse(load_problem(name)).information
    step = 2e-6 * known.magnitudes
    _, jacobian = stage.residual_and_jacobian(x)
    for column in range(stage.space.size):
        at = np.zeros(stage.space.size)
        at[column] = step[column]
        difference = (stage.residual(x + at) - stage.residual(x - at)) / (2.0 * step[column])
        error = np.linalg.norm(difference - jacobian[:, column]) / np.linalg.norm(jacobian[:, column])
        assert error < 1e-6, (stage.space.names[column], error)
    np.testing.assert_allclose(
        np.linalg.norm(known.root, axis=0),
        np.linalg.norm(jacobian, axis=0) * known.magnitudes / stage.weight,
        rtol=1e-10,
    )


def test_six_directions_among_the_bones_have_no_effect(found: Analysis) -> None:
    known = found.information
    bones = np.array([name.split(".")[0] in ("humerus", "ulna", "radius") for name in known.names])
    assert (len(known.names), known.rank) == (69, 63)
    np.testing.assert_allclose(known.null_directions[:, ~bones], 0.0, atol=1e-10)
    # the gap: singular values are above 1e-6 of the largest or below 1e-14
    assert known.spectrum[62] > 1e-6 * known.spectrum[0]
    assert known.spectrum[63] < 1e-14 * known.spectrum[0]


def test_a_long_way_along_the_redundancy_changes_no_torque(problem: Problem, found: Analysis) -> None:
    """A null direction of bones is one of the regressor: standard parameters may move along it without end."""
    coefficients = dynamic_coefficients(problem)
    bodies = problem.arm.identified_bodies
    stacked = np.concatenate([entry.dynamics.torque.reshape(-1, 30) for entry in problem.coupled])
    standard = standard_values(problem.truth, bodies)
    redundant = np.linalg.svd(coefficients.combination)[2][len(coefficients.names) :]
    change = stacked @ redundant.T * np.abs(standard).max()
    assert np.abs(change).max() < 1e-10 * np.abs(stacked @ standard).max()
    assert len(redundant) == len(found.information.names) - found.information.rank


def test_no_bone_parameter_is_seen_by_itself_but_all_dynamic_coefficients_are(found: Analysis) -> None:
    percent = dict(zip(found.quantities.names, found.percent(0.1), strict=True))
    bones = [name for name in percent if name.split(".")[0] in ("humerus", "ulna", "radius")]
    coefficients = [name for name in percent if name.startswith(COEFFICIENT)]
    assert (len(bones), len(coefficients)) == (30, 24)
    assert np.isinf([percent[name] for name in bones]).all()
    assert np.isfinite([percent[name] for name in coefficients]).all()


def test_m1_is_exactly_blind_to_trilat_and_brd(problem: Problem, found: Analysis) -> None:
    for muscle in ("TRIlat", "BRD"):
        assert not any(name.startswith(muscle) for name in found.information.names)
        assert "no influence at all" in found.causes[f"{muscle}.maximum_isometric_force"]
        column = problem.coupled[0].recording.muscles.index(muscle)
        basis = np.linalg.svd(
            problem.coupled[0].arms[:, :, [problem.coupled[0].recording.muscles.index(m) for m in DEEP]]
        )
        seen = np.einsum("tc,tc->t", basis[0][:, :, 4], problem.coupled[0].arms[:, :, column])
        np.testing.assert_allclose(seen, 0.0, atol=1e-15)


def test_m2_sees_all_muscles() -> None:
    found = analyse(load_problem("m2-a-published"))
    percent = dict(zip(found.quantities.names, found.percent(0.1), strict=True))
    assert all(np.isfinite(percent[f"{muscle}.maximum_isometric_force"]) for muscle in (*DEEP, "TRIlat", "BRD"))


def test_eliminated_muscles_are_said_to_be_so(found: Analysis) -> None:
    for muscle in DEEP:
        assert found.causes[f"{muscle}.optimal_fibre_length"].startswith(f"{muscle} is eliminated")


def test_the_tendon_of_pecm1_is_rigid(found: Analysis) -> None:
    name = f"PECM1.{TENDON_KIND}"
    assert name not in found.quantities.names
    assert "rigid tendon" in found.causes[name]


@pytest.mark.parametrize("name", ["m1-a-published", "m2-a-light"])
def test_exchanging_the_filter_coefficients_changes_nothing(name: str) -> None:
    """To 1e-9 of the residual's change when either is moved by a hundredth instead."""
    stage = load_problem(name).fibre_stage(load_problem(name).truth)
    x, names = stage.space.start, stage.space.names
    exchanged, moved = x.copy(), x.copy()
    exchanged[[names.index("c1"), names.index("c2")]] = x[[names.index("c2"), names.index("c1")]]
    moved[names.index("c1")] *= 1.01
    change = np.linalg.norm(stage.residual(exchanged) - stage.residual(x))
    assert change < 1e-9 * np.linalg.norm(stage.residual(moved) - stage.residual(x))


def scale_effects(name: str) -> tuple[float, float]:
    """Effect of growing forces, masses and inertias together over that of forces alone; bound of the forces' scale."""
    known = analyse(load_problem(name)).information
    forces = np.array([n.endswith("maximum_isometric_force") for n in known.names])
    bones = np.array([n.endswith(".mass") or ".inertia." in n for n in known.names])
    relative = known.values / known.magnitudes
    alone, together = (
        np.linalg.norm(known.root @ np.where(which, relative, 0.0)) for which in (forces, forces | bones)
    )
    mean_force = forces[None] / forces.sum()
    return float(together / alone), float(known.standard_deviations(0.1, mean_force)[0])


@pytest.mark.parametrize("formulation", ["m1", "m2"])
def test_the_common_scale_hangs_on_the_known_bodies(formulation: str) -> None:
    """Heavy phantoms fix the scale of forces and inertias; with light ones it is the hand alone, and badly."""
    published, light = (scale_effects(f"{formulation}-ab-{variant}") for variant in ("published", "light"))
    assert published[0] < 1.0
    assert light[0] < 1.0
    assert light[1] > 10.0 * published[1]


def test_tendons_follow_stage_one_as_other_steps_have_it(problem: Problem) -> None:
    """One-sided steps ten times as small of one parameter agree to 1e-3 of the largest sensitivity."""
    stage = problem.fibre_stage(problem.truth)
    x = stage.space.start
    found = tendon_slack_lengths(problem, stage, x)
    name = "DELT2.optimal_fibre_length"
    column = stage.space.names.index(name)
    moved = x.copy()
    moved[column] *= 1.0 + 1e-6
    after = tendon_slack_lengths(problem, stage, moved).values
    expected = (after - found.values) / found.values / 1e-6
    np.testing.assert_allclose(found.matrix[:, column], expected, atol=1e-3 * np.abs(found.matrix).max())
    assert np.count_nonzero(found.matrix[:, column]) == 1


def test_a_tendon_is_found_where_it_truly_is(problem: Problem, found: Analysis) -> None:
    for name, value in zip(found.quantities.names, found.quantities.values, strict=True):
        if name.endswith(TENDON_KIND):
            assert value == pytest.approx(problem.truth[name], rel=1e-6)


def test_with_unknown_fibres_all_five_parameters_of_a_muscle_are_quantities(found: Analysis) -> None:
    """Tendons once, as parameters, the rigid one too; and no bound of a dynamic coefficient is smaller for it."""
    unknown = analyse(load_problem(UNKNOWN))
    muscles = [name for name, kind in named(unknown) if kind in MUSCLE_UNITS]
    assert len(muscles) == len(set(muscles)) == 9 * 5 - 2  # the long and the short biceps have no pennation
    assert set(muscles) < set(unknown.information.names)
    rigid = f"PECM1.{TENDON_KIND}"
    assert rigid in muscles
    assert rigid not in unknown.causes
    assert set(muscles) - {rigid} == {name for name, kind in named(found) if kind in MUSCLE_UNITS}
    before, after = (dict(zip(each.quantities.names, each.percent(0.1), strict=True)) for each in (found, unknown))
    coefficients = [name for name in before if name.startswith(COEFFICIENT)]
    assert all(after[name] > before[name] for name in coefficients)


def test_bounds_with_unknown_fibres_hold_over_noisy_replicates() -> None:
    """Squared errors of what is identifiable over their covariance, added up: chi-square, within its middle 99.8 %."""
    known = analyse(load_problem(UNKNOWN)).information
    which = np.array([name == IDENTIFIABLE for name in classes(100.0 * known.standard_deviations(0.1))])
    covariance, squares, noise = known.covariance(0.01)[np.ix_(which, which)], [], f"{UNKNOWN}-noise0.01"
    for seed in range(3):
        problem = load_problem(noise).replicate(seed)
        stage = problem.acceleration_stage(problem.truth)
        error = ((refine(stage, stage.space.start).x - known.values) / known.magnitudes)[which]
        squares.append(float(error @ np.linalg.solve(covariance, error)))
    low, high = chi2.interval(0.998, len(squares) * which.sum())
    assert low < sum(squares) < high


def test_moment_tracking_is_told() -> None:
    problem = load_problem("moments-ab-published")
    with pytest.raises(HarnessError, match="moments-ab-published tracks moments"):
        analyse(problem)


def test_a_muscle_never_excited_is_the_cause() -> None:
    quiet = load_problem("m1-a-published")
    entry = quiet.coupled[0]
    emg = entry.recording.emg.copy()
    emg[:, entry.recording.muscles.index("DELT2")] = 0.011
    changed = dataclasses.replace(entry, recording=dataclasses.replace(entry.recording, emg=emg))
    found = analyse(Problem("m1-a-published", [changed]))
    assert found.causes["DELT2.optimal_fibre_length"].startswith("DELT2 is never excited")
    assert "DELT1.optimal_fibre_length" not in found.causes


def test_a_recording_too_short_is_the_cause() -> None:
    entry = load_problem("m1-a-published").coupled[0]
    few = slice(0, 40)
    dynamics = dataclasses.replace(
        entry.dynamics, **{f.name: getattr(entry.dynamics, f.name)[few] for f in dataclasses.fields(entry.dynamics)}
    )
    cut = dataclasses.replace(entry, counted=entry.counted[few], arms=entry.arms[few], dynamics=dynamics)
    found = analyse(Problem("m1-a-published", [cut]))
    assert found.information.rank <= 40
    assert "too short: 40 samples that count give 40 equations for 69 parameters" in found.remarks[0]


def test_a_parameter_at_its_bound_is_named(problem: Problem) -> None:
    found = analyse(problem, {"DELT1.pennation_at_optimal": 10.0})
    assert found.causes["DELT1.pennation_at_optimal"].startswith("at its upper bound")
