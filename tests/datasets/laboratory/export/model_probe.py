"""Run in a process of its own: load an OpenSim model from a file, and save what it says of muscles, bodies and poses.

Arguments: the model, the file to write.
"""

import json
import sys
from pathlib import Path
from typing import Any

import opensim

opensim.Logger.removeFileSink()


def main(model_path: str, output_path: str) -> None:
    """Write the model's muscles (five parameters), bodies (ten) and coordinates as JSON."""
    model = opensim.Model(model_path)
    model.initSystem()
    muscles = [model.getMuscles().get(index) for index in range(model.getMuscles().getSize())]
    bodies = [model.getBodySet().get(index) for index in range(model.getBodySet().getSize())]
    coordinates = model.getCoordinateSet()
    found = {
        "muscles": {muscle.getName(): _muscle(muscle) for muscle in muscles},
        "bodies": {body.getName(): _body(body) for body in bodies},
        "coordinates": [coordinates.get(index).getName() for index in range(coordinates.getSize())],
    }
    Path(output_path).write_text(json.dumps(found))


def _muscle(muscle: Any) -> list[float]:
    return [
        muscle.get_max_isometric_force(),
        muscle.get_optimal_fiber_length(),
        muscle.get_max_contraction_velocity() * muscle.get_optimal_fiber_length(),
        muscle.get_pennation_angle_at_optimal(),
        muscle.get_tendon_slack_length(),
    ]


def _body(body: Any) -> list[float]:
    centre, inertia = body.getMassCenter(), body.getInertia()
    moments, products = inertia.getMoments(), inertia.getProducts()
    vectors = [[vector.get(index) for index in range(3)] for vector in (centre, moments, products)]
    return [body.getMass(), *vectors[0], *vectors[1], *vectors[2]]


if __name__ == "__main__":
    main(*sys.argv[1:])
