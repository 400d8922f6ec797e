"""Which coordinates of a model a person locks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from datasets.laboratory.files.text import LaboratoryError, shown

Locks = Mapping[str, float | None]  # where each is, in rad or m; None: at the model's default value


class ModelChoices(NamedTuple):
    """What a person says of a model.

    Attributes
    ----------
    locks
        Coordinates that are locked.
    bodies
        Names of the bodies whose inertia is to be identified; None for the usual ones.
    uncoupled
        Whether a model without any coupling is meant to have none.
    """

    locks: Locks
    bodies: tuple[str, ...] | None = None
    uncoupled: bool = False


def parse_locks(texts: Sequence[str]) -> dict[str, float | None]:
    """Read which coordinates a person locks.

    Parameters
    ----------
    texts
        ``NAME``, for the model's default value, or ``NAME=VALUE``, in rad or m.

    Raises
    ------
    LaboratoryError
        If a value is no finite number, or a coordinate is named twice.
    """
    locks: dict[str, float | None] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if name in locks:
            raise LaboratoryError(f"--lock {text}: coordinate {shown(name)} is locked twice; name it once")
        try:
            number = float(value) if equals else None
        except ValueError:
            number = math.nan
        if not name or (number is not None and not math.isfinite(number)):
            raise LaboratoryError(f"--lock {text}: expected NAME or NAME=VALUE with a number, in rad (or m)")
        locks[name] = number
    return locks
