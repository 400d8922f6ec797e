"""Reads tables of joint angles for a model; run in a process of its own."""

from pathlib import Path

import numpy as np
import opensim
from numpy.typing import NDArray

from datasets.laboratory.files.table import Table
from datasets.laboratory.model.angles import measured_angles
from datasets.laboratory.model.opened import open_model
from tests.datasets.laboratory.model import made_up


def coupled(folder: Path, table: Table) -> tuple[NDArray[np.float64], tuple[str, ...], float]:
    """Angles of `a`, an angle, and `c`, which turns by a spline; and what OpenSim makes of 0.2 of `c` in degrees."""

    def change(model: opensim.Model) -> None:
        turns = (("c", (0.0, 0.0, 1.0), made_up.straight(1.0, 0.0)),)
        frames = made_up.plain(model.getGround(), made_up.add_body(model, "extra"))
        made_up.add_joint(model, opensim.CustomJoint("extra", *frames, made_up.transform(turns)), ("c",))

    model = open_model(made_up.two_links(folder / "arm.osim", change))
    angles, notes = measured_angles(model, table, ("a", "c"))
    theirs = opensim.TimeSeriesTable()
    theirs.setColumnLabels(["c"])
    theirs.appendRow(0.0, opensim.RowVector([0.2]))
    theirs.addTableMetaDataString("inDegrees", "yes")
    model.getSimbodyEngine().convertDegreesToRadians(theirs)
    return angles, notes, float(theirs.getRowAtIndex(0).to_numpy()[0])
