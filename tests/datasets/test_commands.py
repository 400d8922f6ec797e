"""The command line of recordings: what is wrong is one line and exit status 2, and no file comes of it."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from datasets.__main__ import main
from datasets.description import ArmDescription
from datasets.laboratory import importing
from datasets.laboratory.export import export
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.request import ImportRequest
from datasets.recording import Recording
from datasets.recording_files import read_recording

needs_opensim = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")
TABLE = "angles\nversion=1\nnRows=2\nnColumns=2\ninDegrees=no\nendheader\ntime\ta\n0\t1\n1\t1\n"
Importer = Callable[[ImportRequest], tuple[Recording, tuple[str, ...]]]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The arguments of an import, in a folder that holds its files and no more."""
    for name in ("arm.osim", "ik.mot", "emg.sto"):
        (tmp_path / name).write_text(TABLE)
    given = {"--model": "arm.osim", "--motion": "ik.mot", "--emg": "emg.sto", "--out": "mine.nc"}
    return ["import", *(part for name, file in given.items() for part in (name, str(tmp_path / file)))]


@pytest.fixture
def imported() -> Recording:
    """What an import might give."""
    whole = read_recording("a-published")
    return replace(whole, movement="imported", simulated=None, seed=None, true_parameters={}, name="", checksum="")


def _use(monkeypatch: pytest.MonkeyPatch, importer: Importer) -> None:
    monkeypatch.setattr(importing, "import_recording", importer)


