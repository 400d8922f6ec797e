"""What is to be done: the runs of a selection whose stored rows do not stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from benchmark.harness.row import DELIVERED, Row
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
