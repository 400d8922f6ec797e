"""``next-recording`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from benchmark.cli import USER_ERROR, main

COMMAND = ["next-recording", "m1-a-published", "--candidates", "b-published"]


def test_the_ranking_is_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, "--seconds", "6", "--window", "3", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "gain (bits)" in printed
    assert "6 s filled window by window" in printed
    content = json.loads((tmp_path / "next-recording-m1-a-published.json").read_text())
    table = pd.read_csv(tmp_path / "next-recording-m1-a-published.csv")
    assert [entry["gain_bits"] for entry in content["ranking"]] == table["gain_bits"].to_list()
    assert table["gain_bits"].is_monotonic_decreasing
    assert {*table["from_s"].round(2)} == {0.3, 3.3}
    assert len(content["plan"]) == 2
    # The second window of the plan adds what the first one has left: no more than alone.
    assert content["plan"][0]["gain_bits"] == pytest.approx(table["gain_bits"][0], rel=1e-12)
    assert content["plan_effect"]["gain_bits"] <= table["gain_bits"].sum() * (1.0 + 1e-12)
    assert content["plan_effect"]["largest_percent"] < content["largest_percent"]


def test_by_default_all_other_recordings_are_candidates(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["next-recording", "m1-a-published", "--seconds", "7"]) == 0
    printed = capsys.readouterr().out
    assert "b-published" in printed
    assert "c-published is held out to validate on" in printed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--seconds", "0"], "a budget (--seconds) of 0 s makes no sense"),
        (["--seconds", "1", "--window", "2"], "a budget of 1 s is below the shortest window, 2 s"),
        (["--seconds", "8"], "a window of 8 s is longer than b-published, which has 7.705 s"),
        (["--seconds", "2", "--noise", "-1"], "a noise of -1 rad/s2 makes no sense"),
        (["--seconds", "2", "--window", "whole"], "a budget of 2 s is below the shortest window, 7.705 s"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, *arguments]) == USER_ERROR
    told = capsys.readouterr().err
    assert told.startswith(f"error: {says}")
    assert told.count("\n") == 1


def test_an_unknown_problem_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["next-recording", "m9-a-published", "--seconds", "2"]) == USER_ERROR
    assert "unknown problem 'm9-a-published'" in capsys.readouterr().err
