"""The suite's force curves and other figures that all muscles share, in OpenSim's muscles.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import opensim

from datasets.description import Muscle

_TENDON = ("strain_at_one_norm_force", "stiffness_at_one_norm_force", "norm_force_at_toe_end", "curviness")
_PASSIVE = (
    "strain_at_zero_force",
    "strain_at_one_norm_force",
    "stiffness_at_low_force",
    "stiffness_at_one_norm_force",
    "curviness",
)
# OpenSim's curves: the description's table of each, and OpenSim's name of each of the table's constants. The active
# curve's curviness is not among them: OpenSim fixes it at 1.
CURVES = {
    "ActiveForceLengthCurve": (
        "active_force_length",
        {
            "minimum_active_fibre_length": "min_norm_active_fiber_length",
            "transition_fibre_length": "transition_norm_fiber_length",
            "maximum_active_fibre_length": "max_norm_active_fiber_length",
            "shallow_ascending_slope": "shallow_ascending_slope",
            "minimum_value": "minimum_value",
        },
    ),
    "ForceVelocityCurve": (
        "force_velocity",
        {
            "concentric_slope_at_vmax": "concentric_slope_at_vmax",
            "concentric_slope_near_vmax": "concentric_slope_near_vmax",
            "isometric_slope": "isometric_slope",
            "eccentric_slope_at_vmax": "eccentric_slope_at_vmax",
            "eccentric_slope_near_vmax": "eccentric_slope_near_vmax",
            "maximum_eccentric_force": "max_eccentric_velocity_force_multiplier",
            "concentric_curviness": "concentric_curviness",
            "eccentric_curviness": "eccentric_curviness",
        },
    ),
    "FiberForceLengthCurve": ("passive_force_length", {name: name for name in _PASSIVE}),
    "TendonForceLengthCurve": ("tendon_force_length", {name: name for name in _TENDON}),
}
# And what a muscle itself has of them.
_FIGURES = {
    "fibre_damping": "fiber_damping",
    "maximum_pennation_rad": "maximum_pennation_angle",
    "minimum_activation": "minimum_activation",
}
_SAME = 1e-6  # relative: files hold rounded figures


def set_parameters(unit: opensim.Millard2012EquilibriumMuscle, muscle: Muscle) -> None:
    """Give an OpenSim muscle the five parameters of `muscle`, and its tendon."""
    unit.set_max_isometric_force(muscle.maximum_isometric_force_n)
    unit.set_optimal_fiber_length(muscle.optimal_fibre_length_m)
    unit.set_max_contraction_velocity(muscle.maximum_contraction_velocity_lo_per_s)
    unit.set_pennation_angle_at_optimal(muscle.pennation_at_optimal_rad)
    unit.set_tendon_slack_length(muscle.tendon_slack_length_m)
    unit.set_ignore_tendon_compliance(muscle.rigid_tendon)


def set_shared_figures(unit: opensim.Millard2012EquilibriumMuscle, physiology: dict[str, Any]) -> None:
    """Give an OpenSim muscle the curves, damping, pennation limit and activation limit of ``arm/physiology.toml``."""
    for owner, theirs, value in _shared(unit, physiology, "upd"):
        getattr(owner, f"set_{theirs}")(value)


def other_figures(unit: opensim.Millard2012EquilibriumMuscle, physiology: dict[str, Any]) -> tuple[str, ...]:
    """OpenSim's names of those shared figures that a muscle has other values of."""
    return tuple(
        theirs if owner is unit else f"{owner.getConcreteClassName()} {theirs}"
        for owner, theirs, value in _shared(unit, physiology, "get")
        if abs(_in_use(owner, theirs) - value) > _SAME * max(1.0, abs(value))
    )


def _shared(unit: Any, physiology: dict[str, Any], access: str) -> Iterator[tuple[Any, str, float]]:
    """What has each shared figure, OpenSim's name of it, and its value."""
    for ours, theirs in _FIGURES.items():
        yield unit, theirs, physiology[ours]
    for curve_name, (table, properties) in CURVES.items():
        curve = getattr(unit, f"{access}_{curve_name}")()
        for ours, theirs in properties.items():
            yield curve, theirs, physiology[table][ours]


def _in_use(owner: Any, name: str) -> float:
    """A figure of a muscle or a curve; where a curve leaves it open, what OpenSim computes in its place."""
    if owner.getPropertyByName(name).size() > 0:
        return float(getattr(owner, f"get_{name}")())
    return float(getattr(owner, f"get{''.join(word.capitalize() for word in name.split('_'))}InUse")())
