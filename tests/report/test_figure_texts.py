"""No text of any figure covers another one or is cut off, however many methods there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from benchmark.report.drawings import Drawing
from benchmark.report.figures import KINDS
from benchmark.report.figures.style import figure_style
from benchmark.report.material import Material
from benchmark.report.suite_drawings import speed_drawings, suite_drawings
from benchmark.speed.campaign import Block
from benchmark.speed.clock import Timing
from benchmark.speed.exchange_rates import KINDS as EVALUATIONS
from benchmark.speed.stored import StoredTimings

from .drawn import faults
from .synthetic import spec, store_run

METHODS = (
    *("casadi_gauss_newton", "casadi_ipopt", "cma_es", "dual_annealing", "from_truth", "gauss_newton"),
    *("gauss_newton_ils", "lbfgs", "least_squares_trf", "multistart", "paper_literal", "particle_swarm"),
    *("random_search", "simulated_annealing+ceinms_full", "torch_adamw+compiled", "variable_projection"),
)
PROBLEMS = ("m1-ab-published", "m2-ab-published")


def results_of(folder: Path) -> Iterator[Drawing]:
    """All figures of sixteen methods: some exact and fast, most of them near each other where the budget ends."""
    random = np.random.default_rng(0)
    for problem in PROBLEMS:
        for method, is_good in zip(METHODS, random.random(len(METHODS)) < 0.4, strict=True):
            for seed in range(2):
                error, seconds = (1e-4, random.uniform(0.1, 3.0)) if is_good else (random.lognormal(1.0, 1.0), 10.0)
                own: dict[str, Any] = {
                    "cr2": error,
                    "cr2m": error,
                    "solve_s": seconds,
                    "objective_rad2_per_s4": 1e-8 * error**2,
                }
                store_run(folder, spec(problem, method, suite="many", seed=seed), **own)
    material = Material(folder)
    return suite_drawings(material, material.suites[0])


def timings() -> StoredTimings:
    parts = sorted({part for kind in EVALUATIONS.values() for part in kind})
    own = [Timing(*part, 0.7 * 3.0**index) for index, part in enumerate(parts)]
    return StoredTimings(tuple(Block(problem, 1, own) for problem in ("m1-a-published", *PROBLEMS)), {}, quick=False)


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Drawing]:
    found = [*results_of(tmp_path_factory.mktemp("results")), *speed_drawings(timings())]
    return {drawing.name: drawing for drawing in found}


@pytest.mark.parametrize(
    "name",
    [
        *("accuracy-against-time", "boxplots", "convergence", "exchange-rates", "heldout"),
        *("parameter-errors-m1-ab-published", "run-time-distributions", "speed", "waterfall"),
    ],
)
def test_texts_of_figures_are_whole_and_apart(
    name: str, drawings: dict[str, Drawing], monkeypatch: pytest.MonkeyPatch
) -> None:
    with figure_style():
        figure = KINDS[drawings[name].kind](*drawings[name].arguments)
        assert faults(figure, monkeypatch) == []


def test_of_many_methods_the_heat_map_has_the_parameters(drawings: dict[str, Drawing]) -> None:
    assert [name for name in drawings if name.startswith("parameter")] == [
        f"parameter-errors-{problem}" for problem in PROBLEMS
    ]


def test_texts_that_are_not_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Figure(figsize=(2.0, 1.0))
    for at, text in ((0.1, "one"), (0.12, "two"), (0.95, "three"), (0.5, "four")):
        figure.text(at, 0.5, text)
    assert faults(figure, monkeypatch) == ["'three' is cut off", "'one' covers 'two'"]
