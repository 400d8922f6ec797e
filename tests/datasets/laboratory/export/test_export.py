"""What is exported of a recording, read back: it is the recording, in a laboratory's formats."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from datasets.description import ArmDescription
from datasets.laboratory.export import export as module
from datasets.laboratory.export.export import ExportSettings, export_recording
from datasets.laboratory.files.channels import read_channels
from datasets.laboratory.files.storage import read_table
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.signals.envelope import EmgSettings, envelopes, normalised, resampled
from datasets.laboratory.signals.motion import angles_rad
from datasets.recording import Recording
from datasets.recording_files import read_recording

FILES = {"motion.mot", "emg.sto", "channels.toml", "arm.osim"}
SAMPLES = 401  # 2 s


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Two seconds from the middle of a recording, so that it does not begin at 0 s."""
    whole = read_recording("a-published")
    part = slice(300, 300 + SAMPLES)
    return replace(
        whole,
        time_s=whole.time_s[part],
        position_rad=whole.position_rad[part],
        acceleration_rad_per_s2=whole.acceleration_rad_per_s2[part],
        emg=whole.emg[part],
        checksum="",
    )


@pytest.fixture
def without_opensim(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the model out, which takes seconds."""

    def write_name(arm: ArmDescription, path: Path) -> None:
        path.write_text(arm.variant)

    monkeypatch.setattr(module, "write_model", write_name)


@pytest.mark.usefixtures("without_opensim")
@pytest.mark.parametrize("in_degrees", [True, False])
def test_the_angles_are_the_recordings(recording: Recording, tmp_path: Path, in_degrees: bool) -> None:
    paths = export_recording(recording, tmp_path / "out", ExportSettings(in_degrees=in_degrees))
    assert {path.name for path in paths} == FILES == {path.name for path in (tmp_path / "out").iterdir()}
    table = read_table(tmp_path / "out" / "motion.mot")
    assert table.in_degrees is in_degrees
    assert table.columns == recording.arm.coordinates
    assert table.time_s[0] == 0.5
    found_rad = angles_rad(table, recording.coordinates)
    # Rounding of rad to degrees and back, at angles of some rad.
    np.testing.assert_allclose(found_rad, recording.position_rad, rtol=0.0, atol=1e-14)
    np.testing.assert_allclose(table.time_s - 0.5, recording.time_s - recording.time_s[0], rtol=0.0, atol=1e-14)


@pytest.mark.usefixtures("without_opensim")
def test_dependent_coordinates_are_on_their_couplings(recording: Recording, tmp_path: Path) -> None:
    export_recording(recording, tmp_path, ExportSettings())
    table = read_table(tmp_path / "motion.mot")
    assert len(recording.arm.couplings) == 11
    for coupling in recording.arm.couplings:
        leader = table.column(coupling.independent)
        # Rounding, at angles of some tens of degrees.
        np.testing.assert_allclose(table.column(coupling.dependent), coupling.slope * leader, rtol=0.0, atol=1e-12)


@pytest.mark.usefixtures("without_opensim")
def test_noise_has_the_deviation_that_is_asked_for(recording: Recording, tmp_path: Path) -> None:
    for name, settings in {
        "clean": ExportSettings(),
        "noisy": ExportSettings(angle_noise_deg=0.5, seed=3),
        "again": ExportSettings(angle_noise_deg=0.5, seed=3, is_raw_emg=True),
        "other": ExportSettings(angle_noise_deg=0.5, seed=4),
    }.items():
        export_recording(recording, tmp_path / name, settings)
    clean, noisy, again, other = (
        read_table(tmp_path / name / "motion.mot").values for name in ("clean", "noisy", "again", "other")
    )
    noise = noisy - clean
    # 401 x 16 draws give a deviation within 0.9 %, 401 one within 3.5 %; four times that.
    assert noise.std() == pytest.approx(0.5, rel=0.036)
    np.testing.assert_allclose(noise.std(axis=0), 0.5, rtol=0.14)
    np.testing.assert_array_equal(noisy, again)
    assert not np.array_equal(noisy, other)


@pytest.mark.usefixtures("without_opensim")
def test_another_rate_goes_through_the_recordings_samples(recording: Recording, tmp_path: Path) -> None:
    export_recording(recording, tmp_path / "half", ExportSettings(rate_hz=100.0))
    export_recording(recording, tmp_path / "other", ExportSettings(rate_hz=120.0))
    half = angles_rad(read_table(tmp_path / "half" / "motion.mot"), recording.coordinates)
    # The spline interpolates: where it meets a sample, rounding alone is left.
    np.testing.assert_allclose(half, recording.position_rad[::2], rtol=0.0, atol=1e-12)
    other = read_table(tmp_path / "other" / "motion.mot")
    assert other.rate_hz == pytest.approx(120.0, rel=1e-12)
    assert other.time_s[[0, -1]] == pytest.approx([0.5, 2.5], abs=1e-12)
    found_rad = angles_rad(other, recording.coordinates)
    recorded_s = 0.5 + recording.time_s - recording.time_s[0]
    for index, position_rad in enumerate(recording.position_rad.T):
        between_rad = np.interp(other.time_s, recorded_s, position_rad)
        # A chord is off by h^2/8 times the largest acceleration at most; a tenth more for what is between samples.
        bound_rad = 1.1 * 0.005**2 / 8.0 * np.abs(recording.acceleration_rad_per_s2[:, index]).max()
        np.testing.assert_allclose(found_rad[:, index], between_rad, rtol=0.0, atol=bound_rad)


@pytest.mark.usefixtures("without_opensim")
def test_envelopes_are_the_recordings_emg(recording: Recording, tmp_path: Path) -> None:
    export_recording(recording, tmp_path, ExportSettings())
    table, channels = read_table(tmp_path / "emg.sto"), read_channels(tmp_path / "channels.toml")
    assert channels.unmeasured == recording.deep_muscles
    assert channels.measured == tuple(name for name in recording.muscles if name not in recording.deep_muscles)
    assert table.columns == tuple(channels.channels)
    assert channels.channel_of("DELT1") == "deltoid, anterior"
    assert set(channels.maximum.values()) == {1.0}
    assert table.time_s[[0, -1]] == pytest.approx([0.0, 3.0], abs=1e-12)
    motion_s = read_table(tmp_path / "motion.mot").time_s
    found = resampled(table.time_s, table.values, motion_s, "EMG")
    # Samples at the same times but for rounding of some 1e-16 s.
    np.testing.assert_allclose(found, recording.emg[:, : len(channels.measured)], rtol=0.0, atol=1e-11)
    # Held before and after.
    np.testing.assert_array_equal(table.values[:100], np.tile(table.values[0], (100, 1)))
    np.testing.assert_array_equal(table.values[-100:], np.tile(table.values[-1], (100, 1)))


@pytest.mark.usefixtures("without_opensim")
def test_an_envelope_of_the_raw_emg_is_the_recordings_but_for_its_statistical_error(
    recording: Recording, tmp_path: Path
) -> None:
    export_recording(recording, tmp_path, ExportSettings(is_raw_emg=True, seed=1))
    table, channels = read_table(tmp_path / "emg.sto"), read_channels(tmp_path / "channels.toml")
    assert table.rate_hz == pytest.approx(2000.0, rel=1e-12)
    assert table.time_s[[0, -1]] == pytest.approx([0.0, 3.0], abs=1e-12)
    assert table.values.min() < 0.0
    maximum = np.array([channels.maximum[channel] for channel in channels.channels])
    envelope = normalised(envelopes(table, tuple(channels.channels), EmgSettings()), maximum)
    found = resampled(table.time_s, envelope, read_table(tmp_path / "motion.mot").time_s, "EMG")
    expected = recording.emg[:, : len(channels.measured)]
    # 2 s of 11 channels are some 250 independent figures, each 12 % off: a mean within 1 %, three times that.
    assert found.mean() == pytest.approx(expected.mean(), rel=0.03)
    # Muscles by muscles: a mean within 3 %, four times that; another muscle's EMG would be off by more.
    np.testing.assert_allclose(found.mean(axis=0), expected.mean(axis=0), rtol=0.12)


@pytest.mark.usefixtures("without_opensim")
def test_all_muscles_have_emg_where_that_is_asked_for(recording: Recording, tmp_path: Path) -> None:
    export_recording(recording, tmp_path, ExportSettings(all_muscles=True))
    channels = read_channels(tmp_path / "channels.toml")
    assert channels.measured == recording.muscles
    assert channels.unmeasured == ()
    np.testing.assert_array_equal(read_table(tmp_path / "emg.sto").values[0], recording.emg[0])


@pytest.mark.usefixtures("without_opensim")
def test_files_that_are_there_need_force(recording: Recording, tmp_path: Path) -> None:
    (tmp_path / "emg.sto").write_text("kept")
    (tmp_path / "notes.txt").write_text("kept")
    with pytest.raises(LaboratoryError, match=r"emg.sto there already; --force replaces them"):
        export_recording(recording, tmp_path, ExportSettings())
    assert {path.name for path in tmp_path.iterdir()} == {"emg.sto", "notes.txt"}
    export_recording(recording, tmp_path, ExportSettings(), force=True)
    assert {path.name for path in tmp_path.iterdir()} == FILES | {"notes.txt"}
    assert (tmp_path / "notes.txt").read_text() == "kept"


def test_a_failure_leaves_nothing_behind(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arm: ArmDescription, path: Path) -> None:
        raise LaboratoryError("no model")

    monkeypatch.setattr(module, "write_model", fail)
    with pytest.raises(LaboratoryError, match="no model"):
        export_recording(recording, tmp_path / "out", ExportSettings())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (ExportSettings(is_raw_emg=True, raw_emg_rate_hz=500.0), "raw EMG: the sampling rate is 500 Hz"),
        (ExportSettings(rate_hz=0.1), "has 1 rows of numbers, expected 2 or more"),
    ],
)
def test_what_makes_no_sense_is_refused(
    recording: Recording, tmp_path: Path, settings: ExportSettings, complaint: str
) -> None:
    with pytest.raises(LaboratoryError, match=complaint):
        export_recording(recording, tmp_path / "out", settings)
    assert list(tmp_path.iterdir()) == []


def test_a_laboratorys_recording_is_refused(recording: Recording, tmp_path: Path) -> None:
    with pytest.raises(LaboratoryError, match="a laboratory's own recording, expected a simulated one"):
        export_recording(replace(recording, simulated=None), tmp_path / "out", ExportSettings())


def test_a_file_in_the_folders_place_is_refused(recording: Recording, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("kept")
    with pytest.raises(LaboratoryError, match="out: is a file, expected a folder"):
        export_recording(recording, tmp_path / "out", ExportSettings())
