"""Moments on unseen trials, of models whose moments are the measured ones times a known number."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from benchmark.analysis.tracked_moments import TrackedMoments
from benchmark.problem.moment_problem import MomentProblem
from benchmark.problem.start_level import StartLevel
from benchmark.problem.trial import TRACKED_COORDINATES
from benchmark.report.calibration import heldout, moment_table
from benchmark.report.calibration.heldout import TrackedExamples, tracked_examples
from benchmark.report.calibration.moment_table import UNCALIBRATED, moment_tracking_table
from benchmark.report.calibration.times import REFERENCE
from benchmark.report.figures.style import figure_style
from benchmark.report.figures.tracked_moments import tracked_moments
from benchmark.report.formats import records
from datasets.recording_files import RecordingError

from ..drawn import drawn_texts, faults
from .tracking import PROBLEM, material, tracking_row

UNCALIBRATED_FACTOR = 2.0
CEINMS = "simulated_annealing+ceinms_rt"
TIME_S = np.linspace(0.0, 8.0, 400, endpoint=False)
# Whole periods, so that means are zero, and R2 of moments times k is 1 - (k - 1)^2 exactly.
MEASURED = np.stack([10.0 * np.sin(2.0 * np.pi * (rate + 1) * TIME_S / 8.0) for rate in range(3)], axis=-1)


class KnownProblem(MomentProblem):
    """A problem with one parameter: what the measured moments are multiplied by."""

    def __init__(self) -> None:
        self.name = PROBLEM
        self.uncalibrated = {"factor": UNCALIBRATED_FACTOR}

    held_out_trials = ("x", "y")  # type: ignore[assignment]

    def start(self, level: StartLevel, seed: int) -> dict[str, float]:
        return {"factor": 1.0 + float(level) * seed}


def known_moments(problem: KnownProblem, identified: Mapping[str, float]) -> list[TrackedMoments]:
    predicted = identified["factor"] * MEASURED
    return [TrackedMoments(f"{trial}-published", TIME_S, predicted, MEASURED) for trial in "xy"]


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heldout, "load_problem", lambda name: KnownProblem())
    for module in (heldout, moment_table):
        monkeypatch.setattr(module, "tracked_moments", known_moments)


def own_row(method: str, factor: float, seed: int = 0) -> dict[str, Any]:
    return tracking_row(method, seed, loss=abs(factor - 1.0), identified={"factor": factor})


def examples(*rows: dict[str, Any], controls: tuple[str, ...] = ()) -> list[TrackedExamples]:
    suite = material(*rows)
    return tracked_examples(suite.runs, dict(zip(suite.runs.index, suite.rows, strict=True)), controls)


def test_starts_and_the_uncalibrated_model_stand_beside_the_runs() -> None:
    """1 - (k - 1)^2, and k - 1 times the root mean square of a sine, to rounding."""
    table = moment_tracking_table(material(own_row(REFERENCE, 1.1, seed=3)))
    assert table is not None
    lines = {(line["method"], line["coordinate"]): line for line in records(table.raw)}
    own, other = lines[REFERENCE, "shoulder_rot"], lines[UNCALIBRATED, "all"]
    assert own["r2_start_1"] == pytest.approx(1.0 - 0.3**2)
    assert own["rmse_start_nm"] == pytest.approx(0.3 * 10.0 / np.sqrt(2.0))
    assert other["r2_1"] == pytest.approx(1.0 - (UNCALIBRATED_FACTOR - 1.0) ** 2)
    assert table.shown.iloc[-1][["Start level", "Seed", "R2 at the start (1)"]].tolist() == ["-", "-", "-"]


def test_the_featured_methods_are_shown_by_their_median_runs() -> None:
    rows = [own_row(REFERENCE, factor, seed) for seed, factor in enumerate((1.3, 1.1, 1.2))]
    (found,) = examples(*rows, own_row("torch_adamw", 1.4), own_row("lbfgs", 1.0), own_row(CEINMS, 1.5))
    assert [run.label.partition(",")[0] for run in found.runs] == [REFERENCE, CEINMS, "torch_adamw"]
    assert "seed 2" in found.runs[0].label
    np.testing.assert_array_equal(found.runs[0].trials[0].predicted, 1.2 * MEASURED)


def test_where_they_did_not_run_those_of_the_lowest_losses_are() -> None:
    rows = [own_row(method, 1.0 + 0.1 * place) for place, method in enumerate(("from_truth", "a", "b", "c", "d"))]
    (found,) = examples(*rows, controls=("from_truth",))
    assert [run.label.partition(",")[0] for run in found.runs] == ["a", "b", "c"]


def test_missing_recordings_are_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def missing(name: str) -> None:
        raise RecordingError("x-published.nc: no such recording")

    monkeypatch.setattr(heldout, "load_problem", missing)
    with caplog.at_level(logging.WARNING):
        assert examples(own_row(REFERENCE, 1.1)) == []
    assert f"no figure of tracked moments of {PROBLEM}: x-published.nc" in caplog.text


def test_the_figure_has_a_row_a_trial_and_what_is_explained_in_each_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = examples(own_row(REFERENCE, 1.1), own_row(CEINMS, 1.5), own_row("torch_adamw", 5.0))
    with figure_style():
        figure = tracked_moments(found)
        assert faults(figure, monkeypatch) == []
        texts = [text for text, _ in drawn_texts(figure, monkeypatch)]
    panels = figure.axes
    assert len(panels) == 2 * len(TRACKED_COORDINATES)
    drawn = np.stack([np.asarray(line.get_ydata()) for line in panels[4].lines])
    np.testing.assert_allclose(drawn, np.outer([1.0, UNCALIBRATED_FACTOR, 1.1, 1.5, 5.0], MEASURED[:, 1]))
    assert [texts.count(f"R² {value}") for value in ("0.00", "0.99", "0.75", "-15")] == [6, 6, 6, 6]
    assert len({str(line.get_linestyle()) + str(line.get_color()) for line in panels[0].lines}) == 5
