"""How series are told apart."""

from __future__ import annotations

from matplotlib.figure import Figure

from benchmark.report.figures.style import legend_above, looks

METHODS = ("cma_es", "lbfgs", "simulated_annealing", "simulated_annealing+tuned", "torch_adamw", "torch_adamw+compiled")


def test_presets_have_the_colour_of_their_method_and_dashes_and_markers_of_their_own() -> None:
    found = looks(METHODS)
    colours = [found[method].colour for method in METHODS]
    assert colours[2] == colours[3]
    assert colours[4] == colours[5]
    assert len(set(colours)) == 4
    assert len({(str(look.dashes), look.marker) for look in found.values()}) == len(METHODS)  # told apart in grey


def test_long_names_get_fewer_columns() -> None:
    columns = []
    for suffix in ("", "+with_a_very_long_name_of_a_preset"):
        figure = Figure()
        legend_above(figure, looks([f"{method}{suffix}" for method in METHODS[:3]]))
        columns.append(figure.legends[0]._ncols)  # type: ignore[attr-defined]
    assert columns == [3, 1]
