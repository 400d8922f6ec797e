"""How well angles and forces are predicted, for people; and each coordinate and muscle of each run, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from benchmark.analysis.predictions import HELD_OUT, TRAINING
from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.report.formats import figure, records
from benchmark.report.material import SuiteMaterial
from benchmark.report.page.method_notes import control_methods
from benchmark.report.predictions.findings import findings
from benchmark.report.predictions.over_runs import MEDIANS, over_runs
from benchmark.report.predictions.run_errors import ANGLES, DEEP, SEEN, UNSEEN
from benchmark.report.report_table import ReportTable, name_in_suite, shown_table

NAME: Final = "predictions"
BY_RUN: Final = "prediction-errors"
SUITE: Final = "network"  # whose tables carry no suite's name
NAMES: Final = ("Problem", "Start level", "Quantity", "Movement", "Method", "Source")
NUMBERS: Final = dict(zip(("RMSE (deg)", "RMSE (N)", "R2 (1)", "Lowest R2 (1)"), MEDIANS, strict=True))
WORDS: Final[Mapping[str, str]] = {
    ANGLES: "joint angles",
    SEEN: "forces, measured muscles",
    UNSEEN: "forces, unseen muscles",
    DEEP: "forces, deep muscles",
    TRAINING: "training",
    HELD_OUT: "held-out",
}
NOTE: Final = (
    "Predictions of whole recordings against the simulation: of the movements that were identified from (training) and"
    " of one that was not (held-out). Source `network`: what the method itself predicts, from the times of a recording"
    " and the EMG of the measured muscles and from nothing else; as it learned, it was shown the motion of the "
    "training movements, but no force. Source `model`: the forces that the identified parameters give, of measured "
    "muscles by the muscle model, of deep muscles as the problem's formulation has them. This takes the recorded "
    "motion beside the EMG, of the held-out movement, too: the sources do not solve the same task, and a model has no "
    "angles to predict. Unseen muscles have EMG, but no force in the problem's equations (of `m1` TRIlat and BRD, "
    "which go as the deep muscles are eliminated): nobody identifies their parameters, and only a network, for which "
    "all equations of motion hold, says anything of their forces, with their parameters as at the start. Forces of "
    "deep muscles are not unique in `m1`: elimination gives any that fit the equations of motion, whether they pull or"
    " push, and of these the smallest; how TRImed and BRA share what they do cannot be told, as their moment arms are "
    "collinear. RMSE: root mean square over all coordinates or muscles. R2: 1 less the squared error over the squared "
    "distance from the movement's mean, so that below 0 is worse than that mean; the median over coordinates or "
    "muscles, and the lowest. All of each run first, then the median over the runs that delivered a result. Each "
    "coordinate and muscle of each run is in `{by_run}.csv`. Of parameters: stage two finds the tendon slack lengths "
    "from the others, so that Cr2m changes a little even with a preset that trains none."
)


def predictions_tables(suite: SuiteMaterial) -> list[ReportTable]:
    """What predictions of a suite are worth, and the errors of each run; none without a run that predicts."""
    errors = suite.prediction_errors
    if errors.empty:
        return []
    raw = over_runs(errors)
    by_run = name_in_suite(BY_RUN, suite.name, SUITE)
    table = ReportTable(
        name_in_suite(NAME, suite.name, SUITE),
        f"Predicted angles and forces, suite `{suite.name}`",
        raw,
        shown_table([_shown(line) for line in records(raw)], [*NAMES, "Runs", *NUMBERS]),
        NOTE.format(by_run=by_run),
        findings(suite, control_methods(suite.runs["method"])),
        essential=tuple(heading for heading in (*NAMES, *NUMBERS) if heading != "Start level"),
        sort_by={"Runs": "runs"} | NUMBERS,
    )
    title = f"Each angle and force of each run, suite `{suite.name}`"
    return [table, ReportTable(by_run, title, errors, errors, formats=("csv",))]


def _shown(line: Row) -> Row:
    names = {"Problem": line["problem"], "Start level": start_level_text(line["start_level"])}
    names |= {"Quantity": WORDS[line["quantity"]], "Movement": WORDS[line["movement"]]}
    names |= {"Method": line["method"], "Source": line["source"], "Runs": line["runs"]}
    return names | {heading: figure(line[column]) for heading, column in NUMBERS.items()}
