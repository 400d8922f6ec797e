"""Command line: ``python -m datasets generate`` makes a recording, ``python -m datasets list`` shows what there is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.table import Table

from datasets.arm_files import variants
from datasets.generate import DEFAULT_DEADLINE_S, GenerationError, generate, unusual_fibre_lengths
from datasets.movements import MOVEMENTS
from datasets.recording_files import RECORDINGS_FOLDER, RecordingError, list_recordings, read_recording, recording_path
from datasets.request import DEFAULT_ACCURACY, DEFAULT_DURATION_S, SAMPLING_RATE_HZ, Request
from datasets.subjects import movement_seed

BAD_INPUT = 2


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _generate(options) if options.command == "generate" else _list()
    except (GenerationError, RecordingError, OSError) as error:
        print(f"python -m datasets {options.command}: {error}", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m datasets", description="Recordings of simulated arm movements.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    commands.add_parser("list", help="show the recordings there are")
    make = commands.add_parser("generate", help="simulate a movement with OpenSim and record it")
    movements = "; ".join(f"{name}: {movement.summary}" for name, movement in MOVEMENTS.items())
    make.add_argument("--movement", required=True, choices=tuple(MOVEMENTS), help=movements)
    make.add_argument(
        "--variant", required=True, choices=variants(), help="which arm: the model's, or a virtual subject's"
    )
    make.add_argument(
        "--seed",
        type=_seed,
        help="of path and co-activation, a whole number from 0 (default: its own for each movement and subject)",
    )
    make.add_argument(
        "--duration",
        type=_between(1.0 / SAMPLING_RATE_HZ, 60.0),
        default=DEFAULT_DURATION_S,
        metavar="S",
        help="in s, up to 60 (default: %(default)g)",
    )
    make.add_argument(
        "--accuracy",
        type=_between(1e-11, 1e-2),
        default=DEFAULT_ACCURACY,
        metavar="A",
        help="relative accuracy of the integration, 1e-11 to 1e-2 (default: %(default)g)",
    )
    make.add_argument(
        "--deadline",
        type=_between(1.0, 86400.0),
        default=DEFAULT_DEADLINE_S,
        metavar="S",
        help="give up after that many s (default: %(default)g)",
    )
    make.add_argument(
        "--out", type=Path, metavar="PATH", help="file to write (default: datasets/recordings/MOVEMENT-VARIANT.nc)"
    )
    make.add_argument("--force", action="store_true", help="replace the file if it is there")
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


class _between:  # noqa: N801 - reads as the function it is used as
    """A number within bounds, as an argument's type."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high

    def __call__(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not self._low <= value <= self._high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {self._low:g} to {self._high:g}")
        return value


def _generate(options: argparse.Namespace) -> int:
    seed = options.seed
    if seed is None:
        seed = movement_seed(options.variant, MOVEMENTS[options.movement].seed)
    request = Request(options.movement, options.variant, seed, options.duration, options.accuracy)
    path = options.out or RECORDINGS_FOLDER / f"{request.name}.nc"
    if path.suffix != ".nc":
        raise GenerationError(f"--out {path}: the name must end in .nc")
    recording = generate(request, path, options.deadline, options.force)
    for line in unusual_fibre_lengths(recording):
        print(f"note: {line}", file=sys.stderr)
    print(f"{path}: {recording.time_s.size} samples, SHA-256 {recording.checksum}")
    return 0


def _list() -> int:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("name", "movement", "variant", "samples", "s", "Hz", "accuracy", "seed", "MB", "SHA-256"):
        table.add_column(heading, no_wrap=True)
    broken = []
    for name in list_recordings():
        try:
            recording = read_recording(name)
        except RecordingError as error:
            broken.append(str(error))
            continue
        table.add_row(
            recording.name,
            recording.movement,
            recording.variant,
            str(recording.time_s.size),
            f"{recording.time_s[-1]:g}",
            f"{recording.sampling_rate_hz:g}",
            recording.provenance.get("accuracy", "?"),
            str(recording.seed),
            f"{recording_path(name).stat().st_size / 1e6:.1f}",
            "ok",
        )
    Console().print(table)
    for line in broken:
        print(f"python -m datasets list: {line}", file=sys.stderr)
    return BAD_INPUT if broken else 0


if __name__ == "__main__":
    sys.exit(main())
