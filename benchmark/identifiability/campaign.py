"""What the command does of each problem, one after another: the analysis, and the studies that were asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.harness.errors import HarnessError, check_known
from benchmark.harness.provenance import provenance
from benchmark.identifiability.analysis import Analysis, analyse
from benchmark.identifiability.base_expressions import base_study
from benchmark.identifiability.claims import PAPER, claims, claims_study
from benchmark.identifiability.profile import profiles_of, study_of
from benchmark.identifiability.profiles import default_parameters, profiles
from benchmark.identifiability.stored import load_analyses, load_studies, store_analysis, store_study
from benchmark.problem.formulations.eliminated import ELIMINATED
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.problem_name import ProblemName
from benchmark.uncertainty.coverage import coverage

BASE, PROFILES, COVERAGE, CLAIMS = "base", "profiles", "coverage", "claims"


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
    problem = load_problem(name)
    try:
        found = analyse(problem)
    except ValueError as error:
        raise HarnessError(f"{name}: {error}") from error
    check_known(f"parameter of {name}", studies.profiles or (), found.information.names)
    made = provenance()
    store_analysis(results, found, made)
    if problem.parsed.fibres == "known":  # what the motion determines of the bones has nothing to do with fibres
        store_study(results, name, BASE, base_study(problem, found) | {"provenance": made})
    tell(f"{name}: analysed in {time.perf_counter() - began:.1f} s")
    if studies.profiles is not None:
        _profile(problem, studies.profiles or default_parameters(found), studies.noise_rad_per_s2, results, tell)
    if studies.coverage is not None:
        covered = coverage(name, studies.noise_rad_per_s2, studies.coverage, jobs=studies.jobs, progress=tell)
        store_study(results, name, COVERAGE, covered.plain() | {"provenance": made})
    return found


def judge_claims(results: Path) -> None:
    """Hold the paper's claims against all analyses that are stored, and store the verdicts; none without its M1."""
    analyses = load_analyses(results)
    if any(ProblemName.parse(problem).family == ELIMINATED.name for problem in analyses):
        found = claims(analyses, load_studies(results, BASE))
        store_study(results, PAPER, CLAIMS, claims_study(found) | {"provenance": provenance()})


def _profile(
    problem: Problem, parameters: Sequence[str], noise: float, results: Path, tell: Callable[[str], None]
) -> None:
    """Profile parameters, and store them beside those of other parameters or at another noise."""
    found = profiles(problem, parameters, noise, tell)
    stored = load_studies(results, PROFILES).get(problem.name)
    new = {(entry.parameter, entry.noise_rad_per_s2) for entry in found}
    kept = [] if stored is None else profiles_of(stored)
    others = [entry for entry in kept if (entry.parameter, entry.noise_rad_per_s2) not in new]
    content = study_of(problem.name, sorted([*others, *found], key=lambda entry: entry.noise_rad_per_s2))
    store_study(results, problem.name, PROFILES, content | {"provenance": provenance()})
