"""What evaluations cost, as the file of prices has it."""

from __future__ import annotations

import inspect
import math
import re
from pathlib import Path

import pytest

from benchmark.harness.errors import HarnessError
from benchmark.harness.limits import Limits
from benchmark.harness.prices import PRICES_FILE, cost_of, load_prices, price_tables, prices_of
from benchmark.harness.recorder import StageRecorder
from benchmark.harness.seen import UNWATCHED
from benchmark.harness.view import ProblemView
from benchmark.problem.problem_name import ProblemName, UnknownProblemError
from methods import casadi_gauss_newton, casadi_ipopt
from methods._pinn_training import Training
from tests.harness.bowl import Bowl

# Kinds of evaluations that the loss of a family of problems lacks.
LACKING = {
    "m1": {"incremental"},
    "m2": {"incremental"},
    "m1-fibres_unknown": {"incremental", "literal", "casadi_exact_hessian"},
    "m2-fibres_unknown": {"incremental", "literal", "casadi_exact_hessian"},
    "moments": {"literal", "network", "casadi_gauss_newton_hessian", "casadi_exact_hessian"},
}
TWO = """# Prices.

[m1.prices]
residual = 1
torch = 5.5

[m2.prices]
residual = 1.0
torch = 7
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prices.toml"
    path.write_text(TWO)
    return path


def test_prices_are_those_of_the_formulation(file: Path) -> None:
    assert load_prices("m1-ab-published", file) == {"residual": 1.0, "torch": 5.5}
    assert load_prices("m2-a-light", file) == {"residual": 1.0, "torch": 7.0}


def test_prices_cannot_be_changed(file: Path) -> None:
    with pytest.raises(TypeError):
        load_prices("m1-a-light", file)["torch"] = 0.0  # type: ignore[index]


def test_families_have_prices_of_their_own(file: Path) -> None:
    file.write_text(f"{TWO}\n[m1-fibres_unknown.prices]\nresidual = 1\njacobian = 1.5\n")
    unknown = {"residual": 1.0, "jacobian": 1.5}
    assert load_prices("m1-ab-published-fibres_unknown-noise0.1", file) == unknown
    assert prices_of(["m1-a-light-fibres_unknown", "m1-a-light-noise1"], file) == {
        "m1-a-light-fibres_unknown": unknown,
        "m1-a-light-noise1": {"residual": 1.0, "torch": 5.5},
    }


def test_a_family_without_prices_is_told(file: Path) -> None:
    with pytest.raises(HarnessError, match=r"evaluations of m1-fibres_unknown cost\): .*speed --update-prices"):
        load_prices("m1-a-light-fibres_unknown", file)


def test_an_unknown_problem_is_told(file: Path) -> None:
    with pytest.raises(UnknownProblemError, match="'m3-a-light'"):
        load_prices("m3-a-light", file)


def test_problems_of_other_versions_have_no_prices(file: Path) -> None:
    found = prices_of(["m2-a-light", "m9-a-light", "m2-a-light", "m2-a-light-fibres_unknown"], file)
    assert found == {
        "m2-a-light": {"residual": 1.0, "torch": 7.0},
        "m2-a-light-fibres_unknown": {},
        "m9-a-light": {},
    }


def test_cost_is_the_sum_of_prices_and_unknown_where_one_is() -> None:
    prices = {"residual": 1.0, "torch": 5.5}
    assert cost_of({"residual": 3, "torch": 2}, prices) == 14.0
    assert cost_of({}, prices) == 0.0
    assert cost_of({"residual": 3, "reported": 0}, prices) == 3.0
    assert math.isnan(cost_of({"residual": 3, "reported": 1}, prices))
    assert math.isnan(cost_of(None, prices))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[m1.prices]\ntorch = -2", "-2 is no price of torch"),
        ("[m1.prices]\ntorch = 0", "0 is no price of torch"),
        ("[m1.prices]\ntorch = nan", "nan is no price of torch"),
        ("[m1.prices]\ntorch = inf", "inf is no price of torch"),
        ("[m1.prices]\ntorch = 'a lot'", "'a lot' is no price of torch"),
        ("[m1]\ntorch = 2", "m1 has no table of prices"),
        ("m1 = 2", "m1 has no table of prices"),
        ("[m1.prices", "Expected ']'"),
    ],
)
def test_a_damaged_file_is_told(text: str, says: str, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(HarnessError, match=re.escape(says)) as error:
        load_prices("m1-a-published", file)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="restore it"):
        load_prices("m1-a-published", tmp_path / "none.toml")


def test_the_repositorys_file_prices_everything_that_is_counted() -> None:
    """The kinds are read from the code that records or reports them."""
    counted = set(re.findall(r'\.record\(\s*"(\w+)"', inspect.getsource(ProblemView)))
    sources = (inspect.getsource(method) for method in (casadi_gauss_newton, casadi_ipopt))
    reported = {kind for source in sources for kind in re.findall(r'"(casadi_\w+_hessian)"', source)}
    reported |= set(re.findall(r'\.report\(.*"(\w+)"\)', inspect.getsource(Training)))
    assert len(counted) == 7
    assert len(reported) == 3
    for family, lacks in LACKING.items():
        problem = price_tables(PRICES_FILE)[family]["problem"]
        assert set(load_prices(problem)) == (counted | reported) - lacks


def test_a_kind_that_a_familys_loss_lacks_cannot_be_recorded() -> None:
    space, prices = Bowl.space, load_prices("m1-b-published-fibres_unknown")
    recorder = StageRecorder(space, Limits(seconds=60.0), prices, UNWATCHED)
    recorder.record("jacobian", space.start, 1.0)
    with pytest.raises(HarnessError, match=r"unknown kind of evaluation 'literal': .*jacobian"):
        recorder.record("literal", space.start, 1.0)


@pytest.mark.parametrize("family", LACKING)
def test_the_repositorys_prices_are_plausible(family: str) -> None:
    """A residual is the unit, and derivatives cost more than it; whoever computes more pays more."""
    table = price_tables(PRICES_FILE)[family]
    prices = load_prices(table["problem"])
    assert prices["residual"] == prices["loss"] == 1.0
    dear = ("torch", "casadi_gauss_newton_hessian", "casadi_exact_hessian")
    ordered = [
        1.0,
        *sorted((prices["jacobian"], prices["gradient"])),
        *(prices[kind] for kind in dear if kind in prices),
    ]
    assert ordered == sorted(set(ordered))
    assert prices["gradient"] < 10.0
    assert ProblemName.parse(table["problem"]).family == family
    assert {"machine", "date"} <= table.keys()
