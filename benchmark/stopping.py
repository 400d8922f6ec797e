"""Being told to stop: by Ctrl-C, and by SIGTERM, which batch systems send."""

from __future__ import annotations

import math
import os
import signal
import time
from multiprocessing import parent_process
from threading import Thread
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE_S = 5.0  # for tidying up


class Stopped(KeyboardInterrupt):
    """A signal told the process to stop.

    Parameters
    ----------
    number
        The signal's.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number  # as shells have it


def stop_tidily() -> None:
    """Have signals that tell this process to stop raise `Stopped`, but for those that it is to ignore anyway.

    Only the first one does for a while: tox and others repeat Ctrl-C, and a second one would break off tidying up.
    """
    told = -math.inf

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told > PATIENCE_S:
            told = now
            raise Stopped(number)

    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


def leave_stopping_to_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
