"""The part of the page that shows what evaluations cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

import pandas as pd

from benchmark.report.formats import figure as written
from benchmark.report.formats import records
from benchmark.report.page.captions import caption, place
from benchmark.report.page.content import Section
from benchmark.report.page.suite_section import FIGURES, figure, report_table
from benchmark.report.report_table import ReportTable, shown_table

FOLDER = "speed"
TIME, RATIO = "Time (ms)", "Ratio to the compiled residual (1)"


@dataclass(frozen=True, eq=False)
class SpeedResults:
    """What the report has of the cost of evaluations.

    Attributes
    ----------
    timings
        As of `benchmark.speed.table.speed_table`.
    figures
        Content of its figures' files, by name.
    """

    origin: ClassVar[str] = "reproduce-speed"

    timings: pd.DataFrame
    figures: Mapping[str, bytes]


def speed_section(speed: SpeedResults) -> Section:
    """The section of speed."""
    pngs = {PurePosixPath(name).stem: content for name, content in speed.figures.items() if name.endswith(".png")}
    pictures = [
        figure(f"{FIGURES}/{FOLDER}/{stem}", caption(stem), pngs[stem], speed.origin)
        for stem in sorted(pngs, key=place)
    ]
    table = report_table(_table(speed.timings), speed.origin)
    return Section("speed", "Speed and exchange rates", (*pictures, table))


def _table(timings: pd.DataFrame) -> ReportTable:
    lines = [
        {"Problem": line["problem"], "Operation": line["operation"], "Back end": line["backend"]}
        | {"Threads (1)": line["threads"], TIME: written(line["milliseconds"])}
        | {RATIO: written(line["ratio_to_residual"])}
        for line in records(timings)
    ]
    shown = shown_table(lines, ["Problem", "Operation", "Back end", "Threads (1)", TIME, RATIO])
    sort_by = {"Threads (1)": "threads", TIME: "milliseconds", RATIO: "ratio_to_residual"}
    title = "What operations take, median"
    return ReportTable("speed", title, timings, shown, sort_by=sort_by, formats=("csv", "md"))
