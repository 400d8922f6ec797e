"""Where a row comes from."""

from __future__ import annotations

import json
import os
import pickle
import platform
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmark.harness import provenance as module
from benchmark.harness.provenance import REPOSITORY, provenance


def test_names_the_code_the_machine_and_the_settings() -> None:
    commit = subprocess.run(["git", "-C", REPOSITORY, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    found = provenance(threads=3)
    assert found["commit"] == (commit.stdout.strip() or None)
    assert found["python"] == platform.python_version()
    assert found["cores"] == os.cpu_count()
    assert found["threads"] == 3
    assert {"numpy", "torch", "cma"} <= found["packages"].keys()


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="no other source for the machine's memory")
def test_memory_is_that_of_the_machine() -> None:
    kibibytes = int(Path("/proc/meminfo").read_text().split()[1])
    assert provenance()["memory_gib"] == pytest.approx(kibibytes / 2**20, abs=0.01)


def test_load_and_date_are_those_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    provenance()
    monkeypatch.setattr(os, "getloadavg", lambda: (7.125, 1.0, 1.0))
    found = provenance()
    assert found["load"] == pytest.approx(7.125, abs=0.005)
    assert abs((datetime.now(UTC) - datetime.fromisoformat(found["date"])).total_seconds()) < 10.0


def test_load_is_missing_where_nobody_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getloadavg")
    assert provenance()["load"] is None


def test_what_lasts_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is changed must not change the next."""
    first = provenance()
    first["packages"]["numpy"] = "another"

    def _not_again(*_: str) -> str:
        raise AssertionError("git was asked again")

    monkeypatch.setattr(module, "_git", _not_again)
    assert provenance()["packages"]["numpy"] != "another"


def test_can_be_stored_and_sent_and_names_no_host() -> None:
    found = provenance(threads=1)
    assert pickle.loads(pickle.dumps(found)) == found
    assert json.loads(json.dumps(found)) == found
    assert "host" not in found
    assert socket.gethostname() not in found.values()
