"""The walk-through of the README, from a laboratory's files to an identified and calibrated OpenSim model."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.cli import main as benchmark
from benchmark.identification.search import Task, attempt_from, own_problem
from benchmark.problem.own_problem import OwnProblem
from benchmark.uncertainty.estimates import uncertainty
from datasets.__main__ import main as datasets
from datasets.arm_files import load_arm
from datasets.opensim_process import run_apart
from datasets.parameters import MUSCLE_UNITS, SHARED_UNITS, true_parameters
from datasets.recording_files import read_recording, write_recording

Array = NDArray[np.float64]

pytestmark = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")

FORCE_TOLERANCE = 1e-6  # of the maximum isometric force
ROUND_TRIP = 5e-3
# Of a recording: every fourth sample, so that OpenSim moves the arm in ten seconds.
STRIDE = 4
LOWEST_COVERAGE = 0.9  # of intervals of 95 %: they share one recording's noise
EVERY = 25  # samples whose forces OpenSim is asked for


class Laboratory(NamedTuple):
    """What a laboratory has and what came of it."""

    folder: Path
    recording: Path
    page: Path
    calibrated: Path
    printed: str


def import_arguments(lab: Path, out: Path) -> list[str]:
    files = {"model": "arm.osim", "motion": "motion.mot", "emg": "emg.sto", "channels": "channels.toml"}
    named = [word for option, name in files.items() for word in (f"--{option}", str(lab / name))]
    return ["import", *named, "--out", str(out)]


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """The walk-through with one recording at 100 Hz, which OpenSim moves in less than a minute."""
    folder = tmp_path_factory.mktemp("walk")
    lab, recording, page, calibrated = (folder / name for name in ("lab", "mine.nc", "page", "calibrated.osim"))
    noisy = ["--rate", "100", "--angle-noise", "0.1", "--raw-emg", "--model-error", "10"]
    assert datasets(["export", "a-published", "--out", str(lab), *noisy]) == 0
    assert datasets([*import_arguments(lab, recording), "--rate", "100"]) == 0
    written = ["--out", str(page), "--write-model", str(calibrated)]
    with pytest.MonkeyPatch.context() as patched:
        printed: list[str] = []
        patched.setattr("builtins.print", lambda *words, **_: printed.append(" ".join(map(str, words))))
        assert benchmark(["identify", str(recording), "--starts", "1", "--jobs", "1", *written]) == 0
    return Laboratory(lab, recording, page, calibrated, "\n".join(printed))


def identified(laboratory: Laboratory) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((laboratory.page / "identification.json").read_text())["parameters"]
    return found


def test_a_page_tells_what_was_identified(laboratory: Laboratory) -> None:
    page = (laboratory.page / "index.html").read_text()
    for told in ("DELT1", "N m", "identifiable", "warning"):
        assert told.lower() in page.lower(), told
    assert "search 1 of 1, from the model" in laboratory.printed
    assert str(laboratory.calibrated) in laboratory.printed


def test_intervals_cover_the_truth(laboratory: Laboratory) -> None:
    """With noise of angles, raw EMG and a model that is 10 % off.

    c1 and c2 are those of a filter at 200 Hz, and say something else at 100 Hz. Single parameters of bones are open.
    """
    truth = true_parameters(load_arm("published"))
    kinds = {*MUSCLE_UNITS, "electromechanical_delay", "activation_time", "deactivation_time"}
    known = [
        entry
        for entry in identified(laboratory)
        if entry["lower_95"] is not None and entry["parameter"].rpartition(".")[2] in kinds
    ]
    assert len(known) > 25
    covered = [entry["lower_95"] <= truth[entry["parameter"]] <= entry["upper_95"] for entry in known]
    assert np.mean(covered) >= LOWEST_COVERAGE


def test_the_muscles_of_the_calibrated_model_give_the_forces_that_were_predicted(laboratory: Laboratory) -> None:
    """In OpenSim, at the activations and fibre lengths that the identification has found."""
    problem = OwnProblem([laboratory.recording])
    found = {entry["parameter"]: entry["identified"] for entry in identified(laboratory)}
    values = {**problem.nominal, **{name: found[name] for name in problem.nominal if found.get(name) is not None}}
    poses, expected = _predicted(problem, values)
    forces = run_apart(_forces, (laboratory.calibrated, poses), "probe", 120.0, lambda samples: None)
    for muscle, force in expected.items():
        largest = values[f"{muscle}.maximum_isometric_force"]
        np.testing.assert_allclose(forces[muscle], force, rtol=0.0, atol=FORCE_TOLERANCE * largest)


def test_the_same_files_give_the_same_recording(laboratory: Laboratory, tmp_path: Path) -> None:
    """Of the signals, that is; OpenSim need not move the arm again for that."""
    first, arguments = read_recording(laboratory.recording), import_arguments(laboratory.folder, tmp_path / "again.nc")
    assert datasets([*arguments, "--rate", "10"]) == 0
    again = read_recording(tmp_path / "again.nc")
    np.testing.assert_allclose(again.position_rad, first.position_rad[::10][: len(again.time_s)], rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(again.emg, first.emg[::10][: len(again.time_s)], rtol=0.0, atol=1e-12)


def test_a_round_trip_without_noise_gives_the_same_parameters(tmp_path: Path) -> None:
    """A recording exported with its rates and imported again, from the same start.

    The model's file holds couplings and moving points with six digits: the least that is left of the motion is 1e-6 of
    it, and more of what the recording hardly determines.
    """
    source = read_recording("a-published").at(slice(None, None, STRIDE))
    write_recording(source, tmp_path / "source.nc")
    lab, imported = tmp_path / "lab", tmp_path / "imported.nc"
    assert datasets(["export", str(tmp_path / "source.nc"), "--out", str(lab), "--rates"]) == 0
    rates = ["--speeds", str(lab / "speeds.sto"), "--accelerations", str(lab / "accelerations.sto")]
    as_it_is = ["--motion-cutoff", "none", "--envelope", "--rate", f"{source.sampling_rate_hz:g}"]
    assert datasets([*import_arguments(lab, imported), *rates, *as_it_is]) == 0
    # The same recording as a laboratory's: with the bounds that its own model has.
    own = replace(source, arm=replace(source.arm, variant="own"), simulated=None, seed=None, true_parameters={})
    write_recording(own, tmp_path / "own.nc")
    expected, found = (_estimates(path) for path in (tmp_path / "own.nc", imported))
    compared = [name for name, entry in expected.items() if entry.determined != "not" and _is_of_muscles(name)]
    assert len(compared) > 30
    for name in compared:
        assert found[name].value == pytest.approx(expected[name].value, rel=ROUND_TRIP), name


def _estimates(path: Path) -> dict[str, Any]:
    task = Task((str(path),), "m1", "gauss_newton", 60.0, 0.1, 0)
    found = uncertainty(own_problem(task), attempt_from(task, 1).values)
    return {entry.name: entry for entry in found.estimates}


def _is_of_muscles(name: str) -> bool:
    return name in SHARED_UNITS or name.partition(".")[2] in MUSCLE_UNITS


def _predicted(problem: OwnProblem, values: Mapping[str, float]) -> tuple[list[dict[str, Any]], dict[str, Array]]:
    """States of the arm and of its muscles at some samples, and the forces (N) there by muscle."""
    from benchmark.identification.courses import courses

    (course,) = courses(problem, values, is_held_out=False)
    (entry,) = problem.coupled
    recording, arm = entry.recording, problem.arm
    poses = []
    for row in range(0, len(entry.counted), EVERY):
        t = entry.counted[row]
        optimal = [values[f"{muscle}.optimal_fibre_length"] for muscle in course.muscles]
        states = zip(course.activation[row], optimal * course.fibre_length[row], strict=True)
        poses.append(
            {
                "angles": dict(zip(arm.coordinates, _all(arm, recording.position_rad[t], offset=True), strict=True)),
                "speeds": dict(zip(arm.coordinates, _all(arm, recording.velocity_rad_per_s[t]), strict=True)),
                "muscles": dict(zip(course.muscles, states, strict=True)),
            }
        )
    return poses, dict(zip(course.muscles, course.force_n[::EVERY].T, strict=True))


def _all(arm: Any, independent: Array, offset: bool = False) -> list[float]:
    moved = arm.coupling_matrix() @ independent + (arm.offset_rad() if offset else 0.0)
    return [float(value) for value in moved]


def _forces(path: Path, poses: list[dict[str, Any]], report: Any) -> dict[str, list[float]]:
    """In OpenSim's process: forces (N) of the tendons by muscle."""
    import opensim

    model = opensim.Model(str(path))
    state = model.initSystem()
    forces: dict[str, list[float]] = {name: [] for name in poses[0]["muscles"]}
    for pose in poses:
        for name, angle in pose["angles"].items():
            coordinate = model.getCoordinateSet().get(name)
            coordinate.setValue(state, angle, False)
            coordinate.setSpeedValue(state, pose["speeds"][name])
        for name, (activation, length) in pose["muscles"].items():
            muscle = opensim.Millard2012EquilibriumMuscle.safeDownCast(model.getMuscles().get(name))
            muscle.setActivation(state, float(activation))
            if not muscle.get_ignore_tendon_compliance():
                muscle.setFiberLength(state, float(length))
        model.realizeDynamics(state)
        for name, series in forces.items():
            series.append(float(model.getMuscles().get(name).getTendonForce(state)))
    assert all(math.isfinite(force) for series in forces.values() for force in series)
    return forces
