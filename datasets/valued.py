"""An arm with other values of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from datasets.description import ArmDescription, Body, Muscle
from datasets.parameters import true_parameters


def arm_with(arm: ArmDescription, values: Mapping[str, float]) -> ArmDescription:
    """Give an arm's muscles and identified bodies other parameters.

    Parameters
    ----------
    arm
        The arm.
    values
        By the names of `datasets.parameters`; of what is missing the arm's own are taken.

    Returns
    -------
    ArmDescription
        The same skeleton, paths and physiology.
    """
    complete = true_parameters(arm) | dict(values)
    return replace(
        arm,
        bodies=tuple(_body(body, complete) if body.name in arm.identified_bodies else body for body in arm.bodies),
        muscles=tuple(_muscle(muscle, complete) for muscle in arm.muscles),
    )


def _body(body: Body, values: Mapping[str, float]) -> Body:
    return replace(
        body,
        mass_kg=values[f"{body.name}.mass"],
        centre_of_mass_m=tuple(values[f"{body.name}.centre_of_mass.{axis}"] for axis in "xyz"),
        inertia_kg_m2=tuple(values[f"{body.name}.inertia.{axes}"] for axes in ("xx", "yy", "zz", "xy", "xz", "yz")),
    )


def _muscle(muscle: Muscle, values: Mapping[str, float]) -> Muscle:
    optimal_m = values[f"{muscle.name}.optimal_fibre_length"]
    return replace(
        muscle,
        maximum_isometric_force_n=values[f"{muscle.name}.maximum_isometric_force"],
        optimal_fibre_length_m=optimal_m,
        maximum_contraction_velocity_lo_per_s=values[f"{muscle.name}.maximum_contraction_velocity"] / optimal_m,
        pennation_at_optimal_rad=values[f"{muscle.name}.pennation_at_optimal"],
        tendon_slack_length_m=values[f"{muscle.name}.tendon_slack_length"],
    )
