"""The command that studies identifiability: what it stores, says and refuses."""

from pathlib import Path

import pytest

from benchmark.cli import main
from benchmark.identifiability.stored import load_analyses


def test_a_problem_is_analysed_stored_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identifiability", "m1-a-published", "--results", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "m1-a-published" in printed
    assert "TRIlat, all parameters" in printed
    assert "PECM1 has a rigid tendon" in printed
    assert list(load_analyses(tmp_path)) == ["m1-a-published"]


def test_with_unknown_fibres_neither_bones_nor_claims_are_studied_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = "m1-b-published-fibres_unknown"
    assert main(["identifiability", problem, "--results", str(tmp_path)]) == 0
    assert "PECM1.tendon_slack_length" in capsys.readouterr().out
    assert [path.name for path in tmp_path.rglob("*.json")] == [f"{problem}.analysis.json"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["m3-a-published"], "unknown problem 'm3-a-published'"),
        (["m1-z-published"], "no such recording"),
        (["m1-a-published-noise0.1"], "give the problem without noise, m1-a-published, and the noise with --noise"),
        (["moments-ab-published"], "moments-ab-published tracks moments"),
        (["m1-a-published", "--noise", "0"], "--noise 0 is no noise"),
        (["m1-a-published", "--noise", "nan"], "--noise nan is no noise"),
        (["m1-a-published", "--coverage", "3"], "--coverage 3 says nothing: give at least 20 replicates"),
        (["m1-a-published", "--jobs", "0"], "--jobs 0 does nothing"),
        (["m1-a-published", "--profiles", "DELT1.size"], "DELT1.size"),
    ],
)
def test_a_users_error_is_one_line(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["identifiability", *arguments, "--results", str(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("error: ")
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert not list(tmp_path.rglob("*.json"))
