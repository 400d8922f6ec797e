"""The commands that make stored runs again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from benchmark.harness.methods import EVERYTHING
from benchmark.harness.row import Row
from benchmark.harness.suites import DEFAULT_SUITE, Suite
from benchmark.problem.start_level import StartLevel, start_level_order

RUN = "python -m benchmark run"
REPORT = "python -m benchmark report"
SETTINGS = {
    "budget_s": "--budget",
    "budget_evaluations": "--evaluations",
    "budget_cost": "--cost",
    "stop": "--stop",
    "memory_gib": "--memory",
}


class Job(NamedTuple):
    """Runs that one command makes: all combinations of these, with settings that are not their suite's own."""

    methods: tuple[str, ...]
    problems: tuple[str, ...]
    levels: tuple[StartLevel, ...]
    seeds: tuple[int, ...]
    settings: tuple[str, ...]


def run_commands(rows: Sequence[Row], suites: Mapping[str, Suite], methods: Collection[str]) -> tuple[str, ...]:
    """The commands that make the runs of a suite again, as few as there can be.

    Parameters
    ----------
    rows
        Stored rows of one suite.
    suites
        The suites there are, by name; where the rows' own is not among them, the default one is written to.
    methods
        Names of the methods there are.
    """
    suite = suites.get(rows[0]["suite"], suites[DEFAULT_SUITE])
    return tuple(_command(job, suite, methods) for job in _jobs(rows, suite))


def single_run_command(row: Row, suites: Mapping[str, Suite]) -> str:
    """The command that makes one run again."""
    suite = suites.get(row["suite"], suites[DEFAULT_SUITE])
    words = [RUN, row["method"], "--suite", suite.name, "--problems", row["problem"]]
    words += ["--start-levels", str(row["start_level"]), "--seeds", str(row["seed"]), *_settings(row, suite)]
    return " ".join(words)


def _jobs(rows: Iterable[Row], suite: Suite) -> list[Job]:
    jobs = [
        Job((row["method"],), (row["problem"],), (row["start_level"],), (row["seed"],), _settings(row, suite))
        for row in rows
    ]
    for axis in ("seeds", "problems", "levels", "methods"):
        jobs = _merged(jobs, axis)
    return jobs


def _merged(jobs: Iterable[Job], axis: str) -> list[Job]:
    """Jobs that differ in one field alone, taken together."""
    merged: dict[Job, set[Any]] = {}
    for job in jobs:
        merged.setdefault(job._replace(**{axis: ()}), set()).update(getattr(job, axis))
    order = start_level_order if axis == "levels" else None
    return [job._replace(**{axis: tuple(sorted(values, key=order))}) for job, values in merged.items()]


def _settings(row: Row, suite: Suite) -> tuple[str, ...]:
    """What a run was given in place of its suite's own settings; rows of before do not know all of them."""
    given = {name: row.get(name) for name in SETTINGS}
    return tuple(
        f"{SETTINGS[name]} {value:g}" if isinstance(value, float) else f"{SETTINGS[name]} {value}"
        for name, value in given.items()
        if value is not None and value != getattr(suite, name)
    )


def _command(job: Job, suite: Suite, methods: Collection[str]) -> str:
    everything = set(job.methods) == set(suite.methods or methods)
    words = [RUN, EVERYTHING if everything else " ".join(job.methods), "--suite", suite.name]
    for flag, values, own in (
        ("--problems", job.problems, suite.problems),
        ("--start-levels", job.levels, suite.start_levels),
        ("--seeds", job.seeds, suite.seeds),
    ):
        if set(values) != set(own):
            words += [flag, *map(str, values)]
    return " ".join([*words, *job.settings])
