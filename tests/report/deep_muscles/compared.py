"""Synthetic runs of formulations on virtual subjects, whose means and differences are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmark.harness.store import Store
from benchmark.report.material import SuiteMaterial
from benchmark.report.rows import row_order, runs_table
from datasets.subjects import SUBJECTS

from ..synthetic import failed_row, row, spec, trace

SUITE = "deep-muscles"
METHODS = ("gauss_newton", "multistart")
FORMULATIONS = (
    *("m1", "m1-torque", "m2", "bounded", "static_optimisation"),
    *("emg_assisted", "synergy_pca", "synergy_nmf", "ignored"),
)
SIZES = {
    "emg_noise": (0.1, 0.3),
    "emg_scaling": (0.1, 0.3),
    "motion_noise": (0.05, 0.2),
    "arm_bias": (0.05, 0.15),
    "hand_load": (0.1, 0.3),
}
COMBINED = "emg_noise0.1-emg_scaling0.1-motion_noise0.05-arm_bias0.05"
IMPERFECTIONS = ("", *(f"{name}{size:g}" for name, sizes in SIZES.items() for size in sizes), COMBINED)
MUSCLES = ("TRImed", "BRA", "INFSP", "SUBSC", "PQ")


def problem(formulation: str, subject: str, imperfection: str = "") -> str:
    """A problem's name."""
    treatment, _, rest = formulation.partition("-")
    return "-".join(filter(None, (treatment, "ab", subject, rest, imperfection)))


def subject_row(
    formulation: str = "m1",
    subject: str = SUBJECTS[0],
    imperfection: str = "",
    cr2m: float = 1.0,
    method: str = METHODS[0],
    seed: int = 0,
    level: float = 0.1,
    **others: Any,
) -> dict[str, Any]:
    """A row of a run whose measures all follow from its Cr2m; `others` replace entries."""
    run = spec(problem(formulation, subject, imperfection), method, suite=SUITE, seed=seed, start_level=level)
    in_torque = formulation not in ("m1", "m2", "bounded", "ignored")
    own: dict[str, Any] = {
        "status": "converged",
        "objective_rad2_per_s4": None if in_torque else 1.0,
        "loss_unit_rad2_per_s4": None if in_torque else 1.0,
        "cr2m": cr2m,
        "cr2": 2.0 * cr2m,
        "heldout_rmse_nm": 0.1 * cr2m,
        "heldout_r2": 1.0 - 0.001 * cr2m,
        "deep_force_error_percent": 3.0 * cr2m,
        "deep_force_error_by_muscle": {name: place * cr2m for place, name in enumerate(MUSCLES, start=1)},
        "solve_s": 1.0 + cr2m,
        "options": {},
        "stop": "own",
    }
    return row(run, **own | others)


def failed(formulation: str, subject: str, imperfection: str = "", method: str = METHODS[0], **others: Any) -> Any:
    """A row of a run without a result."""
    run = spec(problem(formulation, subject, imperfection), method, suite=SUITE)
    return failed_row(run) | {"options": {}, "budget_s": 60.0} | others


def all_rows(methods: Sequence[str] = METHODS, subjects: Sequence[str] = SUBJECTS) -> Iterator[dict[str, Any]]:
    """Runs of everything: formulations, imperfections and subjects each multiply or add their own to the error."""
    for method in methods:
        for formulation in FORMULATIONS:
            for imperfection in IMPERFECTIONS:
                for subject in subjects:
                    yield subject_row(
                        formulation, subject, imperfection, _error(formulation, subject, imperfection), method
                    )


def _error(formulation: str, subject: str, imperfection: str) -> float:
    """As different as errors are: from hundredths to tens of percent, subjects by a factor of two."""
    own = (0.02, 0.02, 0.01, 0.02, 3.0, 1.0, 5.0, 6.0, 20.0)[FORMULATIONS.index(formulation)]
    place = SUBJECTS.index(subject)
    noise = 0.0 if not imperfection else 3.0 * float(imperfection.rpartition("0.")[2][:2].ljust(2, "0")) / 10.0
    jitter = 1.0 + 0.3 * ((7 * place + 3 * FORMULATIONS.index(formulation)) % 5 - 2)
    return own * jitter * (1.0 + 0.1 * place) + noise * (1.0 + 0.05 * place) * jitter


def material(*rows: dict[str, Any]) -> SuiteMaterial:
    """A suite of these runs, without traces."""
    ordered = tuple(sorted(rows, key=row_order))
    return SuiteMaterial(SUITE, ordered, runs_table(ordered), (None,) * len(rows), ())


def store(results: Path, *rows: dict[str, Any], traced: bool = False) -> None:
    """Store runs."""
    for own in rows:
        run = spec(own["problem"], own["method"], suite=own["suite"], seed=own["seed"], start_level=own["start_level"])
        Store(results).save(run, own, trace(own, 50) if traced and own.get("loss") else {})
