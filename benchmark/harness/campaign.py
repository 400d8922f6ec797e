"""A campaign: runs are scheduled, and stored as they come."""

from __future__ import annotations

from contextlib import closing

from benchmark.harness.progress import Progress
from benchmark.harness.provenance import now, provenance
from benchmark.harness.row import DELIVERED
from benchmark.harness.scheduler import Scheduler
from benchmark.harness.store import Store
from benchmark.harness.work import Work


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
