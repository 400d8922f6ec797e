"""Errors beside the Cramer-Rao bound: in the table of runs, the summaries, a table and a figure of their own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.analysis.identifiable_error import Yardstick
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import Quantities
from benchmark.identifiability.stored import store_analysis
from benchmark.report.efficiency_tables import NEAR_BOUND, efficiency, efficiency_table
from benchmark.report.figures.efficiency import efficiency as efficiency_figure
from benchmark.report.figures.style import figure_style
from benchmark.report.material import Material
from benchmark.report.page.short_table import short_table
from benchmark.report.report import suite_tables
from benchmark.report.rows import runs_table, to_csv
from benchmark.report.suite import SuiteRuns, suite_runs
from benchmark.report.suite_drawings import suite_drawings
from benchmark.report.tables import summary_table
from benchmark.report.terminal import summary_text

from .drawn import faults
from .suites import column, suite_material
from .synthetic import failed_row, row, spec, store_run

NOISY, NOISE_FREE = "m1-ab-published-noise0.1", "m1-ab-published"
PROBLEMS = (NOISY, "m1-ab-published-noise0.01", "m2-ab-published-noise0.1")
DELAY_S, BOUND = 0.02, 0.05
NAMES = ("electromechanical_delay",)


def ruler(bound: float | None = BOUND) -> Yardstick:
    """A yardstick of one parameter, whose relative standard deviation is at least `bound`."""
    deviations = None if bound is None else np.array([bound])
    return Yardstick(NAMES, np.array([DELAY_S]), np.array([DELAY_S]), np.eye(1), deviations)


YARDSTICKS = dict.fromkeys(PROBLEMS, ruler()) | {NOISE_FREE: ruler(None)}


def ended(method: str, over_bound: float, seed: int = 0, problem: str = NOISY, **others: Any) -> dict[str, Any]:
    """The row of a run whose one parameter is so many of its bounds away from the truth."""
    identified = {NAMES[0]: DELAY_S * (1.0 + BOUND * over_bound)}
    return row(spec(problem, method, suite="noise", seed=seed), identified=identified, **others)


def several() -> pd.DataFrame:
    """Two methods that are as good, one slowly; one that is worse, fails once and was skipped once; and a control."""
    ends = {"slow": (1.0, 1.2), "fast": (1.001, 1.199), "from_truth": (0.8, 1.0)}
    seconds = {"slow": 9.0, "fast": 1.0, "from_truth": 0.1}
    rows = [
        ended(method, end, seed, solve_s=seconds[method])
        for method, own in ends.items()
        for seed, end in enumerate(own)
    ]
    rows += [ended("bad", end, seed, solve_s=0.5) for seed, end in enumerate((40.0, NEAR_BOUND - 1e-9, 80.0))]
    rows += [
        failed_row(spec(NOISY, "bad", suite="noise", seed=seed), end) for seed, end in ((3, "killed"), (4, "skipped"))
    ]
    return runs_table(rows, yardsticks=YARDSTICKS)


def figure_runs(runs: pd.DataFrame) -> SuiteRuns:
    return suite_runs("noise", runs, [None] * len(runs), ["from_truth"])


def test_runs_have_errors_where_their_problem_has_a_yardstick() -> None:
    rows = [ended("m", 3.0), ended("m", 3.0, problem=NOISE_FREE), ended("m", 3.0, problem="m1-b-light")]
    table = runs_table([*rows, failed_row(spec(NOISY, "failed"))], yardsticks=YARDSTICKS).set_index(
        ["problem", "method"]
    )
    np.testing.assert_allclose(table.loc[(NOISY, "m"), ["identifiable_error_percent", "error_over_bound"]], [15.0, 3.0])
    assert table.loc[(NOISE_FREE, "m"), "identifiable_error_percent"] == pytest.approx(15.0)
    lacking = [(NOISE_FREE, "m", "error_over_bound"), ("m1-b-light", "m", "identifiable_error_percent")]
    lacking += [(NOISY, "failed", "identifiable_error_percent"), (NOISY, "failed", "error_over_bound")]
    assert all(table[name].isna()[problem, method] for problem, method, name in lacking)
    assert b",error_over_bound," in to_csv(table)


def test_a_thousand_runs_take_well_under_a_second() -> None:
    """With yardsticks of as many parameters as the largest problem has; half a second is ten times what it takes."""
    names = tuple(f"muscle{index}.optimal_fibre_length" for index in range(95))
    one = np.ones(95)
    yardsticks = {NOISY: Yardstick(names, one, one, np.eye(95), one)}
    rows = [row(spec(NOISY, seed=seed), identified=dict.fromkeys(names, 1.1)) for seed in range(1000)]
    begun = time.process_time()
    table = runs_table(rows, yardsticks=yardsticks)
    assert time.process_time() - begun < 0.5
    np.testing.assert_allclose(table["error_over_bound"], 0.1)


def test_efficiency_has_medians_and_counts_the_best_first_and_of_equal_ones_the_fastest() -> None:
    raw = efficiency(several())
    assert raw["method"].tolist() == ["from_truth", "fast", "slow", "bad"]
    assert raw["runs"].tolist() == [2, 2, 2, 4]
    assert raw["failed_runs"].tolist() == [0, 0, 0, 1]
    assert raw["within_runs"].tolist() == [2, 2, 2, 1]
    assert set(raw["noise_rad_per_s2"]) == {0.1}
    np.testing.assert_allclose(raw["error_over_bound_median_1"], [0.9, 1.1, 1.1, 40.0])
    np.testing.assert_allclose(
        raw["identifiable_error_median_percent"], 100.0 * BOUND * raw["error_over_bound_median_1"]
    )


def test_the_excess_objective_is_over_the_lowest_with_the_same_noise() -> None:
    """Of all methods and start levels; a failed run's does not count, and a draw of its own has each seed."""
    objectives = {"low": (2.0, 30.0), "high": (3.0, 10.0)}
    rows = [
        ended(name, 1.0, seed, objective_rad2_per_s4=own)
        for name, ends in objectives.items()
        for seed, own in enumerate(ends)
    ]
    rows.append(ended("died", 1.0, objective_rad2_per_s4=0.1, status="diverged"))
    raw = efficiency(runs_table(rows, yardsticks=YARDSTICKS)).set_index("method")
    excess = raw["excess_objective_median_percent"]
    np.testing.assert_allclose(excess[["low", "high"]], [np.median([0.0, 200.0]), np.median([50.0, 0.0])])


