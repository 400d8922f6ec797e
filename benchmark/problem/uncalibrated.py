"""The uncalibrated model of moment tracking: what scaling a generic model leaves of a subject, and CEINMS's bounds."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from benchmark.problem.parameters import Box

# Spread between a linearly scaled model and its subject, as a share; none is beyond twice that.
SPREAD = {"optimal_fibre_length": 0.05, "tendon_slack_length": 0.05, "maximum_isometric_force": 0.2}
MOST_SPREADS = 2.0
SEED = 2015
# As CEINMS documents them (Pizzolato et al. 2015): of the filter and the shape factor; and of the muscles, relative to
# the uncalibrated model, the force's factor being CEINMS's strength coefficient.
SHARED_BOUNDS: Mapping[str, Box] = {"c1": (-0.95, -0.05), "c2": (-0.95, -0.05), "shape_factor": (-2.999, -0.001)}
RELATIVE_BOUNDS: Mapping[str, Box] = {
    "optimal_fibre_length": (0.85, 1.15),
    "tendon_slack_length": (0.85, 1.15),
    "maximum_isometric_force": (0.5, 2.5),
}


def uncalibrated(truth: Mapping[str, float], muscles: tuple[str, ...]) -> dict[str, float]:
    """Parameters of the uncalibrated model by name, off the truth by a seeded draw, the same for all problems.

    The filter and the shape factor start in the middle of their bounds.
    """
    values = {name: 0.5 * (low + high) for name, (low, high) in SHARED_BOUNDS.items()}
    for muscle in muscles:
        for kind, spread in SPREAD.items():
            name = f"{muscle}.{kind}"
            deviation = np.random.default_rng([SEED, zlib.crc32(name.encode())]).standard_normal()
            values[name] = truth[name] * (1.0 + spread * float(np.clip(deviation, -MOST_SPREADS, MOST_SPREADS)))
    return values


def calibration_bounds(uncalibrated_values: Mapping[str, float]) -> dict[str, Box]:
    """Bounds of all parameters of moment tracking by name."""
    boxes = dict(SHARED_BOUNDS)
    for name, value in uncalibrated_values.items():
        if name not in boxes:
            low, high = RELATIVE_BOUNDS[name.partition(".")[2]]
            boxes[name] = (low * value, high * value)
    return boxes
