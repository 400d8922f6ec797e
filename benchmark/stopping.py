"""Being told to stop: by Ctrl-C, and by SIGTERM, which batch systems send."""

from __future__ import annotations

import math
import signal
import time
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
