"""An identification in files, for people and for programs, and in words for a terminal."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd
from tabulate import tabulate

from benchmark.harness.plain import plain
from benchmark.harness.provenance import provenance
from benchmark.identification import PAGE_FILE
from benchmark.identification.courses import Course
from benchmark.identification.figures import fibres, forces, torques
from benchmark.identification.identification import Identification
from benchmark.identification.interval_figure import intervals
from benchmark.identification.making import provenance_table, recording_lines, recordings_table, settings_table
from benchmark.identification.page import (
    FIBRES,
    FIGURES,
    FORCES,
    INTERVALS,
    TABLES,
    TORQUES,
    identification_page,
    picture_name,
)
from benchmark.identification.tables import (
    BONES,
    OF,
    fit_table,
    group_of,
    is_open,
    parameters_table,
    searches_table,
    sorted_estimates,
)
from benchmark.report.figures.style import figure_style, render
from benchmark.report.formats import records
from benchmark.report.page.render import render as render_page
from benchmark.report.rows import to_csv

OF_COURSES = {TORQUES: torques, FORCES: forces, FIBRES: fibres}


def files(found: Identification) -> dict[str, bytes]:
    """Everything by the name of its file, with folders: page, tables, figures, courses and all for programs.

    Parameters
    ----------
    found
        What was identified.
    """
    made_with = provenance()
    tables = (
        *(parameters_table(found), fit_table(found), searches_table(found)),
        *(recordings_table(found), provenance_table(found), settings_table(found, made_with)),
    )
    pictures = dict(_pictures(found))
    pngs = {name: content["png"] for name, content in pictures.items()}
    written = {f"{TABLES}/{name}": content for table in tables for name, content in table.files().items()}
    drawn = {f"{FIGURES}/{name}.{end}": data for name, content in pictures.items() for end, data in content.items()}
    return {
        PAGE_FILE: render_page(identification_page(found, tables, pngs)),
        **written,
        **drawn,
        "courses.csv": to_csv(pd.concat([_course_table(course) for course in found.courses])),
        "identification.json": _json(found, made_with),
    }


def text(found: Identification) -> str:
    """What a terminal shows: parameters that were identified, how well they fit, and what to beware of.

    Parameters
    ----------
    found
        What was identified.
    """
    estimates = sorted_estimates(found)
    identified = [entry for entry in estimates if not math.isnan(entry.value)]
    open_bones = [entry for entry in identified if group_of(entry, found.problem) == BONES and is_open(entry)]
    shown = [entry for entry in identified if entry not in open_bones]
    parts = [
        _printed(parameters_table(found, shown).shown.drop(columns=OF)),
        "\n".join(_left_out(found, open_count=len(open_bones))),
        _printed(fit_table(found).shown),
        "\n".join(f"warning: {line}" for line in found.warnings),
    ]
    return "\n\n".join(part for part in parts if part)


def _left_out(found: Identification, open_count: int) -> Iterator[str]:
    """What of the estimates the terminal does not show."""
    if open_count:
        yield f"{open_count} bone parameters are open one by one: what is known of bones is in the dynamic coefficients"
    unseen = dict.fromkeys(entry.name.partition(".")[0] for entry in found.estimates if math.isnan(entry.value))
    if unseen:
        yield f"not or not entirely identified, these keep the model's parameters: {', '.join(unseen)}"


def _printed(shown: pd.DataFrame) -> str:
    return tabulate(records(shown), headers="keys", disable_numparse=True)


def _pictures(found: Identification) -> Iterator[tuple[str, dict[str, bytes]]]:
    with figure_style():
        yield INTERVALS, render(intervals(found))
        for number, course in enumerate(found.courses, start=1):
            for kind, draw in OF_COURSES.items():
                yield picture_name(kind, number), render(draw(course))


def _course_table(course: Course) -> pd.DataFrame:
    """A line a sample that counts."""
    groups = (
        ("torque_measured_n_m", course.coordinates, course.measured_n_m),
        ("torque_predicted_n_m", course.coordinates, course.predicted_n_m),
        ("force_n", *course.forces),
        ("activation", course.muscles, course.activation),
        ("fibre_length_lo", course.muscles, course.fibre_length),
    )
    columns = {f"{stem}.{name}": values[:, place] for stem, names, values in groups for place, name in enumerate(names)}
    begin = {"recording": course.recording, "held_out": course.is_held_out, "time_s": course.time_s}
    return pd.DataFrame(begin | columns)


def _json(found: Identification, made_with: Mapping[str, Any]) -> bytes:
    """Everything but the courses, for programs; null for what is not finite."""
    searches = zip(records(searches_table(found).raw), found.attempts, strict=True)
    content = {
        "task": asdict(found.task),
        "formulation": found.problem.parsed.formulation.summary,
        "model": found.problem.arm.variant,
        "recordings": [
            {**line, "provenance": entry.recording.provenance}
            for line, entry in zip(recording_lines(found), found.recordings, strict=True)
        ],
        "parameters": records(parameters_table(found).raw),
        "at_bounds": found.uncertainty.held,
        "noise_rad_per_s2": found.uncertainty.noise_rad_per_s2,
        "degrees_of_freedom": found.uncertainty.degrees_of_freedom,
        "fits": [asdict(fit) for fit in found.fits],
        "searches": [
            {**line, "start_values": attempt.start_values, "values": attempt.values} for line, attempt in searches
        ],
        "warnings": found.warnings,
        "remarks": found.uncertainty.remarks,
        "made_with": made_with,
    }
    return (json.dumps(plain(content), indent=1, allow_nan=False) + "\n").encode()
