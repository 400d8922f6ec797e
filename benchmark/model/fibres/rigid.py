"""The rigid tendon: a fibre's reach is what its tendon's slack length leaves of the path, in closed form."""

from __future__ import annotations

from typing import Any

from benchmark.model.compiled import inlined
from benchmark.model.fibres.sampled import TENDON_COLUMN


@inlined
def rigid_reach(length: float, velocity: float, muscle: Any, by_s: Any) -> Any:
    """Reach l cos(phi) = l_mt - l_ts (m) and its rate (m/s), at a path's length (m) and velocity (m/s).

    The reach's derivatives by column are filled in; the rate has none.
    """
    by_s[:] = 0.0
    if len(by_s):
        by_s[TENDON_COLUMN] = -1.0
    return length - muscle[5], velocity
