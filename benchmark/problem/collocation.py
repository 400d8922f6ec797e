"""The loss of eq. (14) with unknown fibres under constraints: fibre states are unknowns beside the parameters.

Three kinds of unknowns: the parameters; the reaches of all fibres with elastic tendons, at the stages of the steps over
each recording (:mod:`benchmark.model.fibres.casadi_states`); and the residual. Two kinds of equations: fibre and tendon
force are equal at every stage, and the residual is what eq. (14) makes of parameters and forces. The loss is the sum of
the residual's squares, so that its Hessian is constant and diagonal, and all that is curved is in the equations.

Activations are no unknowns. Five parameters and the EMG determine them: a scan over time gives them with their five
sensitivities, where unknowns would be two more, activation and excitation, of every muscle at every sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import casadi
import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.casadi_backend import CASADI
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.contraction import FibreParameters, MuscleParameters
from benchmark.model.fibres.casadi_states import CollocatedFibres, reach_force, tendon_force
from benchmark.model.fibres.musculotendon import FibreStates, MusculotendonPath

if TYPE_CHECKING:
    from benchmark.problem.acceleration_stage import AccelerationStage

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Collocation:
    """A least-squares problem under equality constraints, in CasADi.

    Attributes
    ----------
    unknowns
        Symbols of the unknowns, (N,): the p parameters, in their units; reaches (m); the residual.
    loss
        The loss, a sum of squares of some of them.
    constraints, jacobian
        What must be zero, (M,), of order one, and its exact Jacobian, (M, N), sparse.
    hessian
        The loss's Hessian, (N, N), constant and diagonal. The curvature of the constraints, which makes it the
        Lagrangian's, vanishes with the residual, as the multipliers do: this is the Gauss-Newton Hessian.
    start, scale
        The unknowns at the parameters' start, (N,), and their magnitudes. They satisfy the constraints, but that
        reaches between samples are interpolated.
    """

    unknowns: Any
    loss: Any
    constraints: Any
    jacobian: Any
    hessian: Any
    start: Array
    scale: Array


def collocate(
    stage: AccelerationStage, paths: Sequence[MusculotendonPath], states: Sequence[FibreStates]
) -> Collocation:
    """The constrained form of a stage whose muscles' fibres are in equilibrium with their tendons.

    Parameters
    ----------
    stage
        The stage.
    paths, states
        Paths of its muscles, and their states at the stage's start, over each whole recording.
    """
    return _Builder(stage, paths).build(states)


class _Builder:
    """The symbols, and the equations in them."""

    def __init__(self, stage: AccelerationStage, paths: Sequence[MusculotendonPath]) -> None:
        self.stage, self.seen, self.paths = stage, stage.projection, paths
        self.elastic, self.rigid = (np.flatnonzero(paths[0].rigid_tendon == is_rigid) for is_rigid in (False, True))
        self.fibres = [CollocatedFibres(path.of_muscles(self.elastic)) for path in paths]
        self.x = casadi.MX.sym("x", stage.space.size)
        self.reaches = [casadi.MX.sym("reach", *fibres.shape) for fibres in self.fibres]
        self.residual = casadi.MX.sym("residual", self.seen.equations * self.seen.samples)
        _, own, self.shared = stage.unpack(self.x, CASADI)
        self.own = MuscleParameters(*own)
        self.activations = [_activations(emg, self.shared, self.seen.sample_time_s) for emg in self.seen.emg]

    def build(self, states: Sequence[FibreStates]) -> Collocation:
        """All of it, from the states at the start."""
        start, scale = self._start(states)
        size, unit = self.residual.shape[0], scale[-1]
        (balances, by_known), (rows, rows_by_known) = self._balances(), self._rows()
        known = by_known.shape[1]
        constraints = casadi.vertcat(balances, (rows - self.residual) / unit)
        by_residual = casadi.vertcat(casadi.DM(by_known.shape[0], size), -casadi.DM.eye(size) / unit)
        jacobian = casadi.horzcat(casadi.vertcat(by_known, rows_by_known / unit), by_residual)
        symbols = [self.x, *self.reaches, self.residual]
        unknowns = casadi.MX.sym("unknowns", known + size)
        ends = np.cumsum([0, *(symbol.numel() for symbol in symbols)]).tolist()
        parts = [
            casadi.reshape(part, *symbol.shape)
            for part, symbol in zip(casadi.vertsplit(unknowns, ends), symbols, strict=True)
        ]
        return Collocation(
            unknowns=unknowns,
            loss=casadi.sumsqr(parts[-1]),
            constraints=casadi.Function("constraints", symbols, [constraints])(*parts),
            jacobian=casadi.Function("jacobian", symbols, [jacobian])(*parts),
            hessian=casadi.diagcat(casadi.DM(known, known), 2.0 * casadi.DM.eye(size)),
            start=start,
            scale=scale,
        )

    def _start(self, states: Sequence[FibreStates]) -> tuple[Array, Array]:
        """Start and magnitude of all unknowns; a reach's is the optimal fibre length, a residual's their mean."""
        space, residual = self.stage.space, self.stage.residual(self.stage.space.start)
        muscle = MuscleParameters(*(values[self.elastic] for values in self.stage.unpack(space.start, NUMPY)[1]))
        reaches = [
            fibres.initial(found.length[:, self.elastic], found.velocity[:, self.elastic], muscle)
            for fibres, found in zip(self.fibres, states, strict=True)
        ]
        lengths = [np.broadcast_to(muscle.optimal_fibre_length, reach.shape) for reach in reaches]
        units = np.full(len(residual), np.sqrt(np.mean(residual**2)))
        return (
            np.concatenate([space.start, *map(_flat, reaches), residual]),
            np.concatenate([space.scale, *map(_flat, lengths), units]),
        )

    def _balances(self) -> tuple[Any, Any]:
        """Fibre less tendon force over the maximum isometric force, and the Jacobian by parameters and reaches."""
        muscle = self._muscle(self.elastic)
        balances, by_x, by_reach = [], [], []
        for fibres, reach, drive in zip(self.fibres, self.reaches, self.activations, strict=True):
            activation, *slopes = (values[:, self.elastic] for values in drive)
            balances.append(casadi.vec(fibres.balances(reach, muscle, activation, self.shared)))
            partials = fibres.partials(reach, muscle, activation, slopes, self.shared)
            by_reach.append(partials.by_reach)
            by_own = [casadi.diagcat(*casadi.horzsplit(values)) for values in partials.by_own]
            by_shared = casadi.horzcat(*(casadi.vec(values) for values in partials.by_shared))
            chained = zip([*by_own, by_shared], [*muscle[1:], self.shared], strict=True)
            by_x.append(sum(outer @ casadi.jacobian(inner, self.x) for outer, inner in chained))
        return casadi.vertcat(*balances), casadi.horzcat(casadi.vertcat(*by_x), casadi.diagcat(*by_reach))

    def _rows(self) -> tuple[Any, Any]:
        """Rows of eq. (14), (m T,), and their Jacobian by parameters and reaches.

        CasADi finds which fibres a row depends on by itself: those of its sample.
        """
        reaches = [reach[fibres.sample_rows, :] for fibres, reach in zip(self.fibres, self.reaches, strict=True)]
        reach = self._counted(reaches)
        activation, *slopes = (self._counted(values)[:, self.rigid] for values in zip(*self.activations, strict=True))
        symbols = [self.x, *(casadi.MX.sym("at", *at.shape) for at in (reach, activation))]
        rows = casadi.vertcat(*self.stage.rows_of_force(self.x, self._force(*symbols[1:]), CASADI))
        partials = [casadi.jacobian(rows, symbol) for symbol in symbols]
        found, by_x, by_reach, by_activation = casadi.Function("rows", symbols, [rows, *partials])(
            self.x, reach, activation
        )
        by_shared = casadi.horzcat(*(casadi.vec(values) for values in slopes))
        all_reaches = casadi.vertcat(*(casadi.vec(values) for values in self.reaches))
        place = casadi.jacobian(casadi.vec(reach), all_reaches)
        by_x += by_activation @ by_shared @ casadi.jacobian(self.shared, self.x)
        return found, casadi.horzcat(by_x, by_reach @ place)

    def _force(self, reach: Any, activation: Any) -> Any:
        """Forces (N) of all muscles at the samples that count, (T, n).

        Parameters
        ----------
        reach
            Reaches (m) of the muscles with elastic tendons, (T, elastic ones).
        activation
            Activations of those with rigid tendons, (T, rigid ones).
        """
        length, velocity = self.seen.musculotendon_length, self._counted([path.velocity for path in self.paths])
        elastic, rigid = (
            MuscleParameters(*(CASADI.spread(values, self.seen.samples) for values in self._muscle(which)))
            for which in (self.elastic, self.rigid)
        )
        held = casadi.DM(length[:, self.rigid]) - rigid.tendon_slack_length
        forces = casadi.horzcat(
            tendon_force(reach, casadi.DM(length[:, self.elastic]), elastic),
            reach_force(held, casadi.DM(velocity)[:, self.rigid], activation, FibreParameters(*rigid[:-1])),
        )
        return forces[:, np.argsort([*self.elastic, *self.rigid])]

    def _muscle(self, which: NDArray[np.intp]) -> MuscleParameters:
        """Parameters of some of the muscles."""
        return MuscleParameters(*(values[which] for values in self.own))

    def _counted(self, values: Sequence[Any]) -> Any:
        """What all recordings have at the samples that count, (T, n)."""
        return casadi.vertcat(*(value[rows, :] for value, rows in zip(values, self.seen.counted, strict=True)))


def _activations(emg: Array, shared: Any, sample_time_s: float) -> list[Any]:
    """Activations of a whole recording, and their derivatives by each of the shared parameters, (T, n) each."""
    symbol = casadi.MX.sym("shared", *shared.shape)
    activation = CASADI.activations([emg], [np.arange(len(emg))], symbol, sample_time_s)
    slopes = casadi.horzsplit(casadi.densify(casadi.jacobian(activation, symbol)))
    # Two functions: the equations alone do without the slopes.
    by_shared = casadi.Function("slopes", [symbol], [casadi.reshape(slope, *emg.shape) for slope in slopes])
    return [casadi.Function("activation", [symbol], [activation])(shared), *by_shared.call([shared])]


def _flat(values: Array) -> Array:
    return values.ravel(order="F")
