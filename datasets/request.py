"""What a simulation is asked for; knows nothing of OpenSim."""

from __future__ import annotations

from dataclasses import dataclass

SAMPLING_RATE_HZ = 200.0
DEFAULT_DURATION_S = 8.0
DEFAULT_ACCURACY = 1e-8


@dataclass(frozen=True)
class Request:
    """One simulation: which movement of which arm, seeded, how long, and how exactly integrated."""

    movement: str
    variant: str
    seed: int
    duration_s: float = DEFAULT_DURATION_S
    accuracy: float = DEFAULT_ACCURACY

    @property
    def name(self) -> str:
        """Name of the recording to be made."""
        return f"{self.movement}-{self.variant}"

    @property
    def samples(self) -> int:
        """Number of samples, the first at 0 s, the last at the end."""
        return round(self.duration_s * SAMPLING_RATE_HZ) + 1
