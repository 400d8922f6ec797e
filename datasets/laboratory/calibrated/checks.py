"""Whether identified parameters are some that an arm can have."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from benchmark.uncertainty.consistency import symmetric
from datasets.description import ArmDescription, Body
from datasets.laboratory.files.text import LaboratoryError, shown, there_are
from datasets.parameters import BONE_UNITS, CALIBRATION_UNITS, MUSCLE_UNITS, SHARED_UNITS, SYNERGIES

_POSITIVE = {*MUSCLE_UNITS, "mass", "activation_time", "deactivation_time"} - {"pennation_at_optimal"}
_ROUNDING = 1e-9  # of the largest moment of inertia


def check_values(arm: ArmDescription, values: Mapping[str, float]) -> None:
    """Check parameters of an arm.

    Parameters
    ----------
    arm
        The arm.
    values
        By the names of `datasets.parameters`.

    Raises
    ------
    LaboratoryError
        If a parameter is none of the arm's, not finite, or not positive where it must be.
    """
    known = {f"{muscle}.{kind}" for muscle in arm.muscle_names for kind in MUSCLE_UNITS}
    known |= {f"{body}.{kind}" for body in arm.identified_bodies for kind in BONE_UNITS}
    known |= {*SHARED_UNITS, *CALIBRATION_UNITS}
    for name, value in values.items():
        owner, _, kind = name.partition(".")
        is_positive = (kind or owner) in _POSITIVE
        if name not in known and owner != SYNERGIES:
            raise LaboratoryError(
                f"parameter {shown(name)} is none of arm {arm.variant}; {there_are(name, sorted(known))}"
            )
        if not math.isfinite(value) or (is_positive and value <= 0.0):
            expected = "a number above 0" if is_positive else "a finite number"
            raise LaboratoryError(f"parameter {name} is {value:g}, expected {expected}; leave it out of the values")


def check_body(body: Body) -> None:
    """Check that a rigid body can have such an inertia: no moment is below 0, or beyond the sum of the other two.

    Raises
    ------
    LaboratoryError
        If it cannot.
    """
    moments = np.linalg.eigvalsh(symmetric(body.inertia_kg_m2))
    slack = _ROUNDING * float(np.abs(moments).max())
    if moments[0] < -slack or moments[2] > moments[0] + moments[1] + slack:
        principal = ", ".join(f"{moment:.4g}" for moment in moments)
        raise LaboratoryError(
            f"body {body.name}: no rigid body has the principal moments of inertia {principal} kg m2, expected each "
            f"from 0 to the sum of the others; leave the body's parameters out of the values"
        )
