"""Calibrated models: what OpenSim makes of them, against the suite's own muscles."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmark.model.contraction import fibre_force, fibre_parameters
from benchmark.model.curves import muscle_curves
from datasets.arm_files import load_arm
from datasets.description import ArmDescription
from datasets.laboratory.calibrated.apart import write_calibrated_apart
from datasets.laboratory.files.text import LaboratoryError
from datasets.parameters import BONE_UNITS, true_parameters
from tests.datasets.laboratory.in_opensim import in_opensim

pytestmark = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")

Laboratory = tuple[Path, ArmDescription]


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    found: Laboratory = in_opensim(
        "calibrated.calibrated_probe", "laboratory_model", tmp_path_factory.mktemp("laboratory")
    )
    return found


@pytest.fixture(scope="module")
def values(laboratory: Laboratory) -> dict[str, float]:
    """All of it identified but the radius: every parameter somewhat off."""
    true = true_parameters(laboratory[1])
    shares = np.random.default_rng(3).uniform(0.94, 1.06, len(true))
    found = {name: value * share for (name, value), share in zip(true.items(), shares, strict=True)}
    # Moments of inertia grow together, or else no rigid body has them.
    found |= {name: 1.04 * value for name, value in true.items() if ".inertia." in name}
    found |= {"shape_factor": 0.05, "synergies.1.DELT1": 0.3}
    return {name: value for name, value in found.items() if not name.startswith("radius.")}


@pytest.fixture(scope="module")
def calibrated(laboratory: Laboratory, values: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Any:
    out_path = tmp_path_factory.mktemp("out") / "new" / "calibrated.osim"
    found = in_opensim("calibrated.calibrated_probe", "calibrated", *laboratory, values, out_path)
    assert [path.name for path in out_path.parent.iterdir()] == ["calibrated.osim"]
    return found


def test_opensims_tendon_forces_are_the_suites(
    laboratory: Laboratory, values: dict[str, float], calibrated: Any
) -> None:
    arm = laboratory[1]
    assert set(calibrated["classes"].values()) == {"Millard2012EquilibriumMuscle"}
    assert [muscle.name for muscle in arm.muscles if muscle.rigid_tendon] == ["PECM1"]
    for muscle in arm.muscles:
        activation, length, speed, tendon_m, force = calibrated["states"][muscle.name]
        parameters = fibre_parameters(values, [muscle.name])
        strongest = values[f"{muscle.name}.maximum_isometric_force"]
        # Figures go through the file with all digits; OpenSim solves its equilibria to some 1e-9 of this force.
        own = fibre_force(activation, np.array([length]), np.array([speed]), parameters)
        assert force == pytest.approx(float(own[0]), abs=1e-6 * strongest)
        if not muscle.rigid_tendon:
            stretch = np.array([tendon_m / values[f"{muscle.name}.tendon_slack_length"]])
            tendon = strongest * muscle_curves().tendon_force_length(stretch)
            assert force == pytest.approx(float(tendon[0]), abs=1e-6 * strongest)
        assert force > 0.01 * strongest


def test_bones_are_the_identified_ones_and_others_stay(values: dict[str, float], calibrated: Any) -> None:
    for name in ("humerus", "ulna"):
        assert calibrated["bodies"][name] == pytest.approx([values[f"{name}.{kind}"] for kind in BONE_UNITS], rel=1e-12)
    for name in ("radius", "hand"):
        body = load_arm("published").body(name)
        own = [body.mass_kg, *body.centre_of_mass_m, *body.inertia_kg_m2]
        assert calibrated["bodies"][name] == pytest.approx(own, rel=1e-12)
    assert calibrated["TRIlong"] == 771.8


def test_times_groups_and_credits_are_kept_or_told(values: dict[str, float], calibrated: Any) -> None:
    assert set(calibrated["activation times"].values()) == {values["activation_time"]}
    assert calibrated["members"] == ["BRA"]
    assert calibrated["credits"].startswith("Its own authors. Calibrated by")
    assert "muscles (DELT1, BIClong, PECM1, BRA)" in calibrated["credits"]
    assert "bodies (humerus, ulna)" in calibrated["credits"]


def test_what_was_not_identified_stays(laboratory: Laboratory, tmp_path: Path) -> None:
    path, arm = laboratory
    found = in_opensim(
        "calibrated.calibrated_probe",
        "calibrated",
        path,
        arm,
        {"BRA.maximum_isometric_force": 900.0},
        tmp_path / "one.osim",
    )
    assert found["classes"]["DELT1"] == "Thelen2003Muscle"
    assert found["classes"]["BRA"] == "Millard2012EquilibriumMuscle"
    assert found["activation times"]["BRA"] == 0.017
    assert "muscles (BRA)" in found["credits"]
    assert "bodies (none)" in found["credits"]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"BRAC.optimal_fibre_length": 0.1}, "parameter 'BRAC.optimal_fibre_length' is none of arm"),
        ({"BRA.optimal_fibre_length": -0.1}, "parameter BRA.optimal_fibre_length is -0.1, expected a number above 0"),
        ({"humerus.mass": float("nan")}, "parameter humerus.mass is nan, expected a number above 0"),
        ({"humerus.inertia.xx": 5.0}, "body humerus: no rigid body has the principal moments of inertia"),
    ],
)
def test_impossible_values_are_told_and_nothing_is_written(
    laboratory: Laboratory, tmp_path: Path, wrong: dict[str, float], complaint: str
) -> None:
    out_path = tmp_path / "never.osim"
    with pytest.raises(LaboratoryError, match=complaint):
        write_calibrated_apart(*laboratory, wrong, out_path)
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_gone_is_told(laboratory: Laboratory, tmp_path: Path) -> None:
    with pytest.raises(LaboratoryError, match=r"gone.osim: there is no such file"):
        write_calibrated_apart(
            tmp_path / "gone.osim", laboratory[1], {"activation_time": 0.01}, tmp_path / "never.osim"
        )


def test_another_model_is_told(laboratory: Laboratory, tmp_path: Path) -> None:
    other = in_opensim("model.skeleton_probe", "other_model", tmp_path)
    with pytest.raises(LaboratoryError, match=r"other.osim: muscle BRA is missing, expected the model"):
        write_calibrated_apart(other, laboratory[1], {"BRA.optimal_fibre_length": 0.1}, tmp_path / "never.osim")
    assert [path.name for path in tmp_path.iterdir()] == ["other.osim"]


def test_the_laboratorys_own_model_is_not_replaced(laboratory: Laboratory) -> None:
    path, arm = laboratory
    before = path.read_bytes()
    with pytest.raises(LaboratoryError, match="is the laboratory's own model, expected another file"):
        write_calibrated_apart(path, arm, {"activation_time": 0.01}, path)
    assert path.read_bytes() == before
