"""Problems of a laboratory's own recordings: the suite's own, with nothing that only a simulation knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.problem.own_problem import OWN, OwnProblem
from benchmark.problem.parameters import bounds, bounds_of
from benchmark.problem.problem import load_problem
from benchmark.problem.remaining_torque import remaining_torques
from datasets.arm_files import load_arm
from datasets.parameters import true_parameters
from datasets.recording import Recording
from datasets.recording_files import read_recording, write_recording

SAMPLES = 240


@pytest.fixture(scope="module")
def laboratory() -> Recording:
    """A laboratory's recording: a simulated one without what only the simulation knows, of an arm of another name."""
    recording = read_recording("a-published").at(slice(SAMPLES))
    deep = [name in recording.deep_muscles for name in recording.muscles]
    return replace(
        recording,
        movement="imported",
        arm=replace(recording.arm, variant="somebodys_arm"),
        emg=np.where(deep, 0.0, recording.emg),
        simulated=None,
        seed=None,
        true_parameters={},
    )


@pytest.fixture(scope="module")
def file(laboratory: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "mine.nc"
    write_recording(laboratory, path)
    return path


def test_its_residual_is_that_of_the_simulated_recording(file: Path) -> None:
    """The same arithmetic on the same figures: rounding of a different variance of the start alone."""
    own, named = OwnProblem([file]), load_problem("m1-a-published-fibres_unknown")
    start = named.start(0.1, 0)
    found, expected = own.acceleration_stage(start), named.acceleration_stage(start)
    assert found.projection.muscles == expected.projection.muscles
    assert found.space.names == expected.space.names
    residual = found.residual(np.array([start[name] for name in found.space.names])) / found.weight
    whole = expected.residual(expected.space.start) / expected.weight
    np.testing.assert_allclose(residual, whole[: len(residual)], rtol=1e-9, atol=1e-9)


def test_it_starts_from_the_model_and_has_no_truth(file: Path) -> None:
    own = OwnProblem([file])
    assert own.truth == {}
    assert own.nominal == true_parameters(load_arm("published"))
    assert own.parsed.fibres == "unknown"


def test_a_simulated_recording_goes_as_well_and_keeps_the_suites_bounds() -> None:
    own = OwnProblem(["a-published"])
    assert own.bounds("DELT1.optimal_fibre_length") == bounds("DELT1.optimal_fibre_length")


def test_bounds_of_a_laboratorys_arm_enclose_its_model(laboratory: Recording) -> None:
    box = bounds_of(laboratory.arm)
    for name, value in true_parameters(laboratory.arm).items():
        low, high = box(name)
        assert low < value < high or value == 0.0, name
        assert np.isfinite([low, high]).all()
    force = true_parameters(laboratory.arm)["DELT1.maximum_isometric_force"]
    assert box("DELT1.maximum_isometric_force") == (0.25 * force, 4.0 * force)


def test_measured_torque_less_predicted_is_what_the_equations_leave(file: Path) -> None:
    """W W' has no part in the directions of the deep muscles, and its square is itself."""
    own = OwnProblem([file])
    stage = own.acceleration_stage(own.nominal)
    x = stage.space.start
    (torque,) = remaining_torques(own, stage, x)
    left = torque.measured - torque.predicted
    assert np.abs(np.einsum("tcn,tc->tn", own.deep_arms, left)).max() < 1e-12 * np.abs(torque.measured).max()
    (row,) = stage.equations(x, stage.force(x))[0]
    np.testing.assert_allclose(np.linalg.norm(left, axis=1), np.abs(row), atol=1e-10)


@pytest.mark.parametrize("formulation", ["static_optimisation", "ignored", "moments", "nonsense"])
def test_formulations_that_need_more_are_refused(file: Path, formulation: str) -> None:
    with pytest.raises(HarnessError, match=rf"--formulation {formulation} .* give {' or '.join(OWN)}"):
        OwnProblem([file], formulation)


def test_all_muscles_cannot_be_taken_as_measured_without_their_emg(file: Path) -> None:
    with pytest.raises(HarnessError, match=r"needs EMG of all muscles, and mine has none of INFSP.*: give m1"):
        OwnProblem([file], "m2")
    assert OwnProblem(["a-published"], "m2").projection.equations == 5


def test_any_number_of_equations_may_be_left(laboratory: Recording, tmp_path: Path) -> None:
    """With fewer muscles that are not measured, more is left of the five equations; all muscles then take part."""
    for deep, equations in ((("PQ",), 4), (("PQ", "BRA"), 3), ((), 5)):
        write_recording(replace(laboratory, deep_muscles=deep), tmp_path / "mine.nc")
        assert OwnProblem([tmp_path / "mine.nc"]).projection.equations == equations


def test_nothing_left_to_identify_from_says_what_to_do(laboratory: Recording, tmp_path: Path) -> None:
    write_recording(replace(laboratory, deep_muscles=laboratory.muscles[:-1]), tmp_path / "mine.nc")
    with pytest.raises(HarnessError, match="no equation is left to identify from: measure EMG of more muscles"):
        OwnProblem([tmp_path / "mine.nc"])


def test_recordings_must_be_of_one_arm_and_seen_alike(laboratory: Recording, file: Path, tmp_path: Path) -> None:
    changes = {
        "arm": replace(laboratory, arm=replace(laboratory.arm, variant="another")),
        "deep muscles": replace(laboratory, deep_muscles=("PQ",)),
        "samples/s": replace(laboratory, time_s=2.0 * laboratory.time_s),
    }
    for told, other in changes.items():
        write_recording(other, tmp_path / "other.nc")
        with pytest.raises(HarnessError, match=told):
            OwnProblem([file, tmp_path / "other.nc"])
        with pytest.raises(HarnessError, match=told):
            OwnProblem([file]).with_recordings([tmp_path / "other.nc"])


def test_bones_can_be_taken_as_the_model_has_them(file: Path) -> None:
    """The same residual at the model's bones, and no parameter of theirs."""
    free, known = OwnProblem([file]), OwnProblem([file], bones_are_known=True)
    stages = [problem.acceleration_stage(problem.nominal) for problem in (free, known)]
    rows = [stage.residual(stage.space.start) / stage.weight for stage in stages]
    np.testing.assert_allclose(rows[0], rows[1], rtol=1e-9, atol=1e-9)
    bones = [name for name in stages[0].space.names if name.partition(".")[0] in free.identified_bodies]
    assert len(bones) == 30
    assert {*stages[0].space.names} - {*stages[1].space.names} == {*bones}
    _, jacobian = stages[0].residual_and_jacobian(stages[0].space.start)
    _, without = stages[1].residual_and_jacobian(stages[1].space.start)
    np.testing.assert_allclose(without / stages[1].weight, jacobian[:, 30:] / stages[0].weight, rtol=1e-9, atol=1e-9)
    assert known.with_recordings([file]).identified_bodies == ()


def test_what_is_no_recording_or_too_short_says_so(laboratory: Recording, tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="no such recording"):
        OwnProblem([tmp_path / "missing.nc"])
    write_recording(laboratory.at(slice(20)), tmp_path / "short.nc")
    with pytest.raises(HarnessError, match="short has no sample beyond the settling time"):
        OwnProblem([tmp_path / "short.nc"])
