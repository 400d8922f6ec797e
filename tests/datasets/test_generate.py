"""The generator, end to end and when something goes wrong: one line, exit status 2, nothing overwritten."""

import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from datasets import generate as module
from datasets.__main__ import main
from datasets.commands import generating
from datasets.generate import GenerationError, generate, unusual_fibre_lengths
from datasets.recording_files import read_recording
from datasets.request import Request

needs_opensim = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")
GENERATE = ("generate", "--movement", "a", "--variant", "published")


@pytest.fixture(scope="module")
def short_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("short") / "short.nc"
    command = [sys.executable, "-m", "datasets", *GENERATE, "--duration", "0.1", "--out", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return path, done.stdout + done.stderr


@needs_opensim
def test_a_short_run_makes_a_recording(short_run: tuple[Path, str]) -> None:
    path, said = short_run
    recording = read_recording(path)
    assert recording.time_s.tolist() == pytest.approx([number / 200.0 for number in range(21)], abs=1e-12)
    assert recording.seed == 1
    assert recording.provenance["accuracy"] == "1e-08"
    assert recording.checksum in said
    assert "21 of 21 samples" in said
    # OpenSim's own accelerations against its masses, forces and moment arms: rounding of about 1e-11 N m.
    assert max(float(value) for value in recording.provenance["equation_of_motion_residual_n_m"].split()) < 1e-7


@needs_opensim
def test_speeds_and_positions_of_a_run_belong_together(short_run: tuple[Path, str]) -> None:
    recording = read_recording(short_run[0])
    mean_speed = np.diff(recording.position_rad, axis=0) * 200.0
    trapezium = 0.5 * (recording.velocity_rad_per_s[1:] + recording.velocity_rad_per_s[:-1])
    # pro_sup, with its tiny inertia, changes its speed within the 5 ms that the trapezium rule spans: 0.09 rad/s here,
    # the others 0.03 at most. Speeds of the wrong coordinate or sample would be off by more.
    np.testing.assert_allclose(mean_speed, trapezium, rtol=0.0, atol=0.15)
    assert np.abs(recording.velocity_rad_per_s).max(axis=0).min() > 0.15


@needs_opensim
def test_the_same_seed_gives_the_same_recording(short_run: tuple[Path, str], tmp_path: Path) -> None:
    again = generate(Request("a", "published", 1, duration_s=0.1), tmp_path / "again.nc")
    np.testing.assert_array_equal(again.states.tendon_force_n, read_recording(short_run[0]).states.tendon_force_n)


@needs_opensim
def test_a_run_that_takes_too_long_is_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "late.nc"
    path.write_text("kept")
    assert main([*GENERATE, "--deadline", "1", "--out", str(path), "--force"]) == 2
    assert "not done within the deadline of 1 s" in capsys.readouterr().err
    assert path.read_text() == "kept"


@needs_opensim
def test_a_failure_inside_the_simulation_becomes_one_line(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="the simulation failed: unknown arm variant 'nonsense'") as caught:
        generate(Request("a", "nonsense", 1, duration_s=0.1), tmp_path / "never.nc")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_taken_path_needs_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "taken.nc"
    path.write_text("kept")
    assert main([*GENERATE, "--out", str(path)]) == 2
    assert path.read_text() == "kept"
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_without_opensim_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert main([*GENERATE, "--out", str(tmp_path / "never.nc")]) == 2
    assert "pip install 'arm-identification-benchmark[opensim]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "required: command"),
        (("generate", "--movement", "z", "--variant", "published"), "invalid choice: 'z'"),
        ((*GENERATE, "--seed", "-1"), "'-1' is not a whole number from 0"),
        ((*GENERATE, "--duration", "0"), "'0' is not a number from 0.005 to 60"),
        ((*GENERATE, "--duration", "nan"), "'nan' is not a number"),
        ((*GENERATE, "--accuracy", "tight"), "'tight' is not a number from 1e-11 to 0.01"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    said = capsys.readouterr().err
    assert caught.value.code == 2
    assert len(said.splitlines()) == 1
    assert complaint in said


def test_a_name_without_its_suffix_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*GENERATE, "--out", str(tmp_path / "mine.txt")]) == 2
    assert "must end in .nc" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "seed"),
    [(("published",), 2), (("subject1",), 102), (("subject6",), 602), (("subject6", "--seed", "9"), 9)],
)
def test_a_movement_has_a_seed_of_its_own_for_each_subject(
    asked: tuple[str, ...],
    seed: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(request: Request, *_: object) -> None:
        raise GenerationError(f"seed {request.seed}")

    monkeypatch.setattr(generating, "generate", refuse)
    main(["generate", "--movement", "b", "--out", str(tmp_path / "mine.nc"), "--variant", *asked])
    assert f"seed {seed}\n" in capsys.readouterr().err


def test_list_shows_the_recordings(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert main(["list"]) == 0
    assert "a-published" in capsys.readouterr().out


def test_fibres_beyond_the_usual_lengths_are_named() -> None:
    recording = read_recording("a-published")
    stretched = recording.states.fibre_length_m.copy()
    stretched[3, recording.muscles.index("BRA")] *= 2.0
    lines = unusual_fibre_lengths(replace(recording, simulated=replace(recording.states, fibre_length_m=stretched)))
    assert [line for line in lines if line.startswith("BRA: fibres are ")]
    assert not unusual_fibre_lengths(recording)
