"""What an import is asked for; knows nothing of OpenSim."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.signals.envelope import EmgSettings
from datasets.laboratory.signals.motion import MotionSettings
from datasets.request import SAMPLING_RATE_HZ

DEFAULT_DEADLINE_S = 1800.0


@dataclass(frozen=True)
class ImportRequest:
    """One recording of a laboratory.

    Attributes
    ----------
    model, motion, emg
        The OpenSim model (.osim), the joint angles (.mot) and the EMG (.sto).
    channels
        The channel map (.toml); None: each EMG column drives the muscle of its name.
    speeds, accelerations
        Rates of the coordinates (.sto), both or none; None: the angles are differentiated.
    lock
        Coordinates that are held: ``NAME``, at the model's default value, or ``NAME=VALUE``, in rad or m.
    bodies
        Names of the bodies whose inertia is to be identified; None: see
        :func:`datasets.laboratory.model.skeleton.describe_skeleton`.
    uncoupled
        Whether a model without any coupling is meant to have none.
    motion_settings, emg_settings
        How the signals are filtered.
    rate_hz
        Samples per second of the recording.
    deadline_s
        Time in which OpenSim must be done (s).

    Raises
    ------
    LaboratoryError
        If the rate or the deadline is not positive, or if there are speeds without accelerations.
    """

    model: Path
    motion: Path
    emg: Path
    channels: Path | None = None
    speeds: Path | None = None
    accelerations: Path | None = None
    lock: tuple[str, ...] = ()
    bodies: tuple[str, ...] | None = None
    uncoupled: bool = False
    motion_settings: MotionSettings = field(default_factory=MotionSettings)
    emg_settings: EmgSettings = field(default_factory=EmgSettings)
    rate_hz: float = SAMPLING_RATE_HZ
    deadline_s: float = DEFAULT_DEADLINE_S

    def __post_init__(self) -> None:
        if (self.speeds is None) != (self.accelerations is None):
            raise LaboratoryError(
                "speeds and accelerations go together: give both, or none to have both differentiated"
            )
        for name, value in (("sampling rate", self.rate_hz), ("deadline", self.deadline_s)):
            if not 0.0 < value < float("inf"):
                raise LaboratoryError(f"the {name} of the import is {value:g}, expected a positive number")
