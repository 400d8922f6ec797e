"""Parametric bootstrap of a result: what would have been identified, had the noise been another.

The recordings' accelerations are changed so that the result fits them exactly, noise as large as the residual showed is
added, and the parameters are identified again. Unlike the Gauss-Newton covariance this sees curvature and bounds. It
starts at the result: what the data leave open stays there, and has no interval in truth.

A change of the accelerations by C^(1/2) xi, C = (K'K)^-1, changes W'e by V' xi with V = C^(1/2)' Mbar W, and the
residual is r = L^-1 W'e with LL' = V'V. The least change with which r is zero is therefore
xi = -V (V'V)^-1 W'e = -V L'^-1 r.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.analysis.base_parameters import dynamic_coefficients
from benchmark.harness.errors import HarnessError
from benchmark.identifiability.causes import at_bounds
from benchmark.identifiability.classes import LEVEL
from benchmark.identifiability.quantities import COEFFICIENT, tendon_solution
from benchmark.identifiability.refine import refine
from benchmark.model.standard_parameters import standard_values
from benchmark.problem.acceleration_noise import with_changed_accelerations, with_noise
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.formulations.formulation import DeepMuscles
from benchmark.problem.problem import Problem
from benchmark.problem.projection import CoupledRecording, project
from benchmark.problem.tendon_stage import TendonStage
from benchmark.processes import Progress, in_processes
from benchmark.uncertainty.fit import Fit, Mask, fitted

Array = NDArray[np.float64]

FEWEST = 20  # replicates: with fewer the ends of a 95 % interval are the extremes, or beyond them
ARBITRARY_UNIT = 1.0  # of the loss, in rad2/s4: a minimum is where it is in any


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Results of replicates.

    Attributes
    ----------
    noise_rad_per_s2
        The noise of the replicates.
    names
        Parameters of stage one, tendon slack lengths and dynamic coefficients, as in an `Uncertainty`.
    values
        What was identified, (replicates, q), in the quantities' units.
    at_bound
        Which of the parameters of stage one ended at a bound, (replicates, p).
    """

    noise_rad_per_s2: float
    names: tuple[str, ...]
    values: Array
    at_bound: Mask

    @property
    def standard_deviations(self) -> Array:
        """Of the quantities, (q,), in their units."""
        return np.asarray(self.values.std(axis=0, ddof=1))

    @property
    def intervals(self) -> Array:
        """Lower and upper ends of the percentile 95 % intervals, (2, q), in the quantities' units."""
        tail = 0.5 * (1.0 - LEVEL)
        return np.asarray(np.quantile(self.values, [tail, 1.0 - tail], axis=0))

    @property
    def share_at_bounds(self) -> float:
        """Share of the replicates that ended with any parameter at a bound."""
        return float(self.at_bound.any(axis=1).mean())

    @property
    def shares_at_bounds(self) -> dict[str, float]:
        """Share of the replicates that ended with a parameter at a bound, by the parameter."""
        return dict(zip(self.names, self.at_bound.mean(axis=0).tolist(), strict=False))  # parameters come first


class _Setting(NamedTuple):
    """What identifies the parameters again: recordings that a point fits exactly, and all that turns them into results.

    Attributes
    ----------
    recordings
        With accelerations that leave no residual at `point`, (p,).
    combination
        Of standard parameters to dynamic coefficients, (coefficients, standard parameters).
    kind
        Of stage one.
    """

    recordings: tuple[CoupledRecording, ...]
    deep_muscles: DeepMuscles
    bodies: tuple[str, ...]
    rigid_tendons: tuple[str, ...]
    truth: Mapping[str, float]
    point: Array
    combination: Array
    noise_rad_per_s2: float
    kind: type[AccelerationStage]


class _Again(NamedTuple):
    """What came of a replicate: values of all quantities, (q,), and which parameters are at a bound, (p,)."""

    values: Array
    at_bound: Mask


