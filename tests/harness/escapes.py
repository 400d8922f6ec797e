"""Runs that try to escape who watches over them, as their methods' names say; worker processes import this module."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmark.harness.recorder import TracePoint, Watch
from benchmark.harness.row import Ending, Row, Trace, row_without_result
from benchmark.harness.seen import UNWATCHED, Seen
from benchmark.harness.spec import RunSpec

MODULE = __name__
SLEEPER = "import time; time.sleep(3599)"
TOLD = 100
LONG = 10_000  # numbers: more than a pipe takes at a time
FILES = range(3, 64)


def execute(spec: RunSpec, watch: Watch = UNWATCHED) -> tuple[Row, Trace]:
    row = row_without_result(spec, Ending("converged"))
    watch.solving(spec.budget_s)
    match spec.method:
        case "leaves_bare_children":
            _leave_bare_children()
        case "leaves_a_bare_child_and_dies":
            _start_bare_sleeper(detached=False)
            os._exit(3)
        case "leaves_bare_children_and_hangs":
            _leave_bare_children()
            time.sleep(3600)
        case "closes_files_and_hangs":
            os.closerange(FILES.start, FILES.stop)
            time.sleep(3600)
        case "writes_everywhere":
            _write_everywhere(struct.pack("!i", 3) + b"\0\0\0")
        case "tells_half":
            _write_everywhere(struct.pack("!i", 2**30))
        case "stops_itself":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "ends_its_group":
            os.killpg(0, signal.SIGKILL)
        case "comes_back_twice":
            asked = os.getpid()
            os.fork()
            row["identified"] = {"asked": asked, "answers": os.getpid()}
        case "waits_for_its_fork_and_dies":
            if (child := os.fork()) != 0:
                os.waitpid(child, 0)
                os._exit(3)
        case "tells_from_a_fork":
            _tell_from_a_fork(watch)
        case "tells_from_threads":
            with ThreadPoolExecutor(8) as threads:
                list(threads.map(lambda k: watch.seen(0, _point(k)), range(TOLD)))
            os._exit(3)
        case "goes_on_behind":
            threading.Thread(target=time.sleep, args=(3600.0,), daemon=True).start()
        case "moves":
            os.chdir("/")
            os.environ["HOME"] = "/"
        case "talks_nonsense":
            row["message"] = "[/bold] \udcff \x1b[2J\n" + "x" * 10**6
    return row, {}


def recover(spec: RunSpec, ending: Ending, seen: Sequence[Seen]) -> tuple[Row, Trace]:
    row = row_without_result(spec, ending)
    return row | {"counts": {str(entry.point.counts["loss"]): entry.point.x.sum() for entry in seen}}, {}


def _point(k: int) -> TracePoint:
    return TracePoint({"loss": k}, 0.0, 0.0, np.full(LONG, float(k)))


def _leave_bare_children() -> None:
    """A child and an orphan in a session of its own; nothing of their environment tells where they come from."""
    _start_bare_sleeper(detached=False)
    if (child := os.fork()) == 0:
        _start_bare_sleeper(detached=True)
        os._exit(0)
    os.waitpid(child, 0)


def _start_bare_sleeper(detached: bool) -> None:
    subprocess.Popen([sys.executable, "-S", "-c", SLEEPER], env={}, start_new_session=detached)


def _write_everywhere(content: bytes) -> None:
    for descriptor in FILES:
        try:
            os.write(descriptor, content)
        except OSError:  # not open, or not for writing
            continue
    time.sleep(3600)


def _tell_from_a_fork(watch: Watch) -> None:
    if os.fork() == 0:
        try:
            watch.seen(0, _point(1))
        except RuntimeError:
            os._exit(0)
        os._exit(1)
    _, status = os.wait()
    assert status == 0
