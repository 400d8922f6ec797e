"""The table of speeds: for programs in CSV, for reading in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from benchmark.harness.row import Row
from benchmark.report.formats import figure, pipe, records
from benchmark.report.provenance import commit, machine
from benchmark.report.rows import to_csv
from benchmark.speed.campaign import Block, thread_count
from benchmark.speed.exchange_rates import exchange_rates, rates_markdown
from benchmark.speed.stored import StoredTimings

COLUMNS = ["problem", "operation", "backend", "threads", "milliseconds", "ratio_to_residual"]
BASE = ("residual", "compiled")
TEXT = (
    "Stage one of each problem, at a start with errors of 10 %; all operations of a problem on a number of threads in "
    "one process, one after another, with the ratio to the compiled residual of the same process."
)
FULL_TEXT = (
    "Each is called once beforehand, then in ten interleaved rounds, in each of them for 50 ms or once; slow ones have "
    "had enough after five rounds and 5 s. Given is the median over rounds of the median in a round."
)
QUICK_TEXT = "A quick look: each is called twice, and given is the second call's time. No figures to rely on."
OPERATIONS_TEXT = (
    "`residual` is the residual or, in torch and CasADi, the loss, its sum of squares; numpy is the reference, whose "
    "scan over time is compiled, as is torch's. `gradient` is that of the loss: compiled, 2 J'r from the exact "
    "Jacobian; in torch, the loss and its backpropagation. `literal epoch` is the loss as the paper writes it, in "
    "torch, with its backpropagation, and `literal residual` that loss alone. `incremental loss` is the loss after a "
    "change of one parameter, where only what depends on it is computed again, in the mean over the parameters; "
    "`collocation` is loss, constraints and their Jacobian with the fibre states as unknowns. `compile` is what is "
    "compiled for the first residual and Jacobian where no compiled code is stored, `build` the making of a CasADi "
    "function, both measured once. A line that is not there: the loss has no such form. The threads are those that "
    "numerical libraries may use; the compiled functions and CasADi's use one. On a machine that does other work at "
    "the same time, threads wait for each other, and several say little."
)


def speed_table(blocks: Iterable[Block]) -> pd.DataFrame:
    """One line a problem, operation, back end and number of threads.

    Parameters
    ----------
    blocks
        The timings of each process, the compiled residual among them.
    """
    return pd.DataFrame([line for block in blocks for line in _lines(block)], columns=COLUMNS)


def _lines(block: Block) -> list[Row]:
    base = next(timing.milliseconds for timing in block.timings if timing[:2] == BASE)
    return [
        {
            "problem": block.problem,
            "operation": timing.operation,
            "backend": timing.backend,
            "threads": block.threads,
            "milliseconds": timing.milliseconds,
            "ratio_to_residual": timing.milliseconds / base,
        }
        for timing in block.timings
    ]


def speed_markdown(timings: StoredTimings) -> str:
    """The timings for reading, with where they come from."""
    table = speed_table(timings.blocks)
    how = QUICK_TEXT if timings.quick else FULL_TEXT
    paragraphs = ["# Speed", f"{TEXT} {how}", OPERATIONS_TEXT, _machine_line(timings.provenance)]
    for problem, own in table.groupby("problem", sort=False):
        paragraphs += [f"## {problem}", pipe(_side_by_side(own))]
    if rates := exchange_rates(table):
        paragraphs += ["## Exchange rates", rates_markdown(rates)]
    return "\n\n".join(paragraphs) + "\n"


def speed_files(timings: StoredTimings) -> dict[str, bytes]:
    """The tables' files: content by name."""
    return {"speed.csv": to_csv(speed_table(timings.blocks)), "speed.md": speed_markdown(timings).encode()}


def _machine_line(made: Mapping[str, Any]) -> str:
    row: Row = {"provenance": made}
    packages = ", ".join(f"{name} {version}" for name, version in made["packages"].items() if version)
    return f"Machine: {machine(row)}; Python {made['python']}, {packages}; commit {commit(row)}; {made['date']}."


def _side_by_side(own: pd.DataFrame) -> list[Row]:
    """A line an operation and back end, with the numbers of threads beside each other."""
    lines: dict[tuple[str, str], Row] = {}
    for record in records(own):
        key, threads = (record["operation"], record["backend"]), thread_count(record["threads"])
        line = lines.setdefault(key, {"Operation": key[0], "Back end": key[1]})
        line[f"{threads} (ms)"] = figure(record["milliseconds"])
        line[f"{threads}, ratio (1)"] = figure(record["ratio_to_residual"])
    return list(lines.values())
