"""The tables of a suite's calibrations by moment tracking."""

from __future__ import annotations

from benchmark.harness.methods import method_files
from benchmark.report.calibration.moment_table import moment_tracking_table
from benchmark.report.calibration.table import NAME, calibration_table, table_name
from benchmark.report.material import SuiteMaterial
from benchmark.report.page.method_notes import method_notes
from benchmark.report.report_table import ReportTable


def calibration_tables(suite: SuiteMaterial) -> list[ReportTable]:
    """How long calibrations of a suite take, and how well they then predict moments; none without such runs."""
    notes = method_notes(sorted(set(suite.runs["method"])), method_files())
    tables = (calibration_table(suite, {note.name: note.settings for note in notes}), moment_tracking_table(suite))
    return [table for table in tables if table is not None]


def calibration_name(suite: str) -> str:
    """Name of the table of how long a suite's calibrations take."""
    return table_name(NAME, suite)
