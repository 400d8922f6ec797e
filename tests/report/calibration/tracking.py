"""Synthetic runs of moment tracking, whose losses and times are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmark.harness.store import Store
from benchmark.problem.trial import TRACKED_COORDINATES
from benchmark.report.material import SuiteMaterial
from benchmark.report.rows import runs_table
from benchmark.report.traces import read_trace

from ..synthetic import row, spec

SUITE = "moment-tracking"
PROBLEM = "moments-xyz-published"  # there are no such recordings
MUSCLES = ("PECM1", "BIClong")
KINDS = ("maximum_isometric_force", "optimal_fibre_length", "tendon_slack_length")
BUDGET_S = 120.0
POINTS = 101
START_LOSS = 9.0


def tracking_row(method: str, seed: int = 0, loss: float = 1.0, seconds: float = 10.0, **others: Any) -> dict[str, Any]:
    """A row of a run; `others` replace entries."""
    run = spec(PROBLEM, method, suite=SUITE, seed=seed, budget_s=BUDGET_S)
    by_coordinate = {name: [0.1 * loss * (1 + place), 0.9] for place, name in enumerate(TRACKED_COORDINATES)}
    own: dict[str, Any] = {
        "status": "converged",
        "loss_start": START_LOSS,
        "loss": loss,
        "loss_truth": None,
        "loss_unit_rad2_per_s4": None,
        "objective_rad2_per_s4": None,
        "heldout_rmse_nm": 0.2 * loss,
        "heldout_r2": 0.9,
        "heldout_by_coordinate": by_coordinate,
        "evaluations": 100,
        "counts": {"jacobian": 100},
        "solve_s": seconds,
        "budget_s": BUDGET_S,
        "budget_evaluations": None,
        "left_range": [],
        "identified": {},
    }
    return row(run, **own | others)


def tracking_trace(stored: dict[str, Any]) -> dict[str, np.ndarray]:
    """A trace whose loss falls in a straight line from the start's to the row's, in steady time."""
    done = np.linspace(0.0, 1.0, POINTS)
    names = [f"{muscle}.{kind}" for kind in KINDS for muscle in MUSCLES] + ["c1", "c2"]
    falling = {key: stored[f"{key}_start"] + done * (stored[key] - stored[f"{key}_start"]) for key in ("cr1", "cr2m")}
    return falling | {
        "evaluations": np.round(done * stored["evaluations"]).astype(np.int64),
        "seconds": done * stored["solve_s"],
        "loss": START_LOSS + done * (stored["loss"] - START_LOSS),
        "stage": np.zeros(POINTS, dtype=np.int8),
        "errors_percent": np.full((POINTS, len(names)), 5.0, dtype=np.float32),
        "error_names": np.array(names),
    }


def material(*rows: dict[str, Any], traced: bool = True) -> SuiteMaterial:
    """A suite of these runs."""
    runs = runs_table(rows)
    by_run = {(own["method"], own["seed"]): own for own in rows}
    ordered = tuple(by_run[line["method"], line["seed"]] for _, line in runs.iterrows())
    traces = tuple(read_trace(tracking_trace(own)) if traced and own.get("loss") else None for own in ordered)
    return SuiteMaterial(SUITE, ordered, runs, traces, ())


def store(results: Path, *rows: dict[str, Any]) -> None:
    """Store runs with their traces."""
    for own in rows:
        run = spec(own["problem"], own["method"], suite=own["suite"], seed=own["seed"], budget_s=BUDGET_S)
        Store(results).save(run, own, tracking_trace(own))
