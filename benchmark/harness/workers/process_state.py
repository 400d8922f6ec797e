"""What a run may leave changed in its process, where the next one would then not be as if alone."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

State = Mapping[str, Any]


def process_state() -> State:
    """What there is to be changed, by its name for people."""
    return {
        "working directory": _working_directory(),
        "environment": frozenset(os.environ.items()),
        "import path": tuple(sys.path),
        "threads": frozenset(threading.enumerate()),
        "signal handlers": [signal.getsignal(number) for number in sorted(signal.valid_signals())],
        "blocked signals": signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        "numpy's error handling": np.geterr(),
        "torch's settings": _torch_settings(),
    }


def changes(before: State, after: State) -> tuple[str, ...]:
    """Names of what has changed; libraries may add to the environment, and threads may come to their end."""
    same = {name: after[name] == before[name] for name in before}
    same["environment"] = before["environment"] <= after["environment"]
    same["threads"] = after["threads"] <= before["threads"]
    return tuple(name for name in before if not same[name])


def _working_directory() -> str | None:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return None


def _torch_settings() -> tuple[Any, ...] | None:
    """None where nobody has imported it."""
    if (torch := sys.modules.get("torch")) is None:
        return None
    return torch.get_default_dtype(), torch.get_num_threads(), torch.is_grad_enabled()
