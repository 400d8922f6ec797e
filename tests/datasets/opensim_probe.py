"""Run in a process of its own: pose the OpenSim model built from the description, and save what it says of the poses.

Arguments: the reference file, the file to write.
"""

import sys
from typing import Any

import numpy as np
import opensim

from datasets.arm_files import load_arm
from datasets.opensim_model import build_model


def main(reference_path: str, output_path: str) -> None:
    """Write lengths, moment arms, masses and biases of all the reference's poses."""
    reference = np.load(reference_path)
    arm = load_arm("published")
    model = build_model(arm)
    state = model.initSystem()
    coordinates = [model.getCoordinateSet().get(name) for name in arm.coordinates]
    independent = [model.getCoordinateSet().get(name) for name in arm.independent_coordinates]
    muscles = [model.getMuscles().get(name) for name in arm.muscle_names]
    found: dict[str, list[object]] = {}
    for group in ("movement_range", "full_range", "off_manifold"):
        for position, speed in zip(reference[f"{group}_position"], reference[f"{group}_speed"], strict=True):
            for coordinate, q, u in zip(coordinates, position, speed, strict=True):
                coordinate.setValue(state, float(q), False)
                coordinate.setSpeedValue(state, float(u))
            model.realizeVelocity(state)
            lengths = [muscle.getLength(state) for muscle in muscles]
            found.setdefault(f"{group}_musculotendon_length", []).append(lengths)
            found.setdefault(f"{group}_mass_matrix", []).append(_mass_matrix(model, state))
            if group != "off_manifold":
                arms = [[muscle.computeMomentArm(state, item) for item in independent] for muscle in muscles]
                found.setdefault(f"{group}_moment_arm", []).append(arms)
    arrays: dict[str, Any] = {name: np.array(values) for name, values in found.items()}
    np.savez(output_path, **arrays)


def _mass_matrix(model: opensim.Model, state: opensim.State) -> list[list[float]]:
    matrix = opensim.Matrix()
    model.getMatterSubsystem().calcM(state, matrix)
    return [[matrix.get(row, column) for column in range(matrix.ncol())] for row in range(matrix.nrow())]


if __name__ == "__main__":
    main(*sys.argv[1:])
