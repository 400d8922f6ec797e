"""The answer in short: which methods get to the best minimum known, in sentences that say no more than the runs do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from benchmark.problem.start_level import start_level_text
from benchmark.report.formats import figure


def answer(runs: pd.DataFrame, controls: Collection[str]) -> str:
    """A list in Markdown, a point a problem and start level.

    Parameters
    ----------
    runs
        The runs of a suite, as `runs_table` gives them.
    controls
        Names of methods that do not compete.
    """
    competing = runs[~runs["method"].isin(list(controls))]
    groups = competing.groupby(["problem", "start_level"], sort=True, observed=True)
    return "\n".join(f"- {_setting(group)}: {_sentence(group)}" for _, group in groups)


def _setting(group: pd.DataFrame) -> str:
    first = group.iloc[0]
    return f"`{first['problem']}`, {start_level_text(first['start_level'])} starts"


def _sentence(group: pd.DataFrame) -> str:
    """Who gets there always, sometimes and never, by median time."""
    if group["reached_target"].isna().all():
        return "no best minimum is known that runs could be judged by."
    return "; ".join(_parts(group)) + "."


def _parts(group: pd.DataFrame) -> Iterator[str]:
    share = group.groupby("method")["reached_target"].mean().dropna()
    seconds = group.groupby("method")["solve_s"].median()
    always = sorted(share.index[share == 1.0], key=lambda method: seconds[method])
    sometimes = sorted(share.index[(share > 0.0) & (share < 1.0)], key=lambda method: -share[method])
    never = int((share == 0.0).sum())
    counts = group.groupby("method")["reached_target"].agg(["sum", "count"])
    if always:
        yield "every run ends at the best minimum known of " + _listed(
            f"`{method}` ({figure(seconds[method])} s)" for method in always
        )
    if sometimes:
        some = _listed(f"`{name}` ({counts['sum'][name]} of {counts['count'][name]} runs)" for name in sometimes)
        yield ("some runs do of " if always else "some runs end at the best minimum known of ") + some
    if never:
        methods = f"{never} {'other ' if always or sometimes else ''}method{'' if never == 1 else 's'}"
        yield f"no run does of {methods}" if always or sometimes else f"no run ends there, of {methods}"


def _listed(words: Iterator[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
