"""What the paper says can be identified, held against the analyses of its two formulations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.evidence import (
    Claim,
    Pairs,
    as_good,
    blind,
    hard,
    minimal,
    of_quantities,
    owner,
    unique,
    visible,
)
from benchmark.identifiability.quantities import COEFFICIENT, SHARED
from benchmark.problem.problem_name import ProblemName
from benchmark.problem.tendon_stage import TENDON_KIND
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS

PAPER = "paper"  # stands for a problem's name where claims are stored


@dataclass(frozen=True, eq=False)
class Material:
    """Analyses of M1, of M1 and M2 on the same recordings, and studies of base parameters."""

    m1: tuple[Analysis, ...]
    pairs: Pairs
    bases: tuple[Mapping[str, Any], ...]


def claims(analyses: Mapping[str, Analysis], bases: Mapping[str, Mapping[str, Any]]) -> list[Claim]:
    """The claims that the analyses can judge, with verdicts.

    Parameters
    ----------
    analyses
        Analyses at the truth, by the problem's name; those with unknown fibres, which the paper has not, are left out.
    bases
        Studies ``base``, by the problem's name.

    Raises
    ------
    HarnessError
        If no problem of formulation m1 with known fibres has been analysed.
    """
    by_formulation: dict[str, dict[str, Analysis]] = {"m1": {}, "m2": {}}
    for name, found in analyses.items():
        if (problem := ProblemName.parse(name)).fibres == "known":
            by_formulation[problem.formulation.name][name.partition("-")[2]] = found
    m1, m2 = by_formulation["m1"], by_formulation["m2"]
    if not m1:
        raise HarnessError(
            "no problem of formulation m1 has been analysed: make it with python -m benchmark identifiability "
            "m1-ab-published"
        )
    pairs = tuple((m1[rest], m2[rest]) for rest in m1 if rest in m2)
    return list(_judged(Material(tuple(m1.values()), pairs, tuple(bases.values()))))


def claims_study(found: Sequence[Claim]) -> dict[str, Any]:
    """What is to be stored of claims, as the study ``claims``."""
    return {"problem": PAPER, "claims": [asdict(claim) for claim in found]}


def _judged(seen: Material) -> Iterator[Claim]:
    yield of_quantities(
        seen.m1,
        "All 30 bone parameters can be estimated without the deep muscles' EMG.",
        "III-D",
        "all the bone parameters [...] can be estimated",
        lambda name, kind: kind in BONE_UNITS,
    )
    yield unique(seen.m1)
    yield of_quantities(
        seen.m1,
        "All parameters of the nine muscles that act on the shoulder can be estimated without the deep muscles' EMG.",
        "III-D",
        "the muscles that would affect the three shoulder DoFs",
        lambda name, kind: kind in MUSCLE_UNITS and owner(name) in visible(seen.m1),
    )
    yield blind(seen.m1, seen.pairs)
    if seen.bases:
        yield minimal(seen.bases)
    yield of_quantities(
        seen.m1,
        "The dynamic coefficients can be identified uniquely.",
        "IV-C",
        "can be uniquely identified",
        lambda name, kind: kind == COEFFICIENT,
    )
    if seen.pairs:
        yield as_good(
            seen.pairs,
            "For the superficial muscles' parameters, M1 is as good as M2.",
            "IV-C",
            "already as good as M2",
            lambda name, kind: kind in MUSCLE_UNITS,
        )
        yield as_good(
            seen.pairs,
            "Over all parameters, M1 reaches an accuracy comparable to M2's.",
            "Abstract",
            "comparable estimation accuracy",
            lambda name, kind: kind in MUSCLE_UNITS or kind in (COEFFICIENT, SHARED),
        )
    yield hard(seen.m1)
    yield of_quantities(
        seen.m1,
        "Tendon slack lengths follow from the other parameters, in a second stage.",
        "IV-C",
        "tendon slack length based on the other optimized parameters",
        lambda name, kind: kind == TENDON_KIND and owner(name) in visible(seen.m1),
    )