def _one_line(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    return said


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("import",), "required: --model, --motion, --emg, --out"),
        (("import", "--rate", "0"), "argument --rate: '0' is not a frequency in Hz above 0"),
        (("import", "--motion-cutoff", "high"), "argument --motion-cutoff: 'high' is not a frequency in Hz above 0"),
        (("import", "--emg-highpass", "-3"), "argument --emg-highpass: '-3' is not a frequency"),
        (("import", "--emg-order", "4.5"), "argument --emg-order: '4.5' is not a whole number"),
        (("import", "--deadline", "0"), "argument --deadline: '0' is not a number from 1 to 86400"),
        (("export", "a-published"), "required: --out"),
        (("export", "a-published", "--out", "x", "--angle-noise", "-1"), "'-1' is not a number from 0 to 90"),
        (("export", "a-published", "--out", "x", "--model-error", "x"), "'x' is not a number from 0 to 100"),
        (("export", "a-published", "--out", "x", "--degrees", "--radians"), "not allowed with argument --degrees"),
        (("exports",), "invalid choice: 'exports'"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert complaint in _one_line(capsys)


@pytest.mark.parametrize(
    ("further", "complaint"),
    [
        (("--motion-order", "3"), "the filter's order is 3, expected an even number"),
        (("--emg-order", "0"), "the filter's order is 0, expected an even number"),
        (("--out", "mine.txt"), "--out mine.txt: the name must end in .nc"),
    ],
)
def test_what_cannot_be_imported_is_told_in_one_line(
    files: list[str], tmp_path: Path, further: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {*tmp_path.iterdir()}
    assert main([*files, *further]) == 2
    assert complaint in _one_line(capsys)
    assert {*tmp_path.iterdir()} == there


@needs_opensim
@pytest.mark.parametrize("missing", ["arm.osim", "ik.mot", "emg.sto"])
def test_a_missing_file_is_told_in_one_line(
    files: list[str], tmp_path: Path, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / missing).unlink()
    there = {*tmp_path.iterdir()}
    assert main([*files, "--envelope"]) == 2
    said = _one_line(capsys)
    assert said.startswith("python -m datasets import: ")
    assert str(tmp_path / missing) in said
    assert {*tmp_path.iterdir()} == there


def test_a_recording_that_is_there_needs_force(
    files: list[str], tmp_path: Path, imported: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(monkeypatch, lambda request: (imported, ()))
    (tmp_path / "mine.nc").write_text("kept")
    assert main(files) == 2
    assert (tmp_path / "mine.nc").read_text() == "kept"
    assert main([*files, "--force"]) == 0
    assert read_recording(tmp_path / "mine.nc").movement == "imported"


def test_without_opensim_it_says_what_to_install(
    files: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importing, "find_spec", lambda name: None)
    assert main(files) == 2
    assert "pip install 'arm-identification-benchmark[opensim]'" in _one_line(capsys)


def test_an_import_is_written_and_summed_up(
    files: list[str],
    tmp_path: Path,
    imported: Recording,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _use(monkeypatch, lambda request: (imported, ("ligaments are left out",)))
    assert main(files) == 0
    written = read_recording(tmp_path / "mine.nc")
    said = capsys.readouterr()
    assert said.err == "note: ligaments are left out\n"
    assert said.out.splitlines() == [
        f"{tmp_path / 'mine.nc'}: 1601 samples, 8 s, SHA-256 {written.checksum}",
        "coordinates: 5 (elv_angle, shoulder_elv, shoulder_rot, elbow_flexion, pro_sup)",
        "muscles with EMG: 11 (PECM1, PECM2, PECM3, DELT1, DELT2, DELT3, BIClong, BICshort, TRIlong, TRIlat, BRD)",
        "muscles without EMG: 5 (INFSP, SUBSC, TRImed, BRA, PQ)",
        "equations of motion: 8005, 5 a sample",
    ]


def test_the_arguments_reach_the_import(files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    requests = []

    def keep(request: ImportRequest) -> tuple[Recording, tuple[str, ...]]:
        requests.append(request)
        raise LaboratoryError("enough")

    _use(monkeypatch, keep)
    main(files)
    for given in (
        "--lock deviation flexion=0.1 --lock pro --bodies humerus ulna --channels map.toml",
        "--motion-cutoff none --motion-order 2 --emg-highpass 20 --emg-lowpass none --emg-order 6",
        "--envelope --rate 100 --deadline 60 --uncoupled --speeds u.sto --accelerations a.sto",
    ):
        main([*files, *given.split()])
    plain, model, filters, rest = requests
    assert plain == ImportRequest(plain.model, plain.motion, plain.emg)
    assert model.lock == ("deviation", "flexion=0.1", "pro")
    assert (model.bodies, model.channels) == (("humerus", "ulna"), Path("map.toml"))
    assert (filters.motion_settings.cutoff_hz, filters.motion_settings.order) == (None, 2)
    emg = filters.emg_settings
    assert (emg.highpass_hz, emg.lowpass_hz, emg.order, emg.is_envelope) == (20.0, None, 6, False)
    assert rest.emg_settings.is_envelope
    assert rest.uncoupled
    assert (rest.speeds, rest.accelerations) == (Path("u.sto"), Path("a.sto"))
    assert (rest.rate_hz, rest.deadline_s) == (100.0, 60.0)


@pytest.mark.parametrize(
    ("error", "status", "complaint"),
    [
        (KeyboardInterrupt(), 130, "\nstopped; nothing was written\n"),
        (LaboratoryError("emg.sto: damaged"), 2, "python -m datasets import: emg.sto: damaged\n"),
        (PermissionError(13, "Permission denied", "emg.sto"), 2, "Permission denied: 'emg.sto'\n"),
    ],
)
def test_an_import_that_ends_early_leaves_nothing(
    files: list[str],
    tmp_path: Path,
    error: BaseException,
    status: int,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(request: ImportRequest) -> tuple[Recording, tuple[str, ...]]:
        raise error

    _use(monkeypatch, fail)
    assert main(files) == status
    assert capsys.readouterr().err.endswith(complaint)
    assert not (tmp_path / "mine.nc").exists()


def test_the_help_states_defaults_and_units(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    for command, lines in {
        "import": (
            "low-pass of the angles: -3 dB at this frequency in Hz, or none (default: 6)",
            "before it is rectified: -3 dB at this frequency in Hz, or none (default: 30)",
            "samples of the recording a second, in Hz (default: 200)",
        ),
        "export": ("of raw EMG, in Hz; envelopes have the recording's (default: 2000)", "in degrees (default: 0)"),
    }.items():
        with pytest.raises(SystemExit) as caught:
            main([command, "--help"])
        said = capsys.readouterr().out
        assert caught.value.code == 0
        assert all(line in said for line in lines)


def test_an_export_names_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def write_name(arm: ArmDescription, path: Path) -> None:
        path.write_text(arm.variant)

    monkeypatch.setattr(export, "write_model", write_name)
    given = "--raw-emg --emg-rate 1000 --rate 50 --radians --angle-noise 0.1 --model-error 5 --seed 2 --all-muscles"
    assert main(["export", "c-published", "--out", str(tmp_path / "out"), *given.split()]) == 0
    named = {Path(line) for line in capsys.readouterr().out.splitlines()}
    assert named == {*(tmp_path / "out").iterdir()}
    assert "inDegrees=no\n" in (tmp_path / "out" / "motion.mot").read_text()
    assert main(["export", "c-published", "--out", str(tmp_path / "out")]) == 2
    assert "there already; --force replaces them" in _one_line(capsys)


def test_an_export_of_what_is_not_there_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "nonsense", "--out", str(tmp_path / "out")]) == 2
    assert "no such recording" in _one_line(capsys)
    assert list(tmp_path.iterdir()) == []


def test_listing_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\n"
        "from datasets import recording_files\n"
        "from datasets.__main__ import main\n"
        f"recording_files.RECORDINGS_FOLDER = pathlib.Path({str(tmp_path)!r})\n"
        "assert main(['list']) == 0\n"
        "assert not {'scipy.signal', 'opensim', 'torch', 'casadi', 'pinocchio'} & {*sys.modules}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
