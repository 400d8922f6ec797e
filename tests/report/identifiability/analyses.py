"""Small analyses that no problem has: two bones that are seen together alone, two muscles, a hidden one."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import COEFFICIENT, Quantities, kind_of
from datasets.parameters import SHARED_UNITS, unit

BONES = ("humerus.mass", "ulna.mass")
MUSCLES = tuple(
    f"{muscle}.{kind}"
    for muscle in ("DELT1", "PECM1")
    for kind in ("maximum_isometric_force", "optimal_fibre_length", "pennation_at_optimal")
)
NAMES = (*BONES, *MUSCLES, *SHARED_UNITS)
TENDON = "DELT1.tendon_slack_length"
TOGETHER = f"{COEFFICIENT} humerus m"
HIDDEN = "BRD.optimal_fibre_length"
WHY = "BRD is eliminated: its force is whatever the equations ask for"
VARIANTS = ("published", "light")
PROBLEMS = tuple(
    f"{formulation}-{movements}-{variant}"
    for formulation in ("m1", "m2")
    for variant in VARIANTS
    for movements in ("a", "b", "ab")
)


UNKNOWN = tuple(f"{formulation}-ab-{variant}-fibres_unknown" for formulation in ("m1", "m2") for variant in VARIANTS)


def jacobian(problem: str) -> NDArray[np.float64]:
    """Sensitivities to relative parameters; both masses have the same effect, and later parameters less and less.

    Those of several movements are those of each, below each other.
    """
    formulation, movements, variant = problem.split("-")[:3]
    parts = []
    for movement in movements:
        random = np.random.default_rng(zlib.crc32(f"{formulation}{movement}{variant}".encode()))
        part = random.standard_normal((40, len(NAMES))) * np.geomspace(1.0, 0.003, len(NAMES))
        part[:, 1] = part[:, 0]
        parts.append(part * (10.0 if formulation == "m2" else 1.0))
    return np.concatenate(parts)


def analysis(problem: str) -> Analysis:
    """The analysis of a problem of that name."""
    values = np.linspace(1.0, 2.0, len(NAMES))
    known = Information.of_jacobian(NAMES, values, values, jacobian(problem) / values)
    rows = np.eye(len(NAMES))
    names = (*NAMES, TENDON, TOGETHER)
    quantities = Quantities(
        names=names,
        kinds=(*map(kind_of, (*NAMES, TENDON)), COEFFICIENT),
        units=(*map(unit, (*NAMES, TENDON)), "kg"),
        values=np.append(values, [0.1, 3.0]),
        magnitudes=np.append(values, [0.1, 3.0]),
        matrix=np.vstack([rows, 0.5 * rows[3], rows[0] + rows[1]]),
    )
    return Analysis(problem, 7.5, known, quantities, {HIDDEN: WHY}, ())
