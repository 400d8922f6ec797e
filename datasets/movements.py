"""The movements that are simulated, as data: where the arm goes, how quickly, and how busy its muscles are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Movement:
    """A movement as data; one figure per independent coordinate, in the order of the arm's description.

    Attributes
    ----------
    summary
        What it is like.
    seed
        Seed of the repository's recordings of it.
    centre_deg, amplitude_deg
        The path stays within centre +- amplitude.
    slowest_hz, fastest_hz
        Lowest frequency of the path, one for all coordinates, and highest, one for each.
    emg_band_hz
        Lowest and highest frequency of the co-activation.
    coactivation
        Lowest and highest co-activation, of 1.
    """

    summary: str
    seed: int
    centre_deg: tuple[float, ...]
    amplitude_deg: tuple[float, ...]
    slowest_hz: float
    fastest_hz: tuple[float, ...]
    emg_band_hz: tuple[float, float]
    coactivation: tuple[float, float]


# Everyday movements have little co-activation, and it changes slowly.
EASY_COACTIVATION = (0.03, 0.12)
EASY_EMG_BAND_HZ = (0.1, 1.0)

MOVEMENTS = {
    "a": Movement(
        summary="reaching at breast height, elbow half bent",
        seed=1,
        centre_deg=(40.0, 58.0, 8.0, 70.0, 0.0),
        amplitude_deg=(33.0, 28.0, 28.0, 48.0, 55.0),
        slowest_hz=0.15,
        fastest_hz=(0.6, 0.7, 0.9, 1.6, 2.0),
        emg_band_hz=(0.3, 6.0),
        coactivation=(0.05, 0.60),
    ),
    "b": Movement(
        summary="the arm out to the side and turned outwards, elbow more open, slower",
        seed=2,
        centre_deg=(5.0, 58.0, 32.0, 48.0, 15.0),
        amplitude_deg=(28.0, 24.0, 26.0, 40.0, 52.0),
        slowest_hz=0.12,
        fastest_hz=(0.6, 0.6, 1.0, 1.4, 1.6),
        emg_band_hz=(0.3, 6.0),
        coactivation=(0.05, 0.60),
    ),
    "c": Movement(
        summary="quick movements low in front of the body, elbow bent (held out)",
        seed=3,
        centre_deg=(25.0, 45.0, -8.0, 85.0, -10.0),
        amplitude_deg=(28.0, 22.0, 28.0, 40.0, 50.0),
        slowest_hz=0.25,
        fastest_hz=(0.9, 0.9, 1.2, 2.2, 2.5),
        emg_band_hz=(0.3, 6.0),
        coactivation=(0.05, 0.60),
    ),
    "d": Movement(
        summary="raising and lowering the arm, at ease",
        seed=4,
        centre_deg=(40.0, 58.0, 8.0, 60.0, 0.0),
        amplitude_deg=(15.0, 30.0, 12.0, 30.0, 20.0),
        slowest_hz=0.15,
        fastest_hz=(0.3, 0.4, 0.4, 0.4, 0.4),
        emg_band_hz=EASY_EMG_BAND_HZ,
        coactivation=EASY_COACTIVATION,
    ),
    "e": Movement(
        summary="turning the arm in and out, elbow bent, at ease",
        seed=5,
        centre_deg=(20.0, 50.0, 10.0, 80.0, 0.0),
        amplitude_deg=(12.0, 14.0, 34.0, 25.0, 40.0),
        slowest_hz=0.15,
        fastest_hz=(0.3, 0.35, 0.5, 0.4, 0.5),
        emg_band_hz=EASY_EMG_BAND_HZ,
        coactivation=EASY_COACTIVATION,
    ),
    "f": Movement(
        summary="bending and stretching the elbow, at ease (held out from moment tracking)",
        seed=6,
        centre_deg=(25.0, 52.0, 5.0, 70.0, 0.0),
        amplitude_deg=(14.0, 14.0, 16.0, 52.0, 40.0),
        slowest_hz=0.15,
        fastest_hz=(0.3, 0.35, 0.4, 0.5, 0.5),
        emg_band_hz=EASY_EMG_BAND_HZ,
        coactivation=EASY_COACTIVATION,
    ),
    "g": Movement(
        summary="reaching far, at ease",
        seed=7,
        centre_deg=(35.0, 55.0, 5.0, 65.0, 0.0),
        amplitude_deg=(30.0, 28.0, 28.0, 48.0, 45.0),
        slowest_hz=0.12,
        fastest_hz=(0.3, 0.35, 0.4, 0.45, 0.5),
        emg_band_hz=EASY_EMG_BAND_HZ,
        coactivation=EASY_COACTIVATION,
    ),
    "h": Movement(
        summary="reaching more quickly, at ease (held out from moment tracking)",
        seed=8,
        centre_deg=(25.0, 52.0, 0.0, 75.0, -5.0),
        amplitude_deg=(26.0, 24.0, 26.0, 44.0, 45.0),
        slowest_hz=0.2,
        fastest_hz=(0.45, 0.5, 0.55, 0.7, 0.7),
        emg_band_hz=EASY_EMG_BAND_HZ,
        coactivation=EASY_COACTIVATION,
    ),
}
