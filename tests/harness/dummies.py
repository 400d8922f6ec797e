"""Runs that behave well and badly; imported by worker processes too."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.harness.row import Row, Trace
from benchmark.harness.spec import RunSpec
from benchmark.harness.worker import THREAD_LIMITS, row_without_result


def spec(method: str = "good", seed: int = 0, **settings: Any) -> RunSpec:
    return replace(RunSpec("tiny", "m1-a-published", method, 0.1, seed, budget_s=1.0), **settings)


def good(spec: RunSpec) -> tuple[Row, Trace]:
    row = row_without_result(spec, "converged", "done", wall_s=0.0)
    row |= {"loss": 10.0**-spec.seed, "cr2m_start": 9.0, "cr2m": 1.0, "loss_truth": float("nan")}
    return row, {"loss": np.array([1.0, row["loss"]])}


def by_method(spec: RunSpec) -> tuple[Row, Trace]:
    """Behaves as the method's name says."""
    row, trace = good(spec)
    match spec.method:
        case "raises":
            raise ZeroDivisionError("no such luck")
        case "exits":
            sys.exit(3)
        case "times_out_by_itself":
            raise TimeoutError("its own")
        case "hangs":
            time.sleep(3600)
        case "dies":
            os._exit(7)
        case "unpicklable":
            row["message"] = lambda: None
        case "prints":
            print("chatter of a solver")
        case "environment":
            row["identified"] = {"pid": os.getpid()} | {name: os.environ.get(name) for name in THREAD_LIMITS}
    return row, trace


def slow(spec: RunSpec) -> tuple[Row, Trace]:
    time.sleep(0.3)
    return good(spec)


def counted(spec: RunSpec) -> tuple[Row, Trace]:
    """Leaves a mark in the folder that the option `marks` names."""
    (Path(spec.options["marks"]) / f"{spec.method}-{spec.seed}-{time.time_ns()}").touch()
    return good(spec)
