"""Coverage: counts against known figures, and replicates of the real problem."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import Analysis, analyse
from benchmark.identifiability.classes import IDENTIFIABLE, classes
from benchmark.problem.problem import load_problem
from benchmark.uncertainty import coverage as module
from benchmark.uncertainty.coverage import Outcome, Truth, coverage, identified
from benchmark.uncertainty.covered import Coverage

PROBLEM = "m1-a-published"
REPLICATES = 400


@pytest.fixture(scope="module", autouse=True)
def analysis() -> Iterator[Analysis]:
    """Analysed once for all tests."""
    found = analyse(load_problem(PROBLEM))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "analyse", lambda problem: found)
        yield found


def drawn(noisy: str, truth: Truth, seed: int, deviation: float = 1.0) -> Outcome:
    """What an estimator of known standard deviation gives, that claims to have one of 1."""
    errors = deviation * np.random.default_rng(seed).standard_normal(len(truth.names))
    return Outcome(errors, np.ones(len(errors)), np.abs(errors) <= 1.959964, 0.02, ("c1",) if seed % 4 == 0 else ())


def counted(monkeypatch: pytest.MonkeyPatch, replicates: int, deviation: float) -> Coverage:
    monkeypatch.setattr(module, "identified", partial(drawn, deviation=deviation))
    return coverage(PROBLEM, 0.01, replicates, first_seed=7)


def test_right_intervals_are_found_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of independent estimates; within four standard errors of what normal theory says."""
    found = counted(monkeypatch, REPLICATES, 1.0)
    total = REPLICATES * len(found.names)
    error = np.sqrt(0.95 * 0.05 / total)
    assert found.pooled == pytest.approx(0.95, abs=4.0 * error)
    assert found.pooled == pytest.approx(found.covered.sum() / total)
    low, high = found.pooled_interval
    assert high - low == pytest.approx(2.0 * 1.96 * error, rel=0.2)
    assert found.z_root_mean_squares.mean() == pytest.approx(1.0, abs=0.02)
    assert np.abs(found.z_means).max() < 4.0 / np.sqrt(REPLICATES)
    assert len(found.outside) < 0.2 * len(found.names)  # one in twenty is expected
    assert (found.at_bounds, found.replicates_at_bounds, found.first_seed) == ({"c1": 100}, 100, 7)
    np.testing.assert_array_equal(found.noise_found_rad_per_s2, np.full(REPLICATES, 0.02))


def test_intervals_that_are_too_narrow_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half as wide as they should be they hold 67 % of the truths."""
    found = counted(monkeypatch, REPLICATES, 2.0)
    assert found.pooled == pytest.approx(0.6729, abs=0.02)
    assert set(found.outside) == set(found.names)


def test_shares_have_wilsons_intervals_and_a_band_of_what_chance_allows() -> None:
    found = Coverage(
        "p", 0.1, 0, ("x", "y"), np.ones(2), np.array([190, 180]), np.zeros(2), np.ones(2),
        np.repeat([1.0, 0.85], 100), np.full(200, 0.1), {"c1": 3}, 3,
    )  # fmt: skip
    assert found.replicates == 200
    share, z, n = 0.95, 1.959964, 200  # Wilson's formula
    half = z * np.sqrt(share * (1.0 - share) / n + (z / (2 * n)) ** 2)
    ends = (share + z**2 / (2 * n) + half * np.array([-1.0, 1.0])) / (1.0 + z**2 / n)
    np.testing.assert_allclose(found.share_intervals[0], ends, atol=1e-7)
    low, high = found.allowed
    assert binom.cdf(round(low * 200) - 1, 200, 0.95) <= 0.025 < binom.cdf(round(low * 200), 200, 0.95)
    assert binom.sf(round(high * 200), 200, 0.95) <= 0.025 < binom.sf(round(high * 200) - 1, 200, 0.95)
    assert found.outside == ("y",)
    assert found.pooled == pytest.approx(0.925)
    again = Coverage.of_plain(json.loads(json.dumps(found.plain() | {"provenance": {}}, allow_nan=False)))
    assert again.plain() == found.plain()


def test_a_replicate_is_identified_near_the_truth_with_the_noise_that_it_has(analysis: Analysis) -> None:
    """Errors of half of the identifiable quantities are below one standard deviation, more or less; the noise found is
    that of 1,500 residuals, to 1 / sqrt(3,000) = 1.8 % each way in two of three cases."""
    noise = 0.01
    which = [found == IDENTIFIABLE for found in classes(analysis.percent(noise))]
    names = tuple(np.array(analysis.quantities.names)[which].tolist())
    truth = Truth(names, analysis.quantities.values[which])
    outcome = identified(f"{PROBLEM}-noise{noise:g}", truth, 1)
    assert outcome.noise_found_rad_per_s2 == pytest.approx(noise, rel=0.08)
    z = np.abs(outcome.errors / outcome.deviations)
    np.testing.assert_array_equal(outcome.covers, z <= 1.9615)  # Student's t of some 1,460 degrees of freedom
    assert 0.2 < np.median(z) < 1.5
    bound = analysis.percent(noise)[which] / 100.0 * analysis.quantities.magnitudes[which]
    assert 0.5 < np.median(outcome.deviations / bound) < 2.0


@pytest.mark.parametrize(
    ("noise", "replicates", "message"),
    [(0.01, 1, "1 replicates say nothing of coverage: give at least 2"), (1e6, 5, "nothing is identifiable at 1e")],
)
def test_what_says_nothing_of_coverage_is_told(noise: float, replicates: int, message: str) -> None:
    with pytest.raises(HarnessError, match=message):
        coverage(PROBLEM, noise, replicates)


def test_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(module, "identified", drawn)
    coverage(PROBLEM, 0.01, 12, progress=told.append)
    assert told == ["coverage: replicate 10 of 12", "coverage: replicate 12 of 12"]
