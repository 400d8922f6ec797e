"""Stage one of synergy extrapolation (Ao et al. 2022): deep muscles' EMG from the synergies of the measured.

In each recording the EMG of an unmeasured muscle is a combination of the synergies' courses, and a small one is added
to each measured channel; the weights are parameters, found with all others. The loss is a sum of mean squares, each of
a quantity over what is allowed of it: torques' errors; extrapolated EMG; EMG added to measured channels; and what lies
beyond 0 and 1, where EMG is cut off, in the place of the published constraint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

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
from benchmark.problem.synergies.costs import AllowedEmg, CombinedEmg, WeightCosts, combined_emg
from benchmark.problem.synergies.courses import Factorisation, largest_emg, measured_columns, synergies
from datasets.parameters import SYNERGIES

Array = NDArray[np.float64]
WEIGHT_BOUND = 100.0


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
        largest = largest_emg(problem.coupled)
        self.courses = tuple(synergies(entry, largest, factorisation) for entry in problem.coupled)
        self._is_deep = np.array([name in problem.deep_muscles for name in seen.muscles])
        self._measured = tuple(np.where(self._is_deep, 0.0, emg) for emg in seen.emg)
        self._weight_costs = WeightCosts(self.courses, self._is_deep, allowed)
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
            from benchmark.problem.synergies.compiled_row import compiled_row

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
        of_costs = self._weight_costs.jacobian(self._emg(x))
        by_others = np.zeros((len(of_costs), self._bare))
        jacobian = np.block([[found[1], by_weights], [by_others, of_costs]])
        return np.concatenate([found[0], self._costs(x)]), jacobian

    def with_all_equations(self, stride: int) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("forces depend on weights of synergies beside the parameters of an equation of motion")

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

    def _emg(self, x: Array) -> list[CombinedEmg]:
        return [combined_emg(*parts) for parts in zip(self._measured, self.courses, self.weights(x), strict=True)]

    def _costs(self, x: Array) -> Array:
        return self._weight_costs.rows(self.weights(x), self._emg(x))

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


def _with_weights(space: ParameterSpace, names: Sequence[str], start: Array) -> ParameterSpace:
    """The space with weights behind its parameters."""
    bound = np.full(len(names), WEIGHT_BOUND)
    return ParameterSpace(
        (*space.names, *names),
        np.concatenate([space.lower, -bound]),
        np.concatenate([space.upper, bound]),
        np.concatenate([space.start, start]),
    )
