"""Tables against figures computed by hand and by numpy."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.problem.start_level import UNIFORM
from benchmark.problem.targets import Target
from benchmark.report.epochs import epochs, epochs_markdown
from benchmark.report.provenance import provenance_markdown
from benchmark.report.rows import COLUMNS, runs_table, to_csv
from benchmark.report.tables import summarise, summary_markdown, summary_text

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
UNITS = ("_percent", "_1", "_nm", "_s", "_rad2_per_s4")


def column(markdown: str, heading: str) -> list[str]:
    """The cells below a heading of the first table."""
    table = [[cell.strip() for cell in line.split("|")] for line in markdown.splitlines() if line.startswith("|")]
    return [line[table[0].index(heading)] for line in table[2:]]


def five_runs() -> list[dict[str, Any]]:
    return [row(spec(seed=seed), cr2=float(cr2)) for seed, cr2 in enumerate([5, 1, 4, 2, 3])]


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
    assert column(summary_markdown(table, "paper"), "Reached target") == ["2/5", "-"]
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
    assert column(summary_markdown(table, "paper"), "False stops") == ["-", "2/3", "-"]
    assert "2/3" in summary_text(rows, "paper", targets)


def test_endings_are_counted_even_those_of_other_versions() -> None:
    statuses = ["skipped", "converged", "vanished", "out of memory", "converged", "budget"]
    table = runs_table([row(spec(seed=seed), status=status) for seed, status in enumerate(statuses)])
    line = summarise(table).iloc[0]
    counts = {name: line[name] for name in line.index if name.startswith("ended_")}
    assert {name: count for name, count in counts.items() if count} == {
        "ended_converged": 2,
        "ended_budget": 1,
        "ended_skipped": 1,
        "ended_out_of_memory": 1,
        "ended_vanished": 1,
    }
    assert sum(counts.values()) == line["runs"] == 6
    assert line["failed_runs"] == 3
    expected = "2 converged, 1 budget, 1 skipped, 1 out of memory, 1 vanished"
    text = summary_markdown(table, "paper")
    assert column(text, "Ended") == [expected]
    assert f"Runs: 6 ({expected})." in text


def test_why_runs_were_skipped_is_told_once_for_all_seeds() -> None:
    rows = [failed_row(spec(seed=seed), "skipped", "needs five of these") for seed in (2, 0, 10)]
    text = summary_markdown(runs_table([*rows, failed_row(spec(seed=1), "skipped", "")]), "paper")
    told = "- `m1-a-published`, `torch_adam`, start level 10 %, "
    assert [line.removeprefix(told) for line in text.splitlines() if line.startswith(told)] == [
        "seed 1: skipped",
        "seeds 0, 2, 10: skipped: needs five of these",
    ]


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
    text = summary_markdown(table, "paper")
    assert [line.split("|")[3].strip() for line in text.splitlines() if line.startswith("| m1")] == ["10 %", "uniform"]
    assert "start level uniform, seed 0: killed" in text
    assert "uniform" in summary_text(rows, "paper")


def test_every_header_of_a_measure_ends_with_its_unit() -> None:
    columns = summarise(runs_table(five_runs())).columns
    measures = [column for column in columns if "median" in column or "quartile" in column]
    assert len(measures) == 39
    assert all(column.endswith(UNITS) for column in measures)
    header = summary_markdown(runs_table(five_runs()), "paper").splitlines()[4]
    for heading in ("Cr1 (%)", "Cr2m (%)", "Held-out RMSE (N m)", "Held-out R2 (1)", "Solve time (s)", "Loss (1)"):
        assert heading in header


def test_markdown_shows_start_end_and_what_failed() -> None:
    rows = [row(spec(seed=seed), cr2_start=8.0, cr2=float(cr2)) for seed, cr2 in enumerate([1, 2, 3])]
    text = summary_markdown(runs_table([*rows, failed_row(spec(seed=7))]), "paper", untraced=2)
    assert "| 8 → 2 [1.5, 2.5] " in text
    assert "Runs: 4 (3 budget, 1 killed). Failed, that is neither converged nor at the end of the budget: 1." in text
    assert "- `m1-a-published`, `torch_adam`, start level 10 %, seed 7: killed: no end within 90 s" in text
    assert "Runs without a trace: 2." in text


def test_only_failed_runs_are_counted() -> None:
    table = runs_table([failed_row(spec(seed=seed)) for seed in range(3)])
    line = summarise(table).iloc[0]
    assert (line["runs"], line["failed_runs"]) == (3, 3)
    assert np.isnan(line["cr2_median_percent"])
    assert "no run delivered a result" in summary_markdown(table, "paper")
    assert "No run delivered a result." in epochs_markdown(epochs(table, pd.Series("x", index=table.index)))


def test_summary_text_has_the_medians_of_one_suite() -> None:
    text = summary_text([*five_runs(), row(spec(suite="other", method="unseen"))], "paper")
    assert "Cr2m (%)" in text
    assert "→ 3 " in text
    assert "unseen" not in text


def test_epochs_stand_beside_the_papers() -> None:
    table = runs_table(
        [row(spec(seed=seed), solve_s=seconds, evaluations=100) for seed, seconds in enumerate([7.7, 77.0, 154.0])]
    )
    line = epochs(table, pd.Series("a machine", index=table.index)).iloc[0]
    assert line["epoch_median_s"] == pytest.approx(0.77)
    assert line["ratio_to_paper_1"] == pytest.approx(1.0)
    assert "a machine" in epochs_markdown(epochs(table, pd.Series("a machine", index=table.index)))


def test_provenance_shows_what_differs_between_runs() -> None:
    later = PROVENANCE | {"commit": "fedcba", "dirty": True, "date": "2026-01-05T00:00:00+00:00"}
    text = provenance_markdown([row(spec()), row(spec(seed=1), provenance=later), failed_row(spec(seed=2))], "paper")
    for part in (
        "fedcba with uncommitted changes (1 of 3 runs)",
        "Some CPU, 2 cores (2 of 3 runs)",
        "2026-01-02T03:04:05+00:00 to 2026-01-05T00:00:00+00:00",
        "not installed",
        "3600 s or 12000 evaluations",
    ):
        assert part in text
