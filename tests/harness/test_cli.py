from pathlib import Path

import pytest

from benchmark.cli import main
from benchmark.commands import report, run
from benchmark.harness.methods import method_files
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store, load_rows
from benchmark.harness.suites import Selection
from benchmark.harness.work import Reuse
from tests.harness.dummies import MODULE, good, spec


@pytest.fixture
def no_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Problems need no recordings."""
    monkeypatch.setattr(run, "verified_recordings", lambda problems: {name: {} for name in problems})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "all", "--suite", "smok"], "unknown suite 'smok': did you mean smoke"),
        (["run", "torch_adm"], "unknown method 'torch_adm': did you mean torch_adam"),
        (["run", "all", "--problems", "m7-a-published"], "unknown problem 'm7-a-published'"),
        (["run", "all", "--problems", "m1-z-published"], "no such recording"),
        (["run", "all", "--budget", "0"], "give seconds above 0"),
        (["run", "all", "--budget", "-3"], "give seconds above 0"),
        (["run", "all", "--evaluations", "0"], "give at least 1"),
        (["run", "all", "--cost", "0"], "give at least 1"),
        (["run", "all", "--memory", "0.1"], "give at least 1"),
        (["run", "all", "--jobs", "0"], "--jobs 0"),
        (["run", "gauss_newton", "--device", "cuda"], "none of these methods has a choice"),
        (["run", "pinn", "--device", "nowhere"], "--device nowhere: torch cannot compute there"),
        (["report"], "no runs in"),
        (["keep", "smoke"], "no runs of suite 'smoke'"),
    ],
)
def test_a_users_error_is_one_line_and_writes_nothing(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    assert main([*arguments, "--results", str(results)]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("error: ")
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert not results.exists()


def test_a_word_that_is_no_start_level_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "all", "--start-levels", "0.1", "unifrom"])
    assert "'unifrom' is no start level: give one such as 0.1, or uniform" in capsys.readouterr().err


def test_a_damaged_recording_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from datasets import recording_files

    def damaged(name: str) -> None:
        raise recording_files.RecordingError(f"{name} is damaged")

    monkeypatch.setattr(recording_files, "read_recording", damaged)
    assert main(["run", "all", "--results", str(tmp_path / "results")]) == 2
    assert "is damaged" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


@pytest.mark.usefixtures("no_recordings")
def test_run_stores_every_run_and_then_nothing_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Selection("smoke", seeds=[0, 1])
    for _ in range(2):
        run.run(asked, tmp_path, run.Execution(2, module=MODULE), Reuse.ALL)
    count = 2 * len(method_files())
    assert len(load_rows(tmp_path)) == count
    printed = capsys.readouterr().out
    assert f"[{count}/{count}]" in printed
    assert f"{count} runs, {count} of them stored" in printed


def test_run_passes_on_what_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(run, "run", lambda *arguments: asked.extend(arguments))
    monkeypatch.setattr(report, "report", lambda *_, **__: None)
    arguments = (
        "run one two --suite paper --problems p --seeds 1 2 --start-levels 0.2 uniform --budget 5 --evaluations 7"
    )
    more = "--cost 9 --stop target --memory 8 --jobs 3 --scheduler tcp://here:1 --json --rerun-failed"
    assert main([*arguments.split(), *more.split(), "--results", str(tmp_path)]) == 0
    selection = Selection("paper", ["one", "two"], ["p"], [0.2, "uniform"], [1, 2], 5.0, 7, 9.0, "target", 8.0)
    assert asked == [selection, tmp_path, run.Execution(3, "tcp://here:1", progress="json"), Reuse.DELIVERED]


def test_what_has_no_target_cannot_stop_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "gauss_newton", "--problems", "m2-b-light", "--stop", "target"]) == 2
    assert "m2-b-light has no target to stop at" in capsys.readouterr().err


def test_an_interrupt_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "run", interrupt)
    assert main(["run", "all"]) == 130
    assert "the same command goes on" in capsys.readouterr().err


def test_report_writes_the_table_of_runs(tmp_path: Path) -> None:
    stored: RunSpec = spec()
    Store(tmp_path).save(stored, *good(stored))
    assert main(["report", "--results", str(tmp_path)]) == 0
    assert (tmp_path / "tables" / "runs.csv").is_file()


@pytest.mark.parametrize(
    ("what", "says"), [("methods", "torch_adam"), ("problems", "m1-ab-published"), ("suites", "smoke")]
)
def test_list_tells_what_there_is(what: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", what]) == 0
    assert says in capsys.readouterr().out


def test_a_broken_method_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import methods

    (tmp_path / "broken_one.py").write_text("raise RuntimeError('no')")
    monkeypatch.setattr(methods, "__path__", [*methods.__path__, str(tmp_path)])
    assert main(["list", "methods"]) == 0
    printed = capsys.readouterr().out
    assert "broken_one.py cannot be imported" in printed
    assert "torch_adam" in printed
