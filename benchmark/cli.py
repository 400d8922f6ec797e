"""The command line: finds the command that is asked for, and turns what goes wrong into a line and an exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

from benchmark.commands import keep, listing, report, run, speed, targets
from benchmark.harness.errors import HarnessError

USER_ERROR = 2
INTERRUPTED = 130  # as shells have it: 128 and the signal's number

COMMANDS: Mapping[str, ModuleType] = {
    "run": run,
    "report": report,
    "list": listing,
    "keep": keep,
    "targets": targets,
    "speed": speed,
}

EXAMPLES = """examples:
  python -m benchmark run all                          every method of the default suite, then the report
  python -m benchmark run all --suite smoke            does everything work?
  python -m benchmark run torch_adam my_method --problems m1-ab-published --budget 60
  python -m benchmark list methods
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; return the exit status.

    Parameters
    ----------
    arguments
        The command line without the program's name; the process's own by default.

    Returns
    -------
    int
        0, or 2 where what was asked for cannot be done, or 130 after Ctrl-C.
    """
    asked = _parser().parse_args(arguments)
    command = COMMANDS[asked.command]
    try:
        command.carry_out(asked)
    except HarnessError as error:
        print(f"error: {error}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print(f"\nstopped; {command.WHEN_STOPPED}", file=sys.stderr)
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmark",
        description="Methods that identify the parameters of a human arm model, compared on shared problems.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=command.HELP, description=command.HELP))
    return parser
