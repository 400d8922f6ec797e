"""What tables leave out is told: failed and skipped runs, methods without runs, damaged files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmark.harness.store import Damage
from benchmark.problem.start_level import UNIFORM
from benchmark.report.epochs import epochs_table
from benchmark.report.rows import runs_table
from benchmark.report.tables import summarise, summary_table
from benchmark.report.traces import read_trace

from .suites import column, five_runs, suite_material, summary_markdown
from .synthetic import failed_row, row, spec, trace


def test_why_runs_were_skipped_is_told_once_for_all_seeds() -> None:
    rows = [failed_row(spec(seed=seed), "skipped", "needs five of these") for seed in (2, 0, 10)]
    text = summary_markdown(runs_table([*rows, failed_row(spec(seed=1), "skipped", "")]))
    told = "- `m1-a-published`, `torch_adam`, start level 10 %, "
    assert [line.removeprefix(told) for line in text.splitlines() if line.startswith(told)] == [
        "seed 1: skipped",
        "seeds 0, 2, 10: skipped: needs five of these",
    ]


def test_markdown_shows_start_end_and_what_failed() -> None:
    rows = [row(spec(seed=seed), cr2_start=8.0, cr2=float(cr2)) for seed, cr2 in enumerate([1, 2, 3])]
    table, one = runs_table([*rows, failed_row(spec(seed=7))]), read_trace(trace(rows[0]))
    text = summary_table(suite_material(table, [one, None, None, None])).markdown()
    assert "| 8 → 2 [1.5, 2.5] " in text
    assert "Runs: 4 (3 budget, 1 killed). Failed, that is neither converged nor at the end of the budget nor" in text
    assert " nor skipped: 1." in text
    assert "- `m1-a-published`, `torch_adam`, start level 10 %, seed 7: killed: no end within 90 s" in text
    assert "Runs without a trace: 2." in text


def test_only_failed_runs_are_counted() -> None:
    table = runs_table([failed_row(spec(seed=seed)) for seed in range(3)])
    line = summarise(table).iloc[0]
    assert (line["runs"], line["failed_runs"]) == (3, 3)
    assert np.isnan(line["cr2_median_percent"])
    assert "no run delivered a result" in summary_markdown(table)
    suite = replace(suite_material(table), rows=tuple(failed_row(spec(seed=seed)) for seed in range(3)))
    assert "No run delivered a result." in epochs_table(suite).markdown()


def test_a_method_that_lacks_problems_is_named() -> None:
    rows = [
        row(spec(problem, "both", start_level=level)) for problem in ("m1-a-x", "m2-a-x") for level in (0.1, UNIFORM)
    ]
    rows += [row(spec("m2-a-x", "half", start_level=UNIFORM)), failed_row(spec("m1-a-x", "half", start_level=UNIFORM))]
    text = summary_markdown(runs_table(rows))
    assert "- `half` has no runs of `m1-a-x` from 10 % starts, `m2-a-x` from 10 % starts, where others have." in text
    assert "`both` has no runs" not in text


def test_damaged_files_are_named() -> None:
    damaged = (Damage("runs/paper/m1-a-x/one-10-0.json", "it has no seed"),)
    text = summary_table(replace(suite_material(runs_table(five_runs())), damaged=damaged)).markdown()
    assert "- `runs/paper/m1-a-x/one-10-0.json`: it has no seed" in text


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
    assert line["failed_runs"] == 2  # a skipped one has not failed
    expected = "2 converged, 1 budget, 1 skipped, 1 out of memory, 1 vanished"
    text = summary_markdown(table)
    assert column(text, "Ended") == [expected]
    assert f"Runs: 6 ({expected})." in text
