"""Tables of an identification against its estimates, fits and attempts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from benchmark.identifiability.quantities import quantity_values
from benchmark.identification.identification import Identification
from benchmark.identification.search import Attempt
from benchmark.identification.tables import (
    GROUPS,
    fit_table,
    group_of,
    is_open,
    parameters_table,
    searches_table,
    sorted_estimates,
)
from benchmark.model.standard_parameters import standard_values
from datasets.parameters import unit


def test_there_is_a_line_an_estimate_with_its_figures(found: Identification) -> None:
    table = parameters_table(found)
    lines = {line["parameter"]: line for line in table.raw.to_dict("records")}
    assert len(lines) == len(table.shown) == len(found.estimates)
    for entry in found.estimates:
        line = lines[entry.name]
        figures = [line[name] for name in ("identified", "standard_deviation", "lower_95", "upper_95")]
        np.testing.assert_equal(figures, [entry.value, entry.standard_deviation, entry.lower, entry.upper])
        assert (line["unit"], line["class"], line["cause"]) == (entry.unit, entry.determined, entry.cause)


def test_the_models_values_and_units_are_those_of_the_recordings_arm(found: Identification) -> None:
    table = parameters_table(found).raw.set_index("parameter")
    nominal = found.problem.nominal
    parameters = [name for name in table.index if name in nominal]
    assert all(nominal[name] == 0.0 for name in nominal if name not in parameters)  # known: such muscles are parallel
    assert len(parameters) > 70
    for name in parameters:
        assert (table["model"][name], table["unit"][name]) == (nominal[name], unit(name))


def test_dynamic_coefficients_of_the_model_explain_its_torque(found: Identification) -> None:
    # Torques of the model's bones by all standard parameters and by the coefficients alone are the same.
    values = quantity_values(found.problem, found.problem.nominal)
    names = [name for name in values if name not in found.problem.nominal]
    bodies = found.problem.identified_bodies
    standard = standard_values(found.problem.nominal, bodies)
    regressor = np.concatenate([entry.dynamics.torque for entry in found.problem.coupled]).reshape(-1, len(standard))
    reduced = np.zeros_like(standard)
    kinds = ("m", "m cx", "m cy", "m cz", "Ixx", "Ixy", "Iyy", "Ixz", "Iyz", "Izz")
    every = [f"dynamic coefficient {body} {kind}" for body in bodies for kind in kinds]
    for name in names:
        reduced[every.index(name)] = values[name]
    torque = regressor @ standard
    np.testing.assert_allclose(regressor @ reduced, torque, atol=1e-6 * np.abs(torque).max())  # its rank's tolerance


def test_lines_are_sorted_owner_by_owner(found: Identification) -> None:
    groups = [GROUPS.index(group_of(entry, found.problem)) for entry in sorted_estimates(found)]
    assert groups == sorted(groups)
    assert {*groups} == {0, 1, 2, 3}
    owners = [entry.name.partition(".")[0] for entry in sorted_estimates(found)]
    muscles = [owner for owner, group in zip(owners, groups, strict=True) if group == 0]
    assert tuple(dict.fromkeys(muscles)) == found.problem.coupled[0].recording.muscles
    assert muscles == sorted(muscles, key=found.problem.coupled[0].recording.muscles.index)


def test_what_has_no_end_is_open_and_what_was_not_identified_is_missing(found: Identification) -> None:
    shown = parameters_table(found).shown
    for entry, line in zip(sorted_estimates(found), shown.to_dict("records"), strict=True):
        assert (line["95 % interval"] == "open") == is_open(entry) == math.isinf(entry.standard_deviation)
        assert (line["Identified"] == "-") == math.isnan(entry.value)
        assert line["Unit"] == entry.unit
    intervals = [line for line in shown["95 % interval"] if line != "open"]
    assert intervals
    assert all(line.startswith("[") and line.endswith("]") for line in intervals)


def test_the_fit_has_a_line_for_each_use(found: Identification) -> None:
    table = fit_table(found)
    assert table.raw["use"].tolist() == ["identified from", "held out"]
    assert table.raw["rmse_n_m"].tolist() == [fit.rmse_n_m for fit in found.fits]
    assert table.raw["r2_1"].tolist() == [fit.r2 for fit in found.fits]
    assert table.shown["Samples (1)"].tolist() == [str(fit.samples) for fit in found.fits]
    assert {"RMSE (N m)", "R2 (1)", "Residual (rad/s2)", "Equations a sample (1)"} <= {*table.shown.columns}


def test_searches_tell_which_found_the_same(found: Identification) -> None:
    best = found.best
    worse = Attempt(1, "budget", "too slow", 4.0, 2.0 * best.sum_of_squares, 1.5, 7, {}, {})
    failed = Attempt(2, "failed", "lost", 4.0, 0.0, 0.5, 3, {}, {})
    table = searches_table(replace(found, attempts=(best, worse, failed)))
    count = found.fits[0].samples * found.fits[0].equations
    after = table.raw["residual_rad_per_s2"].tolist()
    assert after[0] == pytest.approx(found.fits[0].rms_rad_per_s2, rel=1e-9)
    assert after[1] == pytest.approx(math.sqrt(2.0) * after[0])
    assert math.isnan(after[2])
    assert table.raw["residual_start_rad_per_s2"].tolist()[1:] == [pytest.approx(math.sqrt(4.0 / count))] * 2
    assert table.shown["The same as the best"].tolist() == ["yes", "no", "no"]
    assert table.shown["Start"].tolist() == ["the model", "around the model", "around the model"]
    assert table.shown["Message"].tolist() == [best.message, "too slow", "lost"]
    assert table.shown["Residual after (rad/s2)"].tolist()[2] == "-"
