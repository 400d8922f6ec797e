"""Synergies against the singular value decomposition, and factors that recordings are made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.problem.problem import load_problem
from benchmark.problem.projection import CoupledRecording
from benchmark.problem.synergies.courses import COUNT, Factorisation, largest_emg, measured_columns, synergies

Array = NDArray[np.float64]

FACTORISATIONS: list[Factorisation] = ["pca", "nmf"]


@pytest.fixture(scope="module")
def entries() -> tuple[CoupledRecording, ...]:
    return load_problem("synergy_nmf-ab-published").coupled


def with_emg(entry: CoupledRecording, emg: Array) -> CoupledRecording:
    return replace(entry, recording=replace(entry.recording, emg=emg))


def left_over(channels: Array, courses: Array) -> float:
    """The norm of what combinations of courses leave of channels."""
    return float(np.linalg.norm(channels - courses @ np.linalg.lstsq(courses, channels)[0]))


def normalised(entry: CoupledRecording, largest: Array) -> Array:
    return np.asarray(entry.recording.emg[:, measured_columns(entry)] / largest)


def test_measured_channels_are_all_but_the_deep_ones(entries: tuple[CoupledRecording, ...]) -> None:
    recording = entries[0].recording
    names = [recording.muscles[index] for index in measured_columns(entries[0])]
    assert len(names) == 11
    assert {*names, *recording.deep_muscles} == {*recording.muscles}


def test_a_channel_is_divided_by_its_largest_value_in_any_trial(entries: tuple[CoupledRecording, ...]) -> None:
    largest = largest_emg(entries)
    together = np.vstack([normalised(entry, largest) for entry in entries])
    np.testing.assert_allclose(together.max(axis=0), 1.0, rtol=1e-15)
    assert min(normalised(entry, largest).max(axis=0).min() for entry in entries) < 1.0


@pytest.mark.parametrize("factorisation", FACTORISATIONS)
def test_courses_are_scaled_to_one(entries: tuple[CoupledRecording, ...], factorisation: Factorisation) -> None:
    courses = synergies(entries[0], largest_emg(entries), factorisation)
    assert courses.shape == (entries[0].recording.time_s.size, COUNT + (factorisation == "pca"))
    np.testing.assert_allclose(np.abs(courses).max(axis=0), 1.0, rtol=1e-15)


def test_principal_components_leave_as_little_as_any_courses_can(entries: tuple[CoupledRecording, ...]) -> None:
    """With the mean, the singular values beyond the fifth of what is centred (Eckart and Young)."""
    largest = largest_emg(entries)
    channels = normalised(entries[0], largest)
    singular = np.linalg.svd(channels - channels.mean(axis=0), compute_uv=False)
    courses = synergies(entries[0], largest, "pca")
    assert left_over(channels, courses) == pytest.approx(np.linalg.norm(singular[COUNT:]), rel=1e-9)
    np.testing.assert_array_equal(courses[:, -1], 1.0)


def test_non_negative_factors_leave_hardly_more_than_any_courses_must(entries: tuple[CoupledRecording, ...]) -> None:
    """Than the singular values beyond the fifth: a hundredth more is seen."""
    largest = largest_emg(entries)
    channels = normalised(entries[0], largest)
    singular = np.linalg.svd(channels, compute_uv=False)
    courses = synergies(entries[0], largest, "nmf")
    assert courses.min() >= 0.0
    least = np.linalg.norm(singular[COUNT:])
    assert least <= left_over(channels, courses) < 1.05 * least


def test_channels_of_five_bursts_are_resolved_into_them(entries: tuple[CoupledRecording, ...]) -> None:
    """Bursts one after the other, each with channels of its own, can be factored in one way only."""
    entry, columns = entries[0], measured_columns(entries[0])
    time = np.linspace(0.0, 1.0, entry.recording.time_s.size)[:, None]
    bursts = np.exp(-(((time - np.linspace(0.1, 0.9, COUNT)) / 0.05) ** 2))
    mixing = np.vstack([np.eye(COUNT), 0.5 * np.eye(COUNT), np.full((1, COUNT), 0.2)])
    emg = entry.recording.emg.copy()
    emg[:, columns] = bursts @ mixing.T
    made = with_emg(entry, emg)
    courses = synergies(made, largest_emg([made]), "nmf")
    order = courses.argmax(axis=0).argsort()
    np.testing.assert_allclose(courses[:, order], bursts / bursts.max(axis=0), rtol=0, atol=0.02)


@pytest.mark.parametrize("factorisation", FACTORISATIONS)
def test_neither_a_channels_gain_nor_deep_emg_changes_anything(
    entries: tuple[CoupledRecording, ...], factorisation: Factorisation
) -> None:
    entry = entries[0]
    emg = entry.recording.emg.copy()
    deep = np.setdiff1d(np.arange(emg.shape[1]), measured_columns(entry))
    emg[:, measured_columns(entry)[3]] *= 4.0  # a power of two: to the bit
    emg[:, deep] = 0.7
    changed = with_emg(entry, emg)
    expected = synergies(entry, largest_emg([entry]), factorisation)
    np.testing.assert_array_equal(synergies(changed, largest_emg([changed]), factorisation), expected)
