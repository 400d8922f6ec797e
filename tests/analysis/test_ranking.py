"""Ranks and letters: by hand, and by what letters mean."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from benchmark.analysis.comparison import FASTER, LESS_OFTEN, MORE_OFTEN, SLOWER, UNDECIDED, compare
from benchmark.analysis.ranking import letters, ranking, told_apart

from .attempt_frames import Behaviour, attempt, frame, simulated


def test_letters_by_hand() -> None:
    assert letters("abc", []) == {"a": "a", "b": "a", "c": "a"}
    assert letters("abc", [("a", "c")]) == {"a": "a", "b": "ab", "c": "b"}
    assert letters("abc", [("a", "b"), ("a", "c"), ("b", "c")]) == {"a": "a", "b": "b", "c": "c"}


def test_methods_share_no_letter_exactly_if_they_are_told_apart() -> None:
    random = np.random.default_rng(0)
    for _ in range(50):
        names = [f"m{index}" for index in range(7)]
        apart = [pair for pair in combinations(names, 2) if random.random() < 0.4]
        found = letters(names, apart)
        assert all(found.values())
        for pair in combinations(names, 2):
            assert bool({*found[pair[0]]} & {*found[pair[1]]}) == (pair not in apart)


def test_more_groups_than_letters_have_names_too() -> None:
    names = [f"m{index}" for index in range(30)]
    found = letters(names, combinations(names, 2))
    assert len({*found.values()}) == 30


def test_who_beats_whom() -> None:
    """By time where times are told apart, by success otherwise."""
    verdicts = [(FASTER, LESS_OFTEN), (SLOWER, UNDECIDED), (UNDECIDED, MORE_OFTEN), (UNDECIDED, LESS_OFTEN)]
    verdicts += [(UNDECIDED, UNDECIDED)]
    pairs = pd.DataFrame(verdicts, columns=["time_verdict", "success_verdict"]).assign(method="a", other=list("vwxyz"))
    assert told_apart(pairs) == [("a", "v"), ("w", "a"), ("a", "x"), ("y", "a")]


def test_ranks_say_how_many_are_told_apart() -> None:
    methods = {"slow": Behaviour(10.0), "fast": Behaviour(), "alike": Behaviour(), "never": Behaviour(success=0.0)}
    runs = simulated(methods, 2, 10, np.random.default_rng(1))
    found = ranking(runs, compare(runs)).set_index("method")
    assert list(found.index)[2:] == ["slow", "never"]
    assert found["rank_from"].to_dict() == {"fast": 1, "alike": 1, "slow": 3, "never": 4}
    assert found["rank_to"].to_dict() == {"fast": 2, "alike": 2, "slow": 3, "never": 4}
    assert found["group"].to_dict() == {"fast": "a", "alike": "a", "slow": "b", "never": "c"}
    assert found["reached_runs"].to_dict() == {"fast": 20, "alike": 20, "slow": 20, "never": 0}
    assert found.loc["never", "mean_time_s"] == 10.0


def test_too_few_starts_leave_no_ranks() -> None:
    runs = frame([attempt(method=method, seed=seed) for method in "ab" for seed in range(3)])
    found = ranking(runs, compare(runs))
    assert found["rank_from"].isna().all()
    assert set(found["group"]) == {""}
    assert found["mean_time_s"].tolist() == [1.0, 1.0]


def test_a_method_with_too_few_starts_is_not_told_apart_from_any() -> None:
    runs = simulated({"a": Behaviour(), "b": Behaviour(10.0), "new": Behaviour(3.0)}, 1, 10, np.random.default_rng(2))
    runs = runs[(runs["method"] != "new") | (runs["seed"] < 2)]
    found = ranking(runs, compare(runs)).set_index("method")
    assert found["group"].to_dict() == {"a": "a", "new": "ab", "b": "b"}
    assert (found.loc["new", "rank_from"], found.loc["new", "rank_to"]) == (1, 3)


def test_one_method_alone_has_no_rank() -> None:
    runs = frame([attempt(seed=seed) for seed in range(9)])
    assert ranking(runs, compare(runs))["rank_from"].isna().all()
    assert ranking(frame([]), compare(frame([]))).empty
