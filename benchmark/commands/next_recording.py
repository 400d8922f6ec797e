"""``next-recording``: which movement to record next, ranked by what it adds to what a problem has."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmark.harness.errors import HarnessError
from benchmark.harness.files import write_atomically, writing
from benchmark.harness.plain import plain
from benchmark.harness.recordings import verified_recordings

if TYPE_CHECKING:
    from benchmark.identifiability.analysis import Analysis
    from benchmark.identifiability.information import Information
    from benchmark.identifiability.recording_choice import Effect, Window
    from benchmark.problem.problem import Problem

HELP = "rank movements to record next by what they add to what a problem's recordings say"
WHEN_STOPPED = "nothing was written"
WHOLE = "whole"
SHOWN = 10  # windows of the ranking, and of the plan
NAMED = 2  # quantities in a cell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the problem, the budget, the candidates and the noise."""
    parser.add_argument("problem", metavar="PROBLEM", help="what there is, such as m1-a-published")
    parser.add_argument("--seconds", type=float, required=True, metavar="S", help="seconds that are to be recorded")
    parser.add_argument(
        "--candidates",
        nargs="+",
        metavar="RECORDING",
        help="recordings of candidate movements, by name or path (default: the variant's others)",
    )
    parser.add_argument(
        "--window",
        type=_window,
        metavar="W",
        help=f"seconds of the windows that they are cut into, or {WHOLE} (default: S)",
    )
    parser.add_argument(
        "--noise", type=float, metavar="N", help="noise of the accelerations in rad/s2 (default: the problem's, or 0.1)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the ranking there, too, in CSV and JSON")


def carry_out(asked: argparse.Namespace) -> None:
    """Rank the windows of the candidates, and fill the budget with them.

    Raises
    ------
    HarnessError
        If there is no such problem or recording, one of another arm, or if seconds or noise make no sense.
    """
    from benchmark.identifiability.analysis import analyse
    from benchmark.identifiability.recording_choice import candidate_windows, check_budget, check_seconds
    from benchmark.problem.problem import load_problem

    check_seconds("a budget (--seconds)", asked.seconds)
    verified_recordings([asked.problem])
    problem = load_problem(asked.problem)
    noise = _noise(asked.noise, problem)
    candidates = asked.candidates or _others(problem)
    window_s = asked.seconds if asked.window is None else asked.window
    windows = candidate_windows(problem, candidates, None if window_s == WHOLE else window_s)
    check_budget(asked.seconds, windows)
    content = _content(analyse(problem), windows, asked.seconds, noise)
    print(_text(content, problem))
    if asked.out is not None:
        _write(content, asked.out)


def _content(analysis: Analysis, windows: Sequence[Window], budget_s: float, noise: float) -> dict[str, Any]:
    """What is found, as JSON has it but for infinite numbers."""
    from benchmark.identifiability.recording_choice import (
        effect,
        greedy_choice,
        largest_deviation,
        more_of_the_same,
        ranked,
        seen_directions,
    )

    directions = seen_directions(analysis.information, windows)

    def effect_of(added: Information) -> Effect:
        return effect(analysis, added, directions, noise)

    ranking = [window for window, _ in ranked(analysis.information, windows, noise)]
    plan = greedy_choice(analysis.information, windows, budget_s, noise)
    first, *rest = (window.information for window, _ in plan)
    return {
        "problem": analysis.problem,
        "recorded_s": analysis.recorded_s,
        "noise_rad_per_s2": noise,
        "budget_s": budget_s,
        "seen_directions": len(directions),
        "largest_percent": 100.0 * largest_deviation(analysis.information, directions, noise),
        "ranking": [_place(window) | asdict(effect_of(window.information)) for window in ranking],
        "plan": [_place(window) | {"gain_bits": bits} for window, bits in plan],
        "plan_effect": asdict(effect_of(sum(rest, first))),
        "more_of_the_same": asdict(effect_of(more_of_the_same(analysis, budget_s))),
    }


def _place(window: Window) -> dict[str, Any]:
    return {"recording": window.recording, "from_s": window.start_s, "to_s": window.end_s}


