"""The table of the paper's claims on what can be identified, with verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.report.report_table import ReportTable

NAME = "identifiability-claims"
HEADINGS: Mapping[str, str] = {
    "claim": "Claim",
    "section": "Section",
    "quote": "Words",
    "verdict": "Verdict",
    "evidence": "Evidence",
}
NOTE = (
    "Against the analyses of the problems that are stored, at the true parameters. A parameter can be identified if "
    "its bound is finite, however large; how well, the evidence says. Where a claim is about several parameters or "
    "problems, *holds* means all of them, *refuted* none, *holds in part* some. The paper judges by runs without noise."
)


def claims_table(content: Mapping[str, Any]) -> ReportTable:
    """The table of claims.

    Parameters
    ----------
    content
        The study ``claims``, see :func:`benchmark.identifiability.claims.claims_study`.
    """
    raw = pd.DataFrame(content["claims"], columns=list(HEADINGS))
    return ReportTable(
        name=NAME,
        title="The paper's claims on what can be identified",
        raw=raw,
        shown=raw.rename(columns=dict(HEADINGS)),
        note=NOTE,
        formats=("csv", "md"),  # evidence is too long for a line of a paper
    )
