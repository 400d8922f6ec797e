"""Recordings: what is written is read back, what is broken is refused in one line, and the repository's are sound."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from benchmark.model.excitation import delay_weight, filter_step
from datasets import recording_files as module
from datasets.arm_files import load_arm, variants
from datasets.movements import MOVEMENTS
from datasets.parameters import true_parameters
from datasets.recording import MEASURED, SIMULATED, Recording, States
from datasets.recording_files import RecordingError, list_recordings, read_recording, recording_path, write_recording
from datasets.subjects import movement_seed

SAMPLES = 6
REPOSITORY_RECORDINGS = (
    *(f"{movement}-{variant}" for movement in "abc" for variant in variants()),
    *(f"{movement}-published" for movement in "defgh"),
)


@pytest.fixture
def recording() -> Recording:
    arm = load_arm("published")
    sizes = {"time": SAMPLES, "coordinate": len(arm.independent_coordinates), "muscle": len(arm.muscles)}
    rng = np.random.default_rng(1)
    fields: dict[str, Any] = {
        name: rng.normal(size=tuple(sizes[dimension] for dimension in variable.dimensions))
        for name, variable in {**MEASURED, **SIMULATED}.items()
    }
    states = States(**{name: fields.pop(name) for name in SIMULATED})
    return Recording(
        name="a-published",
        movement="a",
        arm=arm,
        coordinates=arm.independent_coordinates,
        muscles=arm.muscle_names,
        time_s=np.arange(SAMPLES) / 200.0,
        **fields,
        simulated=states,
        seed=7,
        true_parameters=true_parameters(arm),
        rigid_tendons=("PECM1",),
        deep_muscles=("PQ", "BRA"),
        provenance={"opensim": "4.6", "accuracy": "1e-09"},
    )


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of the repository's recordings."""
    monkeypatch.setattr(module, "RECORDINGS_FOLDER", tmp_path)
    return tmp_path


def _alter(path: Path, change: Callable[[xr.Dataset], xr.Dataset]) -> None:
    with xr.open_dataset(path, engine="h5netcdf", decode_times=False) as file:
        dataset = file.load()
    change(dataset).to_netcdf(path, engine="h5netcdf")


def _with_nan(dataset: xr.Dataset) -> xr.Dataset:
    dataset["emg"][3, 2] = np.nan
    return dataset


def test_what_is_written_is_read_back_to_the_last_bit(recording: Recording, tmp_path: Path) -> None:
    written = write_recording(recording, tmp_path / "mine.nc")
    read = read_recording(tmp_path / "mine.nc")
    assert read.name == "mine"
    assert read.checksum == written.checksum != ""
    for field in ("movement", "variant", "seed", "coordinates", "muscles", "rigid_tendons", "deep_muscles"):
        assert getattr(read, field) == getattr(recording, field)
    assert read.true_parameters == recording.true_parameters
    assert read.provenance == recording.provenance
    np.testing.assert_array_equal(read.time_s, recording.time_s)
    assert read.variables.keys() == recording.variables.keys()
    for name, values in recording.variables.items():
        np.testing.assert_array_equal(read.variables[name], values)
    assert read.sampling_rate_hz == pytest.approx(200.0, rel=1e-12)


def test_every_variable_of_the_file_has_unit_and_meaning(recording: Recording, tmp_path: Path) -> None:
    write_recording(recording, tmp_path / "mine.nc")
    with xr.open_dataset(tmp_path / "mine.nc", engine="h5netcdf", decode_times=False) as file:
        for name in (*recording.variables, "time"):
            assert file[name].attrs["units"]
            assert file[name].attrs["long_name"]
        assert list(file["muscle"].values) == list(recording.muscles)


def test_a_failing_write_leaves_the_old_file_alone(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.nc"
    before = write_recording(recording, path).checksum

    def fail(_: Path) -> str:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(module, "file_checksum", fail)
        with pytest.raises(OSError, match="disk full"):
            write_recording(replace(recording, seed=8), path)
    assert read_recording(path).checksum == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_altered_recording_of_the_repository_is_refused(recording: Recording, repository: Path) -> None:
    path = repository / "a-published.nc"
    write_recording(recording, path)
    assert read_recording("a-published").name == "a-published"
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"a-published.nc: SHA-256 is .*git checkout -- .*a-published.nc"):
        read_recording("a-published")


