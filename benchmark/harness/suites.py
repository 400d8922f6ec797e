"""Suites: what is run, as data, and its expansion into single runs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from benchmark.harness.errors import HarnessError, check_known
from benchmark.harness.methods import load_method, method_threads, without_preset
from benchmark.harness.spec import DEFAULT_MEMORY_GIB, STOPS, RunSpec, Stop
from benchmark.problem.start_level import UNIFORM, StartLevel

SUITES_FILE = Path(__file__).parent / "suites.toml"
DEFAULT_SUITE = "default"
LEAST_MEMORY_GIB = 1.0  # libraries and a problem take 0.6

CROSSED = "crossed"  # the tables of a suite whose entries are crossed to problems

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
    budget_cost: float | None = None
    stop: Stop = "own"
    memory_gib: float = DEFAULT_MEMORY_GIB
    methods: tuple[str, ...] | None = None
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Selection:
    """What to run: a suite, and what replaces its own settings (None leaves them as they are).

    Attributes
    ----------
    device
        Where methods with an option of that name compute; of the others nothing changes.
    """

    suite: str = DEFAULT_SUITE
    methods: Sequence[str] | None = None
    problems: Sequence[str] | None = None
    start_levels: Sequence[StartLevel] | None = None
    seeds: Sequence[int] | None = None
    budget_s: float | None = None
    budget_evaluations: int | None = None
    budget_cost: float | None = None
    stop: Stop | None = None
    memory_gib: float | None = None
    device: str | None = None


def load_suites(path: Path = SUITES_FILE) -> dict[str, Suite]:
    """The suites by name."""
    with path.open("rb") as file:
        tables = tomllib.load(file)["suite"]
    return {name: _suite(name, table) for name, table in tables.items()}


def plan(
    selection: Selection,
    suites: Mapping[str, Suite],
    methods: Iterable[str],
    threads: Callable[[str], int] = method_threads,
) -> list[RunSpec]:
    """Expand a selection into runs, ordered so that results of all methods come in early.

    Parameters
    ----------
    selection
        What is asked for.
    suites
        The suites there are, by name.
    methods
        Names of the methods there are, without presets: those of a suite that names none.
    threads
        How many threads a run of a method gets; raises if it has no such preset.

    Raises
    ------
    HarnessError
        If a suite, method or preset is unknown, or a setting is out of range.
    """
    check_known("suite", [selection.suite], suites)
    suite = _with_selection(suites[selection.suite], selection)
    known = sorted(methods)
    chosen = suite.methods or tuple(known)
    check_known("method", map(without_preset, chosen), known)
    _check_settings(suite)
    threads_of = {method: threads(method) for method in chosen}
    on_device = {} if selection.device is None else _on_device(chosen, selection.device)
    return [
        RunSpec(
            suite=suite.name,
            problem=problem,
            method=method,
            start_level=level,
            seed=seed,
            budget_s=suite.budget_s,
            budget_evaluations=suite.budget_evaluations,
            budget_cost=suite.budget_cost,
            stop=suite.stop,
            memory_gib=suite.memory_gib,
            threads=threads_of[method],
            options={**suite.options.get(method, {}), **on_device.get(method, {})},
        )
        for seed, level, problem, method in product(suite.seeds, suite.start_levels, suite.problems, chosen)
    ]


def _with_selection(suite: Suite, selection: Selection) -> Suite:
    """The suite with what is asked for in place of its own settings; what is named twice counts once."""
    asked = {field.name: getattr(selection, field.name, None) for field in fields(suite) if field.name != "name"}
    given = {name: value for name, value in asked.items() if value is not None}
    lists = {name: tuple(dict.fromkeys(value)) for name, value in given.items() if isinstance(value, list | tuple)}
    return replace(suite, **given | lists)


def _on_device(methods: Iterable[str], device: str) -> dict[str, dict[str, str]]:
    """What the option for it is set to of those of `methods` that have one."""
    chosen = {name: {"device": device} for name in methods if "device" in load_method(name).options}
    if not chosen:
        raise HarnessError(f"--device {device}: none of these methods has a choice, leave it out or name one that has")
    return chosen


def _suite(name: str, table: Mapping[str, Any]) -> Suite:
    own = {key: value for key, value in table.items() if key != CROSSED}
    settings: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in own.items()}
    crossed = [problem for block in table.get(CROSSED, ()) for problem in _crossed(**block)]
    settings["problems"] = tuple(dict.fromkeys([*settings.get("problems", ()), *crossed]))
    return Suite(name=name, **settings)


def _crossed(
    formulations: Sequence[str], movements: str, arms: Sequence[str], imperfections: Sequence[str]
) -> Iterator[str]:
    """Problems of every formulation with every arm and every imperfection, that of no name among them."""
    for formulation, imperfection, arm in product(formulations, imperfections, arms):
        treatment, _, rest = formulation.partition("-")
        yield "-".join(filter(None, (treatment, movements, arm, rest, imperfection)))


def _check_settings(suite: Suite) -> None:
    for level in suite.start_levels:
        if level != UNIFORM and not (isinstance(level, float) and 0.0 < level < 1.0):
            raise HarnessError(f"start level {level} is none: give a share above 0 and below 1, or {UNIFORM}")
    for seed in suite.seeds:
        if seed < 0:
            raise HarnessError(f"seed {seed} is negative: give whole numbers from 0")
    if not 0.0 < suite.budget_s < float("inf"):
        raise HarnessError(f"a budget of {suite.budget_s:g} s is no budget: give seconds above 0")
    if suite.budget_evaluations is not None and suite.budget_evaluations < 1:
        raise HarnessError(f"a budget of {suite.budget_evaluations} evaluations is no budget: give at least 1")
    if suite.budget_cost is not None and not suite.budget_cost >= 1.0:
        raise HarnessError(f"a budget of {suite.budget_cost:g} residual evaluations is no budget: give at least 1")
    if not suite.memory_gib >= LEAST_MEMORY_GIB:
        raise HarnessError(
            f"{suite.memory_gib:g} GiB of memory do not hold a problem: give at least {LEAST_MEMORY_GIB}"
        )
    check_known("way to stop", [suite.stop], STOPS)
