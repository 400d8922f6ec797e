"""Base parameters' expressions, against the arm's torques, its geometry and known counts of serial chains."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.analysis.base_parameters import standard_magnitudes
from benchmark.identifiability.analysis import Analysis, information
from benchmark.identifiability.base_counts import RIGID_GIRDLE, STATIC, base_count, count_tolerances, counts
from benchmark.identifiability.base_expressions import (
    BaseParameters,
    base_parameters,
    base_study,
    expression,
    recognised,
)
from benchmark.identifiability.quantities import COEFFICIENT, coefficients
from benchmark.model.arm import Arm
from benchmark.model.standard_parameters import standard_values
from benchmark.problem.problem import Problem, load_problem
from benchmark.report.identifiability.base_parameters_table import base_table

NOISE = 0.1  # rad/s2, of the study's bounds


@pytest.fixture(scope="module")
def problem() -> Problem:
    return load_problem("m1-a-light")


@pytest.fixture(scope="module")
def base(problem: Problem) -> BaseParameters:
    return base_parameters(problem)


@pytest.fixture(scope="module")
def analysis(problem: Problem) -> Analysis:
    """Of what the study needs alone: tendons take a second."""
    stage = problem.fibre_stage(problem.truth)
    point = stage.space.start
    return Analysis(problem.name, 1.0, information(stage, point), coefficients(problem, stage, point), {}, ())


def row(base: BaseParameters, name: str) -> dict[str, float]:
    return dict(zip(base.standard, base.combination[base.names.index(name)].tolist(), strict=True))


def test_leading_parameters_alone_give_the_torque(problem: Problem, base: BaseParameters) -> None:
    """At states that are not in the recordings: any inertial parameters act as the base parameters that they make.

    Rounding of factors found from a recording, some 1e-13, through columns up to 1e3 times larger than others.
    """
    generator = np.random.default_rng(1)
    motion = generator.uniform(-1.0, 1.0, (3, 20, 5))
    regressor = Arm(problem.arm).regressors(*motion).torque
    standard = generator.standard_normal(regressor.shape[-1])
    expected = regressor @ standard
    found = regressor[..., list(base.leading)] @ (base.combination @ standard)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())


def test_forearm_masses_are_handed_over_at_the_elbow(problem: Problem, base: BaseParameters) -> None:
    """A mass at the elbow's hinge adds, on the humerus, its mass, first moments and inertias there: parallel axes."""
    place = np.array(next(joint.origin_m for joint in problem.arm.joints if joint.child == "ulna"))
    moved = place @ place * np.eye(3) - np.outer(place, place)
    expected = {"m": 1.0} | {f"m c{axis}": value for axis, value in zip("xyz", place.tolist(), strict=True)}
    expected |= {f"I{'xyz'[i]}{'xyz'[j]}": moved[i, j] for i in range(3) for j in range(i, 3)}
    for name, value in expected.items():
        assert row(base, f"humerus {name}")["ulna m"] == pytest.approx(value, rel=1e-9, abs=1e-12)


def test_each_hinge_takes_a_mass_a_first_moment_and_an_inertia(base: BaseParameters) -> None:
    led = [sum(name.startswith(body) for name in base.names) for body in ("humerus", "ulna", "radius")]
    assert led == [10, 7, 7]
    assert not {"ulna m", "ulna m cz", "radius m", "radius m cy"} & {*base.names}  # elbow along z, forearm along y


def test_rounding_is_left_out_of_expressions(problem: Problem, base: BaseParameters) -> None:
    texts = dict(zip(base.names, (expression(base, k) for k in range(len(base.names))), strict=True))
    assert texts["humerus m"] == "humerus m + ulna m + radius m"
    assert texts["humerus m cy"].startswith("humerus m cy - 0.2904 m ulna m + ")
    assert "0.2904: elbow y (m)" in recognised(problem.arm, base, base.names.index("humerus m cy"))


def test_terms_with_the_same_factor_stand_together() -> None:
    standard = ("a m", "a m cx", "a Ixx", "b m", "c m")
    combination = np.array([[1.0, 0.0, 0.0, -1.0, -1.0], [0.0, 1.0, 0.0, 0.25, 0.25], [0.0, -0.5, 1.0, 0.125, 0.0]])
    base = BaseParameters(standard, (0, 1, 2), combination)
    assert expression(base, 0) == "a m - (b m + c m)"
    assert expression(base, 1) == "a m cx + 0.25 m (b m + c m)"
    assert expression(base, 2) == "a Ixx - 0.5 m a m cx + 0.125 m2 b m"


def test_counts_are_those_of_serial_chains(problem: Problem) -> None:
    """Khalil and Dombre: a hinge gives 7; 3 the first one, where it is fixed; a body turning about a point, 9.

    A body that moves in all ways gives 10. At rest, gravity's torque knows the first moments alone.
    """
    found = {entry["assumption"]: entry["count"] for entry in counts(problem.arm)}
    assert found.pop(STATIC) < found.pop(RIGID_GIRDLE) == 9 + 7 + 7
    assert found.pop("the arm as it is") == 10 + 7 + 7
    assert [*found.values()] == [3 + 7 + 7] * 3
    assert base_count(problem.arm, ["pro_sup"]) == 3


def test_tolerances_end_where_the_count_is(problem: Problem, base: BaseParameters) -> None:
    tolerances = count_tolerances(problem)
    assert len(tolerances) == len(base.names)
    assert tolerances == sorted(tolerances, reverse=True)
    assert tolerances[0] == 1.0


def test_bounds_follow_from_slopes_of_the_base_parameters(
    problem: Problem, base: BaseParameters, analysis: Analysis
) -> None:
    """Slopes by central differences of polynomials of degree three, to some 1e-9 of the largest."""
    bodies, truth = problem.arm.identified_bodies, problem.truth
    known = analysis.information
    slopes = np.zeros((len(base.names), len(known.names)))
    for column, (name, size) in enumerate(zip(known.names, known.magnitudes.tolist(), strict=True)):
        if name.partition(".")[0] in bodies:
            ahead, behind = (standard_values(truth | {name: truth[name] + way * size}, bodies) for way in (1e-5, -1e-5))
            slopes[:, column] = base.combination @ (ahead - behind) / 2e-5
    expected = NOISE * np.linalg.norm(slopes @ known.relative_root, axis=1)
    found = [entry["deviation"] for entry in base_study(problem, analysis)["coefficients"]]
    assert found == pytest.approx(expected, rel=1e-5)


def test_the_table_has_a_column_a_problem(problem: Problem, analysis: Analysis) -> None:
    study = base_study(problem, analysis)
    blind = study | {"coefficients": [entry | {"deviation": None} for entry in study["coefficients"]]}
    table = base_table({"m1-a-light": study, "m1-b-light": blind})
    own = sum(kind == COEFFICIENT for kind in analysis.quantities.kinds)
    assert len(table.shown) == own
    assert set(table.shown["m1-b-light (%)"]) == {"∞"}
    assert len(table.raw) == 2 * own
    values = standard_values(problem.truth, problem.arm.identified_bodies)
    mass = standard_magnitudes(values)[0]
    first = table.raw.iloc[0]
    assert first["true_value_unit"] == pytest.approx(values[[0, 10, 20]].sum(), rel=1e-9)
    assert first["bound_percent"] == pytest.approx(100.0 * first["bound_unit"] / mass, rel=1e-12)
    assert set(table.files()) == {f"identifiability-base-parameters.{ending}" for ending in ("csv", "md")}
