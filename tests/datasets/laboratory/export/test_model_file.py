"""Model files: what OpenSim reads of one is the arm that was written."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from datasets.arm_files import load_arm
from datasets.laboratory import apart as module
from datasets.laboratory.export.generic_model import generic_arm
from datasets.laboratory.export.model_file import write_model
from datasets.laboratory.files.text import LaboratoryError
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS, true_parameters

needs_opensim = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")


@needs_opensim
def test_the_model_reads_in_opensim_with_the_arms_parameters(tmp_path: Path) -> None:
    arm = generic_arm(load_arm("subject2"), 0.1, 5)
    write_model(arm, tmp_path / "arm.osim")
    probe = Path(__file__).with_name("model_probe.py")
    command: list[str | Path] = [sys.executable, probe, tmp_path / "arm.osim", tmp_path / "found.json"]
    subprocess.run(command, check=True, cwd=tmp_path, timeout=120, capture_output=True)
    assert {path.name for path in tmp_path.iterdir()} == {"arm.osim", "found.json"}
    found, expected = json.loads((tmp_path / "found.json").read_text()), true_parameters(arm)
    assert found["coordinates"] == [*arm.coordinates]
    assert set(found["muscles"]) == {*arm.muscle_names}
    for muscle, figures in found["muscles"].items():
        # OpenSim writes figures with 17 digits; v_max goes through a quotient and a product.
        assert figures == pytest.approx([expected[f"{muscle}.{kind}"] for kind in MUSCLE_UNITS], rel=1e-14)
    for body in arm.identified_bodies:
        # Even inertia that no distribution of mass has, which independent draws may come to, is left as it is.
        assert found["bodies"][body] == pytest.approx([expected[f"{body}.{kind}"] for kind in BONE_UNITS], rel=1e-14)


@needs_opensim
def test_a_model_that_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(LaboratoryError, match=r"arm.osim: the writing of the model failed") as caught:
        write_model(load_arm(), tmp_path / "missing" / "arm.osim")
    assert "\n" not in str(caught.value)


def test_without_opensim_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(LaboratoryError, match=r"pip install 'arm-identification-benchmark\[opensim\]'"):
        write_model(load_arm(), tmp_path / "arm.osim")
    assert list(tmp_path.iterdir()) == []
