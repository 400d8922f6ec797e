"""Envelopes of modulated sines, whose truth is known; normalisation; resampling."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from datasets.laboratory.files.table import Table
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.signals.envelope import EmgSettings, envelopes, normalised, resampled
from tests.datasets.laboratory.oracle import butterworth_gain

Array = NDArray[np.float64]
RATE_HZ = 2000.0
TIME_S = np.arange(8000) / RATE_HZ
CARRIER_HZ, MODULATOR_HZ = 97.0, 1.0  # a carrier out of step with the samples, so that they meet all its phases
INSIDE = slice(2000, -2000)  # 1 s, six periods of the low-pass, from the ends


def _table(values: Array, time_s: Array = TIME_S) -> Table:
    columns = tuple(f"channel {number}" for number in range(values.shape[1]))
    return Table(Path("emg.sto"), time_s, columns, values, False, 8)


def _modulated() -> tuple[Array, Array]:
    """Two signals, one of them off zero and drifting as electrodes do, and the amplitudes of both."""
    modulator = np.sin(2.0 * np.pi * MODULATOR_HZ * TIME_S)
    carrier = np.sin(2.0 * np.pi * CARRIER_HZ * TIME_S)
    amplitude = np.column_stack((1.0 + 0.5 * modulator, 0.2 + 0.1 * modulator))
    drift = np.column_stack((np.zeros(TIME_S.size), 0.3 + 0.2 * np.sin(2.0 * np.pi * 0.4 * TIME_S)))
    return amplitude * carrier[:, np.newaxis] + drift, amplitude


def test_the_envelope_of_a_modulated_sine_is_its_modulator() -> None:
    signals, amplitude = _modulated()
    found = envelopes(_table(signals), ("channel 0", "channel 1"), EmgSettings())
    # A rectified sine's mean is 2 / pi of its amplitude. The low-pass leaves the modulator (gain 0.9997 at 1 Hz) and,
    # of the ripple at 194 Hz, 2e-6; the high-pass takes 0.3 % of the carrier, alike of its side bands to 1e-4, and
    # lets 1e-7 of the drift pass.
    low = butterworth_gain(MODULATOR_HZ, RATE_HZ, 6.0, 4, high=False)
    high = butterworth_gain(CARRIER_HZ, RATE_HZ, 30.0, 4, high=True)
    mean = amplitude.mean(axis=0)
    truth = 2.0 / np.pi * high * (mean + low * (amplitude - mean))
    np.testing.assert_allclose(found[INSIDE], truth[INSIDE], rtol=3e-4)
    # Mirrored at the ends, where the modulator has a slope that a mirror turns about: an error of slope times a period.
    np.testing.assert_allclose(found, truth, rtol=0.0, atol=0.2 * mean.max())
    assert found.min() >= 0.0


def test_columns_come_in_the_order_asked_for() -> None:
    table = _table(_modulated()[0])
    both = envelopes(table, ("channel 0", "channel 1"), EmgSettings())
    np.testing.assert_array_equal(envelopes(table, ("channel 1", "channel 0"), EmgSettings()), both[:, ::-1])
    with pytest.raises(LaboratoryError, match="column 'channel 2' is missing; there are: channel 0, channel 1"):
        envelopes(table, ("channel 2",), EmgSettings())


def test_without_filters_a_signal_is_rectified_only() -> None:
    signals = _modulated()[0]
    settings = EmgSettings(highpass_hz=None, lowpass_hz=None)
    np.testing.assert_array_equal(envelopes(_table(signals), ("channel 0",), settings)[:, 0], np.abs(signals[:, 0]))


def test_a_low_passs_undershoot_is_clipped() -> None:
    burst = np.zeros((TIME_S.size, 1))
    burst[4000:4100] = 1.0
    found = envelopes(_table(burst), ("channel 0",), EmgSettings(highpass_hz=None))
    assert found.min() == 0.0
    # Areas are kept by a low-pass but for what is clipped, a few per cent of undershoot.
    assert 100.0 <= found.sum() <= 110.0


def test_an_envelope_is_left_alone_but_for_an_undershoot() -> None:
    signals = np.column_stack((np.linspace(-0.1, 1.0, 20), np.linspace(0.0, 2.0, 20)))
    table = _table(signals, np.cumsum(np.tile([0.01, 0.012], 10)))
    found = envelopes(table, table.columns, EmgSettings(is_envelope=True))
    np.testing.assert_array_equal(found, np.maximum(signals, 0.0))


def test_raw_emg_is_not_taken_for_an_envelope() -> None:
    signals = np.ones((20, 2))
    signals[3, 1] = -0.4
    with pytest.raises(LaboratoryError, match=r"emg.sto: line 11, column 'channel 1' is -0.4, expected no negative"):
        envelopes(_table(signals, TIME_S[:20]), ("channel 0", "channel 1"), EmgSettings(is_envelope=True))


def test_emg_that_the_filters_cannot_take_is_refused() -> None:
    slow = _table(np.zeros((100, 1)), np.arange(100) / 50.0)
    with pytest.raises(LaboratoryError, match=r"emg.sto: the EMG: the highpass .* below 25 Hz, .* rate of 50 Hz"):
        envelopes(slow, ("channel 0",), EmgSettings())
    with pytest.raises(LaboratoryError, match=r"emg.sto: the rectified EMG: has 300 samples at 2000 Hz, expected more"):
        envelopes(_table(np.zeros((300, 1)), TIME_S[:300]), ("channel 0",), EmgSettings())
    with pytest.raises(LaboratoryError, match=r"emg.sto: column 'time': the EMG is not sampled in equal steps"):
        envelopes(_table(np.zeros((100, 1)), np.cumsum(np.tile([0.0005, 0.0006], 50))), ("channel 0",), EmgSettings())


@pytest.mark.parametrize("settings", [{"highpass_hz": 0.0}, {"lowpass_hz": -6.0}, {"order": 5}])
def test_bad_settings_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(LaboratoryError, match=r"the EMG's (high|low)-pass: the"):
        EmgSettings(**settings)  # type: ignore[arg-type]


def test_envelopes_are_shares_of_their_maxima() -> None:
    envelope = np.array([[0.5, 0.5], [2.0, 2.0], [0.0, 6.0]])
    found = normalised(envelope, np.array([1.0, 4.0]))
    np.testing.assert_array_equal(found, [[0.5, 0.125], [1.0, 0.5], [0.0, 1.0]])


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_bad_maxima_are_refused(bad: float) -> None:
    with pytest.raises(LaboratoryError, match=f"channel 2 of 2 has the maximum {bad}, expected a number above 0"):
        normalised(np.ones((3, 2)), np.array([1.0, bad]))
    with pytest.raises(LaboratoryError, match=r"has 2 channels and maxima of shape .3,., expected one for each"):
        normalised(np.ones((3, 2)), np.ones(3))


def test_resampling_is_exact_at_the_samples_and_close_between_them() -> None:
    time_s = np.arange(401) / 200.0
    values = (0.5 + 0.5 * np.sin(2.0 * np.pi * 2.0 * time_s))[:, np.newaxis]
    np.testing.assert_array_equal(resampled(time_s, values, time_s[::3], "x"), values[::3])
    at_s = np.linspace(0.0, 2.0, 1001)
    truth = (0.5 + 0.5 * np.sin(2.0 * np.pi * 2.0 * at_s))[:, np.newaxis]
    found = resampled(time_s, values, at_s, "x")
    # At an extremum PCHIP is flat between the two highest samples: off by amplitude * (omega h / 2)^2 / 2 = 2.5e-4.
    np.testing.assert_allclose(found, truth, rtol=0.0, atol=2.6e-4)


def test_resampling_never_leaves_the_samples_range() -> None:
    values = np.array([[0.0], [0.0], [1.0], [1.0], [0.0], [0.3]])
    found = resampled(np.arange(6.0), values, np.linspace(0.0, 5.0, 501), "x")
    assert found.min() == 0.0
    assert found.max() == 1.0


def test_emg_shorter_than_the_motion_is_refused() -> None:
    expected = "the EMG of emg.sto: runs from 0 to 2 s and lacks 0.5 s at its end, expected 0 to 2.5 s"
    with pytest.raises(LaboratoryError, match=expected):
        resampled(np.linspace(0.0, 2.0, 5), np.zeros((5, 1)), np.linspace(0.0, 2.5, 6), "the EMG of emg.sto")
