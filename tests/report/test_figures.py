"""What the figures are drawn from: bands over runs, settings and the panels of parameters."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.problem.start_level import StartLevel
from benchmark.report.figures.parameters import panel_names, short_name
from benchmark.report.figures.style import plain_number
from benchmark.report.rows import runs_table
from benchmark.report.suite import suite_runs
from benchmark.report.traces import linear_grid, logarithmic_grid, quartile_band, read_trace

from .synthetic import error_names, failed_row, row, spec, trace


def test_band_holds_the_best_so_far_between_points_and_after_the_end() -> None:
    costs = [np.array([1.0, 3.0]), np.array([1.0, 5.0])]
    values = [np.array([9.0, 3.0]), np.array([9.0, 1.0])]
    band = quartile_band(costs, values, np.array([0.0, 2.0, 3.0, 6.0]))
    np.testing.assert_allclose(band[1], [9.0, 9.0, 6.0, 2.0])
    np.testing.assert_allclose(band[:, 3], [1.5, 2.0, 2.5])


def test_grids_span_all_runs() -> None:
    costs = [np.array([0.0, 2.0]), np.array([1.0, 8.0])]
    assert linear_grid(costs)[[0, -1]].tolist() == [0.0, 8.0]
    np.testing.assert_allclose(logarithmic_grid(costs)[[0, -1]], [1.0, 8.0])


def test_trace_is_read_by_name_and_what_is_none_is_told() -> None:
    stored = trace(row(spec()))
    read = read_trace(stored)
    assert read is not None
    expected = stored["errors_percent"][:, list(stored["error_names"]).index("c1")]
    np.testing.assert_allclose(read.errors_of(["c1"])[:, 0], expected)
    assert read_trace({}) is None
    assert read_trace(stored | {"error_names": stored["error_names"][1:]}) is None
    assert read_trace({name: array[:0] if name != "error_names" else array for name, array in stored.items()}) is None


@pytest.mark.parametrize(
    ("problem", "levels", "expected"),
    [
        ("m1-a-published", (0.1,), {"M1"}),
        ("m2-ab-light-unknown", (0.1,), {"M2 unknown"}),
        ("moment-a-published", (0.1, 0.2), {"Moment, 10 % start", "Moment, 20 % start"}),
        ("m1-a-published", (0.1, "uniform"), {"M1, 10 % start", "M1, uniform start"}),
    ],
)
def test_settings(problem: str, levels: tuple[StartLevel, ...], expected: set[str]) -> None:
    rows = [row(spec(problem, start_level=level)) for level in levels]
    assert set(suite_runs("s", runs_table(rows), [None] * len(rows)).settings) == expected


def test_notes_say_what_is_left_out() -> None:
    rows = [row(spec(seed=0)), row(spec(seed=1)), failed_row(spec(seed=2))]
    suite = suite_runs("paper", runs_table(rows), [read_trace(trace(rows[0])), None, None])
    assert suite.note == "Runs: 3 of m1-a-published; left out: 1 failed"
    assert suite.traced_note == "Runs: 3 of m1-a-published; left out: 1 failed, 1 without a trace"


def test_every_parameter_has_one_panel() -> None:
    names = error_names("m1-a-published")
    panels = panel_names(names)
    assert sorted(panels[panels != ""].tolist()) == sorted(names)
    assert panels[0, 1] == "PECM1.optimal_fibre_length"
    assert panels[1, 3] == ""  # BIClong is not pennated


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("PECM1.optimal_fibre_length", ("PECM1", "$l_o$")),
        ("c1", ("$c_1$", "")),
        ("coefficient humerus m cy", ("humerus m cy", "")),
        ("coefficient.3", ("coefficient 3", "")),
        ("coefficient a very long expression of many", ("a very long expressio…", "")),
    ],
)
def test_titles_are_short(name: str, title: tuple[str, str]) -> None:
    assert short_name(name) == title


@pytest.mark.parametrize(("value", "text"), [(0.01, "0.01"), (5000.0, "5000"), (1e5, "$10^{5}$"), (1e-5, "$10^{-5}$")])
def test_tick_labels(value: float, text: str) -> None:
    assert plain_number(value) == text
