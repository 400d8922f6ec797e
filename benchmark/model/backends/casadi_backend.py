"""The CasADi back end: symbolic expressions, with the scan over time as a mapped accumulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import casadi
import numpy as np
from numpy.typing import NDArray

from benchmark.model.activation import SUB_STEPS, activation_step
from benchmark.model.excitation import delay_weight, filter_step

Array = NDArray[np.float64]


class CasadiBackend:
    """Operations on CasADi's MX matrices; see :class:`benchmark.model.backends.backend.Backend`."""

    sqrt, sin, floor = staticmethod(casadi.sqrt), staticmethod(casadi.sin), staticmethod(casadi.floor)
    minimum, maximum = staticmethod(casadi.fmin), staticmethod(casadi.fmax)

    def take(self, table: Array, index: Any) -> Any:
        return casadi.reshape(casadi.MX(casadi.DM(table)).nz[casadi.vec(index)], *index.shape)

    def constant(self, array: Array) -> Any:
        return casadi.DM(array)

    def gather(self, x: Any, constants: Array, order: NDArray[np.intp]) -> Any:
        return casadi.vertcat(x, casadi.DM(constants))[order.tolist()]

    def concatenate(self, vectors: Sequence[Any]) -> Any:
        return casadi.vertcat(*vectors)

    def affine(self, matrix: Array, vector: Any, offset: Array) -> list[Any]:
        rows, samples, _ = matrix.shape
        stacked = casadi.DM(matrix.reshape(rows * samples, -1)) @ vector + casadi.DM(offset.ravel())
        return list(casadi.vertsplit(stacked, samples))

    def spread(self, vector: Any, samples: int) -> Any:
        return casadi.repmat(vector.T, samples, 1)

    def row_sums(self, x: Any) -> Any:
        return casadi.sum2(x)

    def activations(
        self, emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], shared: Any, sample_time: float
    ) -> Any:
        scanned = [
            _scan(entry, shared, sample_time)[rows.tolist(), :] for entry, rows in zip(emg, counted, strict=True)
        ]
        return casadi.vertcat(*scanned)


CASADI = CasadiBackend()


@dataclass(frozen=True, eq=False)
class SymbolicLoss:
    """A loss to be minimised: the symbols of the parameters, (p, 1), and expressions of them.

    Attributes
    ----------
    x
        The parameters.
    loss
        The loss, a sum of squares.
    build_hessian, build_gauss_newton_hessian
        Make the two Hessians below, which take time to build and are not all wanted.
    """

    x: Any
    loss: Any
    build_hessian: Callable[[], Any]
    build_gauss_newton_hessian: Callable[[], Any]

    @cached_property
    def hessian(self) -> Any:
        """The loss's exact Hessian, (p, p)."""
        return self.build_hessian()

    @cached_property
    def gauss_newton_hessian(self) -> Any:
        """2 J'J, (p, p), with J the residual's exact Jacobian: the Hessian without the residual's curvature."""
        return self.build_gauss_newton_hessian()


def loss_of_rows(size: int, rows: Callable[[Any], list[Any]]) -> SymbolicLoss:
    """Sum of squares of a residual of `size` parameters, differentiated by CasADi as it is."""
    x = casadi.MX.sym("x", size)
    values = rows(x)
    loss = _sum_of_squares(values)

    def gauss_newton_hessian() -> Any:
        return _twice_gram(casadi.jacobian(casadi.vertcat(*values), x))

    return SymbolicLoss(x, loss, lambda: casadi.hessian(loss, x)[0], gauss_newton_hessian)


def loss_through(size: int, inner: Callable[[Any], Any], rows: Callable[[Any, Any], list[Any]]) -> SymbolicLoss:
    """Sum of squares of a residual ``rows(x, inner(x))``, its Hessians split at the large intermediate F = inner(x).

    Each entry of F depends on few parameters, so that F's derivatives J and K = sum of (dL/dF) F'' take a handful of
    directions; the p directions of L(x, F) pass through the outer part alone:
    H = L_xx + L_xF J + J' (L_Fx + L_FF J) + K. A plain Hessian takes p directions through all of it. So do the
    columns r_x + r_F J of the residual's Jacobian, for the Gauss-Newton Hessian.
    """
    x = casadi.MX.sym("x", size)
    inner_value = inner(x)
    lifted = casadi.MX.sym("F", *inner_value.shape)
    outer = rows(x, lifted)

    def directions() -> tuple[Any, Any]:
        jacobian = casadi.jacobian(inner_value, x)
        return jacobian, casadi.reshape(casadi.densify(jacobian), lifted.shape[0], -1)

    def hessian() -> Any:
        loss, (jacobian, seeds) = _sum_of_squares(outer), directions()
        slopes = casadi.Function("slopes", [x, lifted], [casadi.gradient(loss, x), casadi.gradient(loss, lifted)])
        by_x, by_inner = slopes(x, inner_value)
        along_x, along_inner = slopes.forward(size)(x, inner_value, by_x, by_inner, casadi.DM.eye(size), seeds)
        bend = casadi.Function("bend", [x, lifted], [casadi.hessian(casadi.dot(lifted, inner_value), x)[0]])
        return along_x + jacobian.T @ casadi.reshape(along_inner, -1, size) + bend(x, by_inner)

    def gauss_newton_hessian() -> Any:
        residual = casadi.Function("residual", [x, lifted], [casadi.vertcat(*outer)])
        at, (_, seeds) = residual(x, inner_value), directions()
        return _twice_gram(residual.forward(size)(x, inner_value, at, casadi.DM.eye(size), seeds))

    return SymbolicLoss(x, _sum_of_squares(rows(x, inner_value)), hessian, gauss_newton_hessian)


