"""How often intervals held the truth: what was counted over replicates, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom
from scipy.stats import t as student

from benchmark.analysis.success import success_interval
from benchmark.identifiability.classes import LEVEL

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

ARRAYS = ("bounds_percent", "z_means", "z_root_mean_squares", "replicate_shares", "noise_found_rad_per_s2")


@dataclass(frozen=True, eq=False)
class Coverage:
    """How often 95 % intervals of q quantities held the truth, in n noisy replicates.

    Attributes
    ----------
    problem
        The problem's name, without noise.
    noise_rad_per_s2
        Standard deviation of the replicates' noise.
    first_seed
        Seed of the first replicate's noise; the others follow.
    names
        The quantities: those that are identifiable at this noise.
    bounds_percent
        Their Cramer-Rao bounds in percent of their magnitudes, (q,).
    covered
        In how many replicates the interval held the truth, (q,).
    z_means, z_root_mean_squares
        Of errors over their own standard deviations, over the replicates, (q,).
    replicate_shares
        Share of the quantities that are covered, of each replicate, (n,).
    noise_found_rad_per_s2
        The noise as each replicate's residual shows it, (n,).
    at_bounds
        In how many replicates a parameter ended at a bound, by its name.
    replicates_at_bounds
        In how many replicates any did.
    """

    problem: str
    noise_rad_per_s2: float
    first_seed: int
    names: tuple[str, ...]
    bounds_percent: Array
    covered: Counts
    z_means: Array
    z_root_mean_squares: Array
    replicate_shares: Array
    noise_found_rad_per_s2: Array
    at_bounds: Mapping[str, int]
    replicates_at_bounds: int

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.replicate_shares)

    @property
    def shares(self) -> Array:
        """Share of the replicates in which each interval held the truth, (q,)."""
        return np.asarray(self.covered / self.replicates)

    @property
    def share_intervals(self) -> Array:
        """Wilson's 95 % intervals of the shares, (q, 2)."""
        return np.array([success_interval(count, self.replicates) for count in self.covered.tolist()]).reshape(-1, 2)

    @property
    def allowed(self) -> tuple[float, float]:
        """Between which shares 95 of 100 correct intervals lie by chance, at this number of replicates."""
        low, high = binom.interval(LEVEL, self.replicates, LEVEL)
        return float(low) / self.replicates, float(high) / self.replicates

    @property
    def outside(self) -> tuple[str, ...]:
        """Quantities whose shares are not `allowed`."""
        low, high = self.allowed
        return tuple(name for name, share in zip(self.names, self.shares, strict=True) if not low <= share <= high)

    @property
    def pooled(self) -> float:
        """Share of all intervals that held the truth."""
        return float(self.replicate_shares.mean())

    @property
    def pooled_interval(self) -> tuple[float, float]:
        """Its 95 % interval, by Student's t over replicates: the intervals of one replicate go together."""
        error = self.replicate_shares.std(ddof=1) / np.sqrt(self.replicates)
        half = float(error * student.ppf(0.5 + LEVEL / 2, self.replicates - 1))
        return self.pooled - half, self.pooled + half

    def plain(self) -> dict[str, Any]:
        """What was found in numbers, texts and lists, as it is stored."""
        lists = {name: getattr(self, name).tolist() for name in (*ARRAYS, "covered")}
        return asdict(self) | lists | {"names": list(self.names), "at_bounds": dict(self.at_bounds)}

    @classmethod
    def of_plain(cls, content: Mapping[str, Any]) -> Coverage:
        """What `plain` made `content` of; further entries, such as its provenance, are not looked at."""
        arrays = {name: np.array(content[name], dtype=np.float64) for name in ARRAYS}
        arrays["covered"] = np.array(content["covered"], dtype=np.int64)
        own = {name: content[name] for name in cls.__dataclass_fields__}
        return cls(**{**own, **arrays, "names": tuple(content["names"])})
