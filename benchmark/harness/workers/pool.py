"""Warm workers, used again while they are sound: a spec goes in, a row and a trace come out, whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from benchmark.harness.provenance import provenance
from benchmark.harness.row import Row, Trace, row_without_result
from benchmark.harness.spec import RunSpec
from benchmark.harness.workers.memory import GIB, MIB
from benchmark.harness.workers.messages import EXECUTE, Task
from benchmark.harness.workers.process import GRACE_S, Outcome, Worker

LONGEST = 500  # characters of a message
MEMORY_SHARE = 0.5  # of what a run may take: a worker that holds more at its end is not used again


class WorkerPool:
    """Runs specs in worker processes, as many at a time as it is called from threads.

    Parameters
    ----------
    module
        Name of the module whose ``execute`` and ``recover`` the workers call.
    grace_s
        Seconds beyond its budget after which a method's process is killed.
    """

    def __init__(self, module: str = EXECUTE, grace_s: float = GRACE_S) -> None:
        self._module = module
        self._grace_s = grace_s
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._closed = False

    def run(self, spec: RunSpec) -> tuple[Row, Trace]:
        """Row and trace of a run, however it ended, with its clocks and where it ran."""
        origin = provenance(spec.threads)
        outcome = self._carry_out(Task(spec, self._module))
        row, trace = self._row_and_trace(spec, outcome)
        message = "; ".join(filter(None, (one_line(row["message"]), *_remarks(outcome))))
        return row | _clocks(row, outcome) | {"message": message, "provenance": origin}, trace

    def close(self) -> None:
        """End all workers, those that are running too; no run can be started any more."""
        with self._lock:
            self._closed = True
            workers = [*self._all]
        for worker in workers:
            worker.kill()

    def _row_and_trace(self, spec: RunSpec, outcome: Outcome) -> tuple[Row, Trace]:
        if outcome.done is not None:
            return outcome.done.row, outcome.done.trace
        assert outcome.ended is not None
        if outcome.seen:
            recovery = self._carry_out(Task(spec, self._module, outcome.ended, outcome.seen))
            if recovery.done is not None:
                return recovery.done.row, recovery.done.trace
        return row_without_result(spec, outcome.ended), {}

    def _carry_out(self, task: Task) -> Outcome:
        worker = self._take(task.spec.threads)
        sound = False
        try:
            outcome = worker.run(task)
            sound = _is_sound(task, outcome)
        finally:
            self._give_back(worker, sound)
        return outcome

    def _take(self, threads: int) -> Worker:
        """An idle worker with so many threads; a new one in place of others if there is none."""
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.usable and worker.threads == threads:
                    return worker
                self._forget(worker)
            if self._closed:
                raise RuntimeError("the pool is closed")
            worker = Worker(threads, self._grace_s)
            self._all.add(worker)
            return worker

    def _give_back(self, worker: Worker, sound: bool) -> None:
        with self._lock:
            if sound and not self._closed:
                self._idle.append(worker)
            else:
                self._forget(worker)

    def _forget(self, worker: Worker) -> None:
        self._all.discard(worker)
        worker.kill()


def _is_sound(task: Task, outcome: Outcome) -> bool:
    """Whether its worker is as good as new; an exception of a method is no reason why it should not be."""
    done = outcome.done
    if done is None or done.broken or done.changed or outcome.leftovers or done.row["status"] == "out of memory":
        return False
    return outcome.memory_mib * MIB < MEMORY_SHARE * task.spec.memory_gib * GIB


def one_line(text: str) -> str:
    """`text` as a table or a terminal can show it: no controls, no lone surrogates, no more of it than `LONGEST`."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 2 * LONGEST]).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."


def _remarks(outcome: Outcome) -> Iterator[str]:
    """What a run left behind."""
    if outcome.leftovers:
        yield f"processes that it left behind and that were ended: {outcome.leftovers}"
    if outcome.done is not None and outcome.done.changed:
        yield f"left changed in its process: {', '.join(outcome.done.changed)}"


def _clocks(row: Row, outcome: Outcome) -> Row:
    """Wall seconds of the whole run, and what of them was spent on neither imports, building nor the method."""
    building = {} if outcome.done is not None else {"build_s": outcome.build_s, "compile_s": None}  # as seen from here
    parts = [(row | building).get(name) or 0.0 for name in ("build_s", "compile_s", "solve_s")]
    return building | {
        "import_s": outcome.import_s,
        "wall_s": outcome.wall_s,
        "overhead_s": max(0.0, outcome.wall_s - outcome.import_s - sum(parts)),
        "peak_memory_mib": outcome.peak_memory_mib,
    }
