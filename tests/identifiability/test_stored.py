"""Stored analyses come back as they were, and damaged ones are left out."""

import logging
from pathlib import Path

import numpy as np
import pytest

from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import Quantities
from benchmark.identifiability.stored import load_analyses, load_studies, store_analysis, store_study


def small() -> Analysis:
    names, jacobian = ("a", "b"), np.array([[1.0, 2.0], [0.5, -1.0], [0.1, 1 / 3]])
    known = Information.of_jacobian(names, np.array([1.0, 2.0]), np.array([1.0, 4.0]), jacobian)
    quantities = Quantities(names, ("shared", "mass"), ("1", "kg"), known.values, known.magnitudes, np.eye(2))
    return Analysis("m1-a-published", 7.5, known, quantities, {"c": "never there"}, ("too short",))


def test_an_analysis_comes_back_bit_for_bit(tmp_path: Path) -> None:
    before = small()
    path = store_analysis(tmp_path, before, {"commit": "abc"})
    assert path.is_relative_to(tmp_path / "reference")
    after = load_analyses(tmp_path)[before.problem]
    np.testing.assert_array_equal(after.percent(0.1), before.percent(0.1))
    np.testing.assert_array_equal(after.information.root, before.information.root)
    assert (after.causes, after.remarks, after.recorded_s) == (before.causes, before.remarks, before.recorded_s)
    assert after.quantities.units == before.quantities.units
    assert load_studies(tmp_path, "analysis")[before.problem]["provenance"] == {"commit": "abc"}


def test_nothing_stored_is_nothing_found(tmp_path: Path) -> None:
    assert load_analyses(tmp_path) == {}


def test_a_damaged_file_is_left_out_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = store_analysis(tmp_path, small(), {})
    store_study(tmp_path, "m1-b-published", "analysis", {"problem": "m1-b-published"})
    path.with_name("m2-a-published.analysis.json").write_text("{")
    with caplog.at_level(logging.WARNING):
        assert list(load_analyses(tmp_path)) == ["m1-a-published"]
    assert "m2-a-published.analysis.json is damaged" in caplog.text
    assert "m1-b-published.analysis.json is damaged" in caplog.text
