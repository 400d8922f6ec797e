"""Tables against figures computed by hand and by numpy."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.problem.start_level import UNIFORM
from benchmark.problem.targets import Target
from benchmark.report.epochs import epochs, epochs_table
from benchmark.report.provenance import provenance_table
from benchmark.report.rows import COLUMNS, runs_table, to_csv
from benchmark.report.tables import summarise
from benchmark.report.terminal import summary_text

from .suites import column, five_runs, suite_material, summary_markdown
from .synthetic import PROVENANCE, failed_row, row, spec

STABLE = {
    "suite",
    "problem",
    "method",
    "start_level",
    "seed",
    "status",
    "loss_start",
    "loss",
    "loss_truth",
    "loss_unit_rad2_per_s4",
    "objective_rad2_per_s4",
    "reached_target",
    "cr1_start",
    "cr1",
    "cr2_start",
    "cr2",
    "cr2m_start",
    "cr2m",
    "heldout_rmse_nm",
    "heldout_r2",
    "evaluations",
    "solve_s",
    "wall_s",
}
UNITS = ("_percent", "_1", "_nm", "_s", "_rad2_per_s4", "_residual_evaluations")


def test_runs_table_has_the_stable_columns_and_one_line_a_run() -> None:
    table = runs_table([*five_runs(), failed_row(spec(seed=9))])
    assert set(COLUMNS) >= STABLE
    assert list(table.columns) == [*COLUMNS, "evaluations_loss", "evaluations_torch_loss"]
    assert len(table) == 6


def test_runs_table_does_not_depend_on_the_order_of_rows() -> None:
    rows = [row(spec(problem, method, seed=seed)) for problem in ("p", "a") for method in "ba" for seed in (10, 2)]
    assert to_csv(runs_table(rows)) == to_csv(runs_table(rows[::-1]))
    assert runs_table(rows)["seed"].tolist()[:2] == [2, 10]


def test_runs_csv_keeps_every_digit_and_whole_counts() -> None:
    content = to_csv(runs_table([row(spec(), cr1=0.1 + 0.2), failed_row(spec(seed=1), message="two\nlines, a comma")]))
    table = pd.read_csv(io.BytesIO(content), dtype={"cr1": str})
    assert float(table["cr1"][0]) == 0.1 + 0.2
    assert b",12000," in content
    assert table["message"][1] == "two lines, a comma"


def test_reached_target_of_all_runs_that_can_be_judged() -> None:
    """A failed run has not reached it; one that was skipped or has no objective is not judged, nor without a target."""
    targets = {"m1-a-published": Target(1e-13, 1e-12, "m", 0.1, 0, "2026-01-02")}
    objectives = [9e-13, 1e-12, 1.1e-12, None]
    rows = [row(spec(seed=seed), objective_rad2_per_s4=value) for seed, value in enumerate(objectives)]
    rows += [failed_row(spec(seed=4)), row(spec(seed=5), status="diverged", objective_rad2_per_s4=1e-13)]
    rows += [failed_row(spec(seed=6), "skipped"), row(spec("m2-a-published"), objective_rad2_per_s4=1e-13)]
    table = runs_table(rows, targets)
    assert table["reached_target"].tolist() == [True, True, False, pd.NA, False, False, pd.NA, pd.NA]
    summary = summarise(table)
    assert summary["judged_runs"].tolist() == [5, 0]
    assert summary["reached_target_runs"].tolist() == [2, 0]
    assert column(summary_markdown(table), "Reached target") == ["2/5", "-"]
    assert "2/5" in summary_text(rows, "paper", targets)


def test_false_stops_are_of_the_runs_that_their_method_ended_itself() -> None:
    """Not of those that the budget, an error or, at the target, the harness ended, nor of those without a target."""
    targets = {"m1-a-published": Target(1e-13, 1e-12, "m", 0.1, 0, "2026-01-02")}
    objective = "objective_rad2_per_s4"
    reached, missed, unknown = ({objective: value} for value in (1e-12, 1.1e-12, None))
    itself = {"status": "converged", "stop": "own"}
    older = missed | {"status": "converged"}
    ends: list[dict[str, Any]] = [reached | itself, missed | itself, older]
    ends += [missed | {"status": "budget"}, unknown | itself]
    ends += [reached | itself | {"stop": "target"}, missed | itself | {"stop": "target"}]
    rows = [row(spec(seed=seed), **end) for seed, end in enumerate(ends)]
    rows += [failed_row(spec(seed=9)), row(spec("m2-a-published"), **(missed | itself))]
    rows += [row(spec(method="spends_all"), **missed)]
    table = runs_table(rows, targets)
    summary = summarise(table)
    assert summary["own_stops"].tolist() == [0, 3, 0]
    assert summary["false_convergences"].tolist() == [0, 2, 0]
    assert column(summary_markdown(table), "False stops") == ["-", "2/3", "-"]
    assert "2/3" in summary_text(rows, "paper", targets)


def test_seconds_per_evaluation() -> None:
    table = runs_table([row(spec(), solve_s=6.0, evaluations=12), row(spec(seed=1), solve_s=6.0, evaluations=0)])
    assert table["seconds_per_evaluation"][0] == 0.5
    assert np.isnan(table["seconds_per_evaluation"][1])


def test_summary_has_median_and_quartiles_of_the_runs_that_delivered() -> None:
    rows = [*five_runs(), failed_row(spec(seed=5)), row(spec(seed=6), status="diverged", cr2=99.0)]
    line = summarise(runs_table(rows)).iloc[0]
    assert (line["runs"], line["failed_runs"], line["start_level"]) == (7, 2, 0.1)
    assert [line[f"cr2_{name}_percent"] for name in ("lower_quartile", "median", "upper_quartile")] == [2.0, 3.0, 4.0]
    rmse = [entry["heldout_rmse_nm"] for entry in five_runs()]
    assert line["heldout_rmse_median_nm"] == pytest.approx(np.median(rmse))
    assert line["heldout_rmse_upper_quartile_nm"] == pytest.approx(np.quantile(rmse, 0.75))


def test_summary_has_a_line_a_problem_method_and_start_level() -> None:
    levels = [UNIFORM, 0.2, 0.1]
    rows = [row(spec(problem, method, start_level=level)) for problem in "ab" for method in "cd" for level in levels]
    summary = summarise(runs_table(rows))
    assert len(summary) == 12
    assert summary["start_level"].tolist() == 4 * levels[::-1]


def test_uniform_starts_stand_beside_levels_in_every_table() -> None:
    rows = [row(spec(start_level=0.1)), failed_row(spec(start_level=UNIFORM))]
    table = runs_table(rows)
    assert pd.read_csv(io.BytesIO(to_csv(table)))["start_level"].tolist() == ["0.1", "uniform"]
    text = summary_markdown(table)
    assert [line.split("|")[3].strip() for line in text.splitlines() if line.startswith("| m1")] == ["10 %", "uniform"]
    assert "start level uniform, seed 0: killed" in text
    assert "uniform" in summary_text(rows, "paper")


def test_every_header_of_a_measure_ends_with_its_unit() -> None:
    columns = summarise(runs_table(five_runs())).columns
    measures = [column for column in columns if "median" in column or "quartile" in column]
    assert len(measures) == 48
    assert all(column.endswith(UNITS) for column in measures)
    header = summary_markdown(runs_table(five_runs())).splitlines()[4]
    for heading in ("Cr1 (%)", "Cr2m (%)", "Held-out RMSE (N m)", "Held-out R2 (1)", "Solve time (s)", "Loss (1)"):
        assert heading in header


def test_summary_text_has_the_medians_of_one_suite() -> None:
    text = summary_text([*five_runs(), row(spec(suite="other", method="unseen"))], "paper")
    line = next(line.split() for line in text.splitlines() if line.startswith("torch_adam"))
    assert line[:3] == ["torch_adam", "0/5", "-"]
    assert line[4] == f"{np.median([entry['cr2m'] for entry in five_runs()]):.3g}"
    assert "Cr2 " not in text
    assert "unseen" not in text


def test_epochs_stand_beside_the_papers() -> None:
    rows = [row(spec(seed=seed), solve_s=seconds, evaluations=100) for seed, seconds in enumerate([7.7, 77.0, 154.0])]
    table = runs_table(rows)
    line = epochs(table, pd.Series("a machine", index=table.index)).iloc[0]
    assert line["epoch_median_s"] == pytest.approx(0.77)
    assert line["ratio_to_paper_1"] == pytest.approx(1.0)
    text = epochs_table(replace(suite_material(table), rows=tuple(rows))).markdown()
    assert (column(text, "Epoch (s)"), column(text, "Machine")) == (["0.77 [0.423, 1.16]"], ["Some CPU, 2 cores"])


def test_provenance_shows_what_differs_between_runs() -> None:
    later = PROVENANCE | {"commit": "fedcba", "dirty": True, "date": "2026-01-05T00:00:00+00:00"}
    rows = [row(spec()), row(spec(seed=1), provenance=later), failed_row(spec(seed=2))]
    text = provenance_table(rows, "paper").markdown()
    for part in (
        "fedcba with uncommitted changes (1 of 3 runs)",
        "Some CPU, 2 cores (2 of 3 runs)",
        "2026-01-02T03:04:05+00:00 to 2026-01-05T00:00:00+00:00",
        "not installed",
        "3600 s or 12000 evaluations",
    ):
        assert part in text


def test_cost_weighs_evaluations_by_their_prices() -> None:
    counts: list[dict[str, int]] = [{"residual": 10, "jacobian": 4}, {"residual": 3}, {"jacobian": 1, "reported": 2}]
    rows = [row(spec(seed=seed), counts=own) for seed, own in enumerate(counts)]
    rows += [failed_row(spec(seed=3)), row(spec("m9-a-x"), counts={"residual": 1})]
    prices = {"m1-a-published": {"residual": 1.0, "jacobian": 2.5}}
    table = runs_table(rows, prices=prices)
    assert table["cost"].fillna(-1.0).tolist() == [20.0, 3.0, -1.0, -1.0, -1.0]
    text = summary_markdown(table)
    assert column(text, "Cost (residual evaluations)") == ["11.5 [7.25, 15.8]", "-"]
    assert "Runs of unknown cost, as a kind of their evaluations has no price: 2." in text


def test_the_terminals_summary_is_one_screen_wide() -> None:
    rows = [
        row(spec(problem, "simulated_annealing", seed=seed)) for problem in ("m1-ab-x", "m2-ab-x") for seed in (0, 1)
    ]
    lines = summary_text(rows, "paper").splitlines()
    assert max(map(len, lines)) <= 100
    assert [line.split(",")[0] for line in lines if line.startswith("m")][::2] == ["m1-ab-x", "m2-ab-x"]
