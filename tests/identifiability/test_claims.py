"""Verdicts on the paper's claims, on analyses made up so that each claim holds, fails or does so in part."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.claims import PAPER, claims, claims_study
from benchmark.identifiability.evidence import HOLDS, IN_PART, REFUTED, Claim
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import COEFFICIENT, Quantities, kind_of
from benchmark.report.identifiability.claims_table import claims_table

NOISE = 0.1  # rad/s2, that bounds are stated for
TENDON = "PECM1.tendon_slack_length"
WITHOUT = {f"{muscle}.optimal_fibre_length": "no influence" for muscle in ("TRIlat", "BRD")}
# Bounds in percent at that noise, by parameter.
M1 = {
    "humerus.mass": 4.0,
    "PECM1.optimal_fibre_length": 2.0,
    "PECM1.pennation_at_optimal": 7.0,
    TENDON: 3.0,
    "c1": 20.0,
    "c2": 30.0,
    "activation_time": 1.0,
    f"{COEFFICIENT} humerus m": 3.0,
}
M2 = {name: bound / 1.1 for name, bound in M1.items()} | dict.fromkeys(WITHOUT, 1.0)


def analysis(problem: str, percent: Mapping[str, float], causes: Mapping[str, str]) -> Analysis:
    """An analysis in which each parameter has the bound that is asked for, infinite where there is no information."""
    names, ones = tuple(percent), np.ones(len(percent))
    root = np.diag([0.0 if math.isinf(bound) else 100.0 * NOISE / bound for bound in percent.values()])
    kinds = tuple(COEFFICIENT if name.startswith(COEFFICIENT) else kind_of(name) for name in names)
    quantities = Quantities(names, kinds, ("1",) * len(names), ones, ones, np.eye(len(names)))
    return Analysis(problem, 1.0, Information(names, ones, ones, root, len(names)), quantities, causes, ())


def base(count: int) -> dict[str, Any]:
    return {
        "coefficients": [{}] * count,
        "tolerances": [0.9**k for k in range(count)],
        "counts": [{"assumption": "one", "count": 17}, {"assumption": "two", "count": 17}],
    }


def judged(m1: Mapping[str, float] = M1, m2: Mapping[str, float] = M2, count: int = 17) -> dict[str, Claim]:
    """Claims by the words that they are quoted with."""
    found = claims(
        {
            "m1-a-light-fibres_unknown": analysis("m1-a-light-fibres_unknown", {"c1": 1.0, "c2": 1.0}, {}),
            "m1-a-light": analysis("m1-a-light", m1, WITHOUT if TENDON in m1 else WITHOUT | {TENDON: "rigid"}),
            "m2-a-light": analysis("m2-a-light", m2, {}),
        },
        {"m1-a-light": base(count)},
    )
    return {claim.quote: claim for claim in found}


def verdict(quote: str, found: Mapping[str, Claim]) -> str:
    return next(claim.verdict for words, claim in found.items() if quote in words)


def test_all_claims_hold_where_all_is_known() -> None:
    assert {claim.verdict for claim in judged().values()} == {HOLDS}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"humerus.mass": math.inf}, REFUTED),
        ({"humerus.centre_of_mass.x": math.inf}, IN_PART),
    ],
)
def test_bones_without_a_bound_cannot_be_estimated(change: Mapping[str, float], expected: str) -> None:
    found = judged({**M1, **change})
    assert verdict("all the bone parameters", found) == expected
    assert verdict("at the ground truth", found) == REFUTED


def test_a_parameter_that_is_lacking_for_a_cause_counts() -> None:
    found = judged({name: bound for name, bound in M1.items() if name != TENDON})
    assert verdict("tendon slack length", found) == REFUTED
    assert verdict("three shoulder DoFs", found) == IN_PART
    evidence = next(claim.evidence for words, claim in found.items() if "three shoulder" in words)
    assert "2 of 3 have a finite bound" in evidence
    assert TENDON in evidence


def test_a_coefficient_without_a_bound_cannot_be_identified() -> None:
    assert verdict("uniquely", judged(M1 | {f"{COEFFICIENT} humerus m": math.inf})) == REFUTED


def test_blind_spots_that_are_seen_refute_the_claim() -> None:
    assert verdict("cannot be estimated", judged(M1 | dict.fromkeys(WITHOUT, 5.0))) == REFUTED


@pytest.mark.parametrize(("count", "expected"), [(17, HOLDS), (24, REFUTED), (10, REFUTED)])
def test_coefficients_are_counted(count: int, expected: str) -> None:
    found = judged(count=count)
    assert verdict("17 dynamic", found) == expected
    evidence = next(claim.evidence for words, claim in found.items() if "17 dynamic" in words)
    assert f"determine {count}:" in evidence
    assert "17 for one or two" in evidence
    # Between the 17th and the 18th entry, 0.9 to the power of 16 and of 17.
    assert ("tolerance between 0.17 and 0.19" in evidence) == (count > 17)


def test_formulations_are_compared_by_their_bounds() -> None:
    """1.1 times another bound is no difference, 3 times is one."""
    found = judged(m2=M2 | {"PECM1.optimal_fibre_length": M1["PECM1.optimal_fibre_length"] / 3.0})
    assert verdict("as good as M2", found) == IN_PART
    evidence = next(claim.evidence for words, claim in found.items() if "as good" in words)
    assert "2 of 3 bounds in 1 pairs" in evidence
    assert "1.1 to 3, 1.1 in the median" in evidence


def test_slow_parameters_are_worse_than_the_middle_of_the_others() -> None:
    assert verdict("more slowly", judged(M1 | {"c1": 0.5})) == IN_PART


def test_claims_without_material_are_not_judged() -> None:
    found = claims({"m1-a-light": analysis("m1-a-light", M1, WITHOUT)}, {})
    assert not any("17" in claim.claim or "M2" in claim.claim for claim in found)
    with pytest.raises(HarnessError, match="no problem of formulation m1 has been analysed"):
        claims({"m2-a-light": analysis("m2-a-light", M2, {})}, {})


def test_the_table_is_what_was_stored() -> None:
    found = [*judged().values()]
    content = json.loads(json.dumps(claims_study(found)))
    assert content["problem"] == PAPER
    table = claims_table(content)
    assert table.raw["verdict"].to_list() == [claim.verdict for claim in found]
    assert table.shown["Claim"].to_list() == [claim.claim for claim in found]
