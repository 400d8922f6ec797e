"""The problem of a laboratory's own recordings: no truth, fibres unknown, and a model to start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmark.harness.errors import HarnessError
from benchmark.problem.formulations import FORMULATIONS
from benchmark.problem.null_space import NoEquationLeftError
from benchmark.problem.problem import Problem
from benchmark.problem.problem_name import ProblemName
from benchmark.problem.projection import CoupledRecording, couple_recording
from datasets.description import ArmDescription
from datasets.parameters import true_parameters
from datasets.recording import Recording
from datasets.recording_files import RecordingError, read_recording

OWN = tuple(
    name for name, entry in FORMULATIONS.items() if entry.is_of_eq_14 and not entry.needs_known_fibres
)  # the formulations whose intervals are known


class OwnProblem(Problem):
    """Recordings of one arm, imported or simulated; of the latter, nothing that only a simulation knows is looked at.

    Parameters
    ----------
    recordings
        Files to identify from, or names of stored recordings.
    formulation
        One of `OWN`.
    bones_are_known
        Whether the bones are taken as the model has them.

    Raises
    ------
    HarnessError
        If a file is no sound recording, if the recordings do not go together, or if the formulation needs EMG that they
        do not have, or leaves no equation to identify from.
    """

    def __init__(
        self, recordings: Sequence[Path | str], formulation: str = "m1", bones_are_known: bool = False
    ) -> None:
        if formulation not in OWN:
            raise HarnessError(
                f"--formulation {formulation} is none for recordings with unknown fibres: give {_one_of()}"
            )
        self._bones_are_known = bones_are_known
        self.coupled = _coupled(recordings, bones_are_known)
        self.noise_free = self.coupled
        self.arm = self.coupled[0].arm
        self.parsed = ProblemName(FORMULATIONS[formulation], (), self.arm.variant, fibres="unknown")
        self.name = f"{formulation} of {', '.join(entry.recording.name for entry in self.coupled)}"
        self.truth = {}
        self.rigid_tendons = self.coupled[0].recording.rigid_tendons
        self._seed = None
        self._check_formulation()

    @property
    def nominal(self) -> dict[str, float]:
        """Parameters of the model that the recordings came with."""
        return true_parameters(self.arm)

    def with_recordings(self, recordings: Sequence[Path | str]) -> OwnProblem:
        """The same problem on other recordings of the same arm, held-out ones, for example.

        Raises
        ------
        HarnessError
            As for the problem itself, or if they are of another arm.
        """
        other = OwnProblem(recordings, self.parsed.formulation.name, self._bones_are_known)
        _check_together(self.coupled[0].recording, other.coupled[0].recording)
        return other

    def _check_formulation(self) -> None:
        first, formulation = self.coupled[0].recording, self.parsed.formulation
        if formulation.deep_muscles == "modelled" and first.deep_muscles and first.simulated is None:
            raise HarnessError(
                f"--formulation {formulation.name} needs EMG of all muscles, and {first.name} has none of "
                f"{', '.join(first.deep_muscles)}: give m1"
            )
        try:
            muscles = self.projection.muscles
        except NoEquationLeftError as error:
            raise HarnessError(f"{self.name}: {error}") from error
        if not muscles:
            raise HarnessError(f"{self.name}: no muscle with EMG acts on what is left of the equations: measure more")


def _coupled(recordings: Sequence[Path | str], bones_are_known: bool) -> tuple[CoupledRecording, ...]:
    try:
        read = tuple(read_recording(recording) for recording in recordings)
    except (RecordingError, OSError) as error:
        raise HarnessError(str(error)) from error
    found = tuple(couple_recording(recording, _believed(recording.arm, bones_are_known)) for recording in read)
    for entry in found:
        _check_together(found[0].recording, entry.recording)
        if not len(entry.counted):
            raise HarnessError(f"{entry.recording.name} has no sample beyond the settling time: record for longer")
    return found


def _believed(arm: ArmDescription, bones_are_known: bool) -> ArmDescription:
    return replace(arm, identified_bodies=()) if bones_are_known else arm


def _check_together(first: Recording, other: Recording) -> None:
    """Raise a HarnessError if two recordings are not of the same arm, seen alike."""
    for what in ("arm", "coordinates", "muscles", "deep_muscles", "rigid_tendons"):
        if getattr(first, what) != getattr(other, what):
            raise HarnessError(
                f"{first.name} and {other.name} differ in their {what.replace('_', ' ')}: import both with the same "
                "model, channels and options"
            )
    if abs(first.sampling_rate_hz / other.sampling_rate_hz - 1.0) > 1e-6:
        raise HarnessError(
            f"{first.name} has {first.sampling_rate_hz:g} samples/s and {other.name} {other.sampling_rate_hz:g}: "
            "import both with the same --rate"
        )


def _one_of() -> str:
    return " or ".join(OWN)
