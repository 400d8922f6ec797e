"""The course of the fibre state as simultaneous equations in CasADi: the steps of :mod:`dynamic`, not yet taken.

Where :mod:`benchmark.model.fibres.dynamic` goes from sample to sample and solves stage by stage, the reaches of all
stages are unknowns here, and the balance of fibre and tendon force at each of them is an equation. An optimiser may
then solve for reaches and parameters at once. Scheme, nodes and what happens between samples are the same, so that
the solutions are the same states.

All is elementwise over the steps of all muscles, (T - 1, n). CasADi's matrices map a scalar expression over its
entries without a call an entry, and a derivative takes one direction an argument: its seeds are all ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import casadi
import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.casadi_backend import CASADI, assembled, elementwise_partials
from benchmark.model.contraction import MAXIMUM_SINE, FibreParameters, MuscleParameters, fibre_force, pennation_cosine
from benchmark.model.curves import muscle_curves
from benchmark.model.fibres.balance import MINIMUM_COSINE
from benchmark.model.fibres.between_samples import length_between
from benchmark.model.fibres.dynamic import DIAGONAL, NODES, STAGES, WEIGHTS
from benchmark.model.fibres.musculotendon import MusculotendonPath

Array = NDArray[np.float64]

SHORTEST_FIBRE = 0.1  # of the optimal length: no shorter one is looked at, so that no iterate leads to NaN
OWN = slice(1, None)  # parameters that the balance depends on: the maximum isometric force cancels


class BalancePartials(NamedTuple):
    """Derivatives of the balances of n muscles, (R, n) with R = 1 + 3 (T - 1), see :class:`CollocatedFibres`.

    Attributes
    ----------
    by_reach
        By the reaches (1/m), (R n, R n) and sparse, both counted muscle by muscle.
    by_own
        By l_o, v_max, phi_o and l_ts of the muscle, (R, n) each.
    by_shared
        By the shared parameters, (R, n) each.
    """

    by_reach: Any
    by_own: list[Any]
    by_shared: list[Any]


class CollocatedFibres:
    """The equations of n fibres with elastic tendons over a whole recording of T samples.

    Reaches and balances are (R, n), R = 1 + 3 (T - 1): the first sample's, at rest, then those of each step's first
    stage, second stage and last stage, which is the sample at its end.

    Parameters
    ----------
    path
        The paths; all tendons are taken as elastic.
    """

    def __init__(self, path: MusculotendonPath) -> None:
        self.path = path
        self.samples, self.muscles = path.length.shape
        self.shape = (1 + STAGES * (self.samples - 1), self.muscles)
        self._between = self._at_nodes(path.length, path.velocity)
        self._index = np.arange(self.shape[0] * self.muscles).reshape(self.shape, order="F")

    @property
    def sample_rows(self) -> NDArray[np.intp]:
        """Rows of the reaches at the samples, (T,)."""
        rows = np.arange(self.shape[0])
        return np.concatenate([rows[:1], rows[1 - self.samples :]])

    def initial(self, length: Array, velocity: Array, muscle: MuscleParameters) -> Array:
        """Reaches (m), (R, n), of fibres of known length (m) and velocity (m/s) at the samples, (T, n).

        They are exact at the samples, and between them interpolated.
        """
        cosine = pennation_cosine(length, FibreParameters(*muscle[:-1]))
        reach, rate = length * cosine, velocity / cosine
        return np.concatenate([reach[:1], *self._at_nodes(reach, rate)])

    def balances(self, reach: Any, muscle: MuscleParameters, activation: Any, shared: Any) -> Any:
        """Fibre less tendon force along the tendon over the maximum isometric force, (R, n).

        Parameters
        ----------
        reach
            Reaches (m), (R, n).
        muscle
            Parameters, (n,) each.
        activation
            Activations at the samples, (T, n).
        shared
            The five shared parameters; the time constants among them shape the activation between samples.
        """
        at_rest, moving = self._arguments(reach, muscle, activation, shared)
        return casadi.vertcat(self._balance_at_rest(*at_rest), *self._balances_of_steps(*moving))

    def partials(
        self, reach: Any, muscle: MuscleParameters, activation: Any, sensitivity: Sequence[Any], shared: Any
    ) -> BalancePartials:
        """Exact derivatives of :meth:`balances`.

        Parameters
        ----------
        reach, muscle, activation, shared
            As there.
        sensitivity
            Derivatives of the activations by each of the five shared parameters, (T, n) each.
        """
        at_rest, moving = self._arguments(reach, muscle, activation, shared)
        (rest,) = elementwise_partials(lambda *symbols: [self._balance_at_rest(*symbols)], at_rest)
        steps = elementwise_partials(self._balances_of_steps, moving)
        reaches, count = 1 + STAGES, len(MuscleParameters._fields[OWN])
        drive = reaches + count
        by_own = [casadi.vertcat(rest[1 + q], *(stage[reaches + q] for stage in steps)) for q in range(count)]
        by_shared = [
            casadi.vertcat(
                rest[-1] * slope[0, :],
                *(stage[drive] * slope[:-1, :] + stage[drive + 1] * slope[1:, :] for stage in steps),
            )
            for slope in sensitivity
        ]
        for time in (-2, -1):
            by_shared[time] += casadi.vertcat(casadi.DM.zeros(1, self.muscles), *(stage[time] for stage in steps))
        return BalancePartials(self._by_reach(rest[0], [stage[:reaches] for stage in steps]), by_own, by_shared)

    def _at_nodes(self, values: Array, rates: Array) -> list[Array]:
        """Values at each node of all steps, (T - 1, n), by the cubics through values and rates at the samples."""
        ends = (values[:-1], values[1:]), (rates[:-1], rates[1:])
        return [length_between.py_func(node, ends[0], ends[1], self.path.sample_time_s) for node in NODES]

    def _by_reach(self, rest: Any, steps: Sequence[Sequence[Any]]) -> Any:
        first, *stages = self._parts(self._index)
        starts = np.concatenate([first, stages[-1]])[:-1]
        entries = [(first, first, rest)]
        for stage, partials in enumerate(steps):
            columns = [starts, *stages[: stage + 1]]
            entries += [(stages[stage], column, value) for column, value in zip(columns, partials, strict=False)]
        return assembled((self._index.size, self._index.size), entries)

    def _parts(self, rows: Any) -> list[Any]:
        """First sample, (1, n), and each stage of all steps, (T - 1, n), of what is laid out as reaches are."""
        steps = self.samples - 1
        return [rows[:1, :], *(rows[1 + stage * steps : 1 + (stage + 1) * steps, :] for stage in range(STAGES))]

    def _arguments(
        self, reach: Any, muscle: MuscleParameters, activation: Any, shared: Any
    ) -> tuple[list[Any], list[Any]]:
        """What the balances at rest, (1, n) each, and those of the steps, (T - 1, n) each, depend on."""
        first, *stages = self._parts(reach)
        steps = self.samples - 1
        starts = casadi.vertcat(first, stages[-1])[:-1, :]
        own = [[CASADI.spread(values, count) for values in muscle[OWN]] for count in (1, steps)]
        times = [casadi.repmat(shared[index], steps, self.muscles) for index in (-2, -1)]
        moving = [starts, *stages, *own[1], activation[:-1, :], activation[1:, :], *times]
        return [first, *own[0], activation[0, :]], moving

    def _balance_at_rest(self, reach: Any, l_o: Any, v_max: Any, phi_o: Any, l_ts: Any, activation: Any) -> Any:
        fibre = FibreParameters(1.0, l_o, v_max, phi_o)
        return _balance(reach, 0.0, activation, fibre, casadi.DM(self.path.length[:1]), l_ts)

    def _balances_of_steps(self, start: Any, *arguments: Any) -> list[Any]:
        """Balances of each stage, (T - 1, n), from the reaches at the step's start and its stages, and the rest."""
        reaches, (l_o, v_max, phi_o, l_ts, first, last, rise, fall) = arguments[:STAGES], arguments[STAGES:]
        step, fibre = self.path.sample_time_s, FibreParameters(1.0, l_o, v_max, phi_o)
        exponent = _relaxation(first, last, rise, fall, step)
        rates: list[Any] = []
        balances = []
        for stage, reach in enumerate(reaches):
            base = start + step * sum(WEIGHTS[stage, j] * rate for j, rate in enumerate(rates))
            rates.append((reach - base) / (step * DIAGONAL))
            activation = _activation_between(NODES[stage], first, last, exponent)
            length = casadi.DM(self._between[stage])
            balances.append(_balance(reach, rates[-1], activation, fibre, length, l_ts))
        return balances


