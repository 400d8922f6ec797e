"""Classes: whether data determine a quantity well, weakly or not at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Array = NDArray[np.float64]

LEVEL = 0.95
WIDTH = float(norm.ppf(0.5 + LEVEL / 2))  # half an interval's width, in standard deviations
# The noise levels that bounds are stated for; classes are those of the middle one. The shoulder's accelerations in
# the recordings are of some 1 rad/s2: the levels are a hundredth of it, a tenth, and all of it.
NOISE_LEVELS_RAD_PER_S2 = (0.01, 0.1, 1.0)
REFERENCE_NOISE_RAD_PER_S2 = NOISE_LEVELS_RAD_PER_S2[1]
# Half the width of the 95 % interval: within it a result says more than the paper's starts with errors of 10 % ...
IDENTIFIABLE_PERCENT = 10.0
# ... and beyond it not even that the quantity is not zero.
WEAK_PERCENT = 100.0
IDENTIFIABLE, WEAK, NOT = "identifiable", "weak", "not"
CLASSES = (IDENTIFIABLE, WEAK, NOT)


def classes(percent: Array) -> list[str]:
    """The class of each standard deviation in percent, (q,)."""
    half = WIDTH * percent
    chosen = np.select([half <= IDENTIFIABLE_PERCENT, half <= WEAK_PERCENT], CLASSES[:2], CLASSES[2])
    return [str(name) for name in chosen]


def tolerated_noise(percent_at_1_rad_per_s2: Array) -> Array:
    """The largest noise (rad/s2) at which each quantity is identifiable, (q,)."""
    return np.asarray(IDENTIFIABLE_PERCENT / (WIDTH * percent_at_1_rad_per_s2))
