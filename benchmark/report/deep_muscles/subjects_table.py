"""Every subject, and every deep muscle, for programs."""

from __future__ import annotations

import pandas as pd

from benchmark.report.deep_muscles.comparison import is_failure
from benchmark.report.deep_muscles.subject_runs import FACTOR, MEASURES, SETTING, subject_runs
from benchmark.report.deep_muscles.table import subjects_name
from benchmark.report.material import SuiteMaterial
from benchmark.report.report_table import ReportTable
from benchmark.report.rows import delivered

BY_MUSCLE = "deep_force_error_by_muscle"  # of a row, in percent
GROUP = [*SETTING, "imperfection", "formulation", "subject"]


def subjects_table(suite: SuiteMaterial) -> ReportTable:
    """Means over the runs of each subject, formulation, imperfection, method and start level.

    One line each, also where no run delivered a result; errors of the deep muscles' forces by muscle, too.
    """
    rows = dict(zip(suite.runs.index, suite.rows, strict=True))
    errors = pd.DataFrame([row.get(BY_MUSCLE) or {} for row in rows.values()], index=list(rows), dtype=float)
    runs = subject_runs(suite.runs)
    muscles = {name: f"deep_force_error_{name}_percent" for name in errors}
    runs = runs.join(errors.rename(columns=muscles))
    done, first = delivered(runs).groupby(GROUP, observed=True), runs.groupby(GROUP, observed=True, sort=True)
    units = {measure.column: f"{measure.stem}_{measure.unit}" for measure in MEASURES}
    raw = first[FACTOR[1:]].first()
    raw["runs"], raw["runs_with_result"] = first.size(), done.size()
    raw["failed_runs"] = runs["status"].map(is_failure).groupby([runs[name] for name in GROUP], observed=True).sum()
    raw = raw.join(done[[*units, *muscles.values()]].mean().rename(columns=units)).reset_index()
    raw["runs_with_result"] = raw["runs_with_result"].fillna(0).astype(int)
    title = f"Each subject, and each deep muscle, suite `{suite.name}`"
    return ReportTable(subjects_name(suite.name), title, raw, raw, formats=("csv",))