def reach_force(reach: Any, rate: Any, activation: Any, fibre: FibreParameters) -> Any:
    """Fibre force along the tendon (N), eq. (15), from the reach (m), its rate (m/s) and the activation, elementwise.

    As :func:`benchmark.model.fibres.balance.fibre_side` has it, but for fibres shorter than a tenth of the optimal
    length, which are taken as that long.
    """
    height = fibre.optimal_fibre_length * CASADI.sin(fibre.pennation_at_optimal)
    at_most_pennate = reach * MAXIMUM_SINE > MINIMUM_COSINE * height
    straight = MAXIMUM_SINE * height + MINIMUM_COSINE * reach
    length = casadi.if_else(at_most_pennate, CASADI.sqrt(reach * reach + height * height), straight)
    length = CASADI.maximum(length, SHORTEST_FIBRE * fibre.optimal_fibre_length)
    velocity = pennation_cosine(length, fibre, CASADI) * rate
    return fibre_force(activation, length, velocity, fibre, CASADI)


def tendon_force(reach: Any, length: Any, muscle: MuscleParameters) -> Any:
    """Tendon force (N), eq. (16), from the reach (m) and the path's length (m), elementwise."""
    stretch = (length - reach) / muscle.tendon_slack_length
    return muscle.maximum_isometric_force * muscle_curves().tendon_force_length(stretch, CASADI)


def _balance(reach: Any, rate: Any, activation: Any, fibre: FibreParameters, length: Any, l_ts: Any) -> Any:
    tendon = tendon_force(reach, length, MuscleParameters(*fibre, l_ts))
    return reach_force(reach, rate, activation, fibre) - tendon


def _relaxation(first: Any, last: Any, rise: Any, fall: Any, step: float) -> Any:
    """The exponent of :func:`benchmark.model.fibres.between_samples.relaxation`, elementwise."""
    change, slowing = last - first, 0.5 + 0.75 * (first + last)
    rising = step / rise / slowing + 1.5 * change / slowing
    return casadi.if_else(change > 0.0, rising, step / fall * slowing - 1.5 * change / slowing)


def _activation_between(share: float, first: Any, last: Any, exponent: Any) -> Any:
    """:func:`benchmark.model.fibres.between_samples.activation_between`, elementwise."""
    return first + (last - first) * (1.0 - casadi.exp(-share * exponent)) / (1.0 - casadi.exp(-exponent))
