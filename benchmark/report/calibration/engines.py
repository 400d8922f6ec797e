"""What a run evaluated with, and what was to end it, in a few words."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from benchmark.report.formats import MISSING

# By the kind of evaluation that was counted, the one that says most first.
ENGINES: Mapping[str, str] = MappingProxyType(
    {
        "jacobian": "compiled Jacobian",
        "gradient": "compiled gradient",
        "torch": "automatic differentiation",
        "incremental": "only the changed muscle",
        "residual": "full evaluations",
        "loss": "full evaluations",
    }
)
# Options of methods that say when a search ends, or how long it goes on before.
STOPPING = (
    *("unit", "temperature", "cooling", "sweeps", "adaptations", "tolerance", "patience", "repeats", "levels"),
    *("smallest_gain", "smallest_gradient", "last_steps", "epochs", "iterations", "evaluations", "most_evaluations"),
)


def engine(kinds: Iterable[str]) -> str:
    """What computed the losses of runs, by the kinds of evaluations that were counted; a dash where none was."""
    counted = set(kinds)
    known = [name for kind, name in ENGINES.items() if kind in counted]
    return known[0] if known else ", ".join(sorted(counted)) or MISSING


def stopping_rule(settings: Mapping[str, str]) -> str:
    """The options that say when a search ends, with their values; a dash where none does.

    Parameters
    ----------
    settings
        A method's options by name, as code.
    """
    parts = [f"{name.replace('_', ' ')} {_short(settings[name])}" for name in STOPPING if name in settings]
    return ", ".join(parts) or MISSING


def _short(code: str) -> str:
    """A value without more digits than it has."""
    try:
        value = ast.literal_eval(code)
    except (ValueError, SyntaxError):
        return code
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
