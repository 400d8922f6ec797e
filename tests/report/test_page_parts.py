"""What the page is put together from: commands, what methods' files say, the answer, and methods in short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmark.harness.suites import Suite
from benchmark.problem.targets import Target
from benchmark.report.figures import KINDS
from benchmark.report.page.answer import answer
from benchmark.report.page.captions import CAPTIONS, caption, place
from benchmark.report.page.commands import run_commands, single_run_command
from benchmark.report.page.method_notes import method_notes
from benchmark.report.page.short_table import REACHED, short_table
from benchmark.report.rows import runs_table

from .synthetic import failed_row, row, spec

SUITES = {
    "default": Suite("default", "", ("a", "b"), (0.1,), (0, 1), budget_s=10.0),
    "paper": Suite("paper", "", ("a", "b"), (0.1, 0.2), (0, 1), budget_s=60.0, methods=("x", "y")),
}
METHOD = '''"""Steps downhill.

Until ``steps`` are done.
"""

SUMMARY = "steps downhill"
SOURCE = "Cauchy " "1847"
OPTIONS: dict = {"steps": 10, **{"size": 0.5}}
CONTROL = True
raise ImportError("is not to be imported")
'''


def rows_of(methods: str, problems: str, levels: tuple[float, ...], seeds: tuple[int, ...], **others: Any) -> list[Any]:
    given = {"suite": "paper", "budget_s": 60.0, "budget_evaluations": None} | others
    return [
        row(spec(problem, method, start_level=level, seed=seed)) | given
        for method in methods
        for problem in problems
        for level in levels
        for seed in seeds
    ]


def commands(rows: list[Any]) -> list[str]:
    return [line.removeprefix("python -m benchmark run ") for line in run_commands(rows, SUITES, ["x", "y", "z"])]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (rows_of("xy", "ab", (0.1, 0.2), (0, 1)), ["all --suite paper"]),
        (rows_of("x", "ab", (0.1, 0.2), (0, 1)), ["x --suite paper"]),
        (rows_of("xz", "b", (0.1, 0.2), (0, 1, 10)), ["x z --suite paper --problems b --seeds 0 1 10"]),
        (rows_of("xy", "ab", (0.1, 0.2), (0, 1), budget_s=7.5), ["all --suite paper --budget 7.5"]),
        (
            rows_of("x", "ab", (0.1,), (0, 1)) + rows_of("x", "ab", (0.2,), (1,)),
            ["x --suite paper --start-levels 0.1", "x --suite paper --start-levels 0.2 --seeds 1"],
        ),
        (rows_of("xyz", "ab", (0.1,), (0, 1), suite="gone", budget_s=10.0), ["all --suite default"]),
    ],
)
def test_commands_make_all_the_runs_and_no_others(rows: list[Any], expected: list[str]) -> None:
    assert commands(rows) == expected


def test_the_command_of_one_run() -> None:
    stored = rows_of("x", "a", (0.1,), (1,), budget_evaluations=500)[0]
    assert single_run_command(stored, SUITES) == (
        "python -m benchmark run x --suite paper --problems a --start-levels 0.1 --seeds 1 --evaluations 500"
    )


def test_methods_are_read_and_not_imported(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(METHOD)
    (tmp_path / "bad.py").write_text("def")
    paths = {name: tmp_path / f"{name}.py" for name in ("good", "bad")}
    good, bad, gone = method_notes(["good", "bad", "gone"], paths)
    assert (good.summary, good.source, good.is_control) == ("steps downhill", "Cauchy 1847", True)
    assert good.description == "Steps downhill.\n\nUntil ``steps`` are done."
    assert good.options == ("`steps` 10", "`size` 0.5")
    assert (bad.trouble, gone.trouble) == ("Its file cannot be read: SyntaxError.", "There is no such method now.")


PRESETS_FILE = """
'''Cools.'''
OPTIONS = {"step": 0.5, "tolerance": 1}
_SLOW = {"tolerance": 1e-9}
PRESETS = {"slow": _SLOW, "slower": {**_SLOW, "step": 0.1}, "plain": {}}
"""


def test_presets_are_told_with_their_options(tmp_path: Path) -> None:
    path = tmp_path / "cool.py"
    path.write_text(PRESETS_FILE)
    notes = method_notes(["cool", "cool+slow", "cool+slower", "cool+plain", "cool+gone"], {"cool": path})
    assert [note.settings for note in notes] == [
        {"step": "0.5", "tolerance": "1"},
        {"step": "0.5", "tolerance": "1e-09"},
        {"step": "0.1", "tolerance": "1e-09"},
        {"step": "0.5", "tolerance": "1"},
        {},
    ]
    assert [note.trouble for note in notes] == [*[""] * 4, "There is no such preset now."]


def competition() -> pd.DataFrame:
    """Of two runs each: two methods reach the target always, one at times, one never, one fails once, and a control."""
    ends = {"slow": (1, 1, 9.0), "fast": (1, 1, 2.0), "lucky": (1, 5, 1.0), "lost": (5, 5, 1.0), "control": (1, 1, 0.1)}
    rows = [
        row(
            spec(method=method, seed=seed),
            objective_rad2_per_s4=float(end[seed]),
            solve_s=end[2],
            cr2m=float(end[seed]),
        )
        for method, end in ends.items()
        for seed in range(2)
    ]
    rows += [row(spec(method="frail"), objective_rad2_per_s4=1.0), failed_row(spec(method="frail", seed=1))]
    return runs_table(rows, {"m1-a-published": Target(1.0, 2.0, "fast", 0.1, 0, "2026-01-02")})


def test_the_answer_counts_failures_and_leaves_controls_out() -> None:
    assert answer(competition(), ["control"]) == (
        "- `m1-a-published`, 10 % starts: every run ends at the best minimum known of `fast` (2 s) and `slow` (9 s); "
        "some runs do of `frail` (1 of 2 runs) and `lucky` (1 of 2 runs); no run does of 1 other method."
    )


def test_the_answer_without_anyone_who_gets_there_or_without_a_target() -> None:
    runs = competition()
    assert answer(runs[runs["method"] == "lost"], []).endswith("no run ends there, of 1 method.")
    assert "no best minimum is known" in answer(runs_table([row(spec())]), [])


def test_the_best_methods_stand_first_and_controls_last() -> None:
    shown = short_table(competition(), "paper", ["control"]).shown
    assert shown["Method"].tolist()[:2] == ["fast", "slow"]
    assert shown["Method"].tolist()[-2:] == ["lost", "control"]
    assert shown[REACHED].tolist()[:2] == ["2/2", "2/2"]
    assert shown.loc[shown["Method"] == "frail", [REACHED, "Runs", "Failed"]].to_numpy().tolist() == [["1/2", "2", "1"]]


def test_figures_are_known_by_what_their_names_begin_with() -> None:
    assert caption("heldout").text == CAPTIONS["heldout"].text
    assert caption("heldout-torque-m1-a-published").text == f"{CAPTIONS['heldout-torque'].text} (`m1-a-published`)"
    assert caption("parameter-errors") != caption("parameters")
    assert caption("unheard-of") == ("**Unheard of.**", "unheard of")
    assert sorted(["heldout", "unheard-of", "run-time-distributions", "accuracy-against-time"], key=place) == [
        "accuracy-against-time",
        "run-time-distributions",
        "heldout",
        "unheard-of",
    ]


def test_every_kind_of_figure_has_a_caption() -> None:
    assert set(CAPTIONS) == set(KINDS)
