"""Runs that behave well and badly, each as its method's name says; worker processes import this module too."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.harness.recorder import TracePoint, Watch
from benchmark.harness.row import Ending, Row, Trace, row_without_result
from benchmark.harness.seen import UNWATCHED, Seen
from benchmark.harness.spec import RunSpec
from benchmark.threads import THREAD_LIMITS

MODULE = __name__
SLEEPER = "import time; time.sleep(3600)"


def spec(method: str = "good", seed: int = 0, **settings: Any) -> RunSpec:
    return replace(RunSpec("tiny", "m1-a-published", method, 0.1, seed, budget_s=1.0), **settings)


def good(spec: RunSpec) -> tuple[Row, Trace]:
    row = row_without_result(spec, Ending("converged", "done"))
    row |= {"loss": 10.0**-spec.seed, "cr2m_start": 9.0, "cr2m": 1.0, "loss_truth": float("nan")}
    return row, {"loss": np.array([1.0, row["loss"]])}


def execute(spec: RunSpec, watch: Watch = UNWATCHED) -> tuple[Row, Trace]:
    if marks := spec.options.get("marks"):
        (Path(marks) / f"{spec.method}-{spec.seed}-{time.time_ns()}").touch()
    row, trace = good(spec)
    watch.solving(spec.budget_s)
    match spec.method:
        case "raises":
            raise ZeroDivisionError("no such luck")
        case "exits":
            sys.exit(3)
        case "times_out_by_itself":
            raise TimeoutError("its own")
        case "hangs":
            time.sleep(3600)
        case "hangs_after_a_point":
            watch.seen(0, TracePoint({"loss": 7}, 0.1, 0.25, np.array([1.0, 2.0])))
            time.sleep(3600)
        case "dies":
            os.write(2, b"Fatal: \n  out of luck\n")
            os._exit(7)
        case "unpicklable":
            row["message"] = lambda: None
        case "prints":
            os.write(1, b"chatter of a solver")
        case "allocates":
            _allocate(spec.memory_gib)
        case "leaves_children":
            _start_sleeper(detached=True)
        case "leaves_children_and_dies":
            _start_sleeper(detached=True)
            os._exit(7)
        case "environment":
            row["identified"] = {"pid": os.getpid()} | {name: os.environ.get(name) for name in THREAD_LIMITS}
        case "slow":
            time.sleep(0.3)
    return row, trace


def recover(spec: RunSpec, ending: Ending, seen: Sequence[Seen]) -> tuple[Row, Trace]:
    last = seen[-1]
    return row_without_result(spec, ending) | {"loss": last.point.loss, "counts": dict(last.point.counts)}, {}


def _allocate(gib: float) -> None:
    kept = []
    while True:
        kept.append(np.ones(2**20))  # 8 MiB


def _start_sleeper(detached: bool) -> None:
    subprocess.Popen([sys.executable, "-c", SLEEPER], start_new_session=detached)
