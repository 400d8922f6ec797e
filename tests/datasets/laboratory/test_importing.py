"""A laboratory's files made into a recording: against the recording that they were made from, and what goes wrong."""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets.checksums import file_checksum
from datasets.laboratory import importing as module
from datasets.laboratory.files.storage import write_table
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.importing import import_recording
from datasets.laboratory.request import ImportRequest
from datasets.laboratory.signals.envelope import EmgSettings
from datasets.laboratory.signals.motion import MotionSettings
from datasets.recording import Recording
from datasets.recording_files import read_recording, write_recording

pytestmark = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")

START_S = 0.5
SAMPLES = slice(200, 215)
MUSCLES = ("BIClong", "BICshort", "BRA")  # two that share a channel, and a deep one
MAP = 'unmeasured = ["BRA"]\n[channels]\nBiceps = ["BIClong", "BICshort"]\n[maximum]\nBiceps = 2.0\n'


@pytest.fixture(scope="module")
def source() -> Recording:
    return read_recording("a-published")


Files = Callable[..., ImportRequest]


@pytest.fixture
def files(source: Recording, model: Path, tmp_path: Path) -> Files:
    """Writes a laboratory's files; what is not asked for is as in the recording."""

    def write(changes: dict[str, Any] | None = None, shift: dict[str, float] | None = None) -> ImportRequest:
        return _write(source, model, tmp_path, changes or {}, shift or {})

    return write


def _write(
    source: Recording, model: Path, folder: Path, changes: dict[str, Any], shift: dict[str, float]
) -> ImportRequest:
    arm = source.arm
    columns = [name for name in arm.coordinates if name not in changes.get("without", ())]
    angles = source.position_rad[SAMPLES] @ arm.coupling_matrix().T
    shifted = np.degrees(angles) + np.array([shift.get(name, 0.0) for name in arm.coordinates])
    kept = [arm.coordinates.index(name) for name in columns]
    time_s = START_S + np.arange(len(angles)) / source.sampling_rate_hz
    labels = [f"/jointset/some/{name}/value" if name == "pro_sup" else name for name in columns]
    write_table(folder / "ik.mot", time_s, labels, shifted[:, kept], in_degrees=True)
    emg_s = np.arange(0.0, changes.get("emg_until_s", 0.8), 0.01)
    envelope = 0.5 + 0.25 * np.sin(3.0 * emg_s)
    write_table(folder / "emg.sto", emg_s, ("Biceps", "Noise"), np.column_stack((envelope, np.zeros(emg_s.size))))
    (folder / "map.toml").write_text(changes.get("map", MAP), encoding="utf-8")
    return ImportRequest(
        model,
        folder / "ik.mot",
        folder / "emg.sto",
        folder / "map.toml",
        lock=changes.get("lock", ()),
        motion_settings=changes.get("motion_settings", MotionSettings(None)),
        emg_settings=EmgSettings(is_envelope=True),
    )


