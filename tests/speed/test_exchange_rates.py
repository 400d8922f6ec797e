"""Prices from measured times."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmark.cli import main
from benchmark.commands import speed
from benchmark.harness.errors import HarnessError
from benchmark.harness.prices import load_prices, price_tables
from benchmark.speed import campaign
from benchmark.speed.campaign import Block
from benchmark.speed.clock import Timing
from benchmark.speed.exchange_rates import KINDS, exchange_rates, rates_markdown, update_prices
from benchmark.speed.operations import OPERATIONS
from benchmark.speed.stored import StoredTimings
from benchmark.speed.table import speed_markdown, speed_table

TIMES = {
    ("residual", "compiled"): 2.0,
    ("residual and Jacobian", "compiled"): 5.0,
    ("gradient", "compiled"): 6.0,
    ("gradient", "torch"): 12.3456,
    ("literal epoch", "torch"): 2001.0,
    ("residual", "casadi"): 20.0,
    ("gradient", "casadi"): 100.0,
    ("Gauss-Newton Hessian", "casadi"): 400.0,
    ("exact Hessian", "casadi"): 4000.0,
    ("compile", "compiled"): 9999.0,
}
# By hand: times over 2 ms; CasADi's are sums of three; three digits.
PRICES = {
    "residual": 1.0,
    "loss": 1.0,
    "jacobian": 2.5,
    "gradient": 3.0,
    "torch": 6.17,
    "literal": 1000.0,
    "casadi_gauss_newton_hessian": 260.0,
    "casadi_exact_hessian": 2060.0,
}
MADE = {"python": "3.0", "packages": {}, "date": "1900-01-01"}
FILE = """# Prices: what they are.
#
# Where they come from.

[m1]
problem = "m1-old"
machine = "an abacus"
date = "1900-01-01"

[m1.prices]
residual = 1.0

[m2]
problem = "m2-old"
machine = "a slide rule"
date = "1900-01-02"

