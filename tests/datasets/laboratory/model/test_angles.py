"""Coordinates that OpenSim calls coupled are in rad also in tables in degrees, as OpenSim itself has it."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from datasets.laboratory.files.table import Table
from datasets.laboratory.files.text import LaboratoryError
from tests.datasets.laboratory.in_opensim import in_opensim

pytestmark = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")


def motion(of_c: list[float]) -> Table:
    values = np.column_stack([[30.0, 45.0, 60.0], of_c])
    return Table(Path("ik.mot"), np.array([0.0, 0.01, 0.02]), ("a", "c"), values, True)


def test_coupled_coordinates_are_in_rad_as_opensim_has_them(tmp_path: Path) -> None:
    angles, notes, theirs = in_opensim("model.angles_probe", "coupled", tmp_path, motion([0.1, 0.2, 0.3]))
    np.testing.assert_allclose(angles, np.column_stack([np.radians([30.0, 45.0, 60.0]), [0.1, 0.2, 0.3]]), rtol=1e-15)
    assert theirs == 0.2
    assert len(notes) == 1
    assert notes[0].startswith("c: taken to be in rad")


def test_coupled_coordinates_in_degrees_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        LaboratoryError, match=r"ik.mot: column c goes to 30, expected rad: .* turn the column into rad"
    ):
        in_opensim("model.angles_probe", "coupled", tmp_path, motion([10.0, 20.0, 30.0]))
