"""Progress for programs: a JSON object a line."""

from __future__ import annotations

import json
import math
from types import TracebackType
from typing import Any, Self

from rich.console import Console

from benchmark.harness.progress.overview import Overview
from benchmark.harness.row import Row
from benchmark.harness.spec import RunSpec

# The row's figures by the names that they have in an event, which say their units.
FIGURES = {
    "objective_rad2_per_s4": "objective_rad2_per_s4",
    "cr1_percent": "cr1",
    "cr2_percent": "cr2",
    "cr2m_percent": "cr2m",
    "heldout_rmse_nm": "heldout_rmse_nm",
    "heldout_r2": "heldout_r2",
    "evaluations": "evaluations",
    "solve_s": "solve_s",
    "wall_s": "wall_s",
}


class JsonLines:
    """An object for every event: ``campaign``, ``started``, ``finished``, ``elsewhere`` and ``end``.

    Figures that are missing or not finite are null.

    Parameters
    ----------
    overview
        The campaign's.
    suite
        Name of the suite.
    stored
        How many of its runs stand already.
    console
        Where to print.
    """

    def __init__(self, overview: Overview, suite: str, stored: int, console: Console) -> None:
        self._overview, self._console = overview, console
        self._suite, self._stored = suite, stored

    def __enter__(self) -> Self:
        runs = self._stored + self._overview.standing.total
        self._print("campaign", suite=self._suite, runs=runs, stored=self._stored)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        standing = self._overview.standing
        self._print("end", done=standing.done, failed=standing.failed, stored_elsewhere=standing.elsewhere)

    def started(self, spec: RunSpec) -> None:
        """Print that a run began."""
        self._overview.started(spec)
        self._print("started", **_run(spec), budget_s=spec.budget_s)

    def finished(self, spec: RunSpec, row: Row) -> None:
        """Print how a run ended."""
        self._overview.finished(spec, row)
        figures = {name: _finite(row.get(column)) for name, column in FIGURES.items()}
        ending = {"status": row["status"], "message": row["message"]}
        self._print("finished", **_run(spec), **ending, **figures, **self._where_it_stands())

    def elsewhere(self, spec: RunSpec) -> None:
        """Print that another process has done a run."""
        self._overview.elsewhere(spec)
        self._print("elsewhere", **_run(spec), **self._where_it_stands())

    def _where_it_stands(self) -> dict[str, Any]:
        standing = self._overview.standing
        return {"done": standing.over, "total": standing.total, "seconds_left": _finite(standing.seconds_left)}

    def _print(self, event: str, **entries: Any) -> None:
        self._console.out(json.dumps({"event": event, **entries}, allow_nan=False), highlight=False)


def _run(spec: RunSpec) -> dict[str, Any]:
    return {
        "run": spec.id,
        "suite": spec.suite,
        "problem": spec.problem,
        "method": spec.method,
        "start_level": spec.start_level,
        "seed": spec.seed,
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