def bootstrap(
    problem: Problem,
    values: Mapping[str, Any],
    replicates: int,
    seed: int = 0,
    noise: float | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Bootstrap:
    """Identify a result's parameters again from replicates of its recordings with other noise.

    Parameters
    ----------
    problem
        The problem that the result is of, with or without noise.
    values
        The result's parameters by name.
    replicates
        How many, at least 20.
    seed
        Seed of their noise.
    noise
        Its standard deviation in rad/s2; None for what the residual shows.
    jobs
        Processes that work on it; 1 for this one alone.
    progress
        Is told how many replicates of how many are done.

    Raises
    ------
    HarnessError
        If the result has no value for a parameter, there are too few replicates, or nothing tells the noise.
    """
    if replicates < FEWEST:
        raise HarnessError(f"{replicates} replicates give no 95 % interval: ask for {FEWEST} or more")
    fit = fitted(problem, values)
    setting = _setting(problem, fit, _noise(fit, noise))
    seeds = np.random.SeedSequence(seed).generate_state(replicates).tolist()
    found = in_processes(partial(_identify_again, setting), seeds, jobs, progress)
    return Bootstrap(
        noise_rad_per_s2=setting.noise_rad_per_s2,
        names=_names(problem, fit),
        values=np.array([again.values for again in found]),
        at_bound=np.array([again.at_bound for again in found]),
    )


def without_residual(problem: Problem, fit: Fit) -> tuple[CoupledRecording, ...]:
    """The problem's recordings with the nearest accelerations that leave no residual at a result."""
    torque, inertia = fit.stage.equations(fit.point, fit.stage.force(fit.point))
    left, rows = np.transpose(torque)[..., None], np.transpose(inertia, (2, 0, 1))
    change = -(rows @ np.linalg.solve(rows.swapaxes(1, 2) @ rows, left))[..., 0]
    ends = np.cumsum([len(entry.counted) for entry in problem.coupled])[:-1]
    parts = zip(problem.coupled, np.split(change, ends), strict=True)
    return tuple(with_changed_accelerations(entry, part) for entry, part in parts)


def _noise(fit: Fit, asked: float | None) -> float:
    noise = fit.noise()[0] if asked is None else asked
    if math.isnan(noise) and asked is None:
        raise HarnessError("the recordings are too short to tell their noise: give it, in rad/s2")
    if not 0.0 < noise < math.inf:
        raise HarnessError(f"noise of {noise:g} rad/s2 makes no replicates: it must be positive and finite")
    return noise


def _setting(problem: Problem, fit: Fit, noise: float) -> _Setting:
    return _Setting(
        recordings=without_residual(problem, fit),
        deep_muscles=problem.parsed.formulation.deep_muscles,
        bodies=problem.arm.identified_bodies,
        rigid_tendons=problem.rigid_tendons,
        truth=problem.nominal,
        point=fit.point,
        combination=dynamic_coefficients(problem).combination,
        noise_rad_per_s2=noise,
        kind=type(fit.stage),
    )


def _names(problem: Problem, fit: Fit) -> tuple[str, ...]:
    second = problem.next_stage(fit.stage, fit.point, problem.nominal)
    tendons = () if second is None else second.space.names
    leading = dynamic_coefficients(problem).names
    return (*fit.stage.space.names, *tendons, *(f"{COEFFICIENT} {name}" for name in leading))


def _identify_again(setting: _Setting, seed: int) -> _Again:
    recordings = [with_noise(entry, setting.noise_rad_per_s2, seed) for entry in setting.recordings]
    seen = project(recordings, setting.deep_muscles)
    stage = setting.kind(seen, setting.bodies, setting.truth, ARBITRARY_UNIT)
    point = refine(stage, setting.point).x
    dynamic = setting.combination @ standard_values(stage.space.values(point), setting.bodies)
    return _Again(np.concatenate([point, _tendons(setting, stage, point), dynamic]), at_bounds(stage.space, point))


def _tendons(setting: _Setting, stage: AccelerationStage, point: Array) -> Array:
    """Tendon slack lengths (m) of stage two, where there is one."""
    if not isinstance(stage, FibreStage):
        return np.empty(0)
    return tendon_solution(TendonStage(stage, point, setting.rigid_tendons, setting.truth))
