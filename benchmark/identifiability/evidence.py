"""Evidence for and against claims on what can be identified, from analyses of the two formulations.

A claim holds of a quantity if its bound is finite without regard to its size, as only then it can be identified at
all; the evidence says, too, what is left at the noise that classes are stated for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmark.analysis.comparison import SMALLEST_RATIO
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.classes import IDENTIFIABLE, REFERENCE_NOISE_RAD_PER_S2, classes
from benchmark.identifiability.quantities import SHARED
from datasets.parameters import MUSCLE_UNITS

Select = Callable[[str, str], bool]  # of a quantity's name and kind
Pairs = Sequence[tuple[Analysis, Analysis]]  # of M1 and M2 on the same recordings

PAPER_COUNT = 17
UNSEEN_MUSCLES = ("TRIlat", "BRD")
SLOW = ("c1", "c2", "pennation_at_optimal")
NAMED = 3  # quantities that an evidence has room for
HOLDS, IN_PART, REFUTED = "holds", "holds in part", "refuted"
AT_NOISE = f"at noise of {REFERENCE_NOISE_RAD_PER_S2:g} rad/s2"


@dataclass(frozen=True)
class Claim:
    """A claim of the paper on what can be identified.

    Attributes
    ----------
    claim
        What is claimed.
    section, quote
        Where, and in which words.
    verdict
        ``holds``, ``holds in part`` or ``refuted``.
    evidence
        The figures that it follows from.
    """

    claim: str
    section: str
    quote: str
    verdict: str
    evidence: str


def of_quantities(m1: Sequence[Analysis], claim: str, section: str, quote: str, select: Select) -> Claim:
    """Whether quantities have a finite bound; those that an analysis lacks but names a cause for count as unseen."""
    seen, total, at_noise, lacking = [], [], [], dict[str, None]()
    for found in m1:
        bounds = {name: bound for name, kind, bound in _bounds(found) if select(name, kind)}
        finite = [name for name, bound in bounds.items() if np.isfinite(bound)]
        without = [name for name in (*bounds, *_absent(found, select)) if name not in finite]
        lacking |= dict.fromkeys(without)
        seen.append(len(finite))
        total.append(len(finite) + len(without))
        at_noise.append(classes(np.array(list(bounds.values()))).count(IDENTIFIABLE))
    named = f"; without: {', '.join(lacking)}" if 0 < len(lacking) <= NAMED else ""
    evidence = (
        f"{_span(seen)} of {_span(total)} have a finite bound in {len(m1)} problems of M1{named}; {AT_NOISE} "
        f"{_span(at_noise)} are identifiable"
    )
    return Claim(claim, section, quote, _verdict(sum(seen), sum(total)), evidence)


def unique(m1: Sequence[Analysis]) -> Claim:
    """Whether no direction of the parameters is without effect on the residual."""
    ranks = [found.information.rank for found in m1]
    sizes = [len(found.information.names) for found in m1]
    lost = [size - rank for size, rank in zip(sizes, ranks, strict=True)]
    return Claim(
        "Nothing but the true parameters makes the residual vanish.",
        "III-D",
        "unless the estimates are at the ground truth",
        _verdict(lost.count(0), len(m1)),
        f"of {_span(sizes)} directions of the parameters of stage one {_span(lost)} have no effect on the residual, "
        f"in {len(m1)} problems of M1",
    )


def blind(m1: Sequence[Analysis], pairs: Pairs) -> Claim:
    """That M1 cannot see TRIlat and BRD; the evidence says what M2 sees of them."""

    def of_these(name: str, kind: str) -> bool:
        return owner(name) in UNSEEN_MUSCLES

    in_m1, in_m2 = ([_finite(found, of_these) for found in own] for own in (m1, [two for _, two in pairs]))
    absent = [len(list(_absent(found, of_these))) for found in m1]
    beside = f"; in M2 {_span(in_m2)} have a finite bound" if in_m2 else ""
    return Claim(
        f"{' and '.join(UNSEEN_MUSCLES)} cannot be estimated without the deep muscles' EMG.",
        "III-D",
        "cannot be estimated because",
        _verdict(in_m1.count(0), len(in_m1)),
        f"in {len(m1)} problems of M1 {_span(in_m1)} of their parameters have a finite bound and "
        f"{_span(absent)} have no influence at all{beside}",
    )


def minimal(bases: Sequence[Mapping[str, Any]]) -> Claim:
    """Whether the paper's number of dynamic coefficients is what the recordings determine."""
    counts = [len(base["coefficients"]) for base in bases]
    last = min(base["tolerances"][-1] for base in bases)
    ranks: dict[int, list[str]] = {}
    for entry in bases[0]["counts"]:
        ranks.setdefault(entry["count"], []).append(entry["assumption"])
    by_rank = "; ".join(f"{rank} for {' or '.join(ranks[rank])}" for rank in sorted(ranks, reverse=True))
    return Claim(
        f"{PAPER_COUNT} dynamic coefficients determine the bones' dynamics, and no fewer.",
        "IV-C",
        "a set of 17 dynamic coefficients",
        _verdict(counts.count(PAPER_COUNT), len(counts)),
        f"the recordings of {len(bases)} problems determine {_span(counts)}: the last diagonal entry of the pivoted QR "
        f"is {last:.1g} of the first or more, the next is rounding. {_cut_off(bases)}Ranks at random states: "
        f"{by_rank}",
    )