def elementwise_partials(function: Callable[..., Sequence[Any]], arguments: Sequence[Any]) -> list[list[Any]]:
    """Partial derivatives of each output of an elementwise function by each argument; all are of one shape.

    An entry depends on the same entry of the arguments alone, so that a direction of ones gives all derivatives by an
    argument at once.
    """
    symbols = [casadi.MX.sym(f"q{index}", *argument.shape) for index, argument in enumerate(arguments)]
    outputs, (rows, columns) = casadi.vertcat(*function(*symbols)), arguments[0].shape
    slopes = [casadi.densify(casadi.jtimes(outputs, symbol, casadi.DM.ones(rows, columns))) for symbol in symbols]
    found = casadi.Function("partials", symbols, slopes).call(list(arguments))
    by_argument = [casadi.vertsplit(slope, rows) for slope in found]
    return [list(row) for row in zip(*by_argument, strict=True)]


def assembled(shape: tuple[int, int], entries: Sequence[tuple[NDArray[np.intp], NDArray[np.intp], Any]]) -> Any:
    """A sparse matrix from its entries: rows and columns, which broadcast to the shape of the dense values with them.

    No entry may be given twice.
    """
    places = [np.broadcast_arrays(rows, columns) for rows, columns, _ in entries]
    rows, columns = (np.concatenate([place[axis].ravel(order="F") for place in places]) for axis in (0, 1))
    order = np.lexsort((rows, columns))
    starts = np.searchsorted(columns[order], np.arange(shape[1] + 1))
    pattern = casadi.Sparsity(*shape, starts.tolist(), rows[order].tolist())
    values = casadi.vertcat(*(casadi.vec(casadi.densify(value)) for _, _, value in entries))
    return casadi.MX(pattern, values[order.tolist()])


def _twice_gram(jacobian: Any) -> Any:
    return 2.0 * (jacobian.T @ jacobian)


def _sum_of_squares(rows: list[Any]) -> Any:
    return sum(casadi.sumsqr(row) for row in rows)


def _scan(emg: Array, shared: Any, sample_time: float) -> Any:
    """Activations of one whole recording, (samples, n)."""
    samples, muscles = emg.shape
    delayed = _delayed_emg(emg, shared[2] / sample_time)
    parameters = casadi.repmat(casadi.vertcat(shared[0], shared[1], shared[3], shared[4]), 1, samples - 1)
    start = casadi.vertcat(*[delayed[0, :].T] * 3)
    states = _one_sample(muscles, sample_time).mapaccum(samples - 1)(start, delayed[1:, :].T, parameters)
    return casadi.vertcat(delayed[0, :], states[:muscles, :].T)


def _delayed_emg(emg: Array, delay_samples: Any) -> Any:
    """EMG `delay_samples` ago, eq. (21), (samples, n); held at its first sample before."""
    samples, muscles = emg.shape
    time, column = np.arange(samples, dtype=float), samples * np.arange(muscles, dtype=float)
    lag = casadi.floor(delay_samples)
    delayed = 0.0
    for whole in (lag, lag + 1.0):
        rows = casadi.fmax(casadi.DM(time) - whole, 0.0)
        index = casadi.repmat(rows, 1, muscles) + casadi.repmat(casadi.DM(column).T, samples, 1)
        delayed += delay_weight(delay_samples, whole, casadi.fmax) * CASADI.take(emg.ravel(order="F"), index)
    return delayed


def _one_sample(muscles: int, sample_time: float) -> Any:
    """The state (activations and two past excitations of all muscles) one sample later."""
    state, delayed, parameters = (casadi.SX.sym(*entry) for entry in (("x", 3 * muscles), ("e", muscles), ("p", 4)))
    c1, c2, activation_time, deactivation_time = casadi.vertsplit(parameters)
    activation, held, before = casadi.vertsplit(state, muscles)
    for _ in range(SUB_STEPS):
        step = sample_time / SUB_STEPS
        activation = activation_step(held, activation, activation_time, deactivation_time, step, casadi.if_else)
    excitation = filter_step(delayed, held, before, c1, c2)
    return casadi.Function("sample", [state, delayed, parameters], [casadi.vertcat(activation, excitation, held)])
