"""Ranks, as far as comparisons support them: in groups that are not told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import ascii_lowercase

import pandas as pd

from benchmark.analysis.attempts import judged
from benchmark.analysis.comparison import FASTER, LESS_OFTEN, MORE_OFTEN, SLOWER, TOO_FEW, UNDECIDED, starts_of
from benchmark.harness.row import Row

COLUMNS = ["target", "method", "runs", "reached_runs", "mean_time_s", "rank_from", "rank_to", "group"]


def ranking(attempts: pd.DataFrame, comparisons: pd.DataFrame) -> pd.DataFrame:
    """Methods by their mean time to each target, with the ranks that the comparisons leave them.

    Parameters
    ----------
    attempts
        The attempts of one suite, as `attempts` gives them.
    comparisons
        What `compare` gives of them.

    Returns
    -------
    pd.DataFrame
        `COLUMNS`: ``mean_time_s`` is the geometric mean over a method's runs, those that did not reach the target with
        the whole budget; ``rank_from`` is one more than the methods that beat it, ``rank_to`` as many less than all as
        it beats; methods that share a letter of ``group`` are not told apart (the compact letter display of Piepho
        2004). There are no ranks and groups where all pairs have too few starts in common; one that has counts as not
        told apart.
    """
    tables = [
        _of_target(group, comparisons[comparisons["target"] == target]).assign(target=target)
        for target, group in judged(attempts).groupby("target", observed=True)
    ]
    table = pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)
    return table.astype({"target": attempts["target"].dtype, "rank_from": "Int64", "rank_to": "Int64"})


def told_apart(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    """Who beats whom among pairs at one target: who is faster or, where times are not told apart, there more often."""
    found = []
    for line in pairs.itertuples():
        verdict = line.success_verdict if line.time_verdict == UNDECIDED else line.time_verdict
        if verdict in (FASTER, MORE_OFTEN):
            found.append((str(line.method), str(line.other)))
        elif verdict in (SLOWER, LESS_OFTEN):
            found.append((str(line.other), str(line.method)))
    return found


def letters(order: Sequence[str], apart: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Letters of methods, so that two share none exactly if they are told apart.

    Parameters
    ----------
    order
        The methods; the first one has the letter a.
    apart
        The pairs that are told apart.
    """
    groups = [set(order)]
    for pair in apart:
        split = [group - {name} for group in groups if group >= set(pair) for name in pair]
        groups = _largest([group for group in groups if not group >= set(pair)] + split)
    groups.sort(key=lambda group: [name not in group for name in order])
    names = [ascii_lowercase[index % 26] + (str(index // 26) if index >= 26 else "") for index in range(len(groups))]
    return {method: "".join(n for n, group in zip(names, groups, strict=True) if method in group) for method in order}


def _largest(groups: Sequence[set[str]]) -> list[set[str]]:
    """Those that are in no other, each once."""
    each = [group for index, group in enumerate(groups) if group not in groups[:index]]
    return [group for group in each if not any(group < other for other in each)]


def _of_target(counted: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    starts = starts_of(counted)
    mean = (10.0 ** pd.DataFrame(starts.log_time, columns=list(starts.methods)).mean()).sort_values(kind="stable")
    by_method = counted.groupby("method")["reached"]
    table = pd.DataFrame({"method": mean.index, "mean_time_s": mean.to_numpy()})
    table["runs"], table["reached_runs"] = (table["method"].map(count) for count in (by_method.size(), by_method.sum()))
    if (pairs["time_verdict"] == TOO_FEW).all():
        return table.assign(rank_from=None, rank_to=None, group="")
    return table.assign(**_ranks(list(mean.index), pairs))


def _ranks(order: Sequence[str], pairs: pd.DataFrame) -> Row:
    apart = told_apart(pairs)
    shown = letters(order, apart)
    return {
        "rank_from": [1 + sum(name == loser for _, loser in apart) for name in order],
        "rank_to": [len(order) - sum(name == winner for winner, _ in apart) for name in order],
        "group": [shown[name] for name in order],
    }
