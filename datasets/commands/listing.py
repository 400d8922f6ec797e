"""``list``: the recordings there are."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.table import Table

from datasets.recording import Recording
from datasets.recording_files import RecordingError, list_recordings, read_recording, recording_path

HELP = "show the recordings there are"
HEADINGS = ("name", "movement", "variant", "samples", "s", "Hz", "accuracy", "seed", "MB", "SHA-256")
BROKEN = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing."""


def carry_out(asked: argparse.Namespace) -> int:
    """Print a table of them, and what is wrong with those that are broken."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=True)
    broken = []
    for name in list_recordings():
        try:
            table.add_row(*_row(read_recording(name)))
        except RecordingError as error:
            broken.append(str(error))
    Console().print(table)
    for line in broken:
        print(f"python -m datasets list: {line}", file=sys.stderr)
    return BROKEN if broken else 0


def _row(recording: Recording) -> tuple[str, ...]:
    return (
        recording.name,
        recording.movement,
        recording.variant,
        str(recording.time_s.size),
        f"{recording.time_s[-1]:g}",
        f"{recording.sampling_rate_hz:g}",
        recording.provenance.get("accuracy", "?"),
        str(recording.seed),
        f"{recording_path(recording.name).stat().st_size / 1e6:.1f}",
        "ok",
    )
