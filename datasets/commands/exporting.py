"""``export``: a simulated recording as a laboratory would deliver it."""

from __future__ import annotations

import argparse
from pathlib import Path

from datasets.commands.arguments import Between, add_force, whole_number
from datasets.recording_files import read_recording

HELP = "write a simulated recording as a laboratory would deliver it: motion, EMG, channel map, OpenSim model"

_rate = Between(1.0, 1e5)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the recording, where it goes, and what is delivered."""
    from datasets.laboratory.export.export import ExportSettings

    parser.add_argument("recording", metavar="RECORDING", help="name of a recording, such as a-published, or its file")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder that the files go to")
    motion = parser.add_argument_group("motion.mot")
    motion.add_argument("--rate", type=_rate, metavar="HZ", help="of the motion, in Hz (default: the recording's)")
    motion.add_argument(
        "--angle-noise",
        type=Between(0.0, 90.0),
        default=ExportSettings.angle_noise_deg,
        metavar="DEG",
        help="standard deviation of Gaussian noise on every angle, in degrees (default: %(default)g)",
    )
    motion.add_argument(
        "--rates",
        action="store_true",
        help="write speeds.sto and accelerations.sto, too, as OpenSim's Kinematics analysis does; without noise",
    )
    unit = motion.add_mutually_exclusive_group()
    unit.add_argument("--degrees", action="store_true", help="angles in degrees (the default)")
    unit.add_argument("--radians", action="store_true", help="angles in rad")
    emg = parser.add_argument_group("emg.sto")
    emg.add_argument("--raw-emg", action="store_true", help="raw EMG in mV (default: envelopes, of their maxima)")
    emg.add_argument(
        "--emg-rate",
        type=_rate,
        default=ExportSettings.raw_emg_rate_hz,
        metavar="HZ",
        help="of raw EMG, in Hz; envelopes have the recording's (default: %(default)g)",
    )
    emg.add_argument("--all-muscles", action="store_true", help="EMG of the deep muscles as well")
    parser.add_argument_group("arm.osim").add_argument(
        "--model-error",
        type=Between(0.0, 100.0),
        default=100.0 * ExportSettings.model_error,
        metavar="PERCENT",
        help="how far the parameters of muscles and bones are off, a standard deviation in %% (default: %(default)g)",
    )
    parser.add_argument(
        "--seed", type=whole_number, default=ExportSettings.seed, help="of all that is random (default: %(default)s)"
    )
    add_force(parser, "the files")


def carry_out(asked: argparse.Namespace) -> int:
    """Write the files, and name them."""
    from datasets.laboratory.export.export import ExportSettings, export_recording

    settings = ExportSettings(
        rate_hz=asked.rate,
        angle_noise_deg=asked.angle_noise,
        with_rates=asked.rates,
        in_degrees=not asked.radians,
        is_raw_emg=asked.raw_emg,
        raw_emg_rate_hz=asked.emg_rate,
        all_muscles=asked.all_muscles,
        model_error=asked.model_error / 100.0,
        seed=asked.seed,
    )
    for path in export_recording(read_recording(asked.recording), asked.out, settings, force=asked.force):
        print(path)
    return 0
