"""Files of an earlier report that the one just written lacks: a table of a suite that is gone is no table of today."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from benchmark.report.report_table import FORMATS

# What the report calls its files; others in the same folders stay.
SINGLE = ("runs", "epochs", "time-to-accuracy", "detectable", "speed", "damaged", "identifiability", "deep-muscles")
OF_SUITES = (
    "summary",
    "success",
    "targets",
    "ranking",
    "comparison",
    "provenance",
    "efficiency",
    "identifiability",
    "deep-muscles",
)
OWN_FILES = (
    *(f"tables/{name}.{kind}" for name in (*SINGLE, *(f"{name}-*" for name in OF_SUITES)) for kind in FORMATS),
    "figures/*/*.pdf",
    "figures/*/*.png",
)


def remove_leftovers(folder: Path, written: Collection[Path]) -> None:
    """Remove what only an earlier report can have written below its folder.

    Parameters
    ----------
    folder
        The report's folder.
    written
        The files of today's report.
    """
    keep = set(written)
    for pattern in OWN_FILES:
        for path in folder.glob(pattern):
            if path not in keep:
                path.unlink(missing_ok=True)
    for figures in folder.glob("figures/*/"):
        with suppress(OSError):  # what is not empty stays
            figures.rmdir()
