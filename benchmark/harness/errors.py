"""What a person can put right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class HarnessError(ValueError):
    """What was asked for cannot be run; the message says why and what to do."""


def check_known(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raise a HarnessError, with what there is, for the first of `names` that is not `known`."""
    choices = sorted(known)
    for name in names:
        if name not in choices:
            close = get_close_matches(name, choices, n=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise HarnessError(f"unknown {kind} {name!r}: {hint}there are: {', '.join(choices) or 'none'}")
