"""How sure one result is: standard deviations, intervals and classes of what was identified, and causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from benchmark.identifiability.causes import causes
from benchmark.identifiability.classes import LEVEL, NOT, classes
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import Quantities, all_quantities
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.problem import Problem
from benchmark.problem.tendon_stage import TENDON_KIND
from benchmark.uncertainty.correlation import independent_residuals
from benchmark.uncertainty.fit import Fit, fitted
from datasets.parameters import MUSCLE_UNITS, SHARED_UNITS, unit

Array = NDArray[np.float64]

# A linear step that would remove more of the sum of squares than this share tells that a result is no minimum.
LEFT_TO_GAIN = 0.01


class Estimate(NamedTuple):
    """A quantity, and how sure it is.

    Attributes
    ----------
    name, unit
        Of the quantity.
    value
        In its unit; not a number for what cannot be identified at all.
    standard_deviation, lower, upper
        Its standard deviation and 95 % interval, in its unit; infinite where the data leave it open.
    determined
        Its class, of :mod:`benchmark.identifiability.classes`, at this result's noise.
    cause
        Why it cannot be known or is not to be trusted; empty where there is nothing to say.
    """

    name: str
    unit: str
    value: float
    standard_deviation: float
    lower: float
    upper: float
    determined: str
    cause: str


@dataclass(frozen=True)
class Uncertainty:
    """How sure a result is.

    Attributes
    ----------
    problem
        The problem's name.
    noise_rad_per_s2
        Standard deviation of the accelerations' noise, as the residual shows it; not a number where it shows none.
    degrees_of_freedom
        Residuals beyond the directions of parameters that they determine.
    held
        Parameters at their bounds, held there in the intervals of all others.
    estimates
        Parameters of stage one, tendon slack lengths, dynamic coefficients, then what cannot be identified at all.
    remarks
        What holds for the result as a whole.
    """

    problem: str
    noise_rad_per_s2: float
    degrees_of_freedom: int
    held: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    remarks: tuple[str, ...]


def uncertainty(problem: Problem, values: Mapping[str, Any], correlated: bool = False) -> Uncertainty:
    """How sure a result is, by the Gauss-Newton covariance with the noise that its residual shows.

    Parameters at their bounds are held there in the intervals of the others; their own are those without any bound. A
    bound is no datum: what the recordings alone leave open stays open.

    Residuals of filtered signals are correlated in time, and fewer of them count: see
    :func:`benchmark.uncertainty.correlation.independent_residuals`. There, parameters at bounds are not held either,
    and nothing is known of them: noise of a laboratory drives many of them there, wherever the true ones are. Nor is of
    what all muscles share, such as c1, if its interval reaches a bound.

    Parameters
    ----------
    problem
        The problem that the result is of, with or without noise.
    values
        The result's parameters by name.
    correlated
        Whether residuals are those of filtered signals, as of a laboratory's recordings.

    Raises
    ------
    HarnessError
        If a parameter is missing or no finite number, or if the model is not finite there.
    """
    fit = fitted(problem, values)
    counted = independent_residuals(problem, fit) if correlated else None
    noise, freedom = (fit._replace(free=np.ones_like(fit.free)) if correlated else fit).noise(counted)
    everything = fit.information(np.ones_like(fit.free))
    known = all_quantities(problem, fit.stage, fit.point)
    unbounded = everything.standard_deviations(1.0, known.matrix)
    relative = unbounded if correlated else _with_held(fit, unbounded, known.matrix)
    why, remarks = causes(problem, fit.stage, fit.point)
    own = dict(_left_open(fit, everything, known, relative)) | dict(_tendons_of_held(fit)) | why
    estimates = _estimates(known, noise * relative, freedom, own)
    return Uncertainty(
        problem=problem.name,
        noise_rad_per_s2=noise,
        degrees_of_freedom=freedom,
        held=fit.held,
        estimates=(*(_opened(problem, fit, estimates) if correlated else estimates), *_unidentified(known, own)),
        remarks=(*remarks, *_remarks(problem, fit, noise, freedom, counted)),
    )


def _opened(problem: Problem, fit: Fit, estimates: Iterable[Estimate]) -> Iterator[Estimate]:
    """Estimates of which nothing is known where noise has driven parameters to their bounds, or next to them.

    Noise of the EMG drives filter, delay and time constants there, wherever the true ones are: of what all muscles
    share nothing is known either if its interval reaches a bound.
    """
    for entry in estimates:
        low, high = problem.bounds(entry.name) if entry.name in SHARED_UNITS else (-np.inf, np.inf)
        reaches = entry.lower < low or entry.upper > high
        if entry.name in fit.held or reaches:
            why = entry.cause or "its interval reaches its bound, to which noise of the EMG drives it: nothing is known"
            yield entry._replace(standard_deviation=np.inf, lower=-np.inf, upper=np.inf, determined=NOT, cause=why)
        else:
            yield entry


def _with_held(fit: Fit, unbounded: Array, matrix: Array) -> Array:
    """Standard deviations, (q,), relative to the quantities' magnitudes, for noise of 1 rad/s2, with bounds that hold.

    Parameters
    ----------
    fit
        The result.
    unbounded
        The same without any bound, (q,).
    matrix
        Derivatives of the relative quantities by the relative parameters, (q, p).
    """
    held = fit.information(fit.free).standard_deviations(1.0, matrix[:, fit.free])
    return np.asarray(np.where(np.isinf(unbounded) | np.isinf(held), unbounded, held))


def _estimates(known: Quantities, relative: Array, freedom: int, why: Mapping[str, str]) -> Iterator[Estimate]:
    deviations = np.where(np.isnan(relative), np.inf, relative * known.magnitudes)
    half = deviations * student.ppf(0.5 + LEVEL / 2.0, max(freedom, 1))
    columns = (known.values, deviations, known.values - half, known.values + half)
    figures = zip(*(column.tolist() for column in columns), strict=True)
    determined = classes(100.0 * deviations / known.magnitudes)
    for name, its_unit, figure, of_class in zip(known.names, known.units, figures, determined, strict=True):
        value, deviation, lower, upper = figure
        yield Estimate(name, its_unit, value, deviation, lower, upper, of_class, why.get(name, ""))


def _unidentified(known: Quantities, why: Mapping[str, str]) -> Iterator[Estimate]:
    """What has a cause and no value: parameters of muscles that the equations do not see, rigid tendons."""
    for name in (name for name in why if name not in known.names):
        yield Estimate(name, unit(name), np.nan, np.inf, -np.inf, np.inf, NOT, why[name])


def _left_open(fit: Fit, everything: Information, known: Quantities, relative: Array) -> Iterator[tuple[str, str]]:
    """Causes of what the recordings leave open, by name."""
    equations, size = len(fit.residual), len(fit.point)
    for name, deviation in zip(known.names, relative, strict=True):
        if equations <= everything.rank:
            yield name, f"the recording is too short: {equations} equations for {size} parameters"
        elif np.isinf(deviation):
            yield (
                name,
                (
                    "not told apart from other parameters: "
                    f"{size - everything.rank} combinations of them have no influence on the residual"
                ),
            )


def _tendons_of_held(fit: Fit) -> Iterator[tuple[str, str]]:
    """Causes of tendon slack lengths that stage two has made with a parameter at its bound, by name."""
    for name in fit.held if isinstance(fit.stage, FibreStage) else ():
        muscle, _, kind = name.partition(".")
        if kind in MUSCLE_UNITS:
            yield f"{muscle}.{TENDON_KIND}", f"made with {name}, which is at its bound: the interval may be too narrow"


def _remarks(problem: Problem, fit: Fit, noise: float, freedom: int, counted: int | None) -> Iterator[str]:
    if counted is not None:
        yield (
            f"residuals of filtered signals are correlated: {len(fit.residual)} of them count as {counted} independent "
            "ones in all intervals"
        )
    if freedom < 1:
        yield "no equation is left to find the noise from: all standard deviations are infinite"
        return
    if counted is None and problem.parsed.noise_rad_per_s2 == 0.0:
        yield (
            f"the problem has no noise: the {noise:.2g} rad/s2 that were found are the accuracy of the recordings "
            "themselves and of the result; such errors are not independent, and intervals may be too narrow"
        )
    if fit.held and counted is None:
        yield (
            f"{', '.join(fit.held)}: at a bound; the intervals of all others hold if the true value is there, too, and "
            "are too narrow otherwise"
        )
    if counted is None and (share := fit.left_to_gain()) > LEFT_TO_GAIN:
        yield (
            f"the result is no minimum: a linear step would remove {100.0 * share:.3g} % of the sum of squares; the "
            "noise found and all intervals are too wide for the minimum, and not around it"
        )
