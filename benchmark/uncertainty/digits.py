"""Values and intervals in as many digits as they are known with."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmark.report.formats import MISSING, figure

FEWEST_DIGITS, MOST_DIGITS = 3, 12


def digits_of(value: float, deviation: float) -> int:
    """Significant digits with which a value shows its deviation."""
    ratio = abs(value) / deviation if deviation > 0.0 else 0.0
    if not 0.0 < ratio < math.inf:
        return FEWEST_DIGITS
    return min(MOST_DIGITS, max(FEWEST_DIGITS, math.ceil(math.log10(ratio)) + 1))


def with_digits(value: float, digits: int) -> str:
    """A value with so many digits; a dash for what is not finite."""
    if not math.isfinite(value):
        return MISSING
    return figure(value) if digits == FEWEST_DIGITS else f"{value:.{digits}g}"


def interval_text(ends: Sequence[float], digits: int) -> str:
    """An interval with so many digits; a dash if an end is not finite."""
    low, high = (with_digits(end, digits) for end in ends)
    return MISSING if MISSING in (low, high) else f"[{low}, {high}]"
