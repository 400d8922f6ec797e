"""Choosing recordings, against closed forms, brute force and the analysis of joint problems."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy as np
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import Analysis, information
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import Quantities
from benchmark.identifiability.recording_choice import (
    PRIOR,
    Window,
    candidate_windows,
    effect,
    gain_bits,
    greedy_choice,
    largest_deviation,
    more_of_the_same,
    ranked,
    seen_directions,
)
from benchmark.problem.problem import Problem, load_problem

NOISE = 0.1
ROUNDING = 1e-9  # relative, of sums and determinants of a few well-conditioned numbers, with room to spare


def known(jacobian: np.ndarray) -> Information:
    size = jacobian.shape[1]
    return Information.of_jacobian([f"p{k}" for k in range(size)], np.ones(size), np.ones(size), jacobian)


def window(jacobian: np.ndarray, name: str = "x", seconds: float = 1.0) -> Window:
    return Window(name, 0.0, seconds, known(jacobian))


def analysis(about: Information, recorded_s: float = 1.0) -> Analysis:
    size = len(about.names)
    own = ("mass",) * size, ("kg",) * size
    quantities = Quantities(about.names, *own, np.ones(size), np.ones(size), np.eye(size))
    return Analysis("m1-a-published", recorded_s, about, quantities, {}, ())


def information_of(problem: Problem) -> Information:
    stage = problem.fibre_stage(problem.truth)
    return information(stage, stage.space.start)


def half_log2_determinant(parts: Sequence[Information]) -> float:
    precision = sum(part.root.T @ part.root for part in parts) / NOISE**2 + np.eye(len(parts[0].names)) / PRIOR**2
    return float(np.linalg.slogdet(precision)[1] / math.log(4.0))


def random_windows(count: int) -> tuple[Information, list[Window]]:
    """Some information about five parameters, and windows that each see other directions."""
    generator = np.random.default_rng(3)
    first = known(generator.standard_normal((7, 5)))
    return first, [window(generator.standard_normal((3, 5)), f"x{k}", 0.5 + 0.25 * k) for k in range(count)]


def test_gain_about_one_parameter_is_the_closed_form() -> None:
    before, more = 3.0, 4.0
    expected = 0.5 * math.log2((25.0 / NOISE**2 + 1 / PRIOR**2) / (9.0 / NOISE**2 + 1 / PRIOR**2))
    assert gain_bits(known(np.array([[before]])), known(np.array([[more]])), NOISE) == pytest.approx(expected, ROUNDING)


def test_ranking_is_that_of_brute_force() -> None:
    first, windows = random_windows(6)
    found = ranked(first, windows, NOISE)
    before = half_log2_determinant([first])
    rates = {w.recording: (half_log2_determinant([first, w.information]) - before) / w.seconds for w in windows}
    assert [w.recording for w, _ in found] == sorted(rates, key=lambda name: -rates[name])
    assert [bits / w.seconds for w, bits in found] == pytest.approx([rates[w.recording] for w, _ in found], ROUNDING)


def test_recording_the_same_again_halves_the_covariance() -> None:
    first, _ = random_windows(0)
    doubled = first + more_of_the_same(analysis(first, recorded_s=4.0), 4.0)
    np.testing.assert_allclose(doubled.covariance(NOISE), first.covariance(NOISE) / 2.0, rtol=ROUNDING)


def test_an_identical_window_adds_less_than_another_that_is_as_strong() -> None:
    first = known(np.array([[1.0, 0.0], [0.0, 0.1]]))
    same, other = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    assert gain_bits(first, known(same), NOISE) < gain_bits(first, known(other), NOISE)


def test_greedy_choice_takes_the_best_each_time_and_fills_the_budget() -> None:
    first, windows = random_windows(4)
    plan = greedy_choice(first, windows, 2.1, NOISE)
    total = sum(w.seconds for w, _ in plan)
    assert total <= 2.1 < total + min(w.seconds for w in windows)
    together = half_log2_determinant([first, *(w.information for w, _ in plan)]) - half_log2_determinant([first])
    assert sum(bits for _, bits in plan) == pytest.approx(together, ROUNDING)
    chosen, left = first, 2.1
    for w, bits in plan:
        fitting = [each for each in windows if each.seconds <= left]
        rates = [gain_bits(chosen, each.information, NOISE) / each.seconds for each in fitting]
        assert bits / w.seconds == pytest.approx(max(rates), ROUNDING)
        chosen, left = chosen + w.information, left - w.seconds


def test_greedy_choice_is_nearly_the_best_one() -> None:
    """Gains are submodular: a greedy choice of equally long windows has at least 1 - 1/e of the best one's gain."""
    first, windows = random_windows(5)
    equal = [Window(w.recording, 0.0, 1.0, w.information) for w in windows]
    greedy = sum(bits for _, bits in greedy_choice(first, equal, 3.0, NOISE))
    before = half_log2_determinant([first])
    best = max(
        half_log2_determinant([first, *(w.information for w in chosen)]) - before
        for chosen in combinations_with_replacement(equal, 3)
    )
    assert (1.0 - 1.0 / math.e) * best <= greedy <= best * (1.0 + ROUNDING)


