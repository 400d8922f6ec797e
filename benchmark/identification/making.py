"""How an identification was made: recordings, where they come from, settings, code and machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from benchmark.harness.row import Row
from benchmark.identification.identification import Identification
from benchmark.identification.tables import HELD_OUT, IDENTIFIED_FROM, WRITTEN
from benchmark.report.formats import figure
from benchmark.report.provenance import UNKNOWN, provenance_values
from benchmark.report.report_table import ReportTable, shown_table

RECORDINGS_NOTE = "Samples count from the settling time on. The checksum is that of the recording's file."


def recordings_table(found: Identification) -> ReportTable:
    """A line a recording: what it is used for, how long it is, and the checksum of its file."""
    lines = list(recording_lines(found))
    shown = [
        {
            "Recording": line["recording"],
            "Use": HELD_OUT if line["held_out"] else IDENTIFIED_FROM,
            "Duration (s)": figure(line["duration_s"]),
            "Sampling rate (1/s)": figure(line["sampling_rate_hz"]),
            "Samples that count (1)": str(line["samples_that_count"]),
            "SHA-256": line["sha256"],
        }
        for line in lines
    ]
    table = shown_table(shown, list(shown[0]))
    return ReportTable("recordings", "Recordings", pd.DataFrame(lines), table, RECORDINGS_NOTE, formats=WRITTEN)


def recording_lines(found: Identification) -> Iterator[Row]:
    """What recordings are, for programs, in the order of their courses."""
    for entry, course in zip(found.recordings, found.courses, strict=True):
        recording = entry.recording
        yield {
            "recording": recording.name,
            "held_out": course.is_held_out,
            "duration_s": float(recording.time_s[-1] - recording.time_s[0]),
            "sampling_rate_hz": recording.sampling_rate_hz,
            "samples_that_count": len(entry.counted),
            "sha256": recording.checksum,
        }


def provenance_table(found: Identification) -> ReportTable:
    """What recordings say of where they come from."""
    lines = [
        {"Recording": entry.recording.name, "What": what, "Value": " ".join(value.split())}
        for entry in found.recordings
        for what, value in entry.recording.provenance.items()
    ]
    table = shown_table(lines, ["Recording", "What", "Value"])
    return ReportTable("provenance", "Where the recordings come from", table, table, formats=WRITTEN)


def settings_table(found: Identification, made_with: Mapping[str, Any]) -> ReportTable:
    """What was asked for, and with what code and machine it was made.

    Parameters
    ----------
    found
        What was identified.
    made_with
        As :func:`benchmark.harness.provenance.provenance` has it.
    """
    task, formulation = found.task, found.problem.parsed.formulation
    asked = {
        "Formulation": f"{formulation.name}: {formulation.summary}",
        "Model": found.problem.arm.variant,
        "Method": task.method,
        "Searches (1)": str(len(found.attempts)),
        "Spread of starts around the model (%)": figure(100.0 * task.spread),
        "Seed": str(task.seed),
    }
    values = provenance_values([{"provenance": made_with, "budget_s": task.budget_s}])
    known = {what: value for what, value in values.items() if value != UNKNOWN}
    table = pd.DataFrame(list((asked | known).items()), columns=["What", "Value"])
    return ReportTable("settings", "Settings, code and machine", table, table, formats=WRITTEN)
