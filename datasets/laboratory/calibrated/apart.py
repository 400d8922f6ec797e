"""Writes calibrated models in a process of its own, as OpenSim needs it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from datasets.description import ArmDescription
from datasets.laboratory.files.text import LaboratoryError
from datasets.opensim_process import NOT_INSTALLED, ProcessError, Report, run_apart

DEADLINE_S = 300.0  # some seconds are usual, most of them for loading OpenSim


def write_calibrated_apart(model_path: Path, arm: ArmDescription, values: Mapping[str, float], out_path: Path) -> None:
    """Write a laboratory's model with identified parameters, see `write_calibrated` in ``write.py``.

    Raises
    ------
    LaboratoryError
        If OpenSim is not installed, a file or a value cannot be used, or the model cannot be written.
    """
    if find_spec("opensim") is None:
        raise LaboratoryError(NOT_INSTALLED)
    work = (model_path, arm, dict(values), out_path)
    try:
        run_apart(_write, work, "writing of the calibrated model", DEADLINE_S, _untold, (LaboratoryError,))
    except ProcessError as error:
        raise LaboratoryError(f"{out_path}: {error}") from None


def _write(model_path: Path, arm: ArmDescription, values: Mapping[str, float], out_path: Path, report: Report) -> None:
    """In the process of its own."""
    from datasets.laboratory.calibrated.write import write_calibrated

    write_calibrated(model_path, arm, values, out_path)


def _untold(samples: int) -> None:
    """A model has no samples to tell of."""
