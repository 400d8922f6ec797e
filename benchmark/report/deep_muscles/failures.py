"""How the runs of a suite over subjects ended: counts and reasons, as a line for each of its problems were too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pandas as pd

from benchmark.report.formats import records
from benchmark.report.material import SuiteMaterial
from benchmark.report.omissions import counts_text, damage_text
from benchmark.report.rows import delivered
from datasets.subjects import SUBJECTS

MOST_REASONS: Final = 12


def ended(suite: SuiteMaterial) -> tuple[str, ...]:
    """Paragraphs of Markdown: how runs ended, why some did without a result, and what is in no line of the tables."""
    without = suite.runs.drop(delivered(suite.runs).index)
    paragraphs = ["\n".join([counts_text(suite.runs, without), "", *_reasons(without)]).rstrip()]
    if others := int((~suite.runs["subject"].isin(SUBJECTS)).sum()):
        paragraphs.append(f"Runs of no virtual subject, which are in no line of these tables: {others}.")
    return tuple(text for text in (*paragraphs, damage_text(suite.damaged)) if text)


def _reasons(without: pd.DataFrame) -> Iterator[str]:
    """A line for all runs that ended alike, the most frequent first."""
    alike = [own for _, own in without.groupby(["status", "message"], sort=True)]
    alike.sort(key=len, reverse=True)
    for own in alike[:MOST_REASONS]:
        first, formulations = records(own.head(1))[0], Counter(own["formulation"])
        listed = ", ".join(f"`{name}` {count}" for name, count in formulations.most_common())
        said = f"{first['status']}{': ' + first['message'] if first['message'] else ''}"
        yield f"- {said} ({len(own)}: {listed})"
    if rest := sum(map(len, alike[MOST_REASONS:])):
        yield f"- in {len(alike) - MOST_REASONS} other ways: {rest}; all of them are in `runs.csv`"
