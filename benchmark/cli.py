"""The command line: finds the command that is asked for, and turns what goes wrong into a line and an exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

from benchmark.commands import (
    check,
    compare,
    identifiability,
    identify,
    keep,
    listing,
    missing,
    new_method,
    next_recording,
    report,
    rerun_failed,
    run,
    speed,
    targets,
    uncertainty,
)
from benchmark.harness.errors import HarnessError
from benchmark.stopping import Stopped

USER_ERROR = 2
INTERRUPTED = 130  # as shells have it: 128 and the signal's number

COMMANDS: Mapping[str, ModuleType] = {
    "run": run,
    "report": report,
    "compare": compare,
    "missing": missing,
    "rerun-failed": rerun_failed,
    "list": listing,
    "keep": keep,
    "targets": targets,
    "speed": speed,
    "identify": identify,
    "identifiability": identifiability,
    "next-recording": next_recording,
    "uncertainty": uncertainty,
    "new-method": new_method,
    "check": check,
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
        0, or what the command says (1 where a check failed), or 2 where what was asked for cannot be done, or 130
        after Ctrl-C and 143 after SIGTERM.
    """
    asked = _parser().parse_args(arguments)
    command = COMMANDS[asked.command]
    try:
        status: int | None = command.carry_out(asked)
    except HarnessError as error:
        print(f"error: {error}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt as told:
        print(f"\nstopped; {command.WHEN_STOPPED}", file=sys.stderr)
        return told.status if isinstance(told, Stopped) else INTERRUPTED
    return status or 0


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
