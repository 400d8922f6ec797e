"""What ends a stage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What ends a stage, beside the method itself.

    Attributes
    ----------
    seconds
        Wall seconds that the method may take.
    evaluations
        Evaluations that it may take, whatever their kind; None for no limit.
    cost
        What its evaluations may cost, in residual evaluations; None for no limit.
    target
        The loss at which to stop; None for none.
    """

    seconds: float
    evaluations: int | None = None
    cost: float | None = None
    target: float | None = None
