"""Stage one of synergy extrapolation (Ao et al. 2022): deep muscles' EMG from the synergies of the measured.

In each recording the EMG of an unmeasured muscle is a combination of the synergies' courses, and a small one is added
to each measured channel; the weights are parameters, found with all others. The loss is a sum of mean squares, each of
a quantity over what is allowed of it: torques' errors; extrapolated EMG; EMG added to measured channels; and what lies
beyond 0 and 1, where EMG is cut off, in the place of the published constraint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.compiled_forces import forces_with_partials
from benchmark.model.contraction import FibreParameters
from benchmark.model.scan import SHARED_COUNT, activation_with_sensitivities
from benchmark.problem.acceleration_stage import standard
from benchmark.problem.compiled_residual import residual_and_jacobian
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.parameters import ParameterSpace
from benchmark.problem.problem import Problem
from benchmark.problem.stage import NoSuchFormError
from benchmark.problem.synergies import Factorisation, largest_emg, measured_columns, synergies
from datasets.parameters import SYNERGIES

Array = NDArray[np.float64]
WEIGHT_BOUND = 100.0


@dataclass(frozen=True)
class AllowedEmg:
    """What a cost of one stands for: error of a torque (N m), EMG extrapolated, added, and beyond 0 and 1."""

    torque_nm: float
    extrapolated: float
    added: float
    beyond: float


class _Emg(NamedTuple):
    """EMG of a recording with synergies in it: (samples, n) as it acts, as it would be, and where it is not cut off."""

    acting: Array
    uncut: Array
    is_free: NDArray[np.bool_]


class SynergyStage(FibreStage):
    """The parameters are the muscles' of stage one with all EMG measured, and then the synergies' weights.

    Bones stay as they are at the start, as in what is published: costs of EMG fall where all masses and forces shrink
    together, which little else forbids.

    Parameters
    ----------
    problem
        The problem, its residual in N m; the deep muscles' EMG in it is not looked at.
    start
        All start values by name; weights start at none.
    factorisation
        How synergies are found.
    allowed
        What a cost of one stands for.

    Attributes
    ----------
    courses
        The synergies' courses over time, (all samples, courses) a recording.
    """

    def __init__(
        self, problem: Problem, start: Mapping[str, float], factorisation: Factorisation, allowed: AllowedEmg
    ) -> None:
        seen = problem.projection
        variance = allowed.torque_nm**2 * seen.equations  # a mean over coordinates as well as samples
        super().__init__(seen, problem.arm.identified_bodies, start, variance, bones_are_known=True)
        self.allowed = allowed
        largest = largest_emg(problem.coupled)
        self.courses = tuple(synergies(entry, largest, factorisation) for entry in problem.coupled)
        self._is_deep = np.array([name in problem.deep_muscles for name in seen.muscles])
        self._measured = tuple(np.where(self._is_deep, 0.0, emg) for emg in seen.emg)
        self._bare = self.space.size
        self.space = _with_weights(self.space, self._weight_names(problem), self._first_weights(problem))

    def _weight_names(self, problem: Problem) -> list[str]:
        return [
            f"{SYNERGIES}.{entry.recording.movement}{number}.{muscle}"
            for entry, courses in zip(problem.coupled, self.courses, strict=True)
            for number in range(1, courses.shape[1] + 1)
            for muscle in self.projection.muscles
        ]

    def _first_weights(self, problem: Problem) -> Array:
        """Deep muscles start with the mean of all measured EMG, not with none, where cutting off hides what to do."""
        weights = []
        for entry, courses in zip(problem.coupled, self.courses, strict=True):
            typical = entry.recording.emg[:, measured_columns(entry)].mean(axis=1)
            weights.append(np.outer(np.linalg.lstsq(courses, typical)[0], self._is_deep).ravel())
        return np.concatenate(weights)

    def weights(self, x: Any) -> list[Any]:
        """The synergies' weights, (courses, n) a recording."""
        count, flat = len(self.projection.muscles), x[self._bare :]
        ends = np.cumsum([courses.shape[1] * count for courses in self.courses]).tolist()
        parts = zip(self.courses, ends, strict=True)
        return [flat[end - courses.shape[1] * count : end].reshape(-1, count) for courses, end in parts]

    def unpack(self, x: Any, xp: Backend) -> tuple[list[Any], list[Any], Any]:
        """As with all EMG measured; the weights are apart."""
        return super().unpack(x[: self._bare], xp)

    def force(self, x: Any, xp: Backend = NUMPY) -> Any:
        """Forces (N) of all muscles along their tendons, (T, n); in numpy alone."""
        seen, emg = self.projection, [entry.acting for entry in self._emg(x)]
        activation = NUMPY.activations(emg, seen.counted, self.unpack(x, NUMPY)[2], seen.sample_time_s)
        return self.force_of(x, activation, NUMPY)

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual: torques, (T,) each, and costs; in torch one row, with the compiled derivatives."""
        if xp is not NUMPY:
            from benchmark.problem.compiled_rows import compiled_row

            return [compiled_row(self, x)]
        return [*super().rows(x, NUMPY), self._costs(x)]

    def residual(self, x: Array) -> Array:
        """The residual, (5 T + costs,), at `x`."""
        return np.concatenate(self.rows(x))

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (5 T + costs,), and its exact Jacobian, at `x`, compiled."""
        seen, (bones, own, shared) = self.projection, self.unpack(x, NUMPY)
        activation, sensitivity = self._activations(x, shared)
        muscle = FibreParameters(*own)
        force, partials = forces_with_partials(activation, sensitivity, seen.length, seen.velocity, muscle)
        plain = len(self.muscle_kinds) + SHARED_COUNT
        regressor, known = self._regressor
        found = residual_and_jacobian(
            regressor,
            known,
            standard(bones, NUMPY),
            self._by_bones(bones),
            seen.arms,
            force,
            np.ascontiguousarray(partials[:, :plain]),
            self._free,
            self.weight,
        )
        by_weights = self._by_weights(partials[:, plain:])
        costs, costs_jacobian = self._costs(x), self._costs_jacobian(x)
        jacobian = np.concatenate([np.hstack([found[1], by_weights]), costs_jacobian])
        return np.concatenate([found[0], costs]), jacobian

    def symbolic(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("synergies act on EMG, which CasADi's form has as constants: no symbolic form")

    def literal(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("synergy extrapolation is not the paper's problem: it has no literal form")

    def _emg(self, x: Array) -> list[_Emg]:
        parts = zip(self._measured, self.courses, self.weights(x), strict=True)
        uncut = [emg + courses @ weights for emg, courses, weights in parts]
        # What is measured may lie beyond 1, as wrongly normalised channels do: it is cut off where it is not added to.
        ceilings = [np.maximum(1.0, emg) for emg in self._measured]
        return [
            _Emg(np.clip(emg, 0.0, high), emg, (emg > 0.0) & (emg < high))
            for emg, high in zip(uncut, ceilings, strict=True)
        ]

    def _activations(self, x: Array, shared: Array) -> tuple[Array, Array]:
        """Activations at the samples that count, (T, n), and their derivatives, (T, 5 + courses, n)."""
        seen = self.projection
        found = []
        for emg, courses, counted in zip(self._emg(x), self.courses, seen.counted, strict=True):
            inputs = np.ascontiguousarray(courses[:, :, None] * emg.is_free[:, None, :])
            part = activation_with_sensitivities(emg.acting, shared, seen.sample_time_s, inputs)
            found.append([values[counted] for values in part])
        activation, sensitivity = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        return activation, sensitivity

    def _by_weights(self, partials: Array) -> Array:
        """Derivatives of the torques' rows by the weights, (5 T, weights), from those of forces, (T, courses, n)."""
        arms = self.projection.arms
        by_own = -self.weight * arms.transpose(1, 0, 2)[:, :, None] * partials  # (5, T, courses, n)
        samples = [len(counted) for counted in self.projection.counted]
        ends, width = np.cumsum(samples).tolist(), by_own.shape[2] * by_own.shape[3]
        out = np.zeros((*by_own.shape[:2], width * len(samples)))
        for index, (end, count) in enumerate(zip(ends, samples, strict=True)):
            part = by_own[:, end - count : end].reshape(by_own.shape[0], count, width)
            out[:, end - count : end, index * width : (index + 1) * width] = part
        return np.asarray(out.reshape(-1, out.shape[2]))

    @cached_property
    def _roots(self) -> tuple[Array, ...]:
        """Triangles R with |R w| the root mean square over all trials of a course of weights w, a recording each."""
        samples = sum(len(courses) for courses in self.courses)
        return tuple(np.linalg.qr(courses)[1] / np.sqrt(samples) for courses in self.courses)

    @cached_property
    def _shares(self) -> Array:
        """What a muscle's combination is divided by, (n,): what is allowed, and the root of its kind's muscles."""
        deep = int(self._is_deep.sum())
        measured = len(self._is_deep) - deep
        kinds = np.sqrt(max(1, deep)) * self.allowed.extrapolated, np.sqrt(max(1, measured)) * self.allowed.added
        return np.asarray(np.where(self._is_deep, *kinds))

    def _costs(self, x: Array) -> Array:
        """Rows of what is extrapolated and added, whose squares are means over time, and of what is beyond 0 and 1."""
        combined = [root @ weights / self._shares for root, weights in zip(self._roots, self.weights(x), strict=True)]
        return np.concatenate([*(part.ravel() for part in combined), self._beyond(x)[0].ravel()])

    def _costs_jacobian(self, x: Array) -> Array:
        count = len(self._is_deep)
        blocks = [np.kron(root, np.diag(1.0 / self._shares)) for root in self._roots]
        height = sum(len(block) for block in blocks)
        jacobian = np.zeros((height + len(blocks) * count, self.space.size))
        column, row, slopes = self._bare, 0, self._beyond(x)[1]
        for index, block in enumerate(blocks):
            width = block.shape[1]
            jacobian[row : row + len(block), column : column + width] = block
            own = jacobian[height + index * count : height + (index + 1) * count, column : column + width]
            own.reshape(count, -1, count)[np.arange(count), :, np.arange(count)] = slopes[index].T
            column, row = column + width, row + len(block)
        return jacobian

    def _beyond(self, x: Array) -> tuple[Array, list[Array]]:
        """Roots of the mean squares beyond 0 and 1 of each recording's muscles, (recordings, n), and their slopes."""
        samples = sum(len(courses) for courses in self.courses)
        scale = np.sqrt(samples * len(self._is_deep)) * self.allowed.beyond
        sizes, slopes = [], []
        for emg, courses in zip(self._emg(x), self.courses, strict=True):
            over = emg.uncut - emg.acting
            size = np.sqrt((over**2).sum(axis=0))
            sizes.append(size / scale)
            slopes.append(courses.T @ (over / np.where(size > 0.0, size, 1.0)) / scale)
        return np.array(sizes), slopes


def _with_weights(space: ParameterSpace, names: Sequence[str], start: Array) -> ParameterSpace:
    """The space with weights behind its parameters."""
    bound = np.full(len(names), WEIGHT_BOUND)
    return ParameterSpace(
        (*space.names, *names),
        np.concatenate([space.lower, -bound]),
        np.concatenate([space.upper, bound]),
        np.concatenate([space.start, start]),
    )
