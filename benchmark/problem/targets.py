"""Targets: what counts as reaching the best minimum of a problem, stored beside it.

The loss of eq. (14) is divided by var(d_t) at the start, so that it differs between starts. What does not is the mean
squared unexplained acceleration, loss times variance: the objective, in rad2/s4. Targets are no part of a problem
that a method could see; no run depends on them.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmark.problem.problem_name import ProblemName
from benchmark.problem.start_level import StartLevel

if TYPE_CHECKING:
    from benchmark.problem.problem import Problem

TARGETS_FILE = Path(__file__).parent / "targets.toml"
# Of the best known objective; targets.toml says why.
TARGET_RATIO = 100.0
UNKNOWN_FIBRES_RATIO = 4.0


@dataclass(frozen=True)
class Target:
    """The lowest objective known of a problem, what counts as reaching it, and the run that found it.

    Attributes
    ----------
    best_known_rad2_per_s4
        The lowest objective known.
    target_rad2_per_s4
        An objective at or below it has reached the best minimum.
    method, start_level, seed, date
        The run that found it, and when.
    """

    best_known_rad2_per_s4: float
    target_rad2_per_s4: float
    method: str
    start_level: StartLevel
    seed: int
    date: str


Targets = Mapping[str, Target]
NO_TARGETS: Targets = MappingProxyType({})


def load_targets(path: Path = TARGETS_FILE) -> dict[str, Target]:
    """The targets by the problem's name."""
    tables = tomllib.loads(path.read_text())
    return {problem: Target(**table) for problem, table in tables.items()}


def target_ratio(problem: str) -> float:
    """What counts as reaching the best minimum of the problem called `problem`, over the lowest objective known."""
    return TARGET_RATIO if ProblemName.parse(problem).fibres == "known" else UNKNOWN_FIBRES_RATIO


def targets_text(targets: Targets, comment: str) -> str:
    """The text of a file of targets.

    Parameters
    ----------
    targets
        The targets by the problem's name.
    comment
        What the file begins with.
    """
    tables = [
        "\n".join([f"[{problem}]", *(f"{name} = {json.dumps(value)}" for name, value in asdict(target).items())])
        for problem, target in sorted(targets.items())
    ]
    return "\n\n".join([comment.rstrip(), *tables]) + "\n"


def leading_comment(path: Path = TARGETS_FILE) -> str:
    """What a file of targets says before its first table."""
    lines = path.read_text().splitlines()
    tables = (index for index, line in enumerate(lines) if line.startswith("["))
    return "\n".join(lines[: next(tables, len(lines))])


def objective(problem: Problem, values: Mapping[str, float]) -> float:
    """Mean squared unexplained acceleration, in rad2/s4.

    Parameters
    ----------
    problem
        The problem.
    values
        Values of its parameters by name; those that are not given are true, as pennation angles known to be zero.
    """
    stage = problem.acceleration_stage(problem.truth | dict(values))
    loss = sum(float(row @ row) for row in stage.rows(stage.space.start))
    return loss * stage.variance
