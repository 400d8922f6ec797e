"""Errors that respect identifiability: in the directions that data determine, and beside the Cramer-Rao bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.classes import IDENTIFIABLE, REFERENCE_NOISE_RAD_PER_S2, classes
from benchmark.problem.parameters import order_filter
from benchmark.problem.problem_name import known_problem

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Yardstick:
    """What the errors of a problem's p parameters of stage one are measured by.

    Attributes
    ----------
    names
        The parameters.
    truth, magnitudes
        Their true values and what errors are relative to, (p,), in the parameters' units.
    directions
        Orthonormal directions of relative parameters, one a row, whose 95 % intervals at the problem's noise are
        narrow enough for the class ``identifiable``, (k, p).
    deviations
        Cramer-Rao bounds of the parameters' relative standard deviations at the problem's noise, NaN of those that are
        not identifiable, (p,); None for a problem without noise.
    """

    names: tuple[str, ...]
    truth: Array
    magnitudes: Array
    directions: Array
    deviations: Array | None

    def relative_errors(self, identified: Mapping[str, float]) -> Array | None:
        """Errors over magnitudes, (p,), with c1 <= c2; None if a parameter is missing."""
        if any(identified.get(name) is None for name in self.names):
            return None
        ordered = order_filter(identified)
        found = np.array([ordered[name] for name in self.names])
        return np.asarray((found - self.truth) / self.magnitudes)

    def error_percent(self, identified: Mapping[str, float]) -> float | None:
        """Root mean square error over the identifiable directions, in percent.

        The directions are those of the residual's sensitivities at the truth. Far from it the residual is curved, so
        that large errors along directions that data hardly determine leak into this figure: it is small only where
        the result is good, but it may be large where nothing but a weak direction is wrong.

        Parameters
        ----------
        identified
            Parameters by name, others than the yardstick's too.

        Returns
        -------
        float | None
            None if a parameter is missing, or if no direction is identifiable.
        """
        errors = self.relative_errors(identified)
        return None if errors is None else _root_mean_square(100.0 * (self.directions @ errors))

    def error_over_bound(self, identified: Mapping[str, float]) -> float | None:
        """Root mean square over the identifiable parameters of the error over its Cramer-Rao bound.

        Over many draws of the noise, no unbiased estimate has a mean square below 1. What a method has more it loses,
        as it has not converged or is in a wrong minimum, or the residual's curvature takes it, where noise is large.
        A single draw may come out below 1, as may estimates that are not unbiased: where bounds of the parameters hold
        them, or where a search from near the truth stops early.

        Parameters
        ----------
        identified
            Parameters by name, others than the yardstick's too.

        Returns
        -------
        float | None
            None if the problem has no noise, if a parameter is missing, or if none is identifiable.
        """
        errors = self.relative_errors(identified)
        if errors is None or self.deviations is None:
            return None
        known = np.isfinite(self.deviations)
        return _root_mean_square(errors[known] / self.deviations[known])


def yardstick(analysis: Analysis, noise_rad_per_s2: float) -> Yardstick:
    """The yardstick of a problem.

    Parameters
    ----------
    analysis
        Of the problem, without noise, at the truth.
    noise_rad_per_s2
        The problem's noise; for 0, directions are those that are identifiable at the reference noise of the classes.
    """
    known = analysis.information
    noise = noise_rad_per_s2 or REFERENCE_NOISE_RAD_PER_S2
    deviations = known.standard_deviations(noise)
    return Yardstick(
        names=known.names,
        truth=known.values,
        magnitudes=known.magnitudes,
        directions=known.directions[_identifiable(known.standard_deviations(noise, known.directions))],
        deviations=np.where(_identifiable(deviations), deviations, np.nan) if noise_rad_per_s2 else None,
    )


def yardsticks_of(problems: Iterable[str], analyses: Mapping[str, Analysis]) -> dict[str, Yardstick]:
    """Yardsticks by the problem's name; none of a problem without an analysis.

    Parameters
    ----------
    problems
        Names of problems, with noise or without.
    analyses
        Analyses at the truth, by the names of problems without noise.
    """
    found = {}
    for problem in sorted(set(problems)):
        parsed = known_problem(problem)
        if parsed is not None and parsed.without_imperfections in analyses:
            found[problem] = yardstick(analyses[parsed.without_imperfections], parsed.noise_rad_per_s2)
    return found


def _identifiable(deviations: Array) -> NDArray[np.bool_]:
    """Whether relative standard deviations are those of the class ``identifiable``."""
    return np.array([found == IDENTIFIABLE for found in classes(100.0 * deviations)], dtype=bool)


def _root_mean_square(values: Array) -> float | None:
    return float(np.sqrt(np.mean(values**2))) if len(values) else None
