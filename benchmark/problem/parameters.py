"""Parameter spaces: which parameters are free, their names, units, bounds and seeded starts."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.start_level import UNIFORM, StartLevel
from datasets.arm_files import variants
from datasets.description import ArmDescription
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS, true_parameters, unit

Array = NDArray[np.float64]
Box = tuple[float, float]
BOUNDS_FILE = Path(__file__).parent / "bounds.toml"
SMALLEST_SCALE = 0.01  # of the distance between the bounds


@dataclass(frozen=True)
class ParameterSpace:
    """The free parameters of a stage of a problem, in order, and where an identification starts.

    Attributes
    ----------
    names, units
        One a parameter.
    lower, upper, start
        Bounds and start, (p,) each, in the parameter's unit.
    """

    names: tuple[str, ...]
    lower: Array
    upper: Array
    start: Array

    @property
    def units(self) -> tuple[str, ...]:
        """Units of the parameters."""
        return tuple(unit(name) for name in self.names)

    @property
    def size(self) -> int:
        """Number of free parameters."""
        return len(self.names)

    @property
    def scale(self) -> Array:
        """Magnitudes, (p,): a parameter over its scale is of order one, as an optimiser likes it."""
        return np.asarray(np.maximum(np.abs(self.start), SMALLEST_SCALE * (self.upper - self.lower)))

    def clip(self, x: Array) -> Array:
        """The point within the bounds that is nearest to `x`."""
        return np.asarray(np.clip(x, self.lower, self.upper))

    def values(self, x: Array) -> dict[str, float]:
        """Parameters of the point `x` by name."""
        return dict(zip(self.names, x.tolist(), strict=True))


def parameter_space(
    names: Sequence[str], start: Mapping[str, float], box: Callable[[str], Box] | None = None
) -> ParameterSpace:
    """The space of the parameters `names`, started at the values of `start`, within :func:`bounds` or other ones."""
    lower, upper = np.array([(box or bounds)(name) for name in names]).T
    point = np.array([start[name] for name in names])
    return ParameterSpace(tuple(names), lower, upper, np.clip(point, lower, upper))


def bounds(name: str) -> Box:
    """Lower and upper bound of the parameter called `name`, in its unit; they depend on the kind of muscle or bone."""
    return _bounds_table()[name]


def bounds_of(arm: ArmDescription) -> Callable[[str], Box]:
    """Bounds of an arm's parameters by name: :func:`bounds`, or of a laboratory's own model those relative to it."""
    if arm.variant in variants():
        return bounds
    boxes: dict[str, Box] = dict(_bounds_file()["shared"])
    for name, value in true_parameters(arm).items():
        if name not in boxes:
            boxes[name] = _own_box(name, value, arm)
    return {name: (low, high) for name, (low, high) in boxes.items()}.__getitem__


def _own_box(name: str, value: float, arm: ArmDescription) -> Box:
    own, (owner, _, kind) = _bounds_file()["own_model"], name.partition(".")
    if kind in own["factor"]:
        low, high = own["factor"][kind]
        return low * value, high * value
    if kind in own["room"]:
        return value - own["room"][kind], value + own["room"][kind]
    if kind in own["of_largest_moment"]:
        widest = own["of_largest_moment"][kind] * max(arm.body(owner).inertia_kg_m2[:3])
        return -widest, widest
    low, high = _bounds_file()["every_muscle"][kind]
    return low, high


def draw_start(
    truth: Mapping[str, float], level: StartLevel, seed: int, box: Callable[[str], Box] | None = None
) -> dict[str, float]:
    """Seeded start: each parameter from N(p, (level p)^2), eq. (24), or uniform, within its bounds; and c1 <= c2.

    A parameter's draw depends on its name and the seed alone, so that all formulations share their starts.

    Parameters
    ----------
    truth
        True parameters by name. What is zero is known and stays; of the others, a uniform draw sees the bounds alone.
    level
        Standard deviation as a share of the true value (0.1 is the paper's 10 %), or ``uniform``.
    seed
        Seed of the draw.
    box
        Bounds of a parameter by name, instead of :func:`bounds`.
    """
    return order_filter({name: _draw(name, value, level, seed, (box or bounds)(name)) for name, value in truth.items()})


def _draw(name: str, value: float, level: StartLevel, seed: int, box: Box) -> float:
    if value == 0.0:
        return 0.0
    generator = np.random.default_rng([seed, zlib.crc32(name.encode())])
    if level == UNIFORM:
        return float(generator.uniform(*box))
    return float(np.clip(value * (1.0 + level * generator.standard_normal()), *box))


def order_filter(values: Mapping[str, float]) -> dict[str, float]:
    """The same parameters with c1 <= c2: exchanging the two changes nothing else."""
    ordered = dict(values)
    if "c1" in ordered and "c2" in ordered:
        ordered["c1"], ordered["c2"] = sorted((ordered["c1"], ordered["c2"]))
    return ordered


@cache
def _bounds_file() -> dict[str, Any]:
    with BOUNDS_FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def _bounds_table() -> dict[str, Box]:
    """Bounds of all parameters by name."""
    table = _bounds_file()
    boxes: dict[str, Box] = dict(table["shared"])
    for kind in table["muscle_kind"].values():
        for muscle in kind["members"]:
            boxes |= _of_owner(muscle, MUSCLE_UNITS, table["every_muscle"] | kind)
    for bone, own in table["bone"].items():
        boxes |= _of_owner(bone, BONE_UNITS, table["every_bone"] | own)
    return {name: (low, high) for name, (low, high) in boxes.items()}


def _of_owner(owner: str, kinds: Iterable[str], boxes: Mapping[str, Box]) -> dict[str, Box]:
    return {f"{owner}.{kind}": boxes[kind] for kind in kinds}
