"""A comparison over subjects in short, for a terminal."""

from __future__ import annotations

import pandas as pd
from tabulate import tabulate

from benchmark.problem.start_level import start_level_text
from benchmark.report.deep_muscles.comparison import column, comparison
from benchmark.report.deep_muscles.subject_runs import MEASURES, SETTING, subject_runs
from benchmark.report.deep_muscles.table import table_name
from benchmark.report.formats import figure, records


def subjects_text(runs: pd.DataFrame, suite: str) -> str:
    """Means over subjects as plain tables, one a method and start level, of the first imperfection alone: mostly none.

    Parameters
    ----------
    runs
        The runs of the suite, as `runs_table` gives them.
    suite
        Its name.
    """
    own = subject_runs(runs)
    first = own["imperfection"].cat.categories[0]
    lines = comparison(own[own["imperfection"] == first])
    tables = [_table(group) for _, group in lines.groupby(SETTING, sort=True)]
    rest = (
        f"Imperfections that are not shown here: {own['imperfection'].nunique() - 1}; see tables/{table_name(suite)}.md"
    )
    return "\n\n".join([f"{suite}: means over subjects", *tables, rest])


def _table(group: pd.DataFrame) -> str:
    lines = [
        {"formulation": line["formulation"], "subjects": f"{line['subjects_with_result']}/{line['subjects']}"}
        | {"failed\nruns": f"{line['failed_runs']}/{line['runs']}"}
        | {_narrow(measure.heading): figure(line[column(measure, "mean")]) for measure in MEASURES}
        for line in records(group)
    ]
    first = group.iloc[0]
    title = f"{first['method']}, {start_level_text(first['start_level'])} starts, imperfections: {first['words']}"
    return f"{title}\n{tabulate(lines, headers='keys', disable_numparse=True)}"


def _narrow(heading: str) -> str:
    """A heading over several lines, its unit in the last."""
    name, unit = heading.split(" (")
    return "\n".join([*name.split(), f"({unit}"])
