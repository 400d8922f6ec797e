"""Functions in a process of their own: results, progress, errors, deadlines, and processes that end."""

import os
import time
from collections.abc import Callable

import pytest

from datasets.opensim_process import ProcessError, progress, run_apart

DEADLINE_S = 60.0  # a process takes a second to start


class _TellError(ValueError):
    """Something to be passed on."""


def _add(first: int, second: int, report: Callable[[int], None]) -> int:
    for done in (1, 2):
        report(done)
    return first + second


def _fail(report: Callable[[int], None]) -> None:
    raise ValueError("first line\n second line " + 400 * "x")


def _tell(report: Callable[[int], None]) -> None:
    raise _TellError("as it is")


def _end(report: Callable[[int], None]) -> None:
    os._exit(3)


def _wait(report: Callable[[int], None]) -> None:
    time.sleep(60.0)


def _untold(done: int) -> None:
    """Nothing to tell."""


def test_results_and_progress_come_back() -> None:
    told: list[int] = []
    assert run_apart(_add, (2, 3), "sum", DEADLINE_S, told.append) == 5
    assert told == [1, 2]


def test_errors_become_one_short_line() -> None:
    with pytest.raises(ProcessError, match="the sum failed: first line second line x") as caught:
        run_apart(_fail, (), "sum", DEADLINE_S, _untold)
    assert len(str(caught.value)) < 350


def test_errors_that_are_to_be_passed_on_are() -> None:
    with pytest.raises(_TellError, match=r"^as it is$"):
        run_apart(_tell, (), "sum", DEADLINE_S, _untold, (_TellError,))


def test_a_process_that_ends_is_told() -> None:
    with pytest.raises(ProcessError, match=r"OpenSim ended its process \(exit code 3\)"):
        run_apart(_end, (), "sum", DEADLINE_S, _untold)


def test_a_process_that_takes_too_long_is_ended() -> None:
    start_s = time.monotonic()
    with pytest.raises(ProcessError, match=r"not done within the deadline of 0\.2 s"):
        run_apart(_wait, (), "sum", 0.2, _untold)
    assert time.monotonic() - start_s < 10.0


def test_progress_is_told_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("mine", 40) as report:
        for done in range(1, 41):
            report(done)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert lines[-1] == "mine: 40 of 40 samples, 0 s left"
