"""What can be concluded from a suite's comparisons, and what cannot, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from benchmark.analysis.comparison import LESS_OFTEN, MORE_OFTEN, TOO_FEW
from benchmark.analysis.design import POWER
from benchmark.analysis.paired import FEWEST
from benchmark.harness.row import Row
from benchmark.report.formats import figure, records

NO_PAIR = "One method alone has run: there is nothing to compare."


def conclusions(
    ranking: pd.DataFrame, comparisons: pd.DataFrame, design: pd.DataFrame, targets: Sequence[str]
) -> tuple[str, ...]:
    """Paragraphs of Markdown: how far the conclusions reach, and then those of each target.

    Parameters
    ----------
    ranking, comparisons, design
        Of one suite, as `ranking`, `compare` and `detectable` give them.
    targets
        Names of the targets to speak of.
    """
    designs = [line for line in records(design) if line["target"] in targets]
    if not designs:
        return (NO_PAIR,)
    points = []
    for line in designs:
        pairs = comparisons[comparisons["target"] == line["target"]]
        points += _of_target(line, ranking[ranking["target"] == line["target"]], pairs)
    return (_scope(designs), *points)


def _scope(designs: Sequence[Row]) -> str:
    """Whether these are conclusions about other problems, too."""
    instances, starts = (max(line[name] for line in designs) for name in ("instances", "starts"))
    if starts < FEWEST:
        return (
            f"Two methods have {_number(starts, 'start')} in common: too few to tell any apart, which takes {FEWEST}. "
            "This design supports no ranking; differences in the tables are those of these runs alone."
        )
    which = f"{_number(instances, 'instance')} (problems at start levels) with {starts} starts in common"
    if any(line["generalises"] for line in designs):
        return f"The {which} stand for others like them: it is they that are resampled."
    these = "this one" if instances == 1 else "these"
    return (
        f"There {'is' if instances == 1 else 'are'} {which}: a ranking holds for {these} alone, and says nothing of "
        f"other problems and start levels; {FEWEST} instances would."
    )


def _of_target(line: Row, ranks: pd.DataFrame, pairs: pd.DataFrame) -> list[str]:
    """A paragraph about a target; none where there are too few starts."""
    target, reached = line["target"], ranks[ranks["reached_runs"] > 0]
    if reached.empty:
        return [f"**{_capital(target)}**: no run of any method reached it; there is nothing to rank."]
    if (pairs["time_verdict"] == TOO_FEW).all():
        return []
    front = [entry for entry in records(ranks) if entry["rank_from"] == 1]
    names = _listed(f"`{entry['method']}` ({entry['reached_runs']}/{entry['runs']})" for entry in front)
    sentences = [f"**{_capital(target)}**: no method is found to beat {names}" + _among(front)]
    sentences += _less_often(front, pairs)
    if never := len(ranks) - len(reached):
        sentences.append(f"{_number(never, 'method')} never reached it.")
    return [" ".join([*sentences, _told_apart(line, pairs), _detectable(line)])]


def _among(front: Sequence[Row]) -> str:
    return "." if len(front) == 1 else "; which of these is the best the runs cannot tell."


def _less_often(front: Sequence[Row], pairs: pd.DataFrame) -> list[str]:
    """Who of the fastest pays for it with failures."""
    rarer = {*pairs.loc[pairs["success_verdict"] == LESS_OFTEN, "method"]}
    rarer |= {*pairs.loc[pairs["success_verdict"] == MORE_OFTEN, "other"]}
    fast = [f"`{entry['method']}`" for entry in front if entry["method"] in rarer]
    return [f"But others reach it more often than {_listed(fast)}."] if fast else []


def _told_apart(line: Row, pairs: pd.DataFrame) -> str:
    few = int((pairs["time_verdict"] == TOO_FEW).sum())
    others = (
        f" {_number(few, 'pair')} with less than {FEWEST} starts in common {'is' if few == 1 else 'are'} not judged."
    )
    return f"Told apart: {line['pairs_told_apart']} of {_number(line['pairs'], 'pair')}.{others if few else ''}"


def _detectable(line: Row) -> str:
    ratio, success = line["smallest_time_ratio_1"], line["smallest_success_difference_1"]
    rates = (
        "no difference of success rates, however large"
        if math.isnan(success)
        else f"success rates {figure(100.0 * success)} percentage points apart"
    )
    pairs = _number(line["pairs"], "pair")
    return (
        f"To be told apart in {100.0 * POWER:g} % of repetitions (at this spread, corrected for {pairs}) methods need "
        f"times {figure(ratio)} times as long, or {rates}."
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
