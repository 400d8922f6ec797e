"""``new-method``: write the file of a method that works, to be made into another one."""

from __future__ import annotations

import argparse
from pathlib import Path

import methods
from benchmark.harness.errors import HarnessError
from benchmark.harness.methods import check_name, method_files

HELP = "write a method's file, which works as it is, to be made into your own"
WHEN_STOPPED = "a file that was written can be removed"

TEMPLATE = Path(__file__).parents[1] / "harness" / "template.py"

NEXT = """{path} is a method that works: gradient descent. Make it your own; its first lines say what it gets. Then
  python -m benchmark check {name}
  python -m benchmark run {name}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the name."""
    parser.add_argument("name", metavar="NAME", help="the method's name, such as my_method")


def carry_out(asked: argparse.Namespace) -> None:
    """Write the file and say what comes next."""
    print(NEXT.format(path=new_method(asked.name), name=asked.name))


def new_method(name: str) -> Path:
    """Write the file of a method called `name`, and return its path.

    Raises
    ------
    HarnessError
        If nothing can be called that, or something is already.
    """
    check_name(name)
    path = Path(methods.__path__[0]) / f"{name}.py"
    for there in (method_files().get(name, path), path.with_suffix("")):
        if there.exists():
            raise HarnessError(f"{name!r} is taken by {there}: give another name, or edit that")
    path.write_bytes(TEMPLATE.read_bytes())
    return path
