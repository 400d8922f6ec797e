"""Reports of some runs alone, and what is left of earlier reports."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmark.cli import main
from benchmark.report.report import write_report

from .synthetic import spec, store_failure, store_run

PROBLEMS = ("m1-a-published", "m2-a-published")
METHODS = ("one", "other")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two methods on two problems in each of two suites; without results, so that nothing is drawn."""
    folder = tmp_path_factory.mktemp("results")
    for suite in ("paper", "race"):
        for problem in PROBLEMS:
            for method in METHODS:
                store_failure(folder, spec(problem, method, suite=suite))
    return folder


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports draw nothing, which takes most of their time."""
    monkeypatch.setattr("benchmark.report.report.suite_drawings", lambda *_: ())


def report(results: Path, *arguments: str) -> int:
    return main(["report", *arguments, "--results", str(results)])


def shown(folder: Path) -> set[tuple[str, ...]]:
    runs = pd.read_csv(folder / "tables" / "runs.csv")
    return {tuple(run) for run in runs[["suite", "problem", "method"]].to_numpy().tolist()}


def test_a_report_of_some_runs_leaves_that_of_all(results: Path) -> None:
    write_report(results)
    before = {path: path.read_bytes() for path in (results / "tables").iterdir()}
    assert report(results, "--methods", "one", "--problems", PROBLEMS[0], "--suites", "race") == 0
    assert shown(results / "narrowed") == {("race", PROBLEMS[0], "one")}
    assert {path: path.read_bytes() for path in (results / "tables").iterdir()} == before
    assert not list((results / "narrowed" / "tables").glob("*paper*"))


@pytest.mark.parametrize(
    ("option", "names"), [("--methods", METHODS), ("--problems", PROBLEMS), ("--suites", ("race",))]
)
def test_each_option_narrows(results: Path, tmp_path: Path, option: str, names: tuple[str, ...]) -> None:
    assert report(results, option, names[-1], "--out", str(tmp_path)) == 0
    everything = {(suite, problem, method) for suite in ("paper", "race") for problem in PROBLEMS for method in METHODS}
    assert shown(tmp_path) == {run for run in everything if names[-1] in run}


def test_texts_say_what_is_shown(results: Path, tmp_path: Path) -> None:
    report(results, "--methods", "other", "one", "--problems", PROBLEMS[0], "--out", str(tmp_path))
    for name in ("summary-race", "provenance-race"):
        text = (tmp_path / "tables" / f"{name}.md").read_text()
        assert "`race` (some runs alone)" in text.splitlines()[0]
        assert (
            "Narrowed to problem `m1-a-published` and methods `other`, `one`: other stored runs are not shown." in text
        )
    assert "(some runs alone)" in (tmp_path / "tables" / "summary-race.tex").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--methods", "oen"], "unknown method among the stored runs 'oen': did you mean one? there are: one, other"),
        (["--problems", "m7"], "unknown problem among the stored runs 'm7'"),
        (["--suites", "rave"], "unknown suite among the stored runs 'rave': did you mean race?"),
    ],
)
def test_an_unknown_name_is_one_line(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert report(results, *arguments, "--out", str(tmp_path / "out")) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_names_that_no_run_has_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store_failure(tmp_path, spec(PROBLEMS[0], "one"))
    store_failure(tmp_path, spec(PROBLEMS[1], "other"))
    assert report(tmp_path, "--methods", "one", "--problems", PROBLEMS[1]) == 2
    assert "no stored run is of what was asked for together" in capsys.readouterr().err


def test_figures_say_that_there_are_other_runs(tmp_path: Path) -> None:
    for method in METHODS:
        store_run(tmp_path, spec(method=method), with_trace=False)
    written = write_report(tmp_path)
    everything = {path: path.read_bytes() for path in written}
    report(tmp_path, "--methods", *METHODS)
    figures = [path for path in written if path.match("figures/*/boxplots.png")]
    assert len(figures) == 1
    narrowed = tmp_path / "narrowed" / figures[0].relative_to(tmp_path)
    assert narrowed.read_bytes() != everything[figures[0]]


@pytest.mark.usefixtures("no_figures")
def test_what_an_earlier_report_left_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    store_run(tmp_path, spec(), with_trace=False)
    store_run(tmp_path, spec(suite="gone"), with_trace=False)
    write_report(tmp_path)
    (tmp_path / "figures" / "gone").mkdir(parents=True)
    (tmp_path / "figures" / "gone" / "boxplots.png").write_bytes(b"of before")
    others = [tmp_path / "tables" / "notes.md", tmp_path / "figures" / "gone" / "sketch.svg"]
    for path in others:
        path.write_text("mine")
    (tmp_path / "runs" / "gone").rename(tmp_path / "elsewhere")
    written = write_report(tmp_path)
    found = {path for path in tmp_path.rglob("*") if path.is_file() and not {"runs", "elsewhere"} & {*path.parts}}
    assert found == {*written, *others}
    others[1].unlink()
    write_report(tmp_path)
    assert not (tmp_path / "figures" / "gone").exists()


@pytest.mark.usefixtures("no_figures")
def test_all_that_a_report_writes_is_its_own_to_remove(tmp_path: Path) -> None:
    """Else a table that it no longer makes would stay for ever."""
    for suite in ("paper", "gone"):
        for method in ("torch_adam", "paper_literal"):
            store_run(tmp_path, spec(method=method, suite=suite))
    store_failure(tmp_path, spec(seed=7))
    (tmp_path / "runs" / "gone" / "m1-a-published" / "torch_adam-10-0.json").write_bytes(b"")
    written = set(write_report(tmp_path))
    for path in [*(tmp_path / "runs").rglob("*.json"), *(tmp_path / "runs").rglob("*.npz")]:
        path.unlink()
    store_failure(tmp_path, spec(suite="new"))
    kept = set(write_report(tmp_path))
    assert {path for path in written if path.exists()} == written & kept
    assert {path.name for path in written & kept} == {"runs.csv", "report.html"}