def test_the_table_of_efficiency_has_units_and_counts_of_all_runs() -> None:
    table = efficiency_table(suite_material(several()))
    assert table is not None
    text = table.markdown()
    assert column(text, f"Error within {NEAR_BOUND:g} bounds (runs)") == ["2/2", "2/2", "2/2", "1/4"]
    assert column(text, "Noise (rad/s2)") == ["0.1"] * 4
    assert column(text, "Error over bound (1)")[0] == "0.9 [0.85, 0.95]"
    for said in ("A run's seed draws its noise and its start", "Values below 1 arise by chance", "1 is what"):
        assert said in text


def test_suites_without_known_bounds_have_no_such_table() -> None:
    rows = [ended("m", 3.0, problem=NOISE_FREE), failed_row(spec(NOISY))]
    assert efficiency_table(suite_material(runs_table(rows, yardsticks=YARDSTICKS))) is None


def test_summaries_have_the_errors_only_where_a_run_has_them() -> None:
    headings = ["Identifiable error (%)", "Error over bound (1)"]
    expected = {NOISY: headings, NOISE_FREE: headings[:1], "m1-b-light": []}
    for problem, shown in expected.items():
        runs = runs_table([ended("m", 3.0, problem=problem)], yardsticks=YARDSTICKS)
        for table in (summary_table(suite_material(runs)), short_table(runs, "noise", [])):
            assert sorted(set(headings) & set(table.shown.columns)) == sorted(shown)
        summary = summary_table(suite_material(runs))
        assert ("Cramer and Rao" in summary.note) == bool(shown)
        assert {"identifiable_error_median_percent", "error_over_bound_median_1"} <= set(summary.raw.columns)


def test_the_short_table_of_a_noisy_problem_is_sorted_by_error_over_bound() -> None:
    shown = short_table(several(), "noise", ["from_truth"]).shown
    assert shown["Method"].tolist() == ["fast", "slow", "bad", "from_truth"]


