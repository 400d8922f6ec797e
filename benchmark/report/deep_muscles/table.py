"""Formulations beside each other, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from benchmark.analysis.paired import FEWEST
from benchmark.harness.row import Row
from benchmark.problem.imperfections import IMPERFECTIONS
from benchmark.problem.start_level import start_level_text
from benchmark.report.deep_muscles.comparison import LESS_REFERENCE, REFERENCE, column, comparison
from benchmark.report.deep_muscles.failures import ended
from benchmark.report.deep_muscles.findings import findings
from benchmark.report.deep_muscles.subject_runs import MEASURES, subject_runs
from benchmark.report.formats import figure, records
from benchmark.report.intervals import with_interval
from benchmark.report.material import SuiteMaterial
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.tables import COMPARED, Measure

NAME: Final = "deep-muscles"
ON_PAPER: Final = ("cr2m", "heldout_rmse_nm", "deep_force_error_percent")
NAMES: Final = ("Formulation", "Imperfection", "Method", "Start level")
SUBJECTS, PAIRS = "Subjects", "Subjects paired"
COUNTS: Final[Mapping[str, str]] = {
    SUBJECTS: "subjects_with_result",
    "Runs": "runs",
    "Failed": "failed_runs",
    "Cut off": "cut_off_runs",
    PAIRS: f"{MEASURES[0].stem}_paired_subjects",
}
NOTE: Final = (
    "Means over virtual subjects of each subject's own mean over its runs that delivered a result: it is the subjects "
    "who stand for others like them, and not the runs. Subjects: those with a result, of all that have run. Less "
    f"{REFERENCE}'s: mean of the paired differences to `{REFERENCE}` with the same subject, movements, seed, method, "
    "start level and imperfection, with its 95 % interval over subjects (bootstrap over subjects, Student's t with one "
    "degree of freedom less than there are), each for itself and not corrected for their number; below 0 is better, of "
    f"R2 above. It takes {FEWEST} subjects: of fewer there is no interval. A subject without a result of both is in no "
    "pair: those paired are counted. Cut off are runs that their budget ended before their method did: they deliver "
    "the best point so far, which is not the minimum; with imperfections it may well be nearer to the truth than the "
    "minimum is, as a search that has not ended has not fitted all of the noise. Deep force error: root mean square "
    "error of the deep muscles' forces over that of their true forces, mean over muscles; 100 % is what no force at "
    "all has. Intervals of the means, and medians, are in the CSV file, each subject and each deep muscle in that of "
    "`{subjects}`. There is no summary problem by problem; runs.csv has every run. Imperfections: {imperfections}. "
    "{compared}"
)


def table_name(suite: str) -> str:
    """Name of the table of a suite; that of a suite that is not about deep muscles says so, too."""
    return suite if suite.startswith(NAME) else f"{NAME}-{suite}"


def deep_muscles_table(suite: SuiteMaterial) -> ReportTable:
    """The comparison of formulations in a suite over virtual subjects, with what it comes to."""
    runs = subject_runs(suite.runs)
    raw = comparison(runs)
    less = {measure.column: _less(measure) for measure in MEASURES}
    headings = [*NAMES, *COUNTS]
    for measure in MEASURES:
        headings += [measure.heading, less[measure.column]]
    on_paper = [measure.heading for measure in MEASURES if measure.column in ON_PAPER]
    return ReportTable(
        table_name(suite.name),
        f"Treatments of the deep muscles, suite `{suite.name}`",
        raw,
        shown_table([_shown(line) for line in records(raw)], headings),
        _note(suite.name, set(raw["factor"])),
        (*findings(runs), *ended(suite)),
        essential=(*NAMES, SUBJECTS, *on_paper, less[MEASURES[0].column]),
        sort_by=dict(COUNTS)
        | {measure.heading: column(measure, "mean") for measure in MEASURES}
        | {less[measure.column]: column(measure, LESS_REFERENCE) for measure in MEASURES},
    )


def subjects_name(suite: str) -> str:
    """Name of the table of a suite's single subjects."""
    return f"{table_name(suite)}-subjects"


def _less(measure: Measure) -> str:
    """Heading of the differences of a measure to those of `REFERENCE`."""
    name, _, unit = measure.heading.rpartition(" (")
    points = "percentage points)" if unit == "%)" else unit
    return f"{name} less {REFERENCE}'s ({points}"


def _note(suite: str, factors: set[str]) -> str:
    known = [item for item in IMPERFECTIONS.values() if item.name in factors]
    told = "; ".join(f"`{item.name}` ({item.unit}), {item.summary}" for item in known) or "none"
    return NOTE.format(subjects=subjects_name(suite), imperfections=told, compared=COMPARED)


def _shown(line: Row) -> Row:
    cells = {heading: line[name] for heading, name in COUNTS.items()}
    cells |= {
        "Formulation": line["formulation"],
        "Imperfection": line["words"],
        "Method": line["method"],
        "Start level": start_level_text(line["start_level"]),
        SUBJECTS: f"{line['subjects_with_result']}/{line['subjects']}",
    }
    for measure in MEASURES:
        ends = (line[column(measure, f"{LESS_REFERENCE}{end}")] for end in ("", "_lower", "_upper"))
        cells |= {measure.heading: figure(line[column(measure, "mean")]), _less(measure): with_interval(*ends)}
    return cells
