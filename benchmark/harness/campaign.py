"""A campaign: missing runs are claimed, carried out by a crew, and stored as they come."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

from benchmark.harness.claims import Claim, Claims
from benchmark.harness.crew import Crew, Result
from benchmark.harness.errors import HarnessError
from benchmark.harness.progress import Progress
from benchmark.harness.row import SETTLED, Ending, Row, Trace, row_without_result
from benchmark.harness.store import Store
from benchmark.harness.work import Keys, Missing, Work

LOOK_EVERY_S = 0.5  # for claims that others let go of, and for workers that join a cluster


@dataclass
class Tally:
    """What became of the missing runs.

    Attributes
    ----------
    done
        Carried out here.
    failed
        Of these, without a result.
    elsewhere
        Carried out meanwhile by another process on the same results folder.
    """

    done: int = 0
    failed: int = 0
    elsewhere: int = 0


class _Running(NamedTuple):
    missing: Missing
    claim: Claim


class Campaign:
    """Carries out runs and stores them.

    Parameters
    ----------
    store
        Where rows go.
    crew
        Who carries them out.
    keys
        What the keys of the missing runs were made with.
    progress
        Is told what happens.
    """

    def __init__(self, store: Store, crew: Crew, keys: Keys, progress: Progress) -> None:
        self._store, self._crew, self._keys, self._progress = store, crew, keys, progress
        self._claims = Claims(store.claims)
        self._running: dict[Result, _Running] = {}
        self._tally = Tally()

    def carry_out(self, work: Work) -> Tally:
        """Run what is missing; however it stops, what is finished is stored, and no worker is left."""
        waiting = deque(work.missing)
        with self._progress, closing(self._crew):
            while waiting or self._running:
                claimed_elsewhere = self._start(waiting)
                if not self._running:
                    time.sleep(LOOK_EVERY_S)  # others carry out all that is left
                for result in wait(self._running, LOOK_EVERY_S, FIRST_COMPLETED).done:
                    self._finish(result)
                waiting.extend(claimed_elsewhere)
        return self._tally

    def _start(self, waiting: deque[Missing]) -> list[Missing]:
        """Start what there is room for; return those that others have claimed."""
        claimed_elsewhere = []
        while waiting and self._has_room_for(waiting[0]):
            missing = waiting.popleft()
            claim = self._claims.claim(missing.spec)
            if claim is None:
                claimed_elsewhere.append(missing)
            elif self._is_done(missing):
                claim.release()
                self._tally.elsewhere += 1
                self._progress.elsewhere(missing.spec)
            else:
                self._running[self._crew.submit(missing.spec, missing.key)] = _Running(missing, claim)
                self._progress.started(missing.spec)
        return claimed_elsewhere

    def _has_room_for(self, missing: Missing) -> bool:
        """Whether there are threads left for a run; one that wants more than there are gets all of them."""
        taken = sum(running.missing.spec.threads for running in self._running.values())
        return not self._running or taken + missing.spec.threads <= self._crew.slots

    def _is_done(self, missing: Missing) -> bool:
        """Whether somebody has carried out a run since it was found missing."""
        if self._store.stamp(missing.spec) == missing.stamp:
            return False
        row = self._store.row(missing.spec)
        return row is not None and row.get("key") == missing.key

    def _finish(self, result: Result) -> None:
        missing, claim = self._running.pop(result)
        row, trace = _row_and_trace(result, missing)
        # Nobody knows which code has run if it was edited meanwhile: such a row does not stand.
        key = missing.key if self._keys.hold(missing.spec) else None
        row |= {"key": key, "key_parts": dict(missing.parts), "recordings": dict(missing.recordings)}
        self._store.save(missing.spec, row, trace)
        claim.release()
        self._tally.done += 1
        self._tally.failed += row["status"] not in SETTLED
        self._progress.finished(missing.spec, row)


def _row_and_trace(result: Result, missing: Missing) -> tuple[Row, Trace]:
    try:
        return result.result()
    except HarnessError:  # nothing will run like this
        raise
    except Exception as error:  # a cluster may lose a run for its own reasons
        return row_without_result(missing.spec, Ending("failed", f"{type(error).__name__}: {error}")), {}
