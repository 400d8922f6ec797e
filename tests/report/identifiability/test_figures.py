"""Figures of identifiability: what they show, and that no text covers another."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.patches import Rectangle

from benchmark.report.figures import KINDS
from benchmark.report.figures.bounds import bounds
from benchmark.report.figures.directions import directions, label
from benchmark.report.figures.spectrum import spectrum
from benchmark.report.figures.style import COLOURS, figure_style
from benchmark.report.figures.tolerated_noise import LIMITS, tolerated_noise
from benchmark.report.identifiability.directions_table import WeakDirection
from benchmark.report.identifiability.drawings import identifiability_drawings
from benchmark.report.identifiability.found import Identifiability
from benchmark.report.identifiability.rows import MUSCLE, problem_order
from benchmark.report.identifiability.studies import FurtherStudies
from tests.report.drawn import faults
from tests.report.identifiability.analyses import PROBLEMS, UNKNOWN, analysis

NO_STUDIES = FurtherStudies({}, {}, {}, None)


@pytest.fixture(scope="module")
def found() -> Identifiability:
    return Identifiability({name: analysis(name) for name in sorted(PROBLEMS, key=problem_order)}, NO_STUDIES)


@pytest.mark.parametrize("name", ["bounds", "bounds-of-coefficients", "directions", "spectrum", "tolerated-noise"])
def test_texts_of_figures_are_whole_and_apart(
    name: str, found: Identifiability, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawings = {drawing.name: drawing for drawing in identifiability_drawings(found)}
    with figure_style():
        figure = KINDS[drawings[name].kind](*drawings[name].arguments)
        assert faults(figure, monkeypatch) == []


def test_known_and_unknown_fibres_have_figures_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names = sorted([*UNKNOWN, *PROBLEMS], key=problem_order)
    both = Identifiability({name: analysis(name) for name in names}, NO_STUDIES)
    drawings = {drawing.name: drawing for drawing in identifiability_drawings(both)}
    plain = [name for name in drawings if not name.endswith("-fibres-unknown")]
    assert list(drawings) == [*plain, *(f"{name}-fibres-unknown" for name in plain)]
    assert list(drawings["spectrum"].arguments[0]) == names[: len(PROBLEMS)]
    assert list(drawings["spectrum-fibres-unknown"].arguments[0]) == names[len(PROBLEMS) :]
    with figure_style():
        figure = KINDS["tolerated-noise"](*drawings["tolerated-noise-fibres-unknown"].arguments)
        assert faults(figure, monkeypatch) == []
    assert [axes.get_title() for axes in figure.axes] == ["published, fibres unknown", "light, fibres unknown"]


def test_steps_show_how_many_parameters_tolerate_a_noise(found: Identifiability) -> None:
    own = found.bounds[(found.bounds["family"] == MUSCLE) & found.bounds["has_influence"]]
    axes = tolerated_noise(own).axes
    assert [panel.get_title() for panel in axes] == ["published", "light"]
    line = axes[1].lines[2]  # M1 on both movements
    tolerated = own.loc[own["problem"] == "m1-ab-light", "tolerated_noise_rad_per_s2"].to_numpy()
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert x[0] == LIMITS[0]
    for noise in np.geomspace(2.0 * LIMITS[0], 0.5 * LIMITS[1], 30):
        assert y[x <= noise][-1] == (tolerated >= noise).sum()


def test_spectra_end_at_the_rank(found: Identifiability) -> None:
    spectra = {problem: own.information.spectrum for problem, own in found.analyses.items()}
    axes = spectrum(spectra).axes
    own = spectra["m1-a-published"]
    seen, rounding = axes[0].lines[:2]
    np.testing.assert_array_equal(seen.get_ydata(), own[:-1] / own[0])
    np.testing.assert_array_equal(rounding.get_xdata(), [len(own)])
    assert [text.get_text() for text in axes[0].texts] == [f"rank {len(own) - 1}\nof {len(own)}"]


def test_the_heat_map_has_numbers_where_there_is_a_bound_and_hatches_where_nothing_is_seen() -> None:
    names = ["DELT1.optimal_fibre_length", "PQ.optimal_fibre_length", "c1"]
    cells = {"m1": [0.5, np.inf, np.nan], "m2": [20.0, 5.0, 400.0]}
    axes = bounds("Some", pd.DataFrame(cells, index=names)).axes[0]
    drawn = {(text.get_position(), text.get_text()): text.get_fontweight() for text in axes.texts}
    assert drawn == {
        ((0.5, 1.5), "0.50"): "bold",
        ((1.5, 1.5), "20"): "normal",
        ((1.5, 2.5), "5.0"): "bold",
        ((1.5, 4.5), "400"): "normal",
    }
    hatched = [patch.get_center() for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_hatch()]
    np.testing.assert_allclose(hatched, [(0.5, 2.5)])


def test_bars_are_the_largest_parts_of_a_direction() -> None:
    names = ("humerus.inertia.xx", "DELT1.maximum_isometric_force", "c1")
    axes = directions([WeakDirection("m1-a-light", names, np.array([0.5, -0.8, 0.1]), 12.3)]).axes[0]
    bars = [patch for bar in axes.containers if isinstance(bar, BarContainer) for patch in bar]
    assert [bar.get_width() for bar in bars] == [0.8, 0.5, 0.1]
    assert [to_hex(bar.get_facecolor()) for bar in bars] == ["#ffffff", COLOURS[0], COLOURS[0]]
    assert [text.get_text() for text in axes.get_yticklabels()] == [label(names[index]) for index in (1, 0, 2)]
    assert axes.get_title() == "m1-a-light: 12.3 %"
