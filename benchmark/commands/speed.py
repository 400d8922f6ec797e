"""``speed``: time residuals, derivatives and the paper's epoch in every back end."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmark.commands.arguments import add_results
from benchmark.harness.files import writing
from benchmark.harness.prices import PRICES_FILE
from benchmark.harness.recordings import verified_recordings
from benchmark.speed.campaign import DEFAULT_PROBLEMS, DEFAULT_THREADS

HELP = "time residuals, derivatives and the paper's epoch in every back end"
WHEN_STOPPED = "no timing was stored, and no price written"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add problems, numbers of threads, the effort and the results folder."""
    parser.add_argument(
        "--problems",
        nargs="+",
        default=DEFAULT_PROBLEMS,
        metavar="P",
        help="problems (default: published ones of all families)",
    )
    parser.add_argument(
        "--threads", nargs="+", type=int, default=DEFAULT_THREADS, metavar="N", help="numbers of threads (default: 1 2)"
    )
    parser.add_argument("--quick", action="store_true", help="one call of each: does it work?")
    parser.add_argument(
        "--update-prices",
        action="store_true",
        help="write what kinds of evaluations cost into prices.toml, which puts stored runs out of date",
    )
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Time what is asked for."""
    speed(asked.problems, asked.threads, asked.results, asked.quick, PRICES_FILE if asked.update_prices else None)


def speed(
    problems: Sequence[str], threads: Sequence[int], results: Path, quick: bool, prices: Path | None = None
) -> None:
    """Time residuals, derivatives and the paper's epoch, and store the timings for the report.

    Parameters
    ----------
    problems
        Names of the problems.
    threads
        Numbers of threads to time them on.
    results
        The results folder.
    quick
        Whether one call of each, after a first one, is enough.
    prices
        The file of prices to write what kinds of evaluations cost into; None for none.

    Raises
    ------
    HarnessError
        If a problem or its recordings are not there, a number of threads makes no sense, timing fails or nothing can be
        written, or if prices are to be written and these timings give none.
    """
    from benchmark.harness.provenance import provenance
    from benchmark.speed.campaign import time_problems
    from benchmark.speed.exchange_rates import check_update, update_prices
    from benchmark.speed.stored import StoredTimings, store_timings, timings_path
    from benchmark.speed.table import speed_markdown, speed_table

    verified_recordings(problems)
    if prices is not None:
        check_update(prices, problems, threads, quick)
    timings = StoredTimings(tuple(time_problems(problems, threads, quick)), provenance(), quick)
    with writing(timings_path(results)):
        path = store_timings(results, timings)
    print(f"\n{speed_markdown(timings)}\ntimings are in {path}; python -m benchmark report makes tables and figures")
    if prices is not None:
        updated = update_prices(speed_table(timings.blocks), prices)
        print(f"prices that are new in {prices}: {', '.join(updated)}")