def test_the_terminal_shows_them_in_place_of_targets_on_one_screen() -> None:
    rows = [ended("simulated_annealing", 3.0), failed_row(spec(NOISY, "dead", suite="noise"))]
    rows += [ended("simulated_annealing", 3.0, problem=NOISE_FREE)]
    text = summary_text(rows, "noise", yardsticks=YARDSTICKS)
    assert max(map(len, text.splitlines())) <= 100
    without, noisy = text.split("\n\n")[1:]
    assert "target" in without
    assert "over" not in without
    assert "target" not in noisy
    assert next(line.split() for line in noisy.splitlines() if line.startswith("simulated"))[2] == "3"


def test_the_figure_shows_runs_quartiles_and_medians_beside_one() -> None:
    figure = efficiency_figure(figure_runs(several()))
    (axes,) = figure.axes
    lines = [np.asarray(line.get_xdata(), dtype=np.float64) for line in axes.lines]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["bad", "fast", "from_truth", "slow"]
    np.testing.assert_allclose(lines[0], [40.0, NEAR_BOUND, 80.0])
    np.testing.assert_allclose(lines[1], np.quantile(lines[0], [0.25, 0.75]))
    np.testing.assert_allclose(lines[2], 40.0)
    np.testing.assert_allclose(lines[-1], 1.0)
    assert axes.get_xscale() == "log"
    faces = [line.get_markerfacecolor() for line in axes.lines if line.get_markeredgewidth() == 0.8]
    assert [face == "white" for face in faces] == [False, False, True, False]
    assert axes.get_title() == "m1-ab-published\nnoise 0.1 rad/s²"


def test_a_figure_has_no_panel_for_problems_without_a_bound_and_names_start_levels() -> None:
    rows = [ended("m", 2.0), ended("m", 3.0, problem=NOISE_FREE)]
    other = spec(NOISY, "m", suite="noise", start_level=0.2)
    rows += [row(other, identified={NAMES[0]: DELAY_S})]
    figure = efficiency_figure(figure_runs(runs_table(rows, yardsticks=YARDSTICKS)))
    assert [axes.get_title().rpartition(", ")[2] for axes in figure.axes] == ["10 % start", "20 % start"]
    np.testing.assert_allclose(np.asarray(figure.axes[1].lines[0].get_xdata(), dtype=np.float64), 0.01)


def test_texts_of_the_figure_are_whole_and_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    methods = ("gauss_newton_ils", "least_squares_trf", "variable_projection", "from_truth", "casadi_gauss_newton")
    random = np.random.default_rng(0)
    rows = [
        ended(method, float(random.lognormal(3.0, 3.0)), seed, problem)
        for problem in PROBLEMS
        for method in methods
        for seed in range(3)
    ]
    with figure_style():
        figure = efficiency_figure(figure_runs(runs_table(rows, yardsticks=YARDSTICKS)))
        assert faults(figure, monkeypatch) == []


def test_stored_analyses_give_a_report_its_yardsticks(tmp_path: Path) -> None:
    """A sensitivity of 2 rad/s2 and noise of 0.1 rad/s2 make a bound of 5 %: the yardstick of the other tests."""
    information = Information(NAMES, np.array([DELAY_S]), np.array([DELAY_S]), np.array([[2.0]]), 1)
    nothing = Quantities((), (), (), np.zeros(0), np.zeros(0), np.zeros((0, 1)))
    store_analysis(tmp_path, Analysis(NOISE_FREE, 1.0, information, nothing, {}, ()), {})
    for seed in range(2):
        identified = {NAMES[0]: DELAY_S * (1.0 + BOUND * (2.0 + seed))}
        store_run(tmp_path, spec(NOISY, suite="noise", seed=seed), identified=identified)
    material = Material(tmp_path)
    suite = material.suites[0]
    np.testing.assert_allclose(material.runs["error_over_bound"], [2.0, 3.0])
    assert "efficiency-noise" in [table.name for table in suite_tables(suite)]
    assert "efficiency" in [drawing.name for drawing in suite_drawings(material, suite)]
