"""What comparisons say of methods that are the same by construction, and of those that are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchmark.analysis.attempts import BEST_MINIMUM
from benchmark.analysis.comparison import (
    FASTER,
    LESS_OFTEN,
    MORE_OFTEN,
    SLOWER,
    TOO_FEW,
    UNDECIDED,
    can_differ,
    compare,
)

from .attempt_frames import Behaviour, attempt, frame, missed, simulated

SAME = Behaviour(success=0.9)


def verdicts(table: pd.DataFrame) -> set[str]:
    return {*table["time_verdict"], *table["success_verdict"]}


@pytest.mark.parametrize(("instances", "seeds", "names"), [(2, 5, "ab"), (2, 5, "abcd"), (1, 10, "ab"), (6, 3, "abc")])
def test_one_method_under_several_names_ties(instances: int, seeds: int, names: str) -> None:
    """100 times: the same starts, 12 % of clock noise, and one run of ten that fails, each name's on its own."""
    random = np.random.default_rng([instances, seeds, len(names)])
    tables = [compare(simulated(dict.fromkeys(names, SAME), instances, seeds, random)) for _ in range(100)]
    assert sum(verdicts(table) == {UNDECIDED} for table in tables) >= 95


def test_one_method_on_other_starts_ties() -> None:
    """100 times: seeds 0 to 9 under one name, seeds 10 to 19 under another, taken for the same starts."""
    random, ties = np.random.default_rng(1), 0
    for _ in range(100):
        runs = simulated({"a": SAME}, 1, 20, random)
        halves = runs.assign(method=np.where(runs["seed"] < 10, "a", "b"), seed=runs["seed"] % 10)
        ties += verdicts(compare(halves)) == {UNDECIDED}
    assert ties >= 95


def test_a_worsened_copy_is_told_apart() -> None:
    """Half as long again on ten starts, and 20 points less often on 100."""
    random = np.random.default_rng(2)
    slow = [compare(simulated({"a": Behaviour(), "b": Behaviour(1.5)}, 2, 5, random)).iloc[0] for _ in range(20)]
    assert sum(line["time_verdict"] == FASTER for line in slow) >= 19
    assert all(line["success_verdict"] == UNDECIDED for line in slow)
    rare = {"a": Behaviour(success=0.95), "b": Behaviour(1.5, success=0.75)}
    worse = [compare(simulated(rare, 2, 50, random)).iloc[0] for _ in range(20)]
    assert sum((line["time_verdict"], line["success_verdict"]) == (FASTER, MORE_OFTEN) for line in worse) >= 18


def test_times_that_differ_by_less_than_a_fifth_are_never_told_apart() -> None:
    near = {"a": Behaviour(noise=1e-3), "b": Behaviour(1.15, noise=1e-3)}
    line = compare(simulated(near, 2, 10, np.random.default_rng(3))).iloc[0]
    assert line["time_p_1"] < 1e-6
    assert line["time_verdict"] == UNDECIDED


def test_figures_by_hand() -> None:
    """Of eight starts, b takes twice as long at six, and does not get there at two, within ten seconds."""
    runs = [attempt(method="a", seed=seed) for seed in range(8)]
    runs += [attempt(method="b", seed=seed, seconds_to_target=2.0) for seed in range(6)]
    runs += [missed("converged", method="b", seed=seed, seconds_spent=3.0) for seed in (6, 7)]
    line = compare(frame(runs)).iloc[0]
    assert (line["method"], line["other"], line["instances"], line["starts"]) == ("a", "b", 1, 8)
    assert line["success_difference_1"] == pytest.approx(0.25)
    assert line["time_ratio_1"] == pytest.approx(1.0 / (2.0**6 * 10.0**2) ** (1 / 8))
    assert line["expected_time_ratio_1"] == pytest.approx(1.0 / ((6 * 2.0 + 2 * 3.0) / 6))
    assert line["time_ratio_lower_1"] < line["time_ratio_1"] < line["time_ratio_upper_1"]