def test_a_missing_recording_says_how_to_have_it_again(recording: Recording, repository: Path) -> None:
    write_recording(recording, repository / "a-published.nc")
    write_recording(recording, repository / "b-published.nc")
    (repository / "a-published.nc").unlink()
    with pytest.raises(RecordingError, match=r"there are: b-published; .*--movement a --variant published"):
        read_recording("a-published")


def test_a_name_that_never_was_gets_the_names_there_are(recording: Recording, repository: Path) -> None:
    write_recording(recording, repository / "b-published.nc")
    with pytest.raises(RecordingError, match=r"nonsense.nc: no such recording; there are: b-published; make it"):
        read_recording("nonsense")


def test_names_and_paths_are_told_apart() -> None:
    assert recording_path("a-published") == module.RECORDINGS_FOLDER / "a-published.nc"
    assert recording_path("mine.nc") == Path("mine.nc")
    assert recording_path("somewhere/mine.nc") == Path("somewhere/mine.nc")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda dataset: dataset.drop_vars("tendon_force_n"), "variable tendon_force_n is missing"),
        (lambda dataset: dataset.transpose("muscle", "coordinate", "time"), "expected \\('time', 'coordinate'\\)"),
        (lambda dataset: dataset.astype(np.float32), "float32, expected float64"),
        (_with_nan, "variable emg is not finite at sample 3"),
        (lambda dataset: dataset.isel(time=slice(0, 1)), "two samples or more"),
        (lambda dataset: dataset.isel(time=[0, 1, 3]), "equally spaced"),
        (lambda dataset: dataset.drop_attrs(deep=False), "attribute movement is missing"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(
    recording: Recording, tmp_path: Path, change: Callable[[xr.Dataset], xr.Dataset], complaint: str
) -> None:
    path = tmp_path / "mine.nc"
    write_recording(recording, path)
    _alter(path, change)
    with pytest.raises(RecordingError, match=complaint) as caught:
        read_recording(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_what_is_no_netcdf_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.nc"
    path.write_text("not a recording")
    with pytest.raises(RecordingError, match="not a readable NetCDF file"):
        read_recording(path)


def test_the_repository_has_its_recordings() -> None:
    assert set(REPOSITORY_RECORDINGS) <= set(list_recordings())


@pytest.mark.parametrize("name", REPOSITORY_RECORDINGS)
def test_a_recording_of_the_repository_is_sound(name: str) -> None:
    recording = read_recording(name)
    arm = load_arm(recording.variant)
    assert recording.name == f"{recording.movement}-{recording.variant}"
    assert recording.seed == movement_seed(recording.variant, MOVEMENTS[recording.movement].seed)
    assert recording.true_parameters == true_parameters(arm)
    assert recording.time_s[[0, -1]] == pytest.approx([0.0, 8.0], abs=1e-12)
    low, high = np.array([dict(arm.ranges_rad)[coordinate] for coordinate in recording.coordinates]).T
    assert (recording.position_rad > low).all()
    assert (recording.position_rad < high).all()
    # The model's minimum activation would bend the activation dynamics.
    assert recording.states.excitation.min() > arm.physiology["minimum_activation"]
    assert recording.emg.max() <= 1.0
    residual_n_m = [float(value) for value in recording.provenance["equation_of_motion_residual_n_m"].split()]
    assert max(residual_n_m) < 1e-6


@pytest.mark.parametrize("name", REPOSITORY_RECORDINGS)
def test_a_recordings_excitation_is_its_filtered_emg(name: str) -> None:
    recording = read_recording(name)
    constants = load_arm(recording.variant).physiology["excitation"]
    delay_samples = constants["delay_s"] * recording.sampling_rate_hz
    emg = recording.emg
    padded = np.vstack([np.repeat(emg[:1], 9, axis=0), emg])
    delayed = sum(delay_weight(delay_samples, lag, max) * padded[9 - lag : padded.shape[0] - lag] for lag in range(10))
    found = [emg[0], emg[0]]
    for now in delayed:
        found.append(filter_step(now, found[-1], found[-2], constants["c1"], constants["c2"]))
    # The same arithmetic in another order: rounding only.
    np.testing.assert_allclose(found[2:], recording.states.excitation, rtol=0.0, atol=1e-12)
