"""Imports what a laboratory has recorded: an OpenSim model, joint angles and EMG become a recording of the suite."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datasets.checksums import file_checksum
from datasets.laboratory.files.channels import ChannelMap, read_channels
from datasets.laboratory.files.storage import read_table
from datasets.laboratory.files.table import Table
from datasets.laboratory.files.text import LaboratoryError, there_are
from datasets.laboratory.model.locks import ModelChoices, parse_locks
from datasets.laboratory.model.moved import MotionTables, MovedArm
from datasets.laboratory.request import ImportRequest
from datasets.laboratory.signals.envelope import EmgSettings, envelopes, normalised, resampled
from datasets.opensim_process import NOT_INSTALLED, ProcessError, progress, run_apart
from datasets.recording import Recording

Array = NDArray[np.float64]

IMPORTED = "imported"  # the movement of such recordings
FEWEST_SAMPLES = 2


def import_recording(request: ImportRequest) -> tuple[Recording, tuple[str, ...]]:
    """Make a recording of a laboratory's files.

    Parameters
    ----------
    request
        What to import.

    Returns
    -------
    tuple of Recording and tuple of str
        The recording, not written yet, and notes for the person who imports it, a line each. Its time starts at 0.

    Raises
    ------
    LaboratoryError
        If OpenSim is not installed or not done in time, or a file cannot be used.
    """
    if find_spec("opensim") is None:
        raise LaboratoryError(NOT_INSTALLED)
    choices = ModelChoices(parse_locks(request.lock), request.bodies, request.uncoupled)
    motion, emg = read_table(request.motion), read_table(request.emg)
    rates = [read_table(path) for path in (request.speeds, request.accelerations) if path is not None]
    channels = ChannelMap.of_columns(emg.columns) if request.channels is None else read_channels(request.channels)
    samples = np.arange(_sample_count(motion, request))
    at_s = motion.time_s[0] + samples / request.rate_hz
    measured = _emg(emg, channels, at_s, request.emg_settings)
    tables = MotionTables(motion, *rates)
    work = (request.model, choices, channels, tables, request.motion_settings, at_s)
    try:
        with progress(request.motion.name, samples.size) as report:
            moved = run_apart(_move, work, "import", request.deadline_s, report, (LaboratoryError,))
    except ProcessError as error:
        raise LaboratoryError(f"{request.model}: {error}") from None
    return _recording(request, samples / request.rate_hz, moved, measured), moved.notes


def _move(*work: Any) -> MovedArm:
    """In the process of its own."""
    from datasets.laboratory.model.moving import move_model

    return move_model(*work)


def _sample_count(motion: Table, request: ImportRequest) -> int:
    """Samples from the motion's beginning until its end, less what the filter does not know there.

    At the beginning no residual looks at the motion anyway, as activations settle.
    """
    rounding = 1e-6  # of a step, so that a last sample at the motion's very end counts
    cutoff_hz = request.motion_settings.cutoff_hz
    duration_s = motion.time_s[-1] - motion.time_s[0]
    usable_s = duration_s if cutoff_hz is None else duration_s - 1.0 / cutoff_hz
    count = int(np.floor(usable_s * request.rate_hz + rounding)) + 1
    if count < FEWEST_SAMPLES:
        raise LaboratoryError(
            f"{motion.path}: lasts {duration_s:g} s, expected {FEWEST_SAMPLES} samples or more at "
            f"{request.rate_hz:g} Hz before the filter's end effects; take a longer motion or a higher rate"
        )
    return count


def _emg(table: Table, channels: ChannelMap, at_s: Array, settings: EmgSettings) -> Array:
    """EMG of the measured muscles, (T, measured), of its maximum."""
    driving = tuple(channels.channels)
    for name in driving:
        if name not in table.columns:
            raise LaboratoryError(
                f"{channels.source}: channel {name!r} is no column of {table.path}; {there_are(name, table.columns)}"
            )
    envelope = envelopes(table, driving, settings)
    highest = envelope.max(axis=0)
    for name, value in zip(driving, highest, strict=True):
        if value == 0.0:
            raise LaboratoryError(
                f"{table.path}: column {name!r} is flat, expected EMG; take it out of the channels, and name its "
                f"muscles as unmeasured"
            )
    maxima = np.array([channels.maximum.get(name, value) for name, value in zip(driving, highest, strict=True)])
    shares = resampled(table.time_s, normalised(envelope, maxima), at_s, f"{table.path}: the EMG")
    return shares[:, [driving.index(channels.channel_of(muscle)) for muscle in channels.measured]]


def _recording(request: ImportRequest, time_s: Array, moved: MovedArm, measured: Array) -> Recording:
    arm = moved.arm
    emg = np.zeros((time_s.size, len(arm.muscles)))
    emg[:, : measured.shape[1]] = measured
    return Recording(
        name=request.motion.stem,
        movement=IMPORTED,
        arm=arm,
        coordinates=arm.independent_coordinates,
        muscles=arm.muscle_names,
        time_s=time_s,
        position_rad=moved.motion.position_rad,
        velocity_rad_per_s=moved.motion.velocity_rad_per_s,
        acceleration_rad_per_s2=moved.motion.acceleration_rad_per_s2,
        emg=emg,
        musculotendon_length_m=moved.muscles.length_m,
        musculotendon_velocity_m_per_s=moved.muscles.velocity_m_per_s,
        moment_arm_m=moved.muscles.moment_arm_m,
        simulated=None,
        seed=None,
        true_parameters={},
        rigid_tendons=tuple(muscle.name for muscle in arm.muscles if muscle.rigid_tendon),
        deep_muscles=tuple(muscle.name for muscle in arm.muscles if muscle.is_deep),
        provenance=_provenance(request, moved),
    )


def _provenance(request: ImportRequest, moved: MovedArm) -> dict[str, str]:
    files = {
        "model": request.model,
        "motion": request.motion,
        "speeds": request.speeds,
        "accelerations": request.accelerations,
        "emg": request.emg,
        "channels": request.channels,
    }
    found = {
        "model_path": str(request.model.resolve()),
        "opensim": moved.opensim_version,
        "date": datetime.now(UTC).date().isoformat(),
        "sampling_rate_hz": f"{request.rate_hz:g}",
        "start_of_motion_s": f"{moved.motion.time_s[0]:.17g}",
        "lock": " ".join(request.lock) or "none",
        "identified_bodies": " ".join(moved.arm.identified_bodies),
    }
    for kind, path in files.items():
        found[kind] = path.name if path else "none"
        if path:
            found[f"{kind}_sha256"] = file_checksum(path)
    for kind, settings in (("motion", request.motion_settings), ("emg", request.emg_settings)):
        found |= {f"{kind}_{key}": str(value) for key, value in asdict(settings).items()}
    return found
