"""Moves imported models; run in a process of its own."""

from pathlib import Path

import numpy as np

from datasets.arm_files import load_arm
from datasets.laboratory.model.coordinates import coordinate_lines
from datasets.laboratory.model.kinematics import muscle_kinematics
from datasets.laboratory.model.moved import Motion, MuscleKinematics
from datasets.laboratory.model.opened import open_model
from datasets.opensim_model import build_model
from tests.datasets.laboratory.model import made_up


def suite_model(folder: Path) -> Path:
    """The suite's arm as a model's file."""
    return made_up.saved(build_model(load_arm("published")), folder / "suite.osim")


def along(
    path: Path, independent: tuple[str, ...], muscles: tuple[str, ...], motion: Motion
) -> tuple[MuscleKinematics, list[int]]:
    """The muscles along a motion, and what was reported meanwhile."""
    reported: list[int] = []
    lines = coordinate_lines(open_model(path), {})
    found = muscle_kinematics(path, lines, independent, muscles, motion, reported.append)
    return found, reported


def turned_pin(folder: Path, angles: list[float], held: float) -> MuscleKinematics:
    """The muscle of the near pin of two links, with the far one held."""
    path = made_up.two_links(folder / "two.osim", lambda model: None)
    lines = coordinate_lines(open_model(path), {"b": held})
    position = np.array(angles)[:, None]
    motion = Motion(np.linspace(0.0, 0.02, len(angles)), position, np.full_like(position, 2.0), np.zeros_like(position))
    return muscle_kinematics(path, lines, ("a",), ("FLEX1",), motion, lambda done: None)