def test_verdicts_do_not_depend_on_what_methods_are_called() -> None:
    runs = simulated({"a": Behaviour(3.0, success=0.2), "b": Behaviour()}, 2, 20, np.random.default_rng(4))
    line = compare(runs).iloc[0]
    swapped = compare(runs.assign(method=runs["method"].map({"a": "b", "b": "a"}))).iloc[0]
    assert (line["time_verdict"], line["success_verdict"]) == (SLOWER, LESS_OFTEN)
    assert (swapped["time_verdict"], swapped["success_verdict"]) == (FASTER, MORE_OFTEN)
    assert swapped["time_ratio_1"] == pytest.approx(1.0 / line["time_ratio_1"])
    assert swapped["time_p_1"] == pytest.approx(line["time_p_1"])


def test_too_few_starts_in_common_say_nothing() -> None:
    few = [
        attempt(method=method, seed=seed, seconds_to_target=1.0 + 5.0 * (method == "b"))
        for method in "ab"
        for seed in range(5)
    ]
    line = compare(frame(few)).iloc[0]
    assert (line["time_verdict"], line["success_verdict"]) == (TOO_FEW, TOO_FEW)
    assert np.isnan(line["time_p_1"])
    assert not can_differ(compare(frame(few))).any()


def test_methods_meet_at_the_starts_that_both_ran_from() -> None:
    """c ran on half of the starts: it is compared there, and others on all."""
    methods = {"a": Behaviour(), "b": Behaviour(2.0), "c": Behaviour(4.0)}
    runs = simulated(methods, 2, 8, np.random.default_rng(5))
    fewer = runs[(runs["method"] != "c") | (runs["problem"] == "m1-1")]
    found = compare(fewer).set_index(["method", "other"])
    assert found["starts"].to_dict() == {("a", "b"): 16, ("a", "c"): 8, ("b", "c"): 8}
    assert found["instances"].to_dict() == {("a", "b"): 2, ("a", "c"): 1, ("b", "c"): 1}
    assert found["time_ratio_1"].iloc[0] == compare(runs)["time_ratio_1"].iloc[0]
    assert set(found["time_verdict"]) == {FASTER}


def test_pairs_that_never_get_there_tie_and_do_not_count() -> None:
    """Of six pairs five can differ: the smallest of their ten p is ten times that of ten runs against none."""
    methods = {name: Behaviour(times, noise=0.2) for name, times in (("a", 1.0), ("b", 1.3))}
    methods |= {name: Behaviour(success=0.0) for name in "xy"}
    found = compare(simulated(methods, 1, 10, np.random.default_rng(6)))
    never = found[found["method"] == "x"].iloc[0]
    assert (never["time_verdict"], never["success_verdict"], never["time_p_1"]) == (UNDECIDED, UNDECIDED, 1.0)
    assert can_differ(found).tolist() == [True] * 5 + [False]
    assert set(found["time_verdict"][1:5]) == {FASTER}
    always_against_never = 2.0 * norm.sf((10 / 12) / np.sqrt((1.0 - (10 / 12) ** 2) / 12))
    assert found["success_p_1"].min() == pytest.approx(10 * always_against_never)


def test_a_target_that_one_method_tried_has_no_pairs() -> None:
    assert compare(frame([attempt(seed=seed) for seed in range(9)])).empty
    assert compare(frame([])).empty
    skipped = [attempt(seed=seed, method="b", reached=None, status="skipped") for seed in range(9)]
    assert compare(frame([*(attempt(seed=seed) for seed in range(9)), *skipped])).empty


def test_without_a_budget_times_that_are_not_known_say_nothing() -> None:
    runs = simulated({"a": Behaviour(), "b": Behaviour(success=0.0)}, 1, 10, np.random.default_rng(8))
    line = compare(runs.assign(budget_s=None)).iloc[0]
    assert np.isnan(line["time_ratio_1"])
    assert (line["time_verdict"], line["success_verdict"]) == (UNDECIDED, MORE_OFTEN)


def test_targets_are_judged_apart() -> None:
    runs = simulated({"a": Behaviour(), "b": Behaviour(2.0)}, 1, 10, np.random.default_rng(7))
    other = runs.assign(target=pd.Categorical(["error 1 %"] * len(runs), runs["target"].cat.categories, ordered=True))
    found = compare(pd.concat([runs, other]))
    assert found["target"].tolist() == ["error 1 %", BEST_MINIMUM]
    assert found["time_p_1"].nunique() == 1
