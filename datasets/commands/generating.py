"""``generate``: simulate a movement and record it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from datasets.arm_files import variants
from datasets.commands.arguments import Between, add_force, check_recording_path, whole_number
from datasets.generate import DEFAULT_DEADLINE_S, generate, unusual_fibre_lengths
from datasets.movements import MOVEMENTS
from datasets.recording_files import RECORDINGS_FOLDER
from datasets.request import DEFAULT_ACCURACY, DEFAULT_DURATION_S, SAMPLING_RATE_HZ, Request
from datasets.subjects import movement_seed

HELP = "simulate a movement with OpenSim and record it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to simulate, and where it goes."""
    movements = "; ".join(f"{name}: {movement.summary}" for name, movement in MOVEMENTS.items())
    parser.add_argument("--movement", required=True, choices=tuple(MOVEMENTS), help=movements)
    parser.add_argument(
        "--variant", required=True, choices=variants(), help="which arm: the model's, or a virtual subject's"
    )
    parser.add_argument(
        "--seed",
        type=whole_number,
        help="of path and co-activation, a whole number from 0 (default: its own for each movement and subject)",
    )
    parser.add_argument(
        "--duration",
        type=Between(1.0 / SAMPLING_RATE_HZ, 60.0),
        default=DEFAULT_DURATION_S,
        metavar="S",
        help="in s, up to 60 (default: %(default)g)",
    )
    parser.add_argument(
        "--accuracy",
        type=Between(1e-11, 1e-2),
        default=DEFAULT_ACCURACY,
        metavar="A",
        help="relative accuracy of the integration, 1e-11 to 1e-2 (default: %(default)g)",
    )
    parser.add_argument(
        "--deadline",
        type=Between(1.0, 86400.0),
        default=DEFAULT_DEADLINE_S,
        metavar="S",
        help="give up after that many s (default: %(default)g)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="PATH", help="file to write (default: datasets/recordings/MOVEMENT-VARIANT.nc)"
    )
    add_force(parser, "the file")


def carry_out(asked: argparse.Namespace) -> int:
    """Simulate, write the recording, and tell what is unusual about it."""
    seed = asked.seed
    if seed is None:
        seed = movement_seed(asked.variant, MOVEMENTS[asked.movement].seed)
    request = Request(asked.movement, asked.variant, seed, asked.duration, asked.accuracy)
    path = asked.out or RECORDINGS_FOLDER / f"{request.name}.nc"
    check_recording_path(path, asked.force)
    recording = generate(request, path, asked.deadline, asked.force)
    for line in unusual_fibre_lengths(recording):
        print(f"note: {line}", file=sys.stderr)
    print(f"{path}: {recording.time_s.size} samples, SHA-256 {recording.checksum}")
    return 0
