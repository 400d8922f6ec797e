"""Virtual subjects: arms drawn around the model's, with the spread that is found between people.

A subject differs from the arm with light phantom bodies in its size, its segments' masses, and its muscles' lengths and
strengths. Its geometry (segment lengths, muscle paths, wrap surfaces) grows in proportion, so joint angles mean the
same; it counts as measured, as a laboratory scales a model to markers. Masses and muscle parameters are unknown.

Means and standard deviations of the segments' masses are those of linearly scaled models; fibres and tendons vary by 3
to 9 % between people, maximum isometric forces by 20 %. How much of that goes with body size is this project's choice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from datasets.description import ArmDescription, Body, Joint, Muscle, PathFunction, PathPoint, Vector, WrapSurface

BASE_VARIANT: Final = "light_phantoms"
SUBJECTS: Final = tuple(f"subject{number}" for number in range(1, 7))
ANY_SUBJECT: Final = "subject*"

MASSES_KG: Final = {"humerus": (2.11, 0.49), "ulna": (1.04, 0.19), "radius": (0.22, 0.04)}  # mean, standard deviation
SIZE_SPREAD: Final = 0.05  # standard deviation of all lengths together
OWN_LENGTH_SPREAD: Final = 0.03  # of each muscle's fibres and tendon, beside the size
STRENGTH_SPREAD: Final = 0.20  # of each muscle's maximum isometric force
MASS_WITH_SIZE: Final = 0.7  # correlation of a segment's mass with the size
FURTHEST: Final = 2.0  # standard deviations at which draws are cut off
SEED: Final = 2022


@dataclass(frozen=True)
class Traits:
    """What makes a subject: figures relative to the model's arm, but for the masses.

    Attributes
    ----------
    size
        Factor of all lengths.
    masses_kg
        Masses of the identified segments, by name.
    own_lengths
        Factor of each muscle's optimal fibre and tendon slack length, beside the size: (m,).
    strengths
        Factor of each muscle's maximum isometric force: (m,).
    """

    size: float
    masses_kg: dict[str, float]
    own_lengths: NDArray[np.float64]
    strengths: NDArray[np.float64]


def movement_seed(variant: str, seed: int) -> int:
    """Seed of a movement as the arm called `variant` makes it: no two subjects move alike."""
    return seed + (100 * (SUBJECTS.index(variant) + 1) if variant in SUBJECTS else 0)


def any_subject(text: str) -> str:
    """A text, such as a problem's name, with `ANY_SUBJECT` in the place of a virtual subject."""
    return re.sub(rf"\b({'|'.join(SUBJECTS)})\b", ANY_SUBJECT, text)


def draw_traits(subject: str, muscles: int) -> Traits:
    """Draw what makes `subject`; always the same for the same name."""
    # Quantiles of uniform draws: numpy may change how it draws normal numbers, this it keeps.
    random = np.random.Generator(np.random.PCG64((SEED, SUBJECTS.index(subject))))
    size, *own_masses = _normal(random.random(1 + len(MASSES_KG)))
    own_share = np.sqrt(1.0 - MASS_WITH_SIZE**2)
    masses_kg = {
        segment: float(mean + spread * np.clip(MASS_WITH_SIZE * size + own_share * own, -FURTHEST, FURTHEST))
        for (segment, (mean, spread)), own in zip(MASSES_KG.items(), own_masses, strict=True)
    }
    return Traits(
        size=float(1.0 + SIZE_SPREAD * size),
        masses_kg=masses_kg,
        own_lengths=1.0 + OWN_LENGTH_SPREAD * _normal(random.random(muscles)),
        strengths=1.0 + STRENGTH_SPREAD * _normal(random.random(muscles)),
    )


def virtual_subject(arm: ArmDescription, subject: str) -> ArmDescription:
    """Make `subject` from the model's arm.

    Parameters
    ----------
    arm
        The arm that subjects vary around.
    subject
        One of `SUBJECTS`.
    """
    traits = draw_traits(subject, len(arm.muscles))
    figures = zip(arm.muscles, traits.own_lengths, traits.strengths, strict=True)
    return replace(
        arm,
        variant=subject,
        bodies=tuple(_body(body, traits) for body in arm.bodies),
        joints=tuple(_joint(joint, traits.size) for joint in arm.joints),
        muscles=tuple(_muscle(muscle, traits.size, float(own), float(strength)) for muscle, own, strength in figures),
        wrap_surfaces=tuple(_wrap_surface(surface, traits.size) for surface in arm.wrap_surfaces),
    )


def _normal(uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal figures, cut off, from uniform ones."""
    from scipy.stats import truncnorm  # which takes long to load, and few need

    return np.asarray(truncnorm.ppf(uniform, -FURTHEST, FURTHEST))


def _body(body: Body, traits: Traits) -> Body:
    """The body, grown: of its own mass if it is identified, else of the same density."""
    heavier = traits.masses_kg[body.name] / body.mass_kg if body.name in traits.masses_kg else traits.size**3
    return Body(
        name=body.name,
        mass_kg=heavier * body.mass_kg,
        centre_of_mass_m=_grown(body.centre_of_mass_m, traits.size),
        inertia_kg_m2=_grown(body.inertia_kg_m2, heavier * traits.size**2),
    )


def _joint(joint: Joint, size: float) -> Joint:
    return replace(joint, origin_m=_grown(joint.origin_m, size))


def _muscle(muscle: Muscle, size: float, own_length: float, strength: float) -> Muscle:
    return replace(
        muscle,
        maximum_isometric_force_n=strength * muscle.maximum_isometric_force_n,
        optimal_fibre_length_m=size * own_length * muscle.optimal_fibre_length_m,
        tendon_slack_length_m=size * own_length * muscle.tendon_slack_length_m,
        path=tuple(_path_point(point, size) for point in muscle.path),
    )


def _path_point(point: PathPoint, size: float) -> PathPoint:
    functions = tuple(PathFunction(item.kind, item.rad, _grown(item.m, size)) for item in point.functions)
    return replace(point, at_m=_grown(point.at_m, size) if point.at_m else None, functions=functions)


def _wrap_surface(surface: WrapSurface, size: float) -> WrapSurface:
    def grown(value: Any) -> Any:
        return _grown(tuple(value), size) if isinstance(value, list) else size * value

    return replace(
        surface,
        centre_m=_grown(surface.centre_m, size),
        size=tuple((key, grown(value)) for key, value in surface.size),
    )


def _grown(figures: Vector, factor: float) -> Vector:
    return tuple(factor * figure for figure in figures)
