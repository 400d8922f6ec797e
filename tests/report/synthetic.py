"""Synthetic rows and traces, stored as the harness stores them."""

from __future__ import annotations

import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store
from datasets.parameters import MUSCLE_UNITS, SHARED_UNITS

MUSCLES = ("PECM1", "BIClong")
UNPENNATED = ("BIClong",)
DEEP = ("INFSP",)
PROVENANCE = {
    "commit": "0123456789abcdef",
    "dirty": False,
    "python": "3.12.1",
    "cpu": "Some CPU",
    "cores": 2,
    "packages": {"numpy": "2.0.0", "torch": None},
    "date": "2026-01-02T03:04:05+00:00",
}


def spec(problem: str = "m1-a-published", method: str = "torch_adam", **others: Any) -> RunSpec:
    settings: dict[str, Any] = {"suite": "paper", "start_level": 0.1, "seed": 0, "budget_s": 60.0} | others
    return RunSpec(problem=problem, method=method, **settings)


def row(run: RunSpec, **others: Any) -> dict[str, Any]:
    """A row of a run that ended well; `others` replace entries."""
    random = np.random.default_rng([run.seed, zlib.crc32(run.id.encode())])
    end = 1.0 + 2.0 * random.random()
    return {
        "suite": run.suite,
        "problem": run.problem,
        "method": run.method,
        "start_level": run.start_level,
        "seed": run.seed,
        "status": "budget",
        "message": "",
        "loss_start": 0.5,
        "loss": 1e-4 * end,
        "loss_truth": 1e-9,
        "loss_unit_rad2_per_s4": 1e4,
        "objective_rad2_per_s4": end,
        "cr1_start": 9.0 + random.random(),
        "cr1": 0.8 * end,
        "cr2_start": 8.0 + random.random(),
        "cr2": end,
        "cr2m_start": 8.5 + random.random(),
        "cr2m": 0.9 * end,
        "heldout_rmse_nm": 0.1 * end,
        "heldout_r2": 1.0 - 0.02 * end,
        "evaluations": 12000,
        "counts": {"loss": 2000, "torch_loss": 10000},
        "build_s": 1.25,
        "compile_s": 0.0,
        "solve_s": 240.0 * end,
        "wall_s": 250.0 * end,
        "identified": {"c1": -0.5},
        "provenance": PROVENANCE,
        "budget_s": 3600.0,
        "budget_evaluations": 12000,
    } | others


def failed_row(run: RunSpec, status: str = "killed", message: str = "no end within 90 s") -> dict[str, Any]:
    """A row of a run without a result, with only what the harness then knows."""
    return {
        "suite": run.suite,
        "problem": run.problem,
        "method": run.method,
        "start_level": run.start_level,
        "seed": run.seed,
        "status": status,
        "message": message,
        "wall_s": 91.0,
    }


def error_names(problem: str) -> list[str]:
    muscles = MUSCLES if problem.startswith("m1") else MUSCLES + DEEP
    names = [f"coefficient {body} {kind}" for body in ("humerus", "ulna") for kind in ("m cx", "Ixx")]
    names += [
        f"{muscle}.{kind}"
        for muscle in muscles
        for kind in MUSCLE_UNITS
        if not (muscle in UNPENNATED and kind == "pennation_at_optimal")
    ]
    return names + list(SHARED_UNITS)


def trace(stored: dict[str, Any], points: int = 250) -> dict[str, np.ndarray]:
    """A trace that falls from the row's start to its end."""
    random = np.random.default_rng(zlib.crc32(f"{stored['problem']} {stored['method']} {stored['seed']}".encode()))
    names = error_names(stored["problem"])
    done = np.linspace(0.0, 1.0, points)
    rates = random.uniform(0.5, 5.0, len(names))
    start = 10.0 * np.abs(random.standard_normal(len(names))) + 0.1
    fall = {
        key: stored[f"{key}_start"] * (stored[key] / stored[f"{key}_start"]) ** done for key in ("cr1", "cr2", "cr2m")
    }
    return fall | {
        "evaluations": np.round(done * stored["evaluations"]).astype(np.int64),
        "seconds": done * stored["solve_s"],
        "loss": 0.5 * math.e ** (-5.0 * done),
        "stage": (done > 10.0 / 12.0).astype(np.int8),
        "errors_percent": (start * np.exp(-done[:, None] * rates)).astype(np.float32),
        "error_names": np.array(names),
    }


def store_run(results: Path, run: RunSpec, with_trace: bool = True, **others: Any) -> None:
    """Store a run that ended well."""
    stored = row(run, **others)
    Store(results).save(run, stored, trace(stored) if with_trace else {})


def store_failure(results: Path, run: RunSpec) -> None:
    """Store a run without a result."""
    Store(results).save(run, failed_row(run), {})
