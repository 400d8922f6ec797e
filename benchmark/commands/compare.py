"""``compare``: two result folders beside each other, such as those before and after a change, or of two machines."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmark.commands.arguments import add_narrowing, narrowing
from benchmark.harness.files import write_atomically, writing

HELP = "tell what differs between two result folders: before and after a change, or of two machines"
WHEN_STOPPED = "the stored runs are as they were"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folders, where the tables go, and which runs to compare."""
    parser.add_argument("first", type=Path, metavar="DIR_A", help="results folder before the change, or of one machine")
    parser.add_argument("second", type=Path, metavar="DIR_B", help="results folder after it, or of another machine")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the tables there, too, in CSV and Markdown")
    add_narrowing(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Print the differences, and write them where that is asked for.

    Raises
    ------
    HarnessError
        If a folder has no runs, or none of those asked for, or if nothing can be written.
    """
    from benchmark.report.compare import comparison_tables, comparison_text
    from benchmark.report.material import Material

    folders = (asked.first, asked.second)
    sides = [Material(folder, narrowing(asked)) for folder in folders]
    methods, runs, origin = comparison_tables(*sides)
    for name, folder, side in zip("AB", folders, sides, strict=True):
        print(f"{name}: {folder}, {len(side.rows)} runs")
    print(f"\n{comparison_text(methods, origin)}")
    if asked.out is not None:
        for table in (methods, runs, origin):
            for file, content in table.files().items():
                with writing(asked.out / file) as path:
                    write_atomically(path, content)
        print(f"\nthe tables, also run by run, are in {asked.out}")
