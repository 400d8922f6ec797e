"""The OpenSim model of an arm, written to a file."""

from __future__ import annotations

from pathlib import Path

from datasets.description import ArmDescription
from datasets.laboratory.apart import write_apart
from datasets.opensim_process import Report


def write_model(arm: ArmDescription, path: Path) -> None:
    """Write the model that :func:`datasets.opensim_model.build_model` makes of an arm.

    Parameters
    ----------
    arm
        The arm, one whose muscles' paths the description holds.
    path
        The ``.osim`` file.

    Raises
    ------
    LaboratoryError
        If OpenSim is not installed, fails or takes too long.
    """
    write_apart(_write, (arm, path), "writing of the model", path.name)


def _write(arm: ArmDescription, path: Path, report: Report) -> None:
    """In the process of its own."""
    from datasets.opensim_model import build_model

    if not build_model(arm).printToXML(str(path)):
        raise OSError(f"{path} could not be written")
