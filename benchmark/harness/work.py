"""What is to be done: the runs of a selection whose stored rows do not stand, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from benchmark.harness.row import SETTLED, Row
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store


class Keys(Protocol):
    """What results depend on now."""

    def key(self, spec: RunSpec) -> str:
        """All that the result of `spec` depends on, in one hash."""

    def parts(self, spec: RunSpec) -> Mapping[str, str]:
        """The same by part."""

    def recordings(self, spec: RunSpec) -> Mapping[str, str]:
        """Checksums by name of the recordings that it reads."""

    def hold(self, spec: RunSpec) -> bool:
        """Whether all this is still what it was when it was looked at."""


class Reuse(Enum):
    """Which stored runs stand."""

    ALL = "those that are up to date"
    DELIVERED = "those that are up to date and did not fail"
    NONE = "none"
    ALL_BUT_FAILED = "those that did not fail, up to date or not; what was never run is not missing"


@dataclass(frozen=True)
class Missing:
    """A run that is to be made.

    Attributes
    ----------
    spec
        The run.
    key, parts, recordings
        What its result depends on now; see `Keys`.
    reason
        Why it is to be made.
    stamp
        When its row that does not stand was written; None without one. Another stamp means that somebody else made it.
    """

    spec: RunSpec
    key: str
    parts: Mapping[str, str]
    recordings: Mapping[str, str]
    reason: str
    stamp: int | None


@dataclass(frozen=True)
class Work:
    """What is to be done.

    Attributes
    ----------
    missing
        The runs.
    stored
        How many stored runs are up to date and stand.
    failed
        How many of those ended without a result.
    """

    missing: Sequence[Missing]
    stored: int
    failed: int


def missing_work(specs: Iterable[RunSpec], store: Store, keys: Keys, reuse: Reuse) -> Work:
    """Find the runs whose stored rows do not stand.

    Parameters
    ----------
    specs
        The runs of the campaign.
    store
        Where rows may be stored already.
    keys
        What results depend on now.
    reuse
        Which stored rows stand.
    """
    missing: list[Missing] = []
    standing: list[Row] = []
    for spec in specs:
        stamp = store.stamp(spec)  # before the row is read: one that comes meanwhile has another
        row, key, parts = store.row(spec), keys.key(spec), keys.parts(spec)
        change = None if row is None else _change(row, key, parts)
        reason = _without_row(stamp, reuse) if row is None else _with_row(row, change, reuse)
        if reason is not None:
            missing.append(Missing(spec, key, parts, keys.recordings(spec), reason, stamp))
        elif row is not None and change is None:
            standing.append(row)
    return Work(missing, len(standing), sum(map(_failed, standing)))


def _without_row(stamp: int | None, reuse: Reuse) -> str | None:
    """Why a run without a row that can be read is to be made; None where it is not."""
    if reuse is Reuse.ALL_BUT_FAILED:
        return None
    return "never run" if stamp is None else "damaged"


def _with_row(row: Row, change: str | None, reuse: Reuse) -> str | None:
    """Why a run with a row is to be made again; None where its row stands."""
    if reuse is Reuse.NONE:
        return "run again in any case"
    if change is not None and reuse is not Reuse.ALL_BUT_FAILED:
        return change
    if reuse is not Reuse.ALL and _failed(row):
        return f"ended without a result ({row['status']})"
    return None


def _change(row: Row, key: str, parts: Mapping[str, str]) -> str | None:
    """What has changed since a row was made; None where it is up to date."""
    if row.get("key") == key:
        return None
    if row.get("key") is None:
        return "its code was edited while it ran"
    before = row.get("key_parts")
    if not isinstance(before, Mapping):  # made before rows told their parts
        return "out of date"
    changed = [part for part in {**parts, **before} if parts.get(part) != before.get(part)]
    return f"out of date: {', '.join(changed)} changed"


def _failed(row: Row) -> bool:
    return row["status"] not in SETTLED
