"""Wrong maxima of EMG channels: one factor a channel, of the size that is asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.problem.imperfections.emg_scaling import EMG_SCALING
from datasets.arm_files import load_arm
from datasets.recording import Recording
from datasets.recording_files import read_recording


@pytest.fixture(scope="module")
def recording() -> Recording:
    return read_recording("a-published")


def factors(recording: Recording, size: float, seed: int) -> NDArray[np.float64]:
    """Scaled over true EMG, (samples, muscles)."""
    return EMG_SCALING.recording(recording, size, seed).emg / recording.emg


def test_a_channel_has_one_factor_at_all_times(recording: Recording) -> None:
    found = factors(recording, 0.2, 1)
    np.testing.assert_allclose(found, np.broadcast_to(found[0], found.shape), rtol=1e-14)  # rounding
    assert len(np.unique(found[0].round(9))) == len(recording.muscles)


def test_all_recordings_of_an_arm_share_their_factors(recording: Recording) -> None:
    other = read_recording("b-published")
    np.testing.assert_allclose(factors(other, 0.2, 1)[0], factors(recording, 0.2, 1)[0], rtol=1e-14)  # rounding


@pytest.mark.parametrize(("seed", "arm"), [(2, "published"), (1, "subject1")])
def test_seeds_and_arms_have_factors_of_their_own(recording: Recording, seed: int, arm: str) -> None:
    other = replace(recording, arm=load_arm(arm))
    assert np.abs(factors(other, 0.2, seed)[0] / factors(recording, 0.2, 1)[0] - 1.0).min() > 1e-3


def test_the_order_of_the_muscles_does_not_matter(recording: Recording) -> None:
    turned = replace(recording, muscles=recording.muscles[::-1], emg=recording.emg[:, ::-1])
    np.testing.assert_array_equal(factors(turned, 0.2, 1)[:, ::-1], factors(recording, 0.2, 1))


def test_the_factors_logarithm_has_the_size_that_is_asked_for(recording: Recording) -> None:
    """Of 100 seeds and 16 channels, to four standard errors; a channel is as often too large as too small."""
    short = replace(recording, emg=recording.emg[:1])
    logarithms = np.log([factors(short, 0.3, seed)[0] for seed in range(100)])
    assert np.std(logarithms) == pytest.approx(0.3, abs=4.0 * 0.3 / np.sqrt(2.0 * logarithms.size))
    assert np.mean(logarithms) == pytest.approx(0.0, abs=4.0 * 0.3 / np.sqrt(logarithms.size))


def test_nothing_but_the_emg_is_scaled(recording: Recording) -> None:
    scaled = EMG_SCALING.recording(recording, 0.2, 1)
    for name, values in scaled.variables.items():
        assert (values is recording.variables[name]) == (name != "emg"), name
