"""The OpenSim model of an arm, written to a file."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from datasets.description import ArmDescription
from datasets.laboratory.files.text import LaboratoryError
from datasets.opensim_process import NOT_INSTALLED, ProcessError, Report, run_apart

DEADLINE_S = 300.0  # some seconds are usual, most of them for loading OpenSim


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
    if find_spec("opensim") is None:
        raise LaboratoryError(NOT_INSTALLED)
    try:
        run_apart(_write, (arm, path), "writing of the model", DEADLINE_S, _untold)
    except ProcessError as error:
        raise LaboratoryError(f"{path.name}: {error}") from error


def _untold(samples: int) -> None:
    """A model has no samples to tell of."""


def _write(arm: ArmDescription, path: Path, report: Report) -> None:
    """In the process of its own."""
    from datasets.opensim_model import build_model

    if not build_model(arm).printToXML(str(path)):
        raise OSError(f"{path} could not be written")
