"""What predictions come to, in sentences that say no more than the errors do."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

from benchmark.analysis.predictions import HELD_OUT, TRAINING
from benchmark.problem.start_level import start_level_text
from benchmark.report.formats import figure, three_digits
from benchmark.report.material import SuiteMaterial
from benchmark.report.predictions.cases import PredictedCase, predicted_cases
from benchmark.report.predictions.over_runs import over_runs
from benchmark.report.predictions.run_errors import ANGLES, DEEP, MODEL, NETWORK, SEEN, UNSEEN

LOWEST, MEDIAN = "lowest_r2_median_1", "r2_median_1"
RMSE_DEG, RMSE_N = "rmse_median_deg", "rmse_median_n"
TOLD: Final[Mapping[str, tuple[str, str, str, str]]] = {
    ANGLES: ("joint angles, the lowest R2 of a coordinate and RMSE", LOWEST, RMSE_DEG, "deg"),
    SEEN: ("forces of measured muscles, the median R2 of a muscle and RMSE", MEDIAN, RMSE_N, "N"),
    UNSEEN: ("forces of unseen muscles, the same", MEDIAN, RMSE_N, "N"),
    DEEP: ("forces of deep muscles, the same", MEDIAN, RMSE_N, "N"),
}
COMPARED: Final[Mapping[str, str]] = {SEEN: "measured", DEEP: "deep"}
Measures = Mapping[str, Mapping[Hashable, float]]  # medians over runs by method, of the following

MEASURES: Final = ["cr2m_start", "cr2m", "cr1_start", "cr1", "solve_s"]


def findings(suite: SuiteMaterial, controls: Collection[str]) -> tuple[str, ...]:
    """Paragraphs of Markdown on the predictions of a suite.

    Parameters
    ----------
    suite
        The suite.
    controls
        Methods that do not compete.
    """
    return tuple(text for case in predicted_cases(suite, controls) for text in _of_case(case))


def _of_case(case: PredictedCase) -> Iterator[str]:
    """What is predicted how well, and how well parameters are identified meanwhile: in short, and in figures."""
    medians = over_runs(case.errors)
    grouped = case.runs.groupby("method")[MEASURES].median()
    measures = {str(method): own for method, own in grouped.to_dict("index").items()}
    short = [*_angles(medians), *_forces(medians, case), *_identified(measures, case)]
    yield f"**`{case.problem}`, {start_level_text(case.start_level)} starts.** {' '.join(short)}"
    heading = "Medians over runs; of predictions, on the training movements / on the held-out one:"
    told = [_of_quantity(medians[medians["quantity"] == quantity], case) for quantity in TOLD]
    yield "\n".join([heading, "", *filter(None, told), _of_parameters(measures, case)])


def _angles(medians: pd.DataFrame) -> Iterator[str]:
    """How well the networks followed the movements, and who the held-out one better than its mean."""
    training, held_out = (_r2(medians, NETWORK, movement, ANGLES) for movement in (TRAINING, HELD_OUT))
    better = [name for name, r2 in held_out.items() if r2 > 0.0]
    if training and held_out:
        yield (
            f"Networks' lowest R2 of a joint angle is {_span(training.values())} on the training movements and "
            f"{_span(held_out.values())} on the held-out one, where {_who(better, held_out)} predicted every angle "
            "better than its mean."
        )


def _forces(medians: pd.DataFrame, case: PredictedCase) -> Iterator[str]:
    """Who predicted the held-out movement's forces better than the best identified parameters give them."""
    parts = []
    for quantity, words in COMPARED.items():
        networks, given = (_r2(medians, source, HELD_OUT, quantity) for source in (NETWORK, MODEL))
        if networks and case.best in given:
            limit = three_digits(given[case.best])
            better = [name for name, r2 in networks.items() if three_digits(r2) > limit]
            parts.append(f"of {words} muscles by {_who(better, networks)}")
    if parts:
        yield (
            f"On the held-out movement forces were predicted better (median R2) than the parameters of `{case.best}` "
            f"give them with its recorded motion: {', '.join(parts)}."
        )


def _identified(measures: Measures, case: PredictedCase) -> Iterator[str]:
    """Who identified the muscle parameters better than the best of the other methods, and who did not at all."""
    networks = {name: measures[name] for name in case.networks}
    error = {name: three_digits(own["cr2m"]) for name, own in networks.items()}
    if case.best is not None:
        best = measures[case.best]
        who = _who([name for name in error if error[name] < three_digits(best["cr2m"])], error)
        yield (
            f"{who[:1].upper()}{who[1:]} ended with a lower Cr2m than `{case.best}`, which took "
            f"{figure(best['solve_s'])} s, and networks {_span(own['solve_s'] for own in networks.values())} s."
        )
    if idle := [name for name, own in networks.items() if error[name] >= three_digits(own["cr2m_start"])]:
        yield f"Cr2m ended no lower than it started with {_who(idle, error)}."


def _r2(medians: pd.DataFrame, source: str, movement: str, quantity: str) -> dict[str, float]:
    """What is told of R2 by method."""
    is_asked = (medians[["source", "movement", "quantity"]] == [source, movement, quantity]).all(axis=1)
    own = medians[is_asked]
    return {str(name): float(value) for name, value in zip(own["method"], own[TOLD[quantity][1]], strict=True)}


def _of_quantity(medians: pd.DataFrame, case: PredictedCase) -> str:
    """A quantity by the networks, beside the best other method's; empty where no network says anything of it."""
    networks = medians[medians["source"] == NETWORK]
    if networks.empty:
        return ""
    others = medians[(medians["source"] == MODEL) & (medians["method"] == case.best)]
    by_parameters = [f"by the parameters of {text}" for text in _by_method(others)]
    said, *_ = TOLD[networks["quantity"].iloc[0]]
    return f"- {said}: {'; '.join([*_by_method(networks), *by_parameters])}"


def _by_method(medians: pd.DataFrame) -> Iterator[str]:
    """Methods, each with what is told of a quantity, on the training movements / on the held-out one."""
    for name, own in medians.groupby("method", sort=True):
        _, r2, rmse, unit = TOLD[own["quantity"].iloc[0]]
        pairs = own.set_index("movement")[[r2, rmse]].reindex([TRAINING, HELD_OUT])
        texts = {column: " / ".join(map(figure, pairs[column])) for column in pairs}
        yield f"`{name}` {texts[r2]} ({texts[rmse]} {unit})"


def _of_parameters(measures: Measures, case: PredictedCase) -> str:
    """Errors of parameters from the start to the end, and times."""
    told = [
        f"`{name}` Cr2m {figure(own['cr2m_start'])} → {figure(own['cr2m'])} %, "
        f"Cr1 {figure(own['cr1_start'])} → {figure(own['cr1'])} %, {figure(own['solve_s'])} s"
        for name in (*case.networks, *filter(None, [case.best]))
        for own in [measures[name]]
    ]
    return f"- parameters, from the start to the end, and solve time: {'; '.join(told)}"


def _who(some: Sequence[str], everyone: Collection[str]) -> str:
    """Some of the networks in words."""
    if not some:
        return "no network"
    if len(some) == len(everyone) > 1:
        return "every network"
    *first, last = [f"`{name}`" for name in some]
    return f"{', '.join(first)} and {last}" if first else last


def _span(values: Iterable[float]) -> str:
    """From the least to the most."""
    ordered = sorted(values)
    least, most = figure(ordered[0]), figure(ordered[-1])
    return least if least == most else f"{least} to {most}"
