"""Attempts by construction: simulated runs of methods from shared starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmark.analysis.attempts import BEST_MINIMUM, COLUMNS, target_names

BUDGET_S = 10.0


@dataclass(frozen=True)
class Behaviour:
    """What runs of a simulated method are like: their time over that of their start, and how many of them succeed."""

    times: float = 1.0
    success: float = 1.0
    noise: float = 0.05  # standard deviation of the logarithm to base 10: 12 %


def attempt(**others: Any) -> dict[str, Any]:
    """A run that reached the target in a second and ended in two."""
    line = dict.fromkeys(COLUMNS) | {"suite": "s", "problem": "m1-a-published", "start_level": 0.1, "method": "m"}
    line |= {"seed": 0, "status": "converged", "budget_s": BUDGET_S, "target": BEST_MINIMUM, "threshold": 1e-12}
    line |= {"measure": "objective_rad2_per_s4", "reached": True, "reached_at_start": False, "traced": True}
    line |= {"seconds_to_target": 1.0, "cost_to_target": 100.0, "seconds_spent": 2.0, "cost_spent": 200.0}
    return line | others


def missed(status: str = "budget", **others: Any) -> dict[str, Any]:
    """A run that did not reach the target, and ended in ten seconds."""
    ends = {"reached": False, "status": status, "seconds_to_target": np.nan, "cost_to_target": np.nan}
    return attempt(**ends | {"seconds_spent": BUDGET_S, "cost_spent": 1000.0} | others)


def frame(lines: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Lines as `attempts` gives them."""
    table = pd.DataFrame(lines, columns=COLUMNS)
    table["target"] = pd.Categorical(table["target"], target_names(), ordered=True)
    table["start_level"] = pd.Categorical(table["start_level"], sorted(set(table["start_level"])), ordered=True)
    numbers = ["seconds_to_target", "cost_to_target", "seconds_spent", "cost_spent", "threshold"]
    return table.astype({"reached": "boolean"} | dict.fromkeys(numbers, "float64"))


def simulated(
    methods: Mapping[str, Behaviour], instances: int, seeds: int, random: np.random.Generator
) -> pd.DataFrame:
    """Runs whose starts take half a second, a half more or less, in the mean; every method has the same starts."""
    start = {
        (instance, seed): 0.5 * 10.0 ** random.normal(0.0, 0.2)
        for instance in range(instances)
        for seed in range(seeds)
    }
    lines = []
    for method, behaviour in methods.items():
        for (instance, seed), seconds in start.items():
            took = seconds * behaviour.times * 10.0 ** random.normal(0.0, behaviour.noise)
            names = {"problem": f"m1-{instance}", "seed": seed, "method": method, "seconds_spent": took}
            succeeds = random.random() < behaviour.success
            lines.append(attempt(seconds_to_target=took, **names) if succeeds else missed("converged", **names))
    return frame(lines)
