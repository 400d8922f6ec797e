"""Writes calibrated models in a process of its own, as OpenSim needs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from datasets.description import ArmDescription
from datasets.laboratory.apart import write_apart
from datasets.opensim_process import Report


def write_calibrated_apart(model_path: Path, arm: ArmDescription, values: Mapping[str, float], out_path: Path) -> None:
    """Write a laboratory's model with identified parameters, see `write_calibrated` in ``write.py``.

    Raises
    ------
    LaboratoryError
        If OpenSim is not installed, a file or a value cannot be used, or the model cannot be written.
    """
    write_apart(_write, (model_path, arm, dict(values), out_path), "writing of the calibrated model", out_path)


def _write(model_path: Path, arm: ArmDescription, values: Mapping[str, float], out_path: Path, report: Report) -> None:
    """In the process of its own."""
    from datasets.laboratory.calibrated.write import write_calibrated

    write_calibrated(model_path, arm, values, out_path)
