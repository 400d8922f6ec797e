"""The files of an identification, read back, and what a terminal shows."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from benchmark.identification.files import text
from benchmark.identification.identification import Identification
from benchmark.identification.tables import BONES, group_of, is_open

TABLES = ("parameters", "fit", "searches", "recordings", "provenance", "settings")
FIGURES = ("intervals", *(f"{kind}-{number}" for kind in ("torques", "forces", "fibres") for number in (1, 2)))


@pytest.fixture(scope="module")
def content(written: dict[str, bytes]) -> dict[str, Any]:
    def refused(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return dict(json.loads(written["identification.json"], parse_constant=refused))


def test_everything_is_there(written: dict[str, bytes]) -> None:
    assert {*written} == {
        *("index.html", "identification.json", "courses.csv"),
        *(f"tables/{name}.{ending}" for name in TABLES for ending in ("csv", "md")),
        *(f"figures/{name}.{ending}" for name in FIGURES for ending in ("png", "pdf")),
    }
    assert all(written.values())


def test_figures_are_pictures(written: dict[str, bytes]) -> None:
    for name in FIGURES:
        with Image.open(io.BytesIO(written[f"figures/{name}.png"])) as image:
            assert min(image.size) > 200
        assert written[f"figures/{name}.pdf"].startswith(b"%PDF")


def test_the_page_leads_only_to_files_that_are_there(written: dict[str, bytes]) -> None:
    html = written["index.html"].decode()
    linked = {part.partition('"')[0] for part in html.split('<a href="')[1:]} - {""}
    assert {name for name in linked if not name.startswith("#")} <= {*written}
    assert "http" not in linked


def test_parameters_can_be_read_back(content: dict[str, Any], found: Identification) -> None:
    by_name = {entry["parameter"]: entry for entry in content["parameters"]}
    assert len(by_name) == len(found.estimates)
    for estimate in found.estimates:
        entry = by_name[estimate.name]
        for key, value in (("identified", estimate.value), ("lower_95", estimate.lower), ("upper_95", estimate.upper)):
            assert entry[key] == (value if math.isfinite(value) else None)
        assert (entry["class"], entry["unit"]) == (estimate.determined, estimate.unit)
    assert by_name["c1"]["model"] == found.problem.nominal["c1"]


def test_recordings_searches_and_fits_can_be_read_back(content: dict[str, Any], found: Identification) -> None:
    assert content["task"]["method"] == "gauss_newton"
    assert [entry["sha256"] for entry in content["recordings"]] == [e.recording.checksum for e in found.recordings]
    assert all(len(entry["sha256"]) == 64 for entry in content["recordings"])
    assert content["searches"][0]["values"] == dict(found.best.values)
    assert content["searches"][0]["same_as_best"] is True
    assert [entry["r2"] for entry in content["fits"]] == [fit.r2 for fit in found.fits]
    assert content["warnings"] == list(found.warnings)
    assert content["remarks"] == list(found.uncertainty.remarks)
    assert content["at_bounds"] == list(found.uncertainty.held)


def test_courses_have_a_line_a_sample(written: dict[str, bytes], narrow: Identification) -> None:
    table = pd.read_csv(io.BytesIO(written["courses.csv"]))
    first, second = narrow.courses
    assert len(table) == len(first.time_s) + len(second.time_s)
    assert [*table.columns[:3]] == ["recording", "held_out", "time_s"]
    held_out = table[table["held_out"]]
    assert {*held_out["recording"]} == {"c"}
    coordinate, muscle, deep = second.coordinates[0], second.muscles[1], second.deep_muscles[0]
    for column, values in (
        ("time_s", second.time_s),
        (f"torque_measured_n_m.{coordinate}", second.measured_n_m[:, 0]),
        (f"torque_predicted_n_m.{coordinate}", second.predicted_n_m[:, 0]),
        (f"force_n.{muscle}", second.force_n[:, 1]),
        (f"force_n.{deep}", second.deep_force_n[:, 0]),
        (f"activation.{muscle}", second.activation[:, 1]),
        (f"fibre_length_lo.{muscle}", second.fibre_length[:, 1]),
    ):
        np.testing.assert_allclose(held_out[column], values, rtol=1e-14)  # the last digit as it is read


def test_the_terminal_shows_what_was_identified_and_counts_the_rest(found: Identification) -> None:
    shown = text(replace(found, warnings=("beware",)))
    lines = shown.splitlines()
    bones = [entry for entry in found.estimates if group_of(entry, found.problem) == BONES]
    opened = [entry for entry in bones if is_open(entry)]
    assert opened
    assert f"{len(opened)} bone parameters are open one by one" in shown
    assert sum(line.startswith(found.problem.identified_bodies) for line in lines) == len(bones) - len(opened)
    assert sum(line.startswith("DELT1 ") for line in lines) == 5
    assert sum(line.startswith("dynamic coefficient") for line in lines) > 10
    assert not any(line.startswith(("INFSP ", "TRIlat ")) for line in lines)
    assert "keep the model's parameters: TRIlat, BRD, INFSP, SUBSC, TRImed, BRA, PQ" in shown
    assert "RMSE (N m)" in shown
    assert lines[-1] == "warning: beware"
