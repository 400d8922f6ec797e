"""Rows of runs that ended one way or another."""

from __future__ import annotations

from typing import Any

from benchmark.harness.row import Row


def ended(status: str = "converged", objective: float | None = 2.0, message: str = "", **others: Any) -> Row:
    figures = {"loss": 1.2e-6, "cr2m_start": 9.1, "cr2m": 1.3, "wall_s": 0.5}
    return {"status": status, "message": message, "objective_rad2_per_s4": objective} | figures | others
