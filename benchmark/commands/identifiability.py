"""``identifiability``: what recordings can say about parameters at all, and how sure estimates from them are."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmark.commands.arguments import add_results
from benchmark.harness.errors import HarnessError
from benchmark.harness.files import writing
from benchmark.harness.recordings import verified_recordings
from benchmark.problem.problem_name import FIBRES_UNKNOWN, ProblemName

if TYPE_CHECKING:
    from benchmark.identifiability.campaign import Studies

HELP = "what recordings can say about parameters at all, and how sure estimates from them are"
WHEN_STOPPED = "what was finished is stored"
RECORDED = tuple(f"{movements}-{variant}" for variant in ("published", "light") for movements in ("a", "b", "ab"))
WITHOUT_FIBRES = ("a-published", "b-published", "ab-published", "ab-light")
DEFAULT_PROBLEMS = (
    *(f"{formulation}-{recorded}" for formulation in ("m1", "m2") for recorded in RECORDED),
    *(f"{formulation}-{recorded}-{FIBRES_UNKNOWN}" for formulation in ("m1", "m2") for recorded in WITHOUT_FIBRES),
)
FEWEST_REPLICATES = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add problems, the further studies and the results folder."""
    parser.add_argument(
        "problems", nargs="*", metavar="PROBLEM", help="problems, such as m1-ab-published (default: of a, b)"
    )
    further = parser.add_argument_group("further studies of each problem; they take minutes")
    further.add_argument(
        "--profiles",
        nargs="*",
        metavar="PARAMETER",
        help="profile likelihoods of parameters (default: a telling choice)",
    )
    further.add_argument(
        "--coverage", type=int, metavar="N", help="how often 95 %% intervals hold the truth, in N noisy replicates"
    )
    further.add_argument(
        "--noise", type=float, metavar="S", help="noise of the accelerations for these, in rad/s2 (default: 0.01)"
    )
    further.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="J", help="processes for these (default: %(default)s)"
    )
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Study what is asked for."""
    from benchmark.identifiability.campaign import Studies

    studies = Studies(
        profiles=None if asked.profiles is None else tuple(asked.profiles),
        coverage=asked.coverage,
        noise_rad_per_s2=0.01 if asked.noise is None else asked.noise,
        jobs=asked.jobs,
    )
    identifiability(asked.problems or DEFAULT_PROBLEMS, studies, asked.results)


def identifiability(problems: Sequence[str], studies: Studies, results: Path) -> None:
    """Study problems, and store what was found for the report.

    Parameters
    ----------
    problems
        Their names, without noise.
    studies
        What to do beside the analysis.
    results
        The results folder.

    Raises
    ------
    HarnessError
        If a problem, parameter or recording is not there, a figure makes no sense, or nothing can be written.
    """
    from benchmark.identifiability.campaign import judge_claims, study
    from benchmark.identifiability.overview import overview

    _check(problems, studies)
    with writing(results):
        found = [study(problem, studies, results, _tell) for problem in dict.fromkeys(problems)]
        judge_claims(results)
    print(f"\n{overview(found)}\n\npython -m benchmark report makes tables and figures of it")


def _check(problems: Sequence[str], studies: Studies) -> None:
    verified_recordings(problems)
    for name, problem in ((name, ProblemName.parse(name)) for name in problems):
        if problem.formulation.tracks_moments:
            raise HarnessError(f"{name} tracks moments, and these studies are of accelerations: give m1 or m2")
        if problem.residual_in_torque or not problem.formulation.is_of_eq_14:
            raise HarnessError(f"{name} is not the residual of eq. (14), which these studies are of: give m1 or m2")
        if problem.imperfections:
            bare = problem.without_imperfections
            raise HarnessError(f"{name}: give the problem without noise, {bare}, and the noise with --noise")
    if not 0.0 < studies.noise_rad_per_s2 < math.inf:
        raise HarnessError(f"--noise {studies.noise_rad_per_s2:g} is no noise: give rad/s2 above 0, such as 0.01")
    if studies.coverage is not None and studies.coverage < FEWEST_REPLICATES:
        raise HarnessError(f"--coverage {studies.coverage} says nothing: give at least {FEWEST_REPLICATES} replicates")
    if studies.jobs < 1:
        raise HarnessError(f"--jobs {studies.jobs} does nothing: give at least 1")


def _tell(text: str) -> None:
    print(text, flush=True)
