"""The figure and the tables of coverage, of counts worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmark.analysis.success import success_interval
from benchmark.report.figures.coverage import coverage
from benchmark.report.figures.style import figure_style
from benchmark.report.identifiability.coverage_table import coverage_table
from benchmark.uncertainty.covered import Coverage

from .drawn import faults

NAMES = ("c1", "DELT1.optimal_fibre_length", "dynamic coefficient humerus m cx")


def found() -> Coverage:
    return Coverage(
        problem="m1-a-published",
        noise_rad_per_s2=0.01,
        first_seed=0,
        names=NAMES,
        bounds_percent=np.array([3.0, 1.0, 2.0]),
        covered=np.array([95, 80, 97]),
        z_means=np.array([0.1, -0.3, 0.0]),
        z_root_mean_squares=np.array([1.0, 2.0, 1.0]),
        replicate_shares=np.repeat([1.0, 2.0 / 3.0], [72, 28]),
        noise_found_rad_per_s2=np.full(100, 0.011),
        at_bounds={"radius.mass": 5},
        replicates_at_bounds=5,
    )


def test_each_quantity_has_a_line_with_its_share_the_best_determined_first() -> None:
    with figure_style():
        (axes,) = coverage(found()).axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == ["all together", "DELT1 optimal fibre length", "dynamic coefficient humerus m cx", "c1"]
    containers: list[Any] = list(axes.containers)
    dots = {line: container for container in containers for line in container.lines[0].get_ydata()}
    shares = [float(dots[line].lines[0].get_xdata()[0]) for line in range(4)]
    assert shares == pytest.approx([100.0 * 272 / 300, 80.0, 97.0, 95.0])
    ends = dots[1].lines[2][0].get_segments()[0][:, 0]
    np.testing.assert_allclose(ends, 100.0 * np.array(success_interval(80, 100)))
    assert dots[1].lines[0].get_marker() == "D"  # beyond what chance allows
    assert dots[2].lines[0].get_marker() == "o"


def test_texts_do_not_cover_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with figure_style():
        assert faults(coverage(found()), monkeypatch) == []


def test_the_table_has_a_line_a_problem_and_the_file_one_a_quantity() -> None:
    table = coverage_table({"m1-a-published": found()})
    (line,) = table.shown.to_dict("records")
    assert table.name == "identifiability-coverage"
    assert line["Covered [95 % interval] (%)"].startswith("90.7 [")
    assert line["Single ones beyond it (1)"] == "1"
    assert line["Lowest single one (%)"] == "80.0"
    assert line["Noise found (of the true one, 1)"] == "1.1"
    assert line["Replicates at a bound (%)"] == "5"
    assert line["Median root mean square z (1)"] == "1"
    assert table.raw["beyond_chance"].tolist() == [False, True, False]
    assert table.raw["covered_share_1"].tolist() == [0.95, 0.8, 0.97]
    assert "DELT1.optimal_fibre_length (80.0 %)" in table.remarks[0]
    assert "radius.mass (5)" in table.remarks[1]
    assert coverage_table({}).shown.empty
