"""Saves runs and is killed while it does, again and again: ``python -m tests.harness.killed_saves FOLDER KILLS``."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from benchmark.harness.store import Store
from tests.harness.dummies import good, spec

RUNS = 3
LONGEST_S = 0.3
SIZE = 20_000  # numbers of a trace: so that writing takes a while


def _save_for_ever(store: Store) -> None:
    """Save runs in turns; a number says which row belongs to which trace."""
    for number in range(10**9):
        run = spec(seed=number % RUNS)
        row, _ = good(run)
        store.save(run, row | {"number": number}, {"numbers": np.full(SIZE, number)})


if __name__ == "__main__":
    rng = np.random.default_rng(5)
    for kill in range(int(sys.argv[2])):
        child = os.fork()
        if child == 0:
            _save_for_ever(Store(Path(sys.argv[1]) / str(kill)))
        time.sleep(rng.uniform(0.0, LONGEST_S))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
