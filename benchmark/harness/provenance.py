"""Where a row comes from: code, machine and packages."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psutil

REPOSITORY = Path(__file__).parents[2]
SOURCES = ("benchmark", "methods", "datasets")  # what can change a result; a changed README cannot
PACKAGES = ("numpy", "scipy", "numba", "torch", "casadi", "pin", "pyswarms", "cma")
CPU_FILE = Path("/proc/cpuinfo")


def provenance(threads: int | None = None) -> dict[str, Any]:
    """What a result depends on, apart from the run itself: for every row, taken when the run begins.

    Parameters
    ----------
    threads
        Threads that the run may use; None where it is not one number.
    """
    lasting = _of_this_process()
    own = {"packages": dict(lasting["packages"]), "threads": threads, "load": _load(), "date": now()}
    return {**lasting, **own}


@cache
def _of_this_process() -> Mapping[str, Any]:
    """What stays while the process lasts: it has loaded its code."""
    changes = _git("status", "--porcelain", "--", *SOURCES)
    return MappingProxyType(
        {
            "commit": _git("rev-parse", "HEAD"),
            "dirty": None if changes is None else bool(changes),
            "python": platform.python_version(),
            "platform": f"{sys.platform} {platform.machine()}",
            "cpu": _cpu_model(),
            "cores": os.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30, 2),
            "packages": package_versions(),
        }
    )


def _load() -> float | None:
    """Processes that wanted to run on this machine, on average over the last minute; None where nobody counts them."""
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):
        return None


def now() -> str:
    """The time, UTC, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def package_versions() -> dict[str, str | None]:
    """Versions of the numerical packages; None for one that is not there."""
    return {name: _version(name) for name in PACKAGES}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git(*arguments: str) -> str | None:
    """What git says about the repository; None where there is no git or no repository."""
    try:
        done = subprocess.run(["git", "-C", REPOSITORY, *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _cpu_model() -> str:
    try:
        lines = CPU_FILE.read_text().splitlines()
    except OSError:
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or "unknown")
