"""The row of a run: what every part of the benchmark that writes or reads rows agrees on."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from numpy.typing import NDArray

from benchmark.harness.spec import RunSpec
from benchmark.problem.start_level import UNIFORM

Row = dict[str, Any]
Trace = dict[str, NDArray[Any]]

# From best to worst: a run is as good as its worst stage.
#
# converged      the method ended by its own criterion, or the harness at the target
# budget         the budget was spent
# skipped        the method does not apply, for the reason in the message
# diverged       no finite loss was seen within the bounds, or the method came to a point that is not finite
# failed         the method raised, returned what is no result, or lost its process
# out of memory  the method took more than it may
# killed         the method went on beyond its budget without an evaluation, and was ended with its process
STATUSES = ("converged", "budget", "skipped", "diverged", "failed", "out of memory", "killed")
# Those of runs that delivered a result.
DELIVERED = ("converged", "budget")
# Those of runs that have nothing to be run again for.
SETTLED = (*DELIVERED, "skipped")

NAMES = ("suite", "problem", "method", "status")

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
    "deep_force_error_percent",
)
COSTS = (
    "evaluations",
    "import_s",
    "build_s",
    "compile_s",
    "solve_s",
    "solve_cpu_s",
    "overhead_s",
    "wall_s",
    "peak_memory_mib",
)


class Ending(NamedTuple):
    """How a run or a stage of it ended, and what there is to say of it."""

    status: str
    message: str = ""


def identity(spec: RunSpec) -> Row:
    """The columns of a row that say which run it is, and under what settings."""
    return {
        "suite": spec.suite,
        "problem": spec.problem,
        "method": spec.method,
        "start_level": spec.start_level,
        "seed": spec.seed,
        "budget_s": spec.budget_s,
        "budget_evaluations": spec.budget_evaluations,
        "budget_cost": spec.budget_cost,
        "stop": spec.stop,
        "memory_gib": spec.memory_gib,
        "threads": spec.threads,
        "options": dict(spec.options),
    }


def row_without_result(spec: RunSpec, ending: Ending) -> Row:
    """The row of a run that left nothing but the way it ended."""
    measures: Row = dict.fromkeys((*ACCURACY_MEASURES, *COSTS))
    return identity(spec) | ending._asdict() | measures | {"counts": {}, "identified": {}, "left_range": []}


def fault(row: Any) -> str | None:
    """What keeps something that was stored from being a row; None if it is one."""
    if not isinstance(row, dict):
        return "it is no row of a run"
    if missing := [name for name in (*NAMES, "start_level", "seed") if name not in row]:
        return f"it has no {missing[0]}"
    sound = {name: isinstance(row[name], str) for name in NAMES}
    sound |= {
        "seed": type(row["seed"]) is int,
        "start_level": row["start_level"] == UNIFORM or _is_number(row["start_level"]),
    }
    sound |= {name: row.get(name) is None or _is_number(row[name]) for name in (*ACCURACY_MEASURES, *COSTS)}
    sound |= {name: isinstance(row.get(name) or {}, dict) for name in ("counts", "identified", "provenance")}
    sound["counts"] = sound["counts"] and all(map(_is_number, (row.get("counts") or {}).values()))
    return next((f"its {name} makes no sense" for name, is_sound in sound.items() if not is_sound), None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
