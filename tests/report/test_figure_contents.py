"""What figures show, against cases worked by hand and numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.problem.targets import Target
from benchmark.report.figures.accuracy_against_time import accuracy_against_time, pareto_front
from benchmark.report.figures.parameter_errors import parameter_errors, parameter_lines, short_number
from benchmark.report.figures.run_time import run_time
from benchmark.report.figures.speed import exchange_rates, speed
from benchmark.report.figures.style import figure_style, logarithmic, render
from benchmark.report.figures.waterfall import waterfall
from benchmark.report.rows import runs_table
from benchmark.report.suite import SuiteRuns, suite_runs
from benchmark.speed.campaign import Block
from benchmark.speed.clock import Timing
from benchmark.speed.exchange_rates import Rates
from benchmark.speed.table import speed_table

from .synthetic import failed_row, row, spec

PROBLEM = "m1-a-published"
TARGETS = {PROBLEM: Target(0.02, 2.0, "gauss_newton", 0.1, 0, "2026-01-02")}


def suite(*rows: dict[str, Any]) -> SuiteRuns:
    return suite_runs("s", runs_table(rows, TARGETS), [None] * len(rows), ["from_truth"], TARGETS)


def runs(method: str, *ends: dict[str, Any]) -> list[dict[str, Any]]:
    return [row(spec(method=method, seed=seed), **end) for seed, end in enumerate(ends)]


def points(axes: Axes) -> list[list[tuple[float, float]]]:
    return [[(x, y) for x, y in np.column_stack([line.get_xdata(), line.get_ydata()]).tolist()] for line in axes.lines]


def note(figure: Figure) -> str:
    return " ".join(text for label in figure.texts for text in label.get_text().split())


def test_a_waterfall_falls_from_the_worst_to_the_best_and_shows_the_target() -> None:
    ends = [{"objective_rad2_per_s4": value} for value in (3.0, 1.0, 20.0)]
    figure = waterfall(suite(*runs("lbfgs", *ends), failed_row(spec(method="lbfgs", seed=3))))
    axes = figure.axes[0]
    assert points(axes) == [[(1.0, 1.0), (2.0, 3.0), (3.0, 20.0)], [(0.0, 2.0), (1.0, 2.0)]]
    assert axes.get_yscale() == "log"
    assert "Runs: 4 of m1-a-published; left out: 1 failed." in note(figure)


def test_a_pareto_front_is_the_staircase_of_what_nothing_beats() -> None:
    found = np.array([[3.0, 1.0], [1.0, 5.0], [2.0, 6.0], [4.0, 1.0], [2.0, 2.0]])
    expected = [[1.0, 5.0], [2.0, 5.0], [2.0, 2.0], [3.0, 2.0], [3.0, 1.0]]
    assert pareto_front(found).tolist() == expected
    assert pareto_front(found[:1]).tolist() == [[3.0, 1.0]]


def test_accuracy_against_time_shows_medians_quartiles_and_how_often_the_best_minimum_was_reached() -> None:
    times, errors, ends = (1.0, 2.0, 4.0, 8.0, 16.0), (5.0, 4.0, 3.0, 2.0, 0.5), (1.0, 9.0, 1.5, 1.0, 9.0)
    own = [
        {"solve_s": time, "cr2m": error, "objective_rad2_per_s4": end, "cr2m_start": 8.0}
        for time, error, end in zip(times, errors, ends, strict=True)
    ]
    with figure_style():
        figure = accuracy_against_time(suite(*runs("lbfgs", *own), failed_row(spec(method="lbfgs", seed=5))))
    axes = figure.axes[0]
    assert sorted(points(axes)[0]) == sorted(zip(times, errors, strict=True))
    assert points(axes)[1:4] == [[(2.0, 3.0), (8.0, 3.0)], [(4.0, 2.0), (4.0, 4.0)], [(4.0, 3.0)]]
    assert [level[0][1] for level in points(axes)[4:6]] == [1.0, 8.0]
    assert [text.get_text() for text in axes.texts] == ["target 1 %", "start", "lbfgs (3/6)"]


def test_runs_that_took_no_time_are_drawn() -> None:
    at_once = {"solve_s": 0.0, "cr2m": 0.0, "cr2m_start": None}
    axes = accuracy_against_time(suite(*runs("lbfgs", at_once, at_once))).axes[0]
    assert min(axes.get_xlim()) > 0.0
    attempts = pd.DataFrame([attempt("lbfgs", "best minimum", 0.0, 0.0, 1.0)])
    assert all(min(axes.get_xlim()) > 0.0 for axes in run_time(attempts, ["lbfgs"]).axes)


def attempt(method: str, target: str, seconds: float | None, cost: float | None, spent: float) -> dict[str, Any]:
    return {
        "problem": PROBLEM,
        "start_level": 0.1,
        "method": method,
        "status": "converged",
        "target": target,
        "reached": seconds is not None,
        "seconds_to_target": seconds,
        "cost_to_target": cost,
        "seconds_spent": spent,
        "cost_spent": 10.0 * spent,
    }


def test_run_time_distributions_rise_where_runs_reach_a_target_and_name_what_never_does() -> None:
    attempts = pd.DataFrame(
        [
            attempt("fast", "best minimum", 1.0, 10.0, 2.0),
            attempt("fast", "best minimum", 4.0, 40.0, 5.0),
            attempt("fast", "best minimum", None, None, 8.0),
            attempt("never", "best minimum", None, None, 9.0),
            attempt("unpriced", "best minimum", 3.0, None, 3.0),
            *(
                attempt(method, "error 1 %", None, None, 9.0)
                for method in ("fast", "fast", "fast", "never", "unpriced")
            ),
        ]
    )
    figure = run_time(attempts, ["fast", "never", "unpriced"])
    seconds, cost = figure.axes
    third = 100.0 / 3.0
    stairs = [(1.0, 0.0), (1.0, third), (4.0, 2.0 * third), (8.0, 2.0 * third)]
    np.testing.assert_allclose(points(seconds)[0], stairs)
    np.testing.assert_allclose(points(cost)[0], [(10.0 * x, y) for x, y in stairs])
    assert [len(axes.lines) for axes in figure.axes] == [2, 1]
    head = seconds.get_title(loc="left").replace("\n", " ")
    assert head == "M1, best minimum. Not drawn: no run of never; cost not known of unpriced"
    assert "Reached by no run: M1, error 1 %. Runs: 5." in note(figure)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["fast", "unpriced"]


def test_parameters_are_grouped_by_kind_with_what_is_not_compared_left_out() -> None:
    names = ["c2", "PECM1.tendon_slack_length", "B.optimal_fibre_length", "humerus.mass", "A.optimal_fibre_length"]
    lines = list(parameter_lines(names))
    assert [line.parameter for line in lines] == [None, names[2], names[4], None, names[1], None, "c2"]
    assert [line.label.split(" $")[0] for line in lines] == [
        *("Optimal fibre length", "B", "A", "Tendon slack length", "PECM1", "Shared", "$c_2$")
    ]


def test_the_heat_map_holds_medians_from_the_best_column_to_the_worst() -> None:
    names = ["A.optimal_fibre_length", "c1"]
    table = pd.DataFrame([[9.0, 0.3], [1.0, 0.1], [4.0, 0.2], [0.5, np.nan]], index=["b", "b", "b", "a"], columns=names)
    axes = parameter_errors("title", table).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b"]
    assert [text.get_text() for text in axes.texts] == ["0.50", "4.0", "0.20"]


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        *((float("nan"), ""), (1258.0, "1258"), (9.96, "10"), (9.94, "9.9"), (0.951, "1.0"), (0.949, "0.95")),
        *((0.0996, "0.10"), (0.0096, "0.01"), (0.0094, "9e-3"), (8.2e-8, "8e-8"), (0.0, "0")),
    ],
)
def test_numbers_of_the_heat_map_are_short(percent: float, text: str) -> None:
    assert short_number(percent) == text


def test_bars_of_speed_are_as_long_as_the_times_on_one_thread() -> None:
    timings = [
        Timing("residual", "compiled", 2.0),
        Timing("residual", "torch", 6.0),
        Timing("compile", "compiled", 9e3),
    ]
    slower = [timing._replace(milliseconds=7.0 * timing.milliseconds) for timing in timings]
    table = speed_table([Block("p", 1, timings), Block("p", 2, slower), Block("q", 1, timings[:2])])
    p, q = speed(table).axes
    for axes, times in ((p, {"compiled": [2.0, 9e3], "torch": [6.0]}), (q, {"compiled": [2.0], "torch": [6.0]})):
        drawn = [[patch.get_width() for patch in bars if patch.get_width() > 0.0] for bars in axes.containers]
        assert drawn == list(times.values())
    assert [label.get_text() for label in p.get_yticklabels()] == [
        "residual, compiled",
        "residual, torch",
        "compile, compiled",
    ]


def test_bars_of_exchange_rates_are_the_prices() -> None:
    rates = {
        "m1": Rates("m1-a", {"residual": 1.0, "jacobian": 2.6}),
        "m2": Rates("m2-a", {"residual": 1.0, "jacobian": 4.7}),
    }
    figure = exchange_rates(rates)
    assert [[patch.get_width() for patch in axes.containers[0]] for axes in figure.axes] == [[1.0, 2.6], [1.0, 4.7]]
    assert [axes.get_title() for axes in figure.axes] == ["m1-a", "m2-a"]


def test_a_logarithmic_axis_spans_a_decade_at_least() -> None:
    axes = Figure().subplots()
    axes.set_xlim(50.0, 60.0)
    logarithmic(axes, "x")
    low, high = axes.get_xlim()
    assert high / low == pytest.approx(10.0)
    assert low * high == pytest.approx(3000.0)


def test_fonts_of_a_pdf_are_those_that_journals_accept() -> None:
    with figure_style():
        figure = Figure(layout="constrained")
        figure.subplots().set(title="words and $l_o$", xlabel="10")
        pdf = render(figure)["pdf"]
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
