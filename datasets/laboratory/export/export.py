"""A simulated recording as a laboratory would deliver it: motion, EMG, channel map and OpenSim model.

The EMG begins half a second before the motion and ends half a second after it, as laboratories record longer than the
trial, and the filters have settled when the motion begins; the EMG's first sample is at 0 s.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from datasets.laboratory.export.generic_model import generic_arm
from datasets.laboratory.export.model_file import write_model
from datasets.laboratory.export.raw_emg import check_rate, full_effort_envelope_mv, raw_emg
from datasets.laboratory.files.channels import ChannelMap
from datasets.laboratory.files.storage import write_table
from datasets.laboratory.files.text import LaboratoryError, write_text
from datasets.laboratory.signals.motion import MotionSettings, smooth_motion
from datasets.laboratory.signals.sampling import Array
from datasets.recording import Recording

LEAD_S = 0.5  # of the EMG before and after the motion
MOTION, EMG, MODEL, CHANNELS = "motion.mot", "emg.sto", "arm.osim", "channels.toml"
SPEEDS, ACCELERATIONS = "speeds.sto", "accelerations.sto"


@dataclass(frozen=True)
class ExportSettings:
    """What is delivered.

    Attributes
    ----------
    rate_hz
        Of the motion; the recording's by default.
    angle_noise_deg
        Standard deviation of independent Gaussian noise on every angle.
    with_rates
        Whether speeds and accelerations are delivered, too, as OpenSim's Kinematics analysis does; without noise.
    in_degrees
        Whether angles and rates are in degrees or in rad.
    is_raw_emg
        Raw EMG in mV, or envelopes of their maxima.
    raw_emg_rate_hz
        Of the raw EMG; envelopes are at the recording's rate.
    all_muscles
        Whether the deep muscles have EMG, too.
    model_error
        Standard deviation of the model's parameters as a share of the arm's own.
    seed
        Seed of all that is random.
    """

    rate_hz: float | None = None
    angle_noise_deg: float = 0.0
    with_rates: bool = False
    in_degrees: bool = True
    is_raw_emg: bool = False
    raw_emg_rate_hz: float = 2000.0
    all_muscles: bool = False
    model_error: float = 0.0
    seed: int = 0


def export_recording(
    recording: Recording, folder: Path, settings: ExportSettings, *, force: bool = False
) -> tuple[Path, ...]:
    """Write ``motion.mot``, ``emg.sto``, ``channels.toml`` and ``arm.osim``, all of them or none.

    And ``speeds.sto`` and ``accelerations.sto``, where they are asked for.

    Parameters
    ----------
    recording
        A simulated recording.
    folder
        Where they go; it is made if it is not there.
    settings
        What is delivered.
    force
        Whether files of these names may be replaced.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    LaboratoryError
        If the recording is a laboratory's own, a rate is too low, a file is there already, or OpenSim is missing or
        fails.
    """
    if recording.simulated is None:
        raise LaboratoryError(f"{recording.name}: is a laboratory's own recording, expected a simulated one")
    if settings.is_raw_emg:
        check_rate(settings.raw_emg_rate_hz)
    writers: dict[str, Callable[[Path], None]] = {
        MOTION: lambda path: _write_angles(path, recording, settings),
        EMG: lambda path: _write_emg(path, recording, settings),
        CHANNELS: lambda path: write_text(path, channel_text(channel_map(recording, settings))),
        MODEL: lambda path: write_model(generic_arm(recording.arm, settings.model_error, settings.seed), path),
    }
    if settings.with_rates:
        writers[SPEEDS] = lambda path: _write_rates(path, recording, settings, recording.velocity_rad_per_s)
        writers[ACCELERATIONS] = lambda path: _write_rates(path, recording, settings, recording.acceleration_rad_per_s2)
    if folder.is_file():
        raise LaboratoryError(f"{folder}: is a file, expected a folder, or none yet")
    taken = [name for name in writers if (folder / name).exists()]
    if taken and not force:
        raise LaboratoryError(f"{folder}: {', '.join(taken)} there already; --force replaces them")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as unfinished:
        for name, write in writers.items():
            write(Path(unfinished) / name)
        folder.mkdir(exist_ok=True)
        for name in writers:
            (Path(unfinished) / name).replace(folder / name)
    return tuple(folder / name for name in writers)


def channel_map(recording: Recording, settings: ExportSettings) -> ChannelMap:
    """Channels by the muscles' anatomical names, their maxima, and the muscles without EMG."""
    unmeasured = () if settings.all_muscles else recording.deep_muscles
    names = {muscle.anatomy: (muscle.name,) for muscle in recording.arm.muscles if muscle.name not in unmeasured}
    maximum = full_effort_envelope_mv(settings.raw_emg_rate_hz) if settings.is_raw_emg else 1.0
    return ChannelMap(None, names, unmeasured, dict.fromkeys(names, maximum))


