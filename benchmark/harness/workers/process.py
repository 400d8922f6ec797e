"""One worker process, and what watches over it: deadlines, memory, its death, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from multiprocessing import Pipe
from uuid import uuid4

from benchmark.harness.row import Ending
from benchmark.harness.seen import Seen
from benchmark.harness.workers.deadline import Deadline
from benchmark.harness.workers.last_words import LastWords
from benchmark.harness.workers.leftovers import MARK, Family
from benchmark.harness.workers.listener import Listener, Lost
from benchmark.harness.workers.memory import GIB, MIB, MemoryMeter
from benchmark.harness.workers.messages import Building, Done, Message, Solving, Task
from benchmark.threads import thread_limits

LOOK_EVERY_S = 0.1
WORKER = "benchmark.harness.workers.worker"
DYING_S = 2.0  # that the end of a process may take
GRACE_S = 4.0  # beyond the budget, for the evaluation that is under way


@dataclass
class Outcome:
    """What came of a task: a row and a trace, or else how it ended and what had been seen until then.

    Attributes
    ----------
    import_s, build_s, wall_s
        Seconds until libraries were imported, from then until the method began, and until the end.
    peak_memory_mib
        The most memory that was seen.
    memory_mib
        The memory that the process held at the end.
    leftovers
        How many processes were left behind.
    """

    done: Done | None = None
    ended: Ending | None = None
    seen: list[Seen] = field(default_factory=list)
    import_s: float = 0.0
    build_s: float | None = None
    wall_s: float = 0.0
    peak_memory_mib: float = 0.0
    memory_mib: float = 0.0
    leftovers: int = 0


class Worker:
    """A process that carries out one task after another.

    Parameters
    ----------
    threads
        Threads that its libraries may use.
    grace_s
        Seconds beyond its budget that a method may take before its process is killed.
    """

    def __init__(self, threads: int, grace_s: float = GRACE_S) -> None:
        self.threads = threads
        self._grace_s = grace_s
        self._mark = uuid4().hex
        self._connection, theirs = Pipe()
        command = [sys.executable, "-m", WORKER, str(theirs.fileno()), str(os.getpid())]
        self._process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # solvers' chatter
            stderr=subprocess.PIPE,
            env=self._environment(),
            start_new_session=True,  # Ctrl-C is for this process, which then ends its workers
        )
        theirs.close()
        self._listener = Listener(self._connection)
        self._family = Family(self._process.pid, self._mark)
        self._last_words = LastWords(self._process)

    def run(self, task: Task) -> Outcome:
        """Carry out a task and watch over it; a worker that ended cannot be used again."""
        outcome = Outcome()
        meter = MemoryMeter(self._family)
        began = time.monotonic()
        try:
            self._connection.send(task)
        except OSError as error:  # it died while it was idle
            outcome.ended = self._end_of_line(str(error))
        else:
            self._watch(task, outcome, meter, began)
        outcome.wall_s = time.monotonic() - began
        if outcome.ended is not None:
            self.kill()
        else:
            outcome.memory_mib = meter.look() / MIB
            outcome.leftovers = self._family.end_others()
        outcome.peak_memory_mib = meter.peak / MIB
        return outcome

    @property
    def usable(self) -> bool:
        """Whether it waits for a task."""
        return self._alive and not self._listener.has_heard

    def kill(self) -> None:
        """End it, with all that it started; a `run` under way in another thread comes to its end."""
        self._process.send_signal(signal.SIGSTOP)  # so that it starts nothing more
        self._family.descendants()  # that are nobody's once it is gone
        self._process.kill()
        self._process.wait()
        self._family.end_others()

    @property
    def _alive(self) -> bool:
        return self._process.poll() is None

    def _watch(self, task: Task, outcome: Outcome, meter: MemoryMeter, began: float) -> None:
        deadline = Deadline(self._grace_s)
        next_look = began
        while outcome.done is None and outcome.ended is None:
            alive = self._alive  # before what it may have told last
            if (told := self._listener.next(LOOK_EVERY_S)) is not None:
                self._note(told, outcome, deadline, began)
            elif not alive:
                outcome.ended = self._death()
            if (now := time.monotonic()) >= next_look and outcome.done is None and outcome.ended is None:
                next_look = now + LOOK_EVERY_S
                if meter.look() > task.spec.memory_gib * GIB:
                    outcome.ended = Ending("out of memory", f"it took more than {task.spec.memory_gib:g} GiB")
                elif deadline.is_missed():
                    outcome.ended = Ending("killed", deadline.message)

    def _note(self, told: Message | Lost, outcome: Outcome, deadline: Deadline, began: float) -> None:
        match told:
            case Lost(why):
                outcome.ended = self._end_of_line(why)
                return
            case Done():
                outcome.done = told
            case Seen():
                outcome.seen.append(told)
            case Building():
                outcome.import_s = time.monotonic() - began
            case Solving() if outcome.build_s is None:
                outcome.build_s = time.monotonic() - began - outcome.import_s
        deadline.told(told)

    def _end_of_line(self, why: str) -> Ending:
        """How a run ended that cannot be heard of any more: its process ends, too, or lives on for some reason."""
        try:
            self._process.wait(DYING_S)
        except subprocess.TimeoutExpired:
            return Ending("failed", why)
        return self._death()

    def _death(self) -> Ending:
        """How a process ended that nobody has ended."""
        code = self._process.wait()
        how = f"exit status {code}" if code >= 0 else f"signal {-code}"
        words = self._last_words.text
        status = "killed" if code == -9 else "failed"
        hint = ", as the system does when memory runs out" if code == -9 else ""
        return Ending(status, f"the process ended with {how}{hint}{': ' + words if words else ''}")

    def _environment(self) -> dict[str, str]:
        own = {MARK: self._mark, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return {**os.environ, **thread_limits(self.threads), **own}
