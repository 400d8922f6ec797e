"""How an identification was made: the tables of recordings, their provenance and settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmark.harness.provenance import provenance
from benchmark.identification.identification import Identification
from benchmark.identification.making import provenance_table, recordings_table, settings_table
from datasets.checksums import file_checksum


def test_recordings_have_the_checksums_of_their_files(found: Identification) -> None:
    table = recordings_table(found)
    assert table.raw["recording"].tolist() == ["a", "c"]
    assert table.raw["held_out"].tolist() == [False, True]
    assert table.shown["Use"].tolist() == ["identified from", "held out"]
    assert table.raw["sha256"][0] == file_checksum(Path(found.task.recordings[0]))
    assert table.raw["samples_that_count"].tolist() == [len(course.time_s) for course in found.courses]
    assert table.shown["Sampling rate (1/s)"].tolist() == ["50", "50"]


def test_provenance_is_what_the_recordings_say(found: Identification) -> None:
    lines = provenance_table(found).shown.to_dict("records")
    told = {line["What"]: line["Value"] for line in lines if line["Recording"] == "c"}
    assert told == found.recordings[1].recording.provenance


def test_settings_are_those_of_the_task_with_code_and_packages(found: Identification) -> None:
    task = replace(found.task, spread=0.25, seed=7)
    table = settings_table(replace(found, task=task), provenance()).shown
    told = dict(zip(table["What"], table["Value"], strict=True))
    assert told["Formulation"].startswith("m1: ")
    assert (told["Method"], told["Searches (1)"], told["Seed"], told["Budget"]) == ("gauss_newton", "1", "7", "30 s")
    assert told["Spread of starts around the model (%)"] == "25"
    assert {"Commit", "Python", "numpy", "scipy"} <= {*told}
    assert "unknown" not in told.values()
