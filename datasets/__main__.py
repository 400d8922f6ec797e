"""Command line: ``python -m datasets`` and a command, to list, generate, import or export recordings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import NoReturn

from datasets.commands import exporting, generating, importing, listing
from datasets.generate import GenerationError
from datasets.laboratory.files.text import LaboratoryError
from datasets.recording_files import RecordingError

BAD_INPUT = 2
INTERRUPTED = 130  # as shells have it: 128 and the number of SIGINT

COMMANDS: Mapping[str, ModuleType] = {
    "list": listing,
    "generate": generating,
    "import": importing,
    "export": exporting,
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments
        The command line without the program's name; the process's own by default.

    Returns
    -------
    int
        0, or 2 where what was asked for cannot be done, or 130 after Ctrl-C.
    """
    given = sys.argv[1:] if arguments is None else arguments
    command = given[0] if given else ""
    try:
        asked = _parser(command).parse_args(given)
        status: int = COMMANDS[asked.command].carry_out(asked)
    except (GenerationError, RecordingError, LaboratoryError, OSError) as error:
        print(f"python -m datasets {command}: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("\nstopped; nothing was written", file=sys.stderr)
        return INTERRUPTED
    return status


def _parser(command: str) -> argparse.ArgumentParser:
    """The parser, with the arguments of `command` alone: those of others would load what only they need."""
    parser = _Parser(prog="python -m datasets", description="Recordings of arm movements, simulated or a laboratory's.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for name, module in COMMANDS.items():
        own = commands.add_parser(name, help=module.HELP, description=module.HELP)
        if name == command:
            module.add_arguments(own)
    return parser


if __name__ == "__main__":
    sys.exit(main())