[m2.prices]
residual = 1.0
torch = 1e+99
"""


def _block(problem: str, threads: int = 1, **changed: float) -> Block:
    """All timings of a process; `changed` are those of the compiled back end."""
    times = TIMES | {(operation, "compiled"): time for operation, time in changed.items()}
    return Block(problem, threads, [Timing(*what, time) for what, time in times.items()])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prices.toml"
    path.write_text(FILE)
    return path


def test_prices_are_ratios_of_times() -> None:
    rates = exchange_rates(speed_table([_block("m2-ab-published")]))
    assert rates.keys() == {"m2"}
    assert rates["m2"].problem == "m2-ab-published"
    assert rates["m2"].prices == PRICES


def test_kinds_that_a_family_lacks_have_no_price() -> None:
    unknown, moments = _block("m1-ab-published-fibres_unknown"), _block("moments-deg-published")
    compiled = [timing for timing in unknown.timings if timing.backend == "compiled"]
    sweep = Timing("incremental loss", "compiled", 0.5)
    blocks = [unknown._replace(timings=compiled), moments._replace(timings=[*compiled, sweep])]
    rates = exchange_rates(speed_table(blocks))
    expected = {kind: PRICES[kind] for kind in ("residual", "loss", "jacobian", "gradient")}
    assert rates["m1-fibres_unknown"].prices == expected
    assert rates["moments"].prices == expected | {"incremental": 0.25}
    lines = [[*map(str.strip, line.split("|"))] for line in rates_markdown(rates).splitlines()]
    assert ["", "incremental", "-", "0.25", ""] in lines
    collocated = unknown._replace(timings=[*compiled, Timing("collocation", "casadi", 80.0)])
    [own] = exchange_rates(speed_table([collocated])).values()
    assert own.prices == expected | {"casadi_gauss_newton_hessian": 40.0}
    assert ["", "literal", "-", "-", ""] in lines


def test_what_prices_are_made_of_is_timed() -> None:
    timed = {(operation.name, operation.backend) for operation in OPERATIONS}
    assert {part for parts in KINDS.values() for part in parts} <= timed


@pytest.mark.parametrize(
    ("problems", "source"),
    [
        (["m1-a-published", "m1-ab-published"], "m1-ab-published"),
        (["m1-a-published", "m1-ab-light"], "m1-a-published"),
        (["m1-ab-light", "m2-a-published"], None),
    ],
)
def test_prices_come_from_the_largest_published_problem(problems: list[str], source: str | None) -> None:
    blocks = [_block(problem, gradient=float(index + 3)) for index, problem in enumerate(problems)]
    rates = exchange_rates(speed_table(blocks))
    if source is None:
        assert rates == {}
    else:
        assert rates["m1"].problem == source
        assert rates["m1"].prices["gradient"] == (problems.index(source) + 3) / 2.0


def test_prices_are_those_on_one_thread() -> None:
    both = [_block("m1-a-published", threads=2, gradient=60.0), _block("m1-a-published")]
    assert exchange_rates(speed_table(both))["m1"].prices == PRICES
    assert exchange_rates(speed_table(both[:1])) == {}


def test_an_update_keeps_the_comment_and_what_was_not_timed(file: Path) -> None:
    before = price_tables(file)
    assert update_prices(speed_table([_block("m1-a-published")]), file) == ["m1"]
    assert file.read_text().startswith(FILE.partition("[m1]")[0] + "[m1]\n")
    after = price_tables(file)
    assert after["m2"] == before["m2"]
    assert after["m1"]["problem"] == "m1-a-published"
    assert after["m1"]["machine"] != "an abacus"
    assert after["m1"]["date"] > "2000-01-01"
    assert load_prices("m1-a-light", file) == PRICES


def test_families_have_tables_of_their_own(file: Path) -> None:
    update_prices(speed_table([_block("m1-ab-published-fibres_unknown", gradient=8.0)]), file)
    assert load_prices("m1-a-light-fibres_unknown", file) == PRICES | {"gradient": 4.0}
    assert load_prices("m1-a-light", file) == {"residual": 1.0}


def test_the_same_prices_make_the_same_file(file: Path) -> None:
    table = speed_table([_block("m1-a-published"), _block("m2-ab-published")])
    update_prices(table, file)
    once = file.read_bytes()
    update_prices(table, file)
    assert file.read_bytes() == once


def test_the_table_for_reading_shows_them() -> None:
    blocks = (_block("m1-ab-published"), _block("m2-ab-published", gradient=7.0))
    text = speed_markdown(StoredTimings(blocks, MADE, quick=False))
    _, _, own = text.partition("## Exchange rates\n")
    lines = {cells[1]: cells[2:4] for line in own.splitlines() if len(cells := [*map(str.strip, line.split("|"))]) == 5}
    assert lines["Kind"] == ["m1 (1)", "m2 (1)"]
    assert lines["gradient"] == ["3", "3.5"]
    assert lines["casadi_exact_hessian"] == ["2060", "2060"]
    assert "m1 from m1-ab-published, m2 from m2-ab-published" in rates_markdown(exchange_rates(speed_table(blocks)))
    light = StoredTimings((_block("m1-a-light"),), MADE, quick=False)
    assert "Exchange rates" not in speed_markdown(light)


def _time(problem: str, threads: int, effort: str) -> list[Timing]:
    return _block(problem, threads).timings


def _no_time(problem: str, threads: int, effort: str) -> list[Timing]:
    raise AssertionError("nothing was to be timed")


@pytest.mark.parametrize("asked", [True, False])
def test_the_command_writes_prices_only_where_it_is_asked_to(
    asked: bool, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(campaign, "_time_in_process", _time)
    monkeypatch.setattr(speed, "PRICES_FILE", file)
    arguments = ["speed", "--problems", "m1-a-published", "--threads", "1", "2", "--results", str(tmp_path / "results")]
    assert main([*arguments, *(["--update-prices"] if asked else [])]) == 0
    assert (file.read_text() != FILE) is asked
    assert (f"prices that are new in {file}: m1" in capsys.readouterr().out) is asked


@pytest.mark.parametrize(
    ("problem", "threads", "quick", "says"),
    [
        ("m1-a-published", 1, True, "leave out --quick"),
        ("m1-a-published", 2, False, "add 1 to --threads"),
        ("m1-a-light", 1, False, "add one of m1-ab-published, m1-a-published, m2-ab-published"),
    ],
)
def test_what_gives_no_prices_is_told_before_anything_is_timed(
    problem: str, threads: int, quick: bool, says: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "_time_in_process", _no_time)
    with pytest.raises(HarnessError, match=says):
        speed.speed([problem], [threads], tmp_path / "results", quick, file)
    assert file.read_text() == FILE
    assert not (tmp_path / "results").exists()


def test_a_damaged_file_is_told_before_anything_is_timed(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "_time_in_process", _no_time)
    file.write_text("[m1")
    with pytest.raises(HarnessError, match="is damaged"):
        speed.speed(["m1-a-published"], [1], tmp_path / "results", False, file)
