"""The row of a run: what every part of the benchmark that writes or reads rows agrees on."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Row = dict[str, Any]
Trace = dict[str, NDArray[Any]]

# From best to worst: a run is as good as its worst stage.
STATUSES = ("converged", "budget", "diverged", "failed", "killed")
# Those of runs that delivered a result.
DELIVERED = ("converged", "budget")

ACCURACY_MEASURES = (
    "loss_start",
    "loss",
    "loss_truth",
    "loss_unit_rad2_per_s4",
    "objective_rad2_per_s4",
    "cr1_start",
    "cr1",
    "cr2_start",
    "cr2",
    "cr2m_start",
    "cr2m",
    "heldout_rmse_nm",
    "heldout_r2",
)
COSTS = ("evaluations", "build_s", "compile_s", "solve_s", "wall_s")
