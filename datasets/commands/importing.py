"""``import``: a laboratory's OpenSim model, motion and EMG made into a recording."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from datasets.commands.arguments import (
    Between,
    add_force,
    check_recording_path,
    cutoff,
    frequency,
    shown,
    whole_number,
)
from datasets.recording import Recording
from datasets.recording_files import write_recording

HELP = "make a recording of a laboratory's OpenSim model, motion and EMG"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the laboratory's files, what of the model moves, and the filters."""
    _add_files(parser)
    _add_model_choices(parser.add_argument_group("the model"))
    _add_filters(parser.add_argument_group("filters, all of them Butterworth's without lag"))
    _add_run(parser)


def carry_out(asked: argparse.Namespace) -> int:
    """Import, write the recording, and tell what there is to note about it."""
    from datasets.laboratory.importing import import_recording
    from datasets.laboratory.request import ImportRequest
    from datasets.laboratory.signals.envelope import EmgSettings
    from datasets.laboratory.signals.motion import MotionSettings

    check_recording_path(asked.out, asked.force)
    request = ImportRequest(
        model=asked.model,
        motion=asked.motion,
        emg=asked.emg,
        speeds=asked.speeds,
        accelerations=asked.accelerations,
        channels=asked.channels,
        lock=tuple(asked.lock),
        bodies=None if asked.bodies is None else tuple(asked.bodies),
        uncoupled=asked.uncoupled,
        motion_settings=MotionSettings(asked.motion_cutoff, asked.motion_order),
        emg_settings=EmgSettings(asked.emg_highpass, asked.emg_lowpass, asked.emg_order, asked.envelope),
        rate_hz=asked.rate,
        deadline_s=asked.deadline,
    )
    recording, notes = import_recording(request)
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    print(_summary(write_recording(recording, asked.out), asked.out))
    return 0


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, required=True, metavar="M.osim", help="OpenSim model, scaled to a person")
    parser.add_argument(
        "--motion", type=Path, required=True, metavar="IK.mot", help="joint angles, in the unit that its header states"
    )
    for name in ("speeds", "accelerations"):
        parser.add_argument(
            f"--{name}",
            type=Path,
            metavar=f"{name.upper()}.sto",
            help=f"{name} of the coordinates, as OpenSim's Kinematics analysis writes them (default: differentiated)",
        )
    parser.add_argument("--emg", type=Path, required=True, metavar="EMG.sto", help="EMG, raw or envelopes, in any unit")
    parser.add_argument(
        "--channels",
        type=Path,
        metavar="MAP.toml",
        help="which column of the EMG drives which muscles (default: the muscle of its name)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="REC.nc", help="recording to write")
    add_force(parser, "the recording")


def _add_model_choices(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--lock",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME[=VALUE]",
        help="coordinates that do not move, and where, in rad or m (default: where the model has them)",
    )
    group.add_argument(
        "--bodies",
        nargs="+",
        metavar="B",
        help="bodies whose inertia is to be identified "
        "(default: those above 0.01 kg that an independent coordinate carries)",
    )
    group.add_argument(
        "--uncoupled", action="store_true", help="the model has no couplings: its coordinates move independently"
    )


def _add_filters(group: argparse._ArgumentGroup) -> None:
    from datasets.laboratory.signals.envelope import EmgSettings
    from datasets.laboratory.signals.motion import MotionSettings

    motion, emg = MotionSettings(), EmgSettings()
    for name, default, what in (
        ("--motion-cutoff", motion.cutoff_hz, "low-pass of the angles"),
        ("--emg-highpass", emg.highpass_hz, "high-pass of raw EMG, before it is rectified"),
        ("--emg-lowpass", emg.lowpass_hz, "low-pass of rectified EMG"),
    ):
        text = f"{what}: -3 dB at this frequency in Hz, or none (default: {shown(default)})"
        group.add_argument(name, type=cutoff, default=default, metavar="HZ", help=text)
    for name, order, what in (
        ("--motion-order", motion.order, "order of the angles' filter"),
        ("--emg-order", emg.order, "order of each of the EMG's filters"),
    ):
        text = f"{what}, forwards and backwards together, even (default: {order})"
        group.add_argument(name, type=whole_number, default=order, metavar="N", help=text)
    group.add_argument("--envelope", action="store_true", help="the EMG holds envelopes: neither filter nor rectify it")


def _add_run(parser: argparse.ArgumentParser) -> None:
    from datasets.laboratory.request import ImportRequest

    parser.add_argument(
        "--rate",
        type=frequency,
        default=ImportRequest.rate_hz,
        metavar="HZ",
        help="samples of the recording a second, in Hz (default: %(default)g)",
    )
    parser.add_argument(
        "--deadline",
        type=Between(1.0, 86400.0),
        default=ImportRequest.deadline_s,
        metavar="S",
        help="give OpenSim up after that many s (default: %(default)g)",
    )


def _summary(recording: Recording, path: Path) -> str:
    samples, coordinates = recording.position_rad.shape
    duration_s = recording.time_s[-1] - recording.time_s[0]
    measured = [name for name in recording.muscles if name not in recording.deep_muscles]
    return "\n".join(
        (
            f"{path}: {samples} samples, {duration_s:g} s, SHA-256 {recording.checksum}",
            f"coordinates: {_listed(recording.coordinates)}",
            f"muscles with EMG: {_listed(measured)}",
            f"muscles without EMG: {_listed(recording.deep_muscles)}",
            f"equations of motion: {samples * coordinates}, {coordinates} a sample",
        )
    )


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return f"{len(names)} ({', '.join(names)})" if names else "none"
