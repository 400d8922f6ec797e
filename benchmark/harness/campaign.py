"""A campaign: the runs of a selection, those that are stored left out, the others scheduled and stored as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum

from benchmark.harness.progress import Progress
from benchmark.harness.provenance import now, provenance
from benchmark.harness.row import DELIVERED, Row
from benchmark.harness.scheduler import Scheduler
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store

Key = Callable[[RunSpec], str]


class Reuse(Enum):
    """Which stored runs stand."""

    ALL = "those that are up to date"
    DELIVERED = "those that are up to date and ended with a result"
    NONE = "none"

    def accepts(self, row: Row, key: str) -> bool:
        """Whether a stored row stands, with the key of now."""
        if self is Reuse.NONE or row.get("key") != key:
            return False
        return self is Reuse.ALL or row["status"] in DELIVERED


@dataclass(frozen=True)
class Work:
    """What is to be done: runs with their keys, and how many stored ones stand."""

    missing: Sequence[tuple[RunSpec, str]]
    stored: int


def missing_work(specs: Iterable[RunSpec], store: Store, key: Key, reuse: Reuse) -> Work:
    """Find the runs whose stored rows do not stand.

    Parameters
    ----------
    specs
        The runs of the campaign.
    store
        Where rows may be stored already.
    key
        The key of now of a run.
    reuse
        Which stored rows stand.
    """
    keyed = [(spec, key(spec)) for spec in specs]
    missing = [(spec, now) for spec, now in keyed if (row := store.row(spec)) is None or not reuse.accepts(row, now)]
    return Work(missing, len(keyed) - len(missing))


def carry_out_work(work: Work, store: Store, scheduler: Scheduler, progress: Progress) -> int:
    """Run what is missing and store every run as it finishes.

    Returns
    -------
    int
        How many runs ended without a result.
    """
    keys = dict(work.missing)
    origin = provenance()
    failures = 0
    with progress, closing(scheduler.run(keys, progress.started)) as finished:
        for spec, row, trace in finished:
            row |= {"budget_s": spec.budget_s, "budget_evaluations": spec.budget_evaluations}
            row |= {"key": keys[spec], "provenance": origin | {"date": now()}}
            store.save(spec, row, trace)
            progress.finished(spec, row)
            failures += row["status"] not in DELIVERED
    return failures
