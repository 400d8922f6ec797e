"""Analyses for a terminal: a line a problem, and of one problem a line a quantity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from tabulate import tabulate

from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.classes import (
    CLASSES,
    IDENTIFIABLE_PERCENT,
    NOISE_LEVELS_RAD_PER_S2,
    REFERENCE_NOISE_RAD_PER_S2,
    WEAK_PERCENT,
    classes,
)
from benchmark.identifiability.quantities import COEFFICIENT, SHARED
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS

GROUPS = {
    "muscles": tuple(MUSCLE_UNITS),
    "shared": (SHARED,),
    "bones": tuple(BONE_UNITS),
    "dynamic\ncoefficients": (COEFFICIENT,),
}


def overview(found: Sequence[Analysis]) -> str:
    """Analyses in words: a line each; where there is only one, a line for each of its quantities too."""
    titles = [
        f"Quantities that are {' / '.join(CLASSES)} (their 95 % intervals are within {IDENTIFIABLE_PERCENT:g} % / "
        f"within {WEAK_PERCENT:g} % / wider)\nat a noise of {REFERENCE_NOISE_RAD_PER_S2:g} rad/s2 in the accelerations:"
    ]
    parts = [*titles, tabulate([_line(one) for one in found], headers="keys", disable_numparse=True)]
    if len(found) == 1:
        parts += ["Standard deviations that no unbiased estimate beats:", _quantities(found[0])]
    parts += [f"{one.problem}: {remark}" for one in found for remark in one.remarks]
    return "\n\n".join(parts)


def _line(found: Analysis) -> dict[str, str]:
    named = classes(found.percent(REFERENCE_NOISE_RAD_PER_S2))
    line = {
        "problem": found.problem,
        "recorded\n(s)": f"{found.recorded_s:.1f}",
        "parameters": str(len(found.information.names)),
        "rank": str(found.information.rank),
    }
    for group, kinds in GROUPS.items():
        count = Counter(name for name, kind in zip(named, found.quantities.kinds, strict=True) if kind in kinds)
        line[group] = " / ".join(str(count[name]) for name in CLASSES)
    return line


def _quantities(found: Analysis) -> str:
    order = np.argsort(found.percent(REFERENCE_NOISE_RAD_PER_S2), kind="stable")
    lines = [*_known(found, order.tolist()), *_unknown(found)]
    return tabulate(lines, headers="keys", disable_numparse=True)


def _known(found: Analysis, order: Sequence[int]) -> Iterator[dict[str, str]]:
    levels = {noise: found.percent(noise) for noise in NOISE_LEVELS_RAD_PER_S2}
    named = classes(levels[REFERENCE_NOISE_RAD_PER_S2])
    quantities = found.quantities
    for index in order:
        bounds = {f"{noise:g} rad/s2\n(%)": f"{percent[index]:.2g}" for noise, percent in levels.items()}
        yield {
            "quantity": quantities.names[index],
            "value": f"{quantities.values[index]:.4g}",
            "unit": quantities.units[index],
            **bounds,
            "class": named[index],
            "cause": found.causes.get(quantities.names[index], ""),
        }


def _unknown(found: Analysis) -> Iterator[dict[str, str]]:
    """Parameters that the equations lack, muscle by muscle."""
    whole: dict[str, list[str]] = {}
    for name, cause in found.causes.items():
        if name not in found.quantities.names:
            whole.setdefault(cause, []).append(name)
    for cause, names in whole.items():
        owner = names[0].partition(".")[0]
        quantity = names[0] if len(names) == 1 else f"{owner}, all parameters"
        yield {"quantity": quantity, "class": CLASSES[-1], "cause": cause}
