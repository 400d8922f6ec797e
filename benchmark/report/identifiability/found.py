"""What the report has of identifiability: stored analyses and studies, and the tables made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.stored import load_analyses
from benchmark.report.identifiability.collinearity_table import collinearity, collinearity_table
from benchmark.report.identifiability.directions_table import directions, directions_table
from benchmark.report.identifiability.factors_table import factors_table
from benchmark.report.identifiability.quantities_table import identifiability_table
from benchmark.report.identifiability.rows import bounds_table, in_order
from benchmark.report.identifiability.studies import FurtherStudies, load_further_studies
from benchmark.report.identifiability.summary_table import summary_table
from benchmark.report.report_table import ReportTable

FOLDER = "identifiability"  # of the figures


@dataclass(frozen=True, eq=False)
class Identifiability:
    """What is stored of identifiability.

    Attributes
    ----------
    analyses
        By the problem's name, in the order to show them in; at least one.
    further
        Studies beside them.
    """

    analyses: Mapping[str, Analysis]
    further: FurtherStudies

    @cached_property
    def bounds(self) -> pd.DataFrame:
        """Their `bounds_table`."""
        return bounds_table(self.analyses)

    @cached_property
    def tables(self) -> tuple[ReportTable, ...]:
        """All tables, in the order to show them in."""
        return (
            summary_table(self.analyses, self.bounds),
            identifiability_table(self.bounds),
            factors_table(self.bounds),
            directions_table(directions(self.analyses)),
            collinearity_table(collinearity(self.analyses)),
            *self.further.tables,
        )


def load_identifiability(results: Path) -> Identifiability | None:
    """What is stored of identifiability in a results folder; None without any analysis.

    What is of problems that are not known any more is left out, with a warning.
    """
    analyses = in_order(load_analyses(results))
    return Identifiability(analyses, load_further_studies(results)) if analyses else None
