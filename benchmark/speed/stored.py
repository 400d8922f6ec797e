"""Stored timings: what was measured, where and when, in one file that the report makes tables and figures of."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.harness.files import write_atomically
from benchmark.harness.store import REFERENCE
from benchmark.speed.campaign import Block
from benchmark.speed.clock import Timing

FILE = "speed.json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class StoredTimings:
    """Timings, and where they come from.

    Attributes
    ----------
    blocks
        All timings.
    provenance
        Code, machine, packages and date, as a row has them.
    quick
        Whether one call of each was enough.
    """

    blocks: tuple[Block, ...]
    provenance: Mapping[str, Any]
    quick: bool


def timings_path(results: Path) -> Path:
    """The file below a results folder."""
    return results / REFERENCE / FILE


def store_timings(results: Path, timings: StoredTimings) -> Path:
    """Write timings in place of those there; return the file."""
    content = {
        "quick": timings.quick,
        "provenance": dict(timings.provenance),
        "blocks": [
            {**block._asdict(), "timings": [timing._asdict() for timing in block.timings]} for block in timings.blocks
        ],
    }
    return write_atomically(timings_path(results), (json.dumps(content, indent=1, allow_nan=False) + "\n").encode())


def load_timings(results: Path) -> StoredTimings | None:
    """The timings below a results folder; None if there are none, or, with a warning, if they cannot be read."""
    path = timings_path(results)
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_bytes())
        blocks = tuple(_block(entry) for entry in content["blocks"])
        return StoredTimings(blocks, dict(content["provenance"]), bool(content["quick"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        _log.warning("%s is damaged (%s: %s): treated as missing", path, type(error).__name__, error)
        return None


def _block(entry: Mapping[str, Any]) -> Block:
    timings: Sequence[Mapping[str, Any]] = entry["timings"]
    return Block(str(entry["problem"]), int(entry["threads"]), [Timing(**timing) for timing in timings])