def _cut_off(bases: Sequence[Mapping[str, Any]]) -> str:
    """The tolerance that the paper's number takes where there are more: between two entries."""
    beyond = [base["tolerances"] for base in bases if len(base["tolerances"]) > PAPER_COUNT]
    if not beyond:
        return ""
    above, below = (np.array([entries[index] for entries in beyond]) for index in (PAPER_COUNT - 1, PAPER_COUNT))
    return (
        f"{PAPER_COUNT} are left with a tolerance between {below.min():.2g} and {above.max():.2g}, where the entries "
        f"fall by a factor of {(above / below).max():.2g} at most. "
    )


def as_good(pairs: Pairs, claim: str, section: str, quote: str, select: Select) -> Claim:
    """Whether M1's bounds are within what is no difference of M2's."""
    ratios = []
    for one, two in pairs:
        bounds = {name: bound for name, _, bound in _bounds(two)}
        ratios += [bound / bounds[name] for name, kind, bound in _bounds(one) if select(name, kind) and name in bounds]
    found = np.array(ratios)
    good = int((found <= SMALLEST_RATIO).sum())
    return Claim(
        claim,
        section,
        quote,
        _verdict(good, len(found)),
        f"with independent noise in the accelerations, however small, {good} of {len(found)} bounds in "
        f"{len(pairs)} pairs of problems are within a factor of {SMALLEST_RATIO:g} of M2's; M1's are larger by a "
        f"factor of {found.min():.3g} to {found.max():.3g}, {np.median(found):.3g} in the median. Without any noise "
        "both are exact",
    )


def hard(m1: Sequence[Analysis]) -> Claim:
    """That c1, c2 and pennation angles are worse determined than the median of the other parameters of muscles."""
    ratios = []
    for found in m1:
        own = [(name, kind, bound) for name, kind, bound in _bounds(found) if kind in MUSCLE_UNITS or kind == SHARED]
        middle = np.median([bound for name, kind, bound in own if not _is_slow(name, kind)])
        ratios += [bound / middle for name, kind, bound in own if _is_slow(name, kind)]
    worse = sum(ratio > 1.0 for ratio in ratios)
    return Claim(
        "c1, c2 and the pennation angles are the hard ones (slow to converge).",
        "IV-C",
        "seemed to converge more slowly than the others",
        _verdict(worse, len(ratios)),
        f"{worse} of {len(ratios)} of their bounds in {len(m1)} problems of M1 are above the median of the other "
        f"muscle and shared parameters' bounds; {np.median(ratios):.3g} times that in the median, {min(ratios):.2g} to "
        f"{max(ratios):.3g} times",
    )


def _is_slow(name: str, kind: str) -> bool:
    return name in SLOW or kind in SLOW


def _bounds(found: Analysis) -> Iterator[tuple[str, str, float]]:
    """Names, kinds and bounds in percent at the reference noise."""
    percent = found.percent(REFERENCE_NOISE_RAD_PER_S2).tolist()
    return zip(found.quantities.names, found.quantities.kinds, percent, strict=True)


def _finite(found: Analysis, select: Select) -> int:
    """How many selected quantities have a finite bound."""
    return sum(select(name, kind) and bool(np.isfinite(bound)) for name, kind, bound in _bounds(found))


def _absent(found: Analysis, select: Select) -> Iterator[str]:
    """Selected quantities that the analysis lacks, and has a cause for."""
    return (
        name for name in found.causes if name not in found.quantities.names and select(name, name.partition(".")[2])
    )


def visible(m1: Sequence[Analysis]) -> set[str]:
    """Muscles with parameters in analyses of M1."""
    named = (zip(found.quantities.names, found.quantities.kinds, strict=True) for found in m1)
    return {owner(name) for pairs in named for name, kind in pairs if kind in MUSCLE_UNITS}


def owner(name: str) -> str:
    """The bone or muscle that a parameter belongs to; the parameter itself where it is shared."""
    return name.partition(".")[0]


def _verdict(passed: int, total: int) -> str:
    return HOLDS if passed == total else IN_PART if passed else REFUTED


def _span(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low}" if low == high else f"{low} to {high}"
