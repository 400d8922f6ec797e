"""Synthetic runs that predict, and a problem whose identified parameters give known errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
import pytest

from benchmark.analysis.predictions import ANGLE, FORCE, HELD_OUT, TRAINING
from benchmark.harness.store import Store
from benchmark.problem.start_level import StartLevel
from benchmark.report.material import SuiteMaterial
from benchmark.report.rows import runs_table

from ..synthetic import row, spec, trace

SUITE = "network"
PROBLEM = "m1-ab-published"
COORDINATES = ("elv_angle", "shoulder_elv", "pro_sup")
SEEN, UNSEEN, DEEP = ("PECM1", "DELT1", "TRIlong"), ("BRD",), ("INFSP", "BRA")
OF_START = {"rmse": 9.0, "r2": -9.0}

Errors = dict[str, list[float]]


class KnownProblem:
    """A problem with two parameters: the errors of the forces that they give."""

    deep_muscles = DEEP
    projection = SimpleNamespace(muscles=SEEN)

    def start(self, level: StartLevel, seed: int) -> dict[str, float]:
        return dict(OF_START)

    def replicate(self, seed: int) -> Self:
        return self


def known_errors(problem: KnownProblem, identified: Mapping[str, float]) -> dict[str, dict[str, Errors]]:
    """Errors that identified parameters tell, the held-out movement's with a hundredth less of R2."""
    return {
        movement: {FORCE: errors(SEEN + DEEP, [identified["r2"] - less] * 5, [identified["rmse"]] * 5)}
        for movement, less in ((TRAINING, 0.0), (HELD_OUT, 0.01))
    }


def know(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all problems be `KnownProblem`."""
    monkeypatch.setattr("benchmark.report.predictions.run_errors.load_problem", lambda name: KnownProblem())
    monkeypatch.setattr("benchmark.report.predictions.run_errors.model_errors", known_errors)


def errors(names: Sequence[str], r2: Sequence[float], rmse: Sequence[float] = (1.0,) * 6) -> Errors:
    return {name: [one, other] for name, one, other in zip(names, rmse, r2, strict=False)}


def angles(r2: Sequence[float], degrees: Sequence[float] = (1.0, 1.0, 1.0)) -> dict[str, Errors]:
    return {ANGLE: errors(COORDINATES, r2, np.radians(degrees).tolist())}


def forces(seen: float, unseen: float, deep: float) -> dict[str, Errors]:
    return {FORCE: errors(SEEN + UNSEEN + DEEP, [seen] * 3 + [unseen] + [deep] * 2)}


GOOD = angles([0.9, 0.8, 0.7]) | forces(0.9, 0.8, 0.5)
BAD = angles([0.5, -3.0, -20.0]) | forces(-0.5, -0.7, -2.0)


def predicting_row(
    method: str = "pinn",
    seed: int = 0,
    training: dict[str, Errors] | None = GOOD,
    held_out: dict[str, Errors] | None = BAD,
    **others: Any,
) -> dict[str, Any]:
    """A row of a run that predicts; `others` replace entries."""
    own = {"suite": SUITE, "problem": PROBLEM, "identified": {}} | others
    run = spec(own["problem"], method, suite=own["suite"], seed=seed, start_level=own.pop("start_level", 0.1))
    return row(run, predictions={TRAINING: training, HELD_OUT: held_out}, **own)


def plain_row(method: str = "gauss_newton", seed: int = 0, r2: float = 0.99, **others: Any) -> dict[str, Any]:
    """A row of a run that does not, with parameters that explain so much; `others` replace entries."""
    own: dict[str, Any] = {"identified": {"rmse": 2.0, "r2": r2}, "cr2m": 0.01}
    found = predicting_row(method, seed, **own | others)
    return {name: value for name, value in found.items() if name != "predictions"}


def material(*rows: dict[str, Any]) -> SuiteMaterial:
    """A suite of these runs."""
    runs = runs_table(rows)
    by_run = {(own["problem"], own["method"], own["start_level"], own["seed"]): own for own in rows}
    keys = runs[["problem", "method", "start_level", "seed"]].itertuples(index=False, name=None)
    ordered = tuple(by_run[key] for key in keys)
    return SuiteMaterial(rows[0]["suite"], ordered, runs, (None,) * len(rows), ())


def store(results: Path, *rows: dict[str, Any]) -> None:
    """Store runs with their traces."""
    for own in rows:
        run = spec(own["problem"], own["method"], suite=own["suite"], seed=own["seed"], start_level=own["start_level"])
        Store(results).save(run, own, trace(own))