def test_largest_deviation_is_that_of_the_least_singular_value_that_is_seen() -> None:
    first = known(np.diag([4.0, 0.5, 0.0, 0.0]))
    third = window(np.array([[0.0, 0.0, 2.0, 0.0]]))
    directions = seen_directions(first, [third])
    assert len(directions) == 3
    assert largest_deviation(first, directions, NOISE) == math.inf
    assert largest_deviation(first + third.information, directions, NOISE) == pytest.approx(NOISE / 0.5, ROUNDING)


def test_effect_names_what_becomes_identifiable_and_what_gains_most() -> None:
    """At 0.1 rad/s2 a parameter is identifiable from a sensitivity of 1.96 rad/s2: its deviation is then 5.1 %."""
    first = known(np.diag([5.0, 1.0, 1.0, 0.0]))
    added = known(np.diag([0.0, 2.0, 0.5, 3.0]))
    found = effect(analysis(first), added, np.eye(4), NOISE)
    assert found.becomes_identifiable == ("p1", "p3")
    assert [name for name, _ in found.gains_most] == ["p3", "p1", "p2"]
    assert [factor for _, factor in found.gains_most] == pytest.approx([math.inf, math.sqrt(5.0), math.sqrt(1.25)])
    assert found.largest_percent == pytest.approx(100.0 * NOISE / math.sqrt(1.25), ROUNDING)
    assert found.mean_factor == pytest.approx(2.0 ** (found.gain_bits / 4), ROUNDING)


def test_a_recording_adds_what_the_joint_problem_has_of_it() -> None:
    """Sums of squares in another order: rounding, some 1e-15 of the largest."""
    problem = load_problem("m1-a-published")
    own, joint = (information_of(each) for each in (problem, load_problem("m1-ab-published")))
    (whole,) = candidate_windows(problem, ["b-published"], None)
    found = own + whole.information
    np.testing.assert_array_equal(found.magnitudes, joint.magnitudes)
    assert found.residuals == joint.residuals
    expected = joint.root.T @ joint.root
    np.testing.assert_allclose(found.root.T @ found.root, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_windows_add_up_to_the_whole_recording() -> None:
    """1541 samples beyond the settling time are 23 windows of 67; on movement a some samples do not count."""
    problem = load_problem("m2-a-published")
    (whole,) = candidate_windows(problem, ["a-published"], None)
    windows = candidate_windows(problem, ["a-published"], 67 / 200)
    assert len(windows) == 23
    assert sum(w.seconds for w in windows) == pytest.approx(whole.seconds, ROUNDING)
    assert sum(w.information.residuals for w in windows) == whole.information.residuals
    parts = sum(w.information.root.T @ w.information.root for w in windows)
    expected = whole.information.root.T @ whole.information.root
    np.testing.assert_allclose(parts, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize(
    ("recording", "window_s", "says"),
    [
        ("b-published", 9.0, "a window of 9 s is longer than b-published, which has 7.705 s"),
        ("b-published", 0.0, "a window of 0 s makes no sense"),
        ("b-published", math.nan, "a window of nan s makes no sense"),
        ("b-light_phantoms", 1.0, "b-light_phantoms is of the variant light_phantoms"),
        ("z-published", 1.0, "no such recording; there are: a-light_phantoms"),
    ],
)
def test_what_cannot_be_cut_is_said(recording: str, window_s: float, says: str) -> None:
    with pytest.raises(HarnessError, match=says):
        candidate_windows(load_problem("m1-a-published"), [recording], window_s)


@pytest.mark.parametrize(("budget_s", "says"), [(0.2, "below the shortest window, 0.5 s"), (-1.0, "makes no sense")])
def test_a_budget_that_nothing_fits_is_said(budget_s: float, says: str) -> None:
    first, windows = random_windows(2)
    with pytest.raises(HarnessError, match=says):
        greedy_choice(first, windows, budget_s, NOISE)
