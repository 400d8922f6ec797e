"""The command ``identify``: what it prints and writes, and how it says that it cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from benchmark.cli import main
from datasets.checksums import file_checksum
from datasets.recording import Recording
from datasets.recording_files import read_recording, write_recording

needs_opensim = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")
STRIDE = 8  # every so many samples, as little as still has more equations than parameters


@pytest.fixture(scope="module")
def laboratory() -> Recording:
    source = read_recording("a-published").at(slice(None, None, STRIDE))
    arm = replace(source.arm, variant="own")
    return replace(source, movement="imported", arm=arm, simulated=None, seed=None, true_parameters={}, provenance={})


@pytest.fixture(scope="module")
def file(laboratory: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "mine.nc"
    write_recording(laboratory, path)
    return path


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What is said of a command that is refused: one line, with exit status 2."""
    assert main(["identify", *map(str, arguments)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("error: ")
    assert len([line for line in said if line.startswith("error: ")]) == 1
    return said[-1]


def test_it_prints_and_writes_what_was_found(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "page"
    assert main(["identify", str(file), "--starts", "1", "--jobs", "1", "--budget", "2", "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert "search 1 of 1, from the model: " in told.err
    assert "9 muscles identified, equations a sample: 1" in told.err
    for words in ("DELT1 optimal fibre length", "95 % interval", "RMSE (N m)", "warning: ", "the page is"):
        assert words in told.out
    table = pd.read_csv(out / "tables" / "parameters.csv")
    assert {"parameter", "unit", "model", "identified", "lower_95", "upper_95", "class"} <= {*table.columns}
    content = json.loads((out / "identification.json").read_text())
    assert [entry["parameter"] for entry in content["parameters"]] == table["parameter"].tolist()
    assert not [*out.rglob("*.unfinished")]
    before = (out / "index.html").read_bytes()
    assert "holds an identification already: --force" in refused(capsys, file, "--out", out)
    assert (out / "index.html").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--starts", "0"], "--starts 0: give at least 1"),
        (["--spread", "0"], "--spread 0.0: give a share above 0"),
        (["--seed", "-1"], "--seed -1: give a whole number"),
        (["--budget", "0"], "--budget 0.0: give seconds above 0"),
        (["--jobs", "0"], "--jobs 0: give at least 1"),
        (["--method", "gauss_newtn"], "unknown method 'gauss_newtn'"),
        (["--formulation", "m2"], "needs EMG of all muscles"),
        (["--formulation", "bounded"], "--formulation bounded is none for recordings with unknown fibres"),
        (["--write-model", "mine.xml"], "--write-model mine.xml: give a name that ends in .osim"),
        (["--model", "mine.osim"], "--model is what --write-model starts from"),
        (["--any-bones", "--write-model", "mine.osim"], "bones that no OpenSim model can have: leave it out"),
        (["--held-out", "c-subject1"], "mine and c-subject1 differ in their arm"),
        (["--method", "from_truth", "--starts", "1"], "from_truth has no result from any of 1 starts (skipped: "),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert told in refused(capsys, file, "--jobs", "1", *arguments, "--out", tmp_path / "page")
    assert [*tmp_path.iterdir()] == []


def test_a_recording_that_is_named_twice_is_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "named: name each once" in refused(capsys, file, file, "--out", file.parent / "page")
    assert "named: name each once" in refused(capsys, file, "--held-out", file, "--out", file.parent / "page")


def test_what_is_no_recording_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "torn.nc").write_bytes(b"torn")
    assert "torn.nc: not a readable NetCDF file" in refused(capsys, tmp_path / "torn.nc")
    assert "none.nc: no such recording" in refused(capsys, tmp_path / "none.nc")


@needs_opensim
def test_the_model_to_write_from_must_be_that_of_the_import(
    laboratory: Recording, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, mine, out = tmp_path / "arm.osim", tmp_path / "mine.nc", ["--out", tmp_path / "page"]
    asked = ["--write-model", tmp_path / "new.osim", *out]
    assert "was not imported with an OpenSim model: name one" in refused(capsys, file, *asked)
    model.write_text("a model")
    told = {"model_path": str(model), "model_sha256": file_checksum(model)}
    write_recording(replace(laboratory, provenance=told), mine)
    model.write_text("another model")
    assert "is not the model that mine was imported with" in refused(capsys, mine, *asked)
    model.rename(tmp_path / "elsewhere.osim")
    assert "arm.osim is not there: say where the model of mine is by --model" in refused(capsys, mine, *asked)
    model.write_text("a model")
    same = ["--write-model", model, "--force", *out]
    assert "arm.osim is there already: give another name" in refused(capsys, mine, *same)
    (tmp_path / "new.osim").write_text("something else")
    assert "new.osim is there already: --force replaces it" in refused(capsys, mine, *asked)
