"""Names, units and true values of an arm's parameters: the one table that all else refers to.

A parameter's name says where it belongs: ``PECM1.optimal_fibre_length``, ``humerus.centre_of_mass.x``, ``c1``.
"""

from __future__ import annotations

from datasets.description import ArmDescription, Body, Muscle

MUSCLE_UNITS = {
    "maximum_isometric_force": "N",
    "optimal_fibre_length": "m",
    "maximum_contraction_velocity": "m/s",
    "pennation_at_optimal": "rad",
    "tendon_slack_length": "m",
}
BONE_UNITS = (
    {"mass": "kg"}
    | {f"centre_of_mass.{axis}": "m" for axis in "xyz"}
    | {f"inertia.{axes}": "kg m2" for axes in ("xx", "yy", "zz", "xy", "xz", "yz")}
)
SHARED_UNITS = {
    "c1": "1",
    "c2": "1",
    "electromechanical_delay": "s",
    "activation_time": "s",
    "deactivation_time": "s",
}
# Of calibration by moment tracking alone: a simulated arm has none, its activation has dynamics instead.
CALIBRATION_UNITS = {"shape_factor": "1"}
# Weights of muscle synergies, of which a simulated arm has none either: what this owner has is without unit.
SYNERGIES = "synergies"

USUAL_FIBRE_LENGTHS = (0.5, 1.5)  # in optimal ones: beyond, muscles of people are hardly ever seen to work


def unit(name: str) -> str:
    """Unit of the parameter called `name` (``1`` where it has none)."""
    if "." not in name:
        return (SHARED_UNITS | CALIBRATION_UNITS)[name]
    owner, _, kind = name.partition(".")
    if owner == SYNERGIES:
        return "1"
    return MUSCLE_UNITS[kind] if kind in MUSCLE_UNITS else BONE_UNITS[kind]


def true_parameters(arm: ArmDescription) -> dict[str, float]:
    """All parameters of `arm`, by name: identified bodies' bones (10 each), muscles (5 each), shared (5)."""
    values: dict[str, float] = {}
    for name in arm.identified_bodies:
        values |= _named(name, _bone_values(arm.body(name)))
    for muscle in arm.muscles:
        values |= _named(muscle.name, _muscle_values(muscle))
    excitation, activation = arm.physiology["excitation"], arm.physiology["activation"]
    return values | {
        "c1": excitation["c1"],
        "c2": excitation["c2"],
        "electromechanical_delay": excitation["delay_s"],
        "activation_time": activation["activation_time_s"],
        "deactivation_time": activation["deactivation_time_s"],
    }


def _named(owner: str, values: dict[str, float]) -> dict[str, float]:
    return {f"{owner}.{kind}": value for kind, value in values.items()}


def _bone_values(body: Body) -> dict[str, float]:
    return dict(zip(BONE_UNITS, (body.mass_kg, *body.centre_of_mass_m, *body.inertia_kg_m2), strict=True))


def _muscle_values(muscle: Muscle) -> dict[str, float]:
    figures = (
        muscle.maximum_isometric_force_n,
        muscle.optimal_fibre_length_m,
        muscle.maximum_contraction_velocity_m_per_s,
        muscle.pennation_at_optimal_rad,
        muscle.tendon_slack_length_m,
    )
    return dict(zip(MUSCLE_UNITS, figures, strict=True))
