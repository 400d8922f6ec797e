"""Tables of identifiability, against figures worked out another way."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from benchmark.identifiability.classes import CLASSES, IDENTIFIABLE, NOT, WEAK
from benchmark.report.identifiability.collinearity_table import collinearity, collinearity_table
from benchmark.report.identifiability.directions_table import NULL, directions, directions_table
from benchmark.report.identifiability.factors_table import compared, factors, factors_table
from benchmark.report.identifiability.quantities_table import identifiability_table, marked, sortable
from benchmark.report.identifiability.rows import bounds_table, fullest, problem_order, side_by_side
from benchmark.report.identifiability.summary_table import summary, summary_table
from benchmark.report.page.identifiability_findings import findings
from tests.report.identifiability.analyses import (
    HIDDEN,
    NAMES,
    PROBLEMS,
    TENDON,
    TOGETHER,
    UNKNOWN,
    WHY,
    analysis,
    jacobian,
)
from tests.report.latex_rules import assert_sound

FIRST = ["problem", "parameter", "kind", "unit", "class", "crb_percent", "weakest_direction_share"]
ROUNDING = 1e-9
ANALYSES = {problem: analysis(problem) for problem in PROBLEMS}


@pytest.fixture(scope="module")
def bounds() -> pd.DataFrame:
    return bounds_table(ANALYSES)


def of(bounds: pd.DataFrame, problem: str) -> pd.DataFrame:
    return bounds[bounds["problem"] == problem].set_index("parameter")


def test_the_table_has_the_bounds_of_the_inverse_information(bounds: pd.DataFrame) -> None:
    seen = jacobian("m1-a-published")[:, 2:]
    others = jacobian("m1-a-published")[:, :1]  # both masses have this effect, so that it is one parameter more
    covariance = np.linalg.inv(np.hstack([others, seen]).T @ np.hstack([others, seen]))
    expected = 100.0 * 0.1 * np.sqrt(np.diag(covariance))
    found = of(bounds, "m1-a-published")
    np.testing.assert_allclose(found["crb_percent"][list(NAMES[2:])], expected[1:], rtol=ROUNDING)
    assert found["crb_percent"][TOGETHER] == pytest.approx(expected[0], rel=ROUNDING)
    assert found["crb_percent"][TENDON] == pytest.approx(0.5 * expected[2], rel=ROUNDING)
    assert np.isinf(found["crb_percent"][list(NAMES[:2])]).all()
    np.testing.assert_allclose(
        found["crb_at_1_rad_per_s2_percent"][list(NAMES[2:])], 10.0 * expected[1:], rtol=ROUNDING
    )


def test_classes_and_tolerated_noise_agree_with_the_bounds(bounds: pd.DataFrame) -> None:
    half = 1.959964 * bounds["crb_percent"]  # of the normal distribution, to seven digits
    expected = np.select([half <= 10.0, half <= 100.0], [IDENTIFIABLE, WEAK], NOT)
    assert (bounds["class"] == expected).all()
    assert {*bounds["class"]} == {*CLASSES}
    ratio = bounds["tolerated_noise_rad_per_s2"] / 0.1
    np.testing.assert_allclose(ratio[np.isfinite(half)], 10.0 / half[np.isfinite(half)], rtol=1e-6)
    assert (bounds.loc[np.isinf(half), "tolerated_noise_rad_per_s2"] == 0.0).all()


def test_the_file_begins_as_agreed_and_has_what_has_no_influence(bounds: pd.DataFrame) -> None:
    raw = identifiability_table(bounds).raw
    assert list(raw)[: len(FIRST)] == FIRST
    line = of(raw, "m2-b-light")[["class", "cause", "unit", "crb_percent"]].loc[HIDDEN]
    assert list(line) == [NOT, WHY, "m", math.inf]
    assert list(dict.fromkeys(raw["problem"])) == sorted(PROBLEMS, key=problem_order)
    assert list(dict.fromkeys(raw["problem"]))[:4] == [
        "m1-a-published",
        "m1-b-published",
        "m1-ab-published",
        "m1-a-light",
    ]


def test_people_see_problems_side_by_side_and_what_none_sees_as_a_remark(bounds: pd.DataFrame) -> None:
    table = identifiability_table(bounds)
    assert list(table.shown["Parameter"]) == [*NAMES[2:], TENDON, TOGETHER]
    assert any(remark == f"BRD: {WHY.removeprefix('BRD ')} (all problems)." for remark in table.remarks)
    assert any(remark.startswith("humerus.mass, ulna.mass: seen only in combination") for remark in table.remarks)
    sorted_by = sortable(table, bounds).sort_values("m1-ab-light (%)").to_numpy()
    np.testing.assert_array_equal(sorted_by[:-2], of(bounds, "m1-ab-light")["crb_percent"][list(NAMES[2:])])


def test_a_bound_is_marked_with_its_class() -> None:
    cells = [marked(1.234, IDENTIFIABLE), marked(20.0, WEAK), marked(80.0, NOT), marked(math.inf, NOT)]
    assert [*cells, marked(math.nan, math.nan)] == ["1.23", "(20)", "[80]", "∞", "-"]


def test_the_summary_counts_each_quantity_once(bounds: pd.DataFrame) -> None:
    raw = summary(ANALYSES, bounds).set_index("problem")
    for problem, line in raw.iterrows():
        own = of(bounds, str(problem))
        muscles = own[own["has_influence"] & (own["family"] == "muscle")]
        assert [line[f"muscle_{name}"] for name in CLASSES] == [(muscles["class"] == name).sum() for name in CLASSES]
        assert [line[f"bone_{name}"] for name in CLASSES] == [0, 0, 2]
        assert (line["parameters"], line["rank"], line["without_influence"]) == (len(NAMES), len(NAMES) - 1, 1)
    assert raw.loc["m1-ab-light", "residuals"] == 80


def test_factors_are_ratios_of_bounds_of_problems_that_differ_in_one_thing(bounds: pd.DataFrame) -> None:
    pairs = list(compared(PROBLEMS))
    assert ("m1-ab-published", "m2-ab-published") in pairs
    assert ("m1-ab-published", "m2-ab-light") not in pairs
    assert len(pairs) == 4 + 8
    found = factors(bounds).set_index("parameter")
    for first, second in pairs:
        ratio = of(bounds, first)["crb_percent"] / of(bounds, second)["crb_percent"]
        np.testing.assert_allclose(found[f"{first}_over_{second}_1"], ratio[found.index], rtol=ROUNDING)


def test_known_fibres_are_compared_with_unknown_ones_of_the_same_problem() -> None:
    alone, pairs = set(compared(PROBLEMS)), set(compared([*UNKNOWN, *PROBLEMS]))
    between = {(name.removesuffix("-fibres_unknown"), name) for name in UNKNOWN}
    among = {(f"{first}-fibres_unknown", f"{second}-fibres_unknown") for first, second in compared(fullest(PROBLEMS))}
    assert pairs == alone | between | among


def test_a_coefficient_that_is_another_one_elsewhere_is_not_compared(bounds: pd.DataFrame) -> None:
    changed = bounds.copy()
    changed.loc[(changed["problem"] == "m1-ab-light") & (changed["parameter"] == TOGETHER), "true_value"] = 2.9
    found = factors(changed).set_index("parameter")
    missing = found[["m1-ab-published_over_m1-ab-light_1", "m1-ab-published_over_m2-ab-published_1"]].isna()
    assert list(missing.loc[TOGETHER]) == [True, False]
    assert not missing.drop(TOGETHER).to_numpy().any()


@pytest.mark.parametrize(
    ("classes", "needed"),
    [
        ((IDENTIFIABLE, IDENTIFIABLE, IDENTIFIABLE), "a or b"),
        ((WEAK, IDENTIFIABLE, IDENTIFIABLE), "b"),
        ((WEAK, NOT, IDENTIFIABLE), "a and b"),
        ((WEAK, NOT, WEAK), "none"),
    ],
)
def test_movements_needed(classes: tuple[str, ...], needed: str, bounds: pd.DataFrame) -> None:
    changed = bounds.copy()
    for movements, name in zip(("a", "b", "ab"), classes, strict=True):
        changed.loc[(changed["problem"] == f"m1-{movements}-light") & (changed["parameter"] == "c1"), "class"] = name
    assert factors(changed).set_index("parameter").loc["c1", "movements_needed_m1-light"] == needed


def test_the_direction_without_effect_stands_once_for_all_problems() -> None:
    shown = directions_table(directions(ANALYSES)).shown
    (line,) = shown[shown["Kind"] == NULL].to_dict("records")
    assert (line["Problem"], line["Standard deviation (%)"]) == ("all", "-")
    assert {*line["Direction"].replace(" mass", "").split()} == {"0.71", "-", "humerus", "ulna"}


def test_findings_say_the_numbers(bounds: pd.DataFrame) -> None:
    text = findings(summary(ANALYSES, bounds), bounds)
    counts = summary(ANALYSES, bounds).set_index("problem")["muscle_identifiable"]
    for problem in fullest(PROBLEMS):
        assert f"{counts[problem]} of 7 in `{problem}`" in text
    assert "None of the 2 bone parameters" in text
    assert "do not depend at all on BRD (" in text
    own = of(bounds, "m1-ab-light").loc[[*NAMES[2:8], TENDON], "tolerated_noise_rad_per_s2"]
    assert f"{own.median():.3g} and {own.min():.3g} rad/s2 in `m1-ab-light`" in text


@pytest.mark.parametrize("problems", [PROBLEMS, PROBLEMS[:1], ("m1-ab-published", "m2-b-light")])
def test_tables_are_sound_whatever_the_problems(problems: tuple[str, ...]) -> None:
    found = {problem: ANALYSES[problem] for problem in problems}
    own = bounds_table(found)
    tables = [
        identifiability_table(own),
        summary_table(found, own),
        factors_table(own),
        directions_table(directions(found)),
        collinearity_table(collinearity(found)),
    ]
    for table in tables:
        assert_sound(table.latex())
        assert table.markdown().startswith("# ")
        assert len(table.raw) >= len(problems)
    assert findings(tables[1].raw, own)


def test_a_column_side_by_side_keeps_the_order(bounds: pd.DataFrame) -> None:
    wide = side_by_side(bounds, "unit")
    assert list(wide) == sorted(PROBLEMS, key=problem_order)
    assert list(wide.index) == [*NAMES, TENDON, TOGETHER, HIDDEN]
