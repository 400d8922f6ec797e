"""The command line with runs of a moment, for tests that kill it: ``python -m tests.harness.quick_cli ARGUMENTS``.

Runs leave marks: an empty file when they begin, which gets another name when they end. Worker processes import this
module too.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from runpy import run_module
from zlib import crc32

import numpy as np

from benchmark.harness.recorder import TracePoint, Watch
from benchmark.harness.row import Ending, Row, Trace, row_without_result
from benchmark.harness.seen import UNWATCHED, Seen
from benchmark.harness.spec import RunSpec

MODULE = "tests.harness.quick_cli"
MARKS = "QUICK_CLI_MARKS"  # environment variables: the folder of the marks
ENDLESS_FROM = "QUICK_CLI_ENDLESS_FROM"  # and the seed from which on runs do not end
DURATION_S = (0.05, 0.15)
SEEN_LOSS = 0.25
ENDED = ".ended"


class FixedKeys:
    """The same keys all the time, so that nobody's edits of the code make a difference."""

    def key(self, spec: RunSpec) -> str:
        return spec.id

    def parts(self, spec: RunSpec) -> dict[str, str]:
        return {"settings": spec.id}

    def recordings(self, spec: RunSpec) -> dict[str, str]:
        return {}

    def hold(self, spec: RunSpec) -> bool:
        return True


def execute(spec: RunSpec, watch: Watch = UNWATCHED) -> tuple[Row, Trace]:
    """A run whose figures and duration hang on its spec alone."""
    watch.solving(spec.budget_s)
    if spec.seed % 2:
        watch.seen(0, TracePoint({"loss": 7}, 0.1, SEEN_LOSS, np.array([1.0, 2.0])))
    mark = Path(os.environ[MARKS]) / f"{spec.method}-{spec.seed}-{os.getpid()}-{time.time_ns()}"
    mark.touch()  # from here on it may be killed
    rng = np.random.default_rng([spec.seed, crc32(spec.method.encode())])
    time.sleep(3600.0 if spec.seed >= float(os.environ[ENDLESS_FROM]) else rng.uniform(*DURATION_S))
    losses = rng.uniform(size=100)
    row = row_without_result(spec, Ending("converged", "done")) | {"loss": losses[-1], "identified": {"x": losses[0]}}
    mark.rename(mark.with_suffix(ENDED))
    return row, {"loss": losses}


def recover(spec: RunSpec, ending: Ending, seen: Sequence[Seen]) -> tuple[Row, Trace]:
    return row_without_result(spec, ending) | {"loss": seen[-1].point.loss}, {}


def _main() -> None:
    from benchmark.commands import run

    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have it ignored
    execution = run.execution
    replaced = {
        "run_keys": lambda specs: FixedKeys(),
        "execution": lambda asked: replace(execution(asked), module=MODULE),
    }
    for name, function in replaced.items():
        setattr(run, name, function)
    sys.argv[0] = "benchmark"
    run_module("benchmark", run_name="__main__")


if __name__ == "__main__":
    _main()
