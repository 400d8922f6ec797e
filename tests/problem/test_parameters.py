"""Parameter spaces, bounds and starts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from benchmark.problem.parameters import bounds, draw_start, order_filter, parameter_space
from benchmark.problem.start_level import UNIFORM, StartLevel
from datasets.arm_files import load_arm
from datasets.parameters import true_parameters

TRUTH = true_parameters(load_arm())


def test_starts_have_the_level_they_say() -> None:
    """Over 400 seeds, mean and standard deviation of a start that no bound clips, to four standard errors."""
    name = "humerus.mass"
    ratios = [draw_start(TRUTH, 0.1, seed)[name] / TRUTH[name] for seed in range(400)]
    assert np.mean(ratios) == pytest.approx(1.0, abs=4 * 0.1 / 20)
    assert np.std(ratios) == pytest.approx(0.1, abs=4 * 0.1 / np.sqrt(800))


@pytest.mark.parametrize("name", ["humerus.mass", "ulna.centre_of_mass.y", "PECM1.pennation_at_optimal"])
def test_uniform_starts_are_uniform_over_the_bounds(name: str) -> None:
    """Kolmogorov-Smirnov over 400 seeds: at p = 1e-3 a uniform sample fails once in a thousand; the seeds are fixed."""
    low, high = bounds(name)
    drawn = [draw_start({name: TRUTH[name]}, UNIFORM, seed)[name] for seed in range(400)]
    assert kstest(drawn, "uniform", args=(low, high - low)).pvalue > 1e-3


def test_uniform_starts_do_not_see_the_truth() -> None:
    elsewhere = {name: 1.5 * value for name, value in TRUTH.items()}
    assert draw_start(elsewhere, UNIFORM, 0) == draw_start(TRUTH, UNIFORM, 0)
    assert draw_start(elsewhere, 0.1, 0) != draw_start(TRUTH, 0.1, 0)


@pytest.mark.parametrize("level", [0.1, UNIFORM])
def test_the_same_seed_gives_the_same_start(level: StartLevel) -> None:
    assert draw_start(TRUTH, level, 3) == draw_start(TRUTH, level, 3)
    assert draw_start(TRUTH, level, 3) != draw_start(TRUTH, level, 4)


@pytest.mark.parametrize("level", [0.1, UNIFORM])
def test_a_start_does_not_depend_on_the_other_parameters(level: StartLevel) -> None:
    few = {name: TRUTH[name] for name in ("PECM1.optimal_fibre_length", "ulna.mass")}
    whole = draw_start(TRUTH, level, 0)
    assert draw_start(few, level, 0) == {name: whole[name] for name in few}


@pytest.mark.parametrize("level", [0.1, 0.3, 3.0, UNIFORM])
def test_starts_lie_within_the_bounds_and_keep_zeros(level: StartLevel) -> None:
    for seed in range(20):
        start = draw_start(TRUTH, level, seed)
        assert start["BIClong.pennation_at_optimal"] == 0.0
        assert start["c1"] <= start["c2"]
        for name, value in start.items():
            assert bounds(name)[0] <= value <= bounds(name)[1], name


def test_filter_coefficients_are_ordered() -> None:
    assert order_filter({"c1": -0.2, "c2": -0.5, "x": 1.0}) == {"c1": -0.5, "c2": -0.2, "x": 1.0}


def test_space_knows_units_and_scale() -> None:
    space = parameter_space(["PECM1.maximum_isometric_force", "c1", "ulna.inertia.xy"], TRUTH)
    assert space.units == ("N", "1", "kg m2")
    assert (space.scale > 0).all()
    np.testing.assert_array_equal(space.clip(space.upper + 1.0), space.upper)