def channel_text(channels: ChannelMap) -> str:
    """A channel map as `datasets.laboratory.files.channels.read_channels` reads it."""
    # A JSON string of printable characters, and a list of such, is one in TOML as well.
    lines = [f"unmeasured = {json.dumps(channels.unmeasured)}", "", "[channels]"]
    lines += [f"{json.dumps(channel)} = {json.dumps(muscles)}" for channel, muscles in channels.channels.items()]
    lines += ["", "[maximum]  # envelope at full effort, in the unit of the EMG file"]
    lines += [f"{json.dumps(channel)} = {maximum!r}" for channel, maximum in channels.maximum.items()]
    return "\n".join(lines) + "\n"


def _write_angles(path: Path, recording: Recording, settings: ExportSettings) -> None:
    time_s, position_rad = _at_rate(recording, settings, recording.position_rad)
    angles_rad = position_rad @ recording.arm.coupling_matrix().T + recording.arm.offset_rad()
    noise = _generator(settings, recording, path).standard_normal(angles_rad.shape)
    _write_motion(path, recording, settings, time_s, angles_rad + np.radians(settings.angle_noise_deg) * noise)


def _write_rates(path: Path, recording: Recording, settings: ExportSettings, rates: Array) -> None:
    time_s, resampled = _at_rate(recording, settings, rates)
    _write_motion(path, recording, settings, time_s, resampled @ recording.arm.coupling_matrix().T)


def _write_motion(path: Path, recording: Recording, settings: ExportSettings, time_s: Array, values: Array) -> None:
    """Write angles or their rates of all coordinates, (T, coordinates), in rad."""
    write_table(
        path,
        LEAD_S + time_s,
        recording.arm.coordinates,
        np.degrees(values) if settings.in_degrees else values,
        in_degrees=settings.in_degrees,
        name=f"{path.stem} of {recording.name}",
    )


def _at_rate(recording: Recording, settings: ExportSettings, values: Array) -> tuple[Array, Array]:
    """Times since the motion's start (s), and values at them, at the rate asked for."""
    time_s = recording.time_s - recording.time_s[0]
    if settings.rate_hz is None:
        return time_s, values
    at_s = _times_s(time_s[-1], settings.rate_hz)
    return at_s, smooth_motion(time_s, values, at_s, MotionSettings(cutoff_hz=None))[0]


def _write_emg(path: Path, recording: Recording, settings: ExportSettings) -> None:
    channels = channel_map(recording, settings)
    envelope = recording.emg[:, [recording.muscles.index(muscle) for muscle in channels.measured]]
    rate_hz = settings.raw_emg_rate_hz if settings.is_raw_emg else recording.sampling_rate_hz
    motion_s = recording.time_s - recording.time_s[0]
    time_s = _times_s(motion_s[-1] + 2.0 * LEAD_S, rate_hz)
    # Beyond the motion's ends, the EMG is held at them.
    values = np.column_stack([np.interp(time_s - LEAD_S, motion_s, column) for column in envelope.T])
    if settings.is_raw_emg:
        values = raw_emg(values, rate_hz, _generator(settings, recording, path))
    unit = "raw EMG in mV" if settings.is_raw_emg else "EMG envelopes, of their maxima"
    write_table(path, time_s, tuple(channels.channels), values, name=f"{recording.name}: {unit}")


def _times_s(duration_s: float, rate_hz: float) -> Array:
    """Equally spaced times from 0 to the last within a duration; one at its end counts, whatever the rounding."""
    return np.arange(int(duration_s * rate_hz + 1e-6) + 1, dtype=np.float64) / rate_hz


def _generator(settings: ExportSettings, recording: Recording, path: Path) -> np.random.Generator:
    """Where a file's chance comes from: its own, so that the noise of one does not depend on what the other holds."""
    return np.random.default_rng([settings.seed, *recording.name.encode(), *path.name.encode()])
