"""Suites: what is run, as data, and its expansion into single runs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from benchmark.harness.errors import HarnessError
from benchmark.harness.spec import RunSpec
from benchmark.problem.start_level import UNIFORM, StartLevel

SUITES_FILE = Path(__file__).parent / "suites.toml"
DEFAULT_SUITE = "default"

T = TypeVar("T")


@dataclass(frozen=True)
class Suite:
    """A named set of runs; the attributes are explained in suites.toml."""

    name: str
    summary: str
    problems: tuple[str, ...]
    start_levels: tuple[StartLevel, ...]
    seeds: tuple[int, ...]
    budget_s: float
    budget_evaluations: int | None = None
    methods: tuple[str, ...] | None = None
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Selection:
    """What to run: a suite, and what replaces its own settings (None leaves them as they are)."""

    suite: str = DEFAULT_SUITE
    methods: Sequence[str] | None = None
    problems: Sequence[str] | None = None
    start_levels: Sequence[StartLevel] | None = None
    seeds: Sequence[int] | None = None
    budget_s: float | None = None
    budget_evaluations: int | None = None


def load_suites(path: Path = SUITES_FILE) -> dict[str, Suite]:
    """The suites by name."""
    with path.open("rb") as file:
        tables = tomllib.load(file)["suite"]
    return {name: _suite(name, table) for name, table in tables.items()}


def plan(selection: Selection, suites: Mapping[str, Suite], methods: Iterable[str]) -> list[RunSpec]:
    """Expand a selection into runs, ordered so that results of all methods come in early.

    Parameters
    ----------
    selection
        What is asked for.
    suites
        The suites there are, by name.
    methods
        Names of the methods there are.

    Raises
    ------
    HarnessError
        If a suite or method is unknown, or a level, seed or budget is out of range.
    """
    check_known("suite", [selection.suite], suites)
    suite = suites[selection.suite]
    known = sorted(methods)
    chosen = _chosen(selection.methods, suite.methods or known)
    check_known("method", chosen, known)
    levels = _chosen(selection.start_levels, suite.start_levels)
    seeds = _chosen(selection.seeds, suite.seeds)
    budget_s = suite.budget_s if selection.budget_s is None else selection.budget_s
    evaluations = suite.budget_evaluations if selection.budget_evaluations is None else selection.budget_evaluations
    _check_settings(levels, seeds, budget_s, evaluations)
    cases = product(seeds, levels, _chosen(selection.problems, suite.problems), chosen)
    return [
        RunSpec(
            suite.name,
            problem,
            method,
            level,
            seed,
            budget_s,
            evaluations,
            options=suite.options.get(method, {}),
        )
        for seed, level, problem, method in cases
    ]


def check_known(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raise a HarnessError, with what there is, for the first of `names` that is not `known`."""
    choices = sorted(known)
    for name in names:
        if name not in choices:
            close = get_close_matches(name, choices, n=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise HarnessError(f"unknown {kind} {name!r}: {hint}there are: {', '.join(choices) or 'none'}")


def _suite(name: str, table: Mapping[str, Any]) -> Suite:
    settings: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return Suite(name=name, **settings)


def _chosen(asked: Sequence[T] | None, otherwise: Sequence[T]) -> tuple[T, ...]:
    """What is asked for, each once and in the order given; what the suite says where nothing is asked for."""
    return tuple(dict.fromkeys(otherwise if asked is None else asked))


def _check_settings(
    levels: Iterable[StartLevel], seeds: Iterable[int], budget_s: float, evaluations: int | None
) -> None:
    for level in levels:
        if level != UNIFORM and not (isinstance(level, float) and 0.0 < level < 1.0):
            raise HarnessError(f"start level {level} is none: give a share above 0 and below 1, or {UNIFORM}")
    for seed in seeds:
        if seed < 0:
            raise HarnessError(f"seed {seed} is negative: give whole numbers from 0")
    if not 0.0 < budget_s < float("inf"):
        raise HarnessError(f"a budget of {budget_s:g} s is no budget: give seconds above 0")
    if evaluations is not None and evaluations < 1:
        raise HarnessError(f"a budget of {evaluations} evaluations is no budget: give at least 1")
