"""A laboratory's OpenSim model, opened, with errors that say what to do.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import opensim

from datasets.laboratory.files.text import LaboratoryError

opensim.Logger.removeFileSink()  # or else an opensim.log appears wherever the process runs
opensim.Logger.setLevelString("error")


def open_model(path: Path) -> opensim.Model:
    """Open a model's file, and connect the model.

    Parameters
    ----------
    path
        The ``.osim`` file.

    Raises
    ------
    LaboratoryError
        If there is no such file, or it is no model that OpenSim can work with.
    """
    if not path.is_file():
        raise LaboratoryError(f"{path}: there is no such file, expected an OpenSim model (.osim)")
    try:
        model = opensim.Model(str(path))
        model.initSystem()
    except RuntimeError as error:
        raise LaboratoryError(
            f"{path}: OpenSim cannot use it as a model: {str(error)[:300]}; open it in OpenSim's own program, "
            f"mend what that complains about, and save it again"
        ) from error
    if model.getJointSet().getSize() == 0:
        raise LaboratoryError(f"{path}: there is no joint in it, expected an OpenSim model (.osim) of an arm")
    return model


def complaint(model: opensim.Model, text: str) -> LaboratoryError:
    """An error about something in a model, with the model's file named first."""
    return LaboratoryError(f"{Path(model.getInputFileName())}: {text}")


def release(coordinate: Any) -> None:
    """Let a coordinate go wherever it is put."""
    coordinate.set_locked(False)
    coordinate.set_clamped(False)
    coordinate.set_prescribed(False)


def items(group: Any) -> list[Any]:
    """The members of an OpenSim set."""
    return [group.get(index) for index in range(group.getSize())]


def names(array: Any) -> list[str]:
    """The texts of an OpenSim array."""
    return [str(array.get(index)) for index in range(array.getSize())]
