"""The tables of a suite over virtual subjects."""

from __future__ import annotations

from benchmark.report.deep_muscles.subjects_table import subjects_table
from benchmark.report.deep_muscles.table import deep_muscles_table
from benchmark.report.material import SuiteMaterial
from benchmark.report.report_table import ReportTable


def deep_muscles_tables(suite: SuiteMaterial) -> list[ReportTable]:
    """Formulations beside each other, and every subject for itself."""
    return [deep_muscles_table(suite), subjects_table(suite)]