@pytest.fixture(scope="module")
def imported(source: Recording, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("files")
    # One dependent coordinate off by 5 degrees, as if the model in the laboratory's program were not coupled so.
    request = _write(source, model, folder, {}, {"unrothum_r1": 5.0, "unrothum_r2": 1.0})
    return request, *import_recording(request)


def test_motion_and_muscles_are_the_recordings(source: Recording, imported: Any) -> None:
    _, recording, _ = imported
    assert recording.movement == "imported"
    assert recording.coordinates == source.coordinates
    assert recording.muscles == MUSCLES
    assert recording.deep_muscles == ("BRA",)
    assert recording.rigid_tendons == ()
    np.testing.assert_allclose(recording.time_s, np.arange(15) / 200.0, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(recording.position_rad, source.position_rad[SAMPLES], rtol=0.0, atol=1e-12)
    # The spline does not know what comes before and after: within, it is off by 0.04 rad/s of pro_sup's 2.7.
    inner = slice(4, -4)
    speed = source.velocity_rad_per_s[SAMPLES]
    np.testing.assert_allclose(recording.velocity_rad_per_s[inner], speed[inner], rtol=0.0, atol=0.05)
    columns = [source.muscles.index(name) for name in MUSCLES]
    lengths, arms = source.musculotendon_length_m[SAMPLES], source.moment_arm_m[SAMPLES]
    # The model's file holds couplings and moving points with six digits.
    np.testing.assert_allclose(recording.musculotendon_length_m, lengths[:, columns], rtol=0.0, atol=2e-6)
    np.testing.assert_allclose(recording.moment_arm_m, arms[:, columns], rtol=0.0, atol=5e-6)


def test_muscles_of_a_channel_have_its_emg_and_unmeasured_ones_none(imported: Any) -> None:
    _, recording, _ = imported
    at_s = START_S + recording.time_s
    # Interpolated at an extremum as well as by a line: an eighth of the curvature times the step squared.
    expected = (0.5 + 0.25 * np.sin(3.0 * at_s)) / 2.0
    for column in (0, 1):
        np.testing.assert_allclose(recording.emg[:, column], expected, rtol=0.0, atol=1.125 * 0.01**2 / 8.0)
    assert not recording.emg[:, 2].any()


def test_provenance_tells_the_files_and_how_they_were_read(imported: Any) -> None:
    request, recording, _ = imported
    told = recording.provenance
    assert told["model_path"] == str(request.model.resolve())
    for kind, path in (("model", request.model), ("motion", request.motion), ("emg", request.emg)):
        assert told[kind] == path.name
        assert told[f"{kind}_sha256"] == file_checksum(path)
    assert told["channels"] == "map.toml"
    assert float(told["start_of_motion_s"]) == START_S
    assert told["motion_cutoff_hz"] == "None"
    assert told["emg_is_envelope"] == "True"
    assert told["sampling_rate_hz"] == "200"
    assert told["opensim"].startswith("4.")


def test_departures_from_couplings_are_noted(imported: Any) -> None:
    notes = imported[2]
    said = [note for note in notes if note.startswith("unrothum_r1: ")]
    assert len(said) == 1
    assert "up to 5.0 degrees from where its coupling to shoulder_elv has it" in said[0]
    assert not any(note.startswith("unrothum_r2") for note in notes)
    assert any("13 muscles" in note for note in notes)


def test_an_imported_recording_is_read_again_with_its_arm(imported: Any, tmp_path: Path) -> None:
    recording = imported[1]
    write_recording(recording, tmp_path / "mine.nc")
    again = read_recording(tmp_path / "mine.nc")
    assert again.arm == recording.arm
    assert again.provenance == recording.provenance
    assert again.simulated is None


def test_locks_and_ranges_are_noted(files: Files) -> None:
    request = files({"lock": ("pro_sup=0.3", "elv_angle=1.5")}, shift={"elbow_flexion": -140.0})
    recording, notes = import_recording(replace(request, rate_hz=50.0))
    assert recording.coordinates == ("shoulder_elv", "shoulder_rot", "elbow_flexion")
    assert recording.time_s.size == 4
    assert dict(recording.arm.held_rad) == {"pro_sup": 0.3, "elv_angle": 1.5, "shoulder1_r2": pytest.approx(-1.5)}
    assert any(note.startswith("elbow_flexion: goes from") and "100.0% of the time" in note for note in notes)
    assert any(note.startswith("elv_angle: the motion has it up to") and "where it is held" in note for note in notes)


def test_a_coordinate_without_a_column_is_told(files: Files) -> None:
    with pytest.raises(LaboratoryError, match=r"ik.mot: there is no column for shoulder_elv, elbow_flexion, .*--lock"):
        import_recording(files({"without": ("shoulder_elv", "elbow_flexion")}))


def test_opensims_errors_come_through_in_one_line(files: Files) -> None:
    with pytest.raises(LaboratoryError, match=r"no muscle 'BICEPS', which .*map.toml names") as caught:
        import_recording(files({"map": '[channels]\nBiceps = ["BICEPS"]\n'}))
    assert "\n" not in str(caught.value)


def test_rates_that_are_delivered_are_taken_as_they_are(files: Files, source: Recording) -> None:
    """Nothing is differentiated: rad to degrees and back, rounding alone."""
    request = files()
    rates = {"speeds": source.velocity_rad_per_s, "accelerations": source.acceleration_rad_per_s2}
    time_s = START_S + np.arange(15) / source.sampling_rate_hz
    for name, values in rates.items():
        path = request.motion.with_name(f"{name}.sto")
        write_table(path, time_s, source.coordinates, np.degrees(values[SAMPLES]), in_degrees=True)
    speeds, accelerations = (request.motion.with_name(f"{name}.sto") for name in rates)
    recording, _ = import_recording(replace(request, speeds=speeds, accelerations=accelerations))
    np.testing.assert_allclose(recording.velocity_rad_per_s, rates["speeds"][SAMPLES], rtol=1e-12)
    np.testing.assert_allclose(recording.acceleration_rad_per_s2, rates["accelerations"][SAMPLES], rtol=1e-12)
    assert recording.provenance["speeds_sha256"] == file_checksum(speeds)


def test_a_model_without_couplings_is_refused_unless_it_is_meant_so(files: Files, tmp_path: Path) -> None:
    """Where the motion has a column for every coordinate, nothing else tells that the couplings are lost."""
    request = files()
    bare = tmp_path / "bare.osim"
    bare.write_text(re.sub(r"<ConstraintSet name=.*?</ConstraintSet>", "", request.model.read_text(), flags=re.DOTALL))
    with pytest.raises(
        LaboratoryError, match=r"bare.osim: there is no enforced CoordinateCouplerConstraint.*uncoupled"
    ):
        import_recording(replace(request, model=bare))
    recording, _ = import_recording(replace(request, model=bare, uncoupled=True, rate_hz=50.0))
    assert len(recording.coordinates) == 16
    np.testing.assert_array_equal(recording.arm.coupling_matrix(), np.eye(16))


def test_speeds_without_accelerations_are_refused(files: Files, tmp_path: Path) -> None:
    with pytest.raises(LaboratoryError, match="speeds and accelerations go together"):
        replace(files(), speeds=tmp_path / "speeds.sto")


def test_what_the_filter_spoils_at_the_end_is_left_out(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """A motion of 0.07 s at 200 Hz, with a low-pass at 50 Hz: the last 0.02 s go."""
    asked: list[Any] = []

    def stop(task: Any, work: Any, *others: Any) -> None:
        asked.append(work)
        raise LaboratoryError("enough")

    monkeypatch.setattr(module, "run_apart", stop)
    with pytest.raises(LaboratoryError, match="enough"):
        import_recording(files({"motion_settings": MotionSettings(50.0)}))
    at_s = asked[0][-1]
    np.testing.assert_allclose([at_s[0], at_s[-1]], [START_S, START_S + 0.05], rtol=0.0, atol=1e-9)


def test_what_takes_too_long_is_told(files: Files) -> None:
    with pytest.raises(LaboratoryError, match=r"suite.osim: not done within the deadline of 0.05 s"):
        import_recording(replace(files(), deadline_s=0.05))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"map": '[channels]\nTriceps = ["TRIlong"]\n'}, "channel 'Triceps' is no column of .*emg.sto; there are: Bic"),
        ({"map": '[channels]\nNoise = ["BRA"]\n'}, "emg.sto: column 'Noise' is flat, expected EMG"),
        ({"emg_until_s": 0.54}, "emg.sto: the EMG: runs from 0 to 0.53 s and lacks 0.04 s at its end"),
        ({"lock": ("pro_sup=up",)}, "--lock pro_sup=up: expected NAME"),
    ],
)
def test_files_are_looked_at_before_opensim(
    files: Files, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], complaint: str
) -> None:
    monkeypatch.setattr(module, "run_apart", None)
    with pytest.raises(LaboratoryError, match=complaint):
        import_recording(files(changes))


def test_a_motion_needs_two_samples(files: Files) -> None:
    with pytest.raises(LaboratoryError, match=r"lasts 0.07 s, expected 2 samples or more at 10 Hz"):
        import_recording(replace(files(), rate_hz=10.0))


@pytest.mark.parametrize("wrong", [{"rate_hz": 0.0}, {"deadline_s": float("nan")}])
def test_impossible_requests_are_told(files: Files, wrong: dict[str, float]) -> None:
    with pytest.raises(LaboratoryError, match="expected a positive number"):
        replace(files(), **wrong)  # type: ignore[arg-type]


def test_without_opensim_it_says_what_to_install(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(LaboratoryError, match="pip install 'arm-identification-benchmark"):
        import_recording(files())
