"""Correlated residuals: how many of them count."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import firwin, lfilter

from benchmark.problem.problem import load_problem
from benchmark.uncertainty import estimates
from benchmark.uncertainty.correlation import correlated_samples, independent_residuals
from benchmark.uncertainty.estimates import uncertainty
from benchmark.uncertainty.fit import fitted

Array = NDArray[np.float64]

SAMPLES = 40_000
LAGS = 100


def test_independent_samples_count_in_full() -> None:
    """The squares of 100 estimated autocorrelations add up to 100 / samples each side, about."""
    noise = np.random.default_rng(0).standard_normal((SAMPLES, 2))
    assert correlated_samples([noise], LAGS) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_noise_up_to_a_cut_off_counts_as_its_band(share: float) -> None:
    """White noise within a share of the band: as many independent samples as that share; 5 % for the filter's slope."""
    taps = firwin(801, share)
    noise = lfilter(taps, 1.0, np.random.default_rng(1).standard_normal(SAMPLES))[1000:, None]
    assert correlated_samples([noise], LAGS) == pytest.approx(1.0 / share, rel=0.05)


def test_a_moving_average_is_the_closed_form() -> None:
    """Of two samples: autocorrelation 1/2 at a lag of one, so that 1 + 2/4 samples count as one."""
    noise = np.convolve(np.random.default_rng(2).standard_normal(SAMPLES), [1.0, 1.0], "valid")[:, None]
    assert correlated_samples([noise], LAGS) == pytest.approx(1.5, abs=0.03)


def test_parts_do_not_follow_one_another() -> None:
    series = np.random.default_rng(3).standard_normal((200, 1))
    joined = correlated_samples([np.concatenate([series, series])], 250)
    assert correlated_samples([series, series], 250) < joined  # at a lag of 200 a half is there again


def test_no_residual_counts_as_it_is() -> None:
    assert correlated_samples([np.zeros((10, 1))], 3) == 1.0


def test_nothing_is_known_of_parameters_at_bounds_and_intervals_are_wider() -> None:
    """Where residuals are correlated, fewer of them count, and no parameter is taken to be at its bound."""
    problem = load_problem("m1-a-published-fibres_unknown")
    low, _ = problem.bounds("c1")
    values = problem.truth | {"c1": low}
    plain, found = uncertainty(problem, values), uncertainty(problem, values, correlated=True)
    fit = fitted(problem, values)
    counted = independent_residuals(problem, fit)
    assert counted < len(fit.residual)
    assert any(f"count as {counted} independent" in remark for remark in found.remarks)
    assert found.degrees_of_freedom == counted - fit.information(np.ones_like(fit.free)).rank
    widths = {entry.name: entry.standard_deviation for entry in found.estimates}
    assert widths["c1"] == np.inf
    narrower = [entry.name for entry in plain.estimates if entry.standard_deviation > 1.0001 * widths[entry.name]]
    assert narrower == []


def test_nothing_is_known_of_what_all_muscles_share_next_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where residuals are correlated; a muscle's own parameter keeps its interval, wherever that reaches.

    As many residuals count as of filtered noise: what is left here is that of a wrong c1, which is one slow error.
    """
    monkeypatch.setattr(estimates, "independent_residuals", lambda problem, fit: len(fit.residual) // 8)
    problem = load_problem("m1-a-published-fibres_unknown")
    low, high = problem.bounds("c1")
    found = uncertainty(problem, problem.truth | {"c1": low + 1e-5 * (high - low)}, correlated=True)
    entries = {entry.name: entry for entry in found.estimates}
    assert "c1" not in found.held
    assert (entries["c1"].determined, entries["c1"].standard_deviation) == ("not", np.inf)
    assert entries["c1"].cause.startswith("its interval reaches its bound, to which noise of the EMG drives it")
    slack = entries["DELT1.tendon_slack_length"]
    assert np.isfinite([slack.lower, slack.upper]).all()
