"""What a table of calibration times says, in sentences that say no more than it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmark.harness.methods import without_preset
from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.report.calibration.times import ANNEALING, CASE, LOOSER, NEAR, OWN_RULE, REFERENCE, looser_column, ratio
from benchmark.report.formats import figure, records

ADAMW = "torch_adamw"
CEINMS, CEINMS_RT, TUNED = (f"{ANNEALING}+{preset}" for preset in ("ceinms", "ceinms_rt", "tuned"))
PAPER_FACTOR = 13


class Step(NamedTuple):
    """From one method to another: what is another about it."""

    slower: str
    faster: str
    what: str


STEPS = (
    Step(f"{CEINMS_RT}_full", CEINMS_RT, "computing anew only the muscle that changed"),
    Step(CEINMS, CEINMS_RT, "annealing's schedule, CEINMS-RT's in place of CEINMS's example"),
    Step(CEINMS_RT, TUNED, "annealing's schedule, tuned in place of CEINMS-RT's"),
    Step(f"{CEINMS_RT}_full", ADAMW, "AdamW by automatic differentiation in place of annealing with full evaluations"),
    Step(CEINMS_RT, ADAMW, "the same in place of annealing that computes anew what changed"),
    Step(ADAMW, f"{ADAMW}+compiled", "a compiled gradient in place of automatic differentiation"),
    Step(f"{ADAMW}+compiled", REFERENCE, "Gauss-Newton in place of AdamW, both compiled"),
    Step(f"{CEINMS_RT}_full", REFERENCE, "Gauss-Newton in place of annealing with full evaluations"),
    Step(CEINMS_RT, REFERENCE, "Gauss-Newton in place of annealing that computes anew what changed"),
)
Lines = Mapping[str, Row]


def findings(table: pd.DataFrame) -> tuple[str, ...]:
    """Paragraphs of Markdown on a table of `benchmark.report.calibration.times.calibration_times`."""
    cases = [records(case) for _, case in table.groupby(CASE, sort=True, observed=True)]
    return tuple(text for case in cases for text in _of_case(case))


def _of_case(case: Sequence[Row]) -> Iterator[str]:
    """Who gets there when; what each step from the slowest way to the fastest is worth; the paper's factor."""
    lines = {line["method"]: line for line in case}
    first, best = case[0], min(case, key=lambda line: line["loss_over_lowest_median_1"])
    yield (
        f"**`{first['problem']}`, {start_level_text(first['start_level'])} starts**: the lowest loss of any run is "
        f"{figure(first['lowest_loss_1'])}; the lowest in the median, {figure(best['loss_median_1'])}, is "
        f"`{best['method']}`'s. To {NEAR:g} times the lowest in the median: {_arrivals(case)}"
    )
    yield from (text for factor in LOOSER if (text := _looser(case, factor)))
    steps = [text for step in STEPS if (text := _step(step, lines))]
    if steps:
        heading = "What the time to it depends on, as times as long (from, to):"
        yield "\n".join([heading, "", *steps])
    if text := _paper(lines):
        yield text


def _looser(case: Sequence[Row], factor: float) -> str:
    """When methods got to a looser loss; empty where they have no such times."""
    times = sorted((line[looser_column(factor)], line["method"]) for line in case)
    there = [f"`{method}` {figure(time)} s" for time, method in times if not np.isnan(time)]
    return f"To {factor:g} times the lowest in the median: {', '.join(there)}." if there else ""


def _arrivals(case: Sequence[Row]) -> str:
    """When each method got there; and which did not."""
    there = [f"`{line['method']}` {figure(_time(line)[0])} s" for line in case if not np.isnan(_time(line)[0])]
    late = [f"`{line['method']}`" for line in case if np.isnan(_time(line)[0])]
    not_there = f"half of the runs or more did not get there of {', '.join(late)}" if late else ""
    return "; ".join(part for part in (", ".join(there), not_there) if part) + "."


def _step(step: Step, lines: Lines) -> str:
    """What a step is worth; empty where that is not known."""
    if step.slower not in lines or step.faster not in lines:
        return ""
    slower, faster = lines[step.slower], lines[step.faster]
    exact, least = ratio(_time(slower), _time(faster))
    parts = [] if np.isnan(least) else [f"**{_times(exact, least)}**"]
    if without_preset(step.slower) == without_preset(step.faster) and slower["engine"] != faster["engine"]:
        cost = slower["evaluation_median_ms"] / faster["evaluation_median_ms"]
        parts += [f"{figure(cost)} an evaluation"] if np.isfinite(cost) else []
    if not parts:
        return ""
    return f"- {step.what} (`{step.slower}`, `{step.faster}`): {', '.join(parts)}"


def _paper(lines: Lines) -> str:
    """Between which figures the paper's factor lies here; empty where nothing can be compared."""
    annealing = [line for method, line in lines.items() if without_preset(method) == ANNEALING]
    descending = [line for method, line in lines.items() if without_preset(method) == ADAMW]
    found = [
        (least, _times(exact, least), slow["method"], fast["method"])
        for slow in annealing
        for fast in descending
        for exact, least in [ratio(_time(slow), _time(fast))]
        if not np.isnan(least)
    ]
    if not found:
        return ""
    (_, low, *from_to), (_, high, *others) = min(found), max(found)
    names = [" over ".join(f"`{name}`" for name in pair) for pair in (from_to, others)]
    said = f"{low} ({names[0]})" if len(found) == 1 else f"from {low} ({names[0]}) to {high} ({names[1]})"
    return (
        f"The paper's {PAPER_FACTOR}, annealing's time over AdamW's, is here {said}, to equal loss: which annealing, "
        f"with which engine and which budget, against which gradient decides what the factor is.{_to_own_ends(lines)}"
    )


def _to_own_ends(lines: Lines) -> str:
    """The paper's own comparison, to each method's own end; empty where AdamW does not come to that."""
    slow, fast = lines.get(CEINMS_RT), lines.get(ADAMW)
    if slow is None or fast is None or fast["ended"] != OWN_RULE:
        return ""
    factor = slow["calibration_time_median_s"] / fast["calibration_time_median_s"]
    bound = "" if slow["ended"] == OWN_RULE else "at least "
    return f" To each method's own end, as the paper counts, it is {bound}{figure(factor)} (`{CEINMS_RT}`, `{ADAMW}`)."


def _times(exact: float, least: float) -> str:
    """How many times as long; what it is at least where the longer time is not known."""
    if not np.isnan(exact):
        return figure(exact)
    return "never there" if np.isinf(least) else f"at least {figure(least)}"


def _time(line: Row) -> tuple[float, float]:
    """The median time to the loss, missing if it is not known, and what it is at least."""
    return line["time_to_loss_median_s"], line["time_to_loss_least_s"]
