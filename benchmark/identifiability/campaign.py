"""What the command does of each problem, one after another: the analysis, and the studies that were asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmark.harness.errors import HarnessError
from benchmark.harness.provenance import provenance
from benchmark.identifiability.analysis import Analysis, analyse
from benchmark.identifiability.stored import store_analysis
from benchmark.problem.problem import load_problem


@dataclass(frozen=True)
class Studies:
    """What to do of a problem beside its analysis.

    Attributes
    ----------
    profiles
        Parameters whose likelihood is profiled; empty for a choice that tells most, None for none.
    coverage
        Number of noisy replicates in which intervals are to hold the truth; None for none.
    noise_rad_per_s2
        Noise of the accelerations for these.
    jobs
        How many processes work on these.
    """

    profiles: tuple[str, ...] | None = None
    coverage: int | None = None
    noise_rad_per_s2: float = 0.01
    jobs: int = 1


def study(name: str, studies: Studies, results: Path, tell: Callable[[str], None]) -> Analysis:
    """Analyse a problem, do the studies of it, and store it all.

    Parameters
    ----------
    name
        The problem's name, without noise.
    studies
        What to do.
    results
        The results folder.
    tell
        Is told what goes on.

    Raises
    ------
    HarnessError
        If the problem's recordings leave nothing to identify from, or lack a parameter that is asked for.
    """
    began = time.perf_counter()
    try:
        found = analyse(load_problem(name))
    except ValueError as error:
        raise HarnessError(f"{name}: {error}") from error
    store_analysis(results, found, provenance())
    tell(f"{name}: analysed in {time.perf_counter() - began:.1f} s")
    return found