def _text(content: dict[str, Any], problem: Problem) -> str:
    from tabulate import tabulate

    from benchmark.identifiability.recording_choice import PRIOR

    ranking, plan, filled = content["ranking"], content["plan"], content["plan_effect"]
    lines = [_line(rank, entry) for rank, entry in enumerate(ranking[:SHOWN], 1)]
    steps = "\n".join(
        f"  {number}. {entry['recording']} {entry['from_s']:.4g}-{entry['to_s']:.4g} s: {entry['gain_bits']:.3g} bits"
        for number, entry in enumerate(plan[:SHOWN], 1)
    )
    steps += f"\n  and {len(plan) - SHOWN} more" if len(plan) > SHOWN else ""
    (held_out,) = problem.parsed.held_out
    paragraphs = [
        f"{content['problem']} has {content['recorded_s']:.3g} s that count. At a noise of "
        f"{content['noise_rad_per_s2']:g} rad/s2 the largest standard deviation of the {content['seen_directions']} "
        f"directions that are seen is {_figure(content['largest_percent'])} % of the magnitudes. A bit halves the "
        f"volume of the parameters' uncertainty (prior: {100.0 * PRIOR:g} % each).",
        tabulate(lines, headers="keys", disable_numparse=True),
        f"{len(ranking) - SHOWN} more windows are not shown; --out writes all." if len(ranking) > SHOWN else "",
        f"{content['budget_s']:g} s filled window by window (one may be recorded again):\n{steps}\n"
        f"  together {_summary(filled)}\n"
        f"  the same movements as so far would give {_summary(content['more_of_the_same'])}",
        f"{held_out} is held out to validate on: recordings like it are candidates, not itself."
        if any(entry["recording"] == held_out for entry in ranking)
        else "",
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _line(rank: int, entry: dict[str, Any]) -> dict[str, str]:
    news = entry["becomes_identifiable"]
    named = ", ".join(news[:NAMED]) + (f", {len(news) - NAMED} more" if len(news) > NAMED else "")
    return {
        "rank": str(rank),
        "recording": entry["recording"],
        "window (s)": f"{entry['from_s']:.4g}-{entry['to_s']:.4g}",
        "gain (bits)": f"{entry['gain_bits']:.3g}",
        "gain (bits/s)": f"{entry['gain_bits'] / (entry['to_s'] - entry['from_s']):.3g}",
        "deviations shrink by (1)": f"{entry['mean_factor']:.3f}",
        "largest deviation (%)": _figure(entry["largest_percent"]),
        "gain most (1)": ", ".join(f"{name} {_figure(factor)}" for name, factor in entry["gains_most"][:NAMED]),
        "become identifiable": named or "-",
    }


def _summary(entry: dict[str, Any]) -> str:
    return (
        f"{entry['gain_bits']:.3g} bits; deviations shrink by {entry['mean_factor']:.3f}, the largest is then "
        f"{_figure(entry['largest_percent'])} %; {len(entry['becomes_identifiable'])} quantities become identifiable"
    )


def _write(content: dict[str, Any], folder: Path) -> None:
    import pandas as pd

    from benchmark.report.rows import to_csv

    stem = f"next-recording-{content['problem']}"
    table = pd.DataFrame([_flat(entry) for entry in content["ranking"]])
    whole = json.dumps(plain(content), indent=1, allow_nan=False).encode() + b"\n"
    for name, text in ((f"{stem}.csv", to_csv(table)), (f"{stem}.json", whole)):
        with writing(folder / name) as path:
            write_atomically(path, text)
    print(f"\nthe whole ranking is in {folder}")


def _flat(entry: dict[str, Any]) -> dict[str, Any]:
    texts = {
        "becomes_identifiable": "; ".join(entry["becomes_identifiable"]),
        "gains_most": "; ".join(f"{name} {factor:.4g}" for name, factor in entry["gains_most"]),
    }
    renamed = {"mean_factor": "mean_factor_1", "largest_percent": "largest_deviation_percent"}
    return {renamed.get(key, key): texts.get(key, value) for key, value in entry.items()}


def _figure(value: float) -> str:
    return "not seen" if math.isinf(value) else f"{value:.3g}"


def _others(problem: Problem) -> list[str]:
    """Names of the variant's stored recordings that the problem does not have."""
    from datasets.recording_files import list_recordings

    variant, own = problem.parsed.variant, problem.parsed.recordings
    others = [name for name in list_recordings() if name.endswith(f"-{variant}") and name not in own]
    if not others:
        raise HarnessError(f"{problem.name} has all stored recordings of {variant}: name --candidates, by path")
    return others


def _noise(asked: float | None, problem: Problem) -> float:
    from benchmark.identifiability.classes import REFERENCE_NOISE_RAD_PER_S2

    noise = asked if asked is not None else problem.parsed.noise_rad_per_s2 or REFERENCE_NOISE_RAD_PER_S2
    if not 0.0 < noise < math.inf:
        raise HarnessError(f"a noise of {noise:g} rad/s2 makes no sense: give --noise a positive number")
    return noise


def _window(text: str) -> float | str:
    if text == WHOLE:
        return WHOLE
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no window: give seconds such as 2, or {WHOLE}") from error
