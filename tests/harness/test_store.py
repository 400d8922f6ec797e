import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.harness.files import write_atomically
from benchmark.harness.store import Damage, Store, load_rows, load_trace, read_rows, read_trace
from tests.harness.dummies import good, spec


def _save(results: Path, *seeds: int, suite: str = "tiny") -> None:
    for seed in seeds:
        run = spec(seed=seed, suite=suite)
        Store(results).save(run, *good(run))


def test_a_stored_run_comes_back(tmp_path: Path) -> None:
    _save(tmp_path, 3)
    assert (tmp_path / "runs/tiny/m1-a-published/good-10-3.json").is_file()
    row = Store(tmp_path).row(spec(seed=3))
    assert row is not None
    assert load_rows(tmp_path) == [row]
    assert (row["loss"], row["cr2m"]) == (1e-3, 1.0)
    np.testing.assert_array_equal(load_trace(tmp_path, row)["loss"], [1.0, 1e-3])


def test_a_stored_run_from_a_uniform_start_comes_back(tmp_path: Path) -> None:
    run = spec(start_level="uniform", seed=3)
    Store(tmp_path).save(run, *good(run))
    assert (tmp_path / "runs/tiny/m1-a-published/good-uniform-3.json").is_file()
    (row,) = load_rows(tmp_path)
    assert row["start_level"] == "uniform"
    np.testing.assert_array_equal(load_trace(tmp_path, row)["loss"], [1.0, 1e-3])


def test_rows_are_json_that_every_reader_knows(tmp_path: Path) -> None:
    run = spec()
    row = {"suite": "tiny", "x": np.float64(1.5), "n": np.int64(2), "a": np.array([1.0, np.nan]), "bad": math.inf}
    Store(tmp_path).save(run, row, {})
    stored = json.loads(Store(tmp_path).row_path(run).read_text(), parse_constant=pytest.fail)
    assert stored == {"suite": "tiny", "x": 1.5, "n": 2, "a": [1.0, None], "bad": None}


@pytest.mark.parametrize("content", [b"", b'{"suite": "ti', b"[1, 2]", b"{}", b"\xff\xfe"])
def test_a_damaged_row_is_reported_and_missing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    _save(tmp_path, 0, 1)
    damaged = Store(tmp_path).row_path(spec(seed=1))
    damaged.write_bytes(content)
    assert [row["seed"] for row in load_rows(tmp_path)] == [0]
    assert str(damaged) in caplog.text
    assert Store(tmp_path).row(spec(seed=1)) is None


def test_a_damaged_trace_is_reported_and_empty(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    _save(tmp_path, 0)
    archive = Store(tmp_path).row_path(spec()).with_suffix(".npz")
    archive.write_bytes(archive.read_bytes()[:50])
    assert load_trace(tmp_path, load_rows(tmp_path)[0]) == {}
    assert str(archive) in caplog.text


def test_damage_is_told_by_file_and_reason_without_the_folders_own_path(tmp_path: Path) -> None:
    _save(tmp_path, 0, 1, 2)
    Store(tmp_path).row_path(spec(seed=1)).write_bytes(b"{}")
    Store(tmp_path).row_path(spec(seed=2)).with_suffix(".npz").unlink()
    rows, damaged = read_rows(tmp_path)
    assert [row["seed"] for row in rows] == [0, 2]
    assert damaged == [Damage("runs/tiny/m1-a-published/good-10-1.json", "it has no suite")]
    missing = Damage("runs/tiny/m1-a-published/good-10-2.npz", "No such file or directory")
    assert [trace for row in rows if isinstance(trace := read_trace(tmp_path, row), Damage)] == [missing]


def test_a_row_copied_to_another_name_does_not_count_twice(tmp_path: Path) -> None:
    _save(tmp_path, 0)
    path = Store(tmp_path).row_path(spec())
    shutil.copy(path, path.with_name("good-10-0 (copy).json"))
    shutil.copytree(tmp_path / "runs" / "tiny", tmp_path / "runs" / "before")
    rows, damaged = read_rows(tmp_path)
    assert len(rows) == 1
    assert {damage.why for damage in damaged} == {"it is stored under another name than its run's"}
    assert len(damaged) == 3


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_atomically(tmp_path / "a", b"old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_kept_runs_are_read_where_there_are_no_own(tmp_path: Path) -> None:
    _save(tmp_path / "theirs", 0, 1)
    _save(tmp_path / "theirs", 0, suite="other")
    for suite in ("tiny", "other"):
        Store(tmp_path / "theirs").keep(suite)
    (tmp_path / "theirs" / "reference").rename(tmp_path / "reference")
    _save(tmp_path, 5)
    rows = load_rows(tmp_path)
    assert [(row["suite"], row["seed"]) for row in rows] == [("tiny", 5), ("other", 0)]
    assert all(load_trace(tmp_path, row) for row in rows)
    assert Store(tmp_path).row(spec(suite="other")) is None


def test_keeping_replaces_what_was_kept(tmp_path: Path) -> None:
    _save(tmp_path, 0, 1)
    assert Store(tmp_path).keep("tiny") == 2
    Store(tmp_path).row_path(spec(seed=1)).unlink()
    assert Store(tmp_path).keep("tiny") == 1
    assert [path.name for path in sorted((tmp_path / "reference").rglob("*.*"))] == ["good-10-0.json", "good-10-0.npz"]


def test_nothing_to_keep_leaves_what_was_kept(tmp_path: Path) -> None:
    _save(tmp_path, 0)
    Store(tmp_path).keep("tiny")
    Store(tmp_path).row_path(spec()).unlink()
    with pytest.raises(HarnessError, match="no runs of suite 'tiny'"):
        Store(tmp_path).keep("tiny")
    assert len(load_rows(tmp_path)) == 1
