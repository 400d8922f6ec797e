"""Profile likelihoods: how far a parameter can go before the best fit of all others becomes implausible.

Under independent Gaussian noise of the accelerations (see :mod:`benchmark.problem.acceleration_noise`) the rise of the
least sum of squares of eq. (14), in units of the noise's variance, is a likelihood ratio statistic: a 95 % interval is
where it stays below the quantile of chi-square with one degree of freedom (Raue et al. 2009). It needs no linearity:
where the rise is no parabola, the linear interval misleads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError, check_known
from benchmark.identifiability.analysis import Analysis, information
from benchmark.identifiability.information import NULL_TOLERANCE
from benchmark.identifiability.profile import THRESHOLD, Profile
from benchmark.identifiability.quantities import SHARED, kind_of, magnitudes
from benchmark.identifiability.refine import Minimum, refine
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.problem import Problem
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS

Array = NDArray[np.float64]

MUSCLE_PARAMETERS = 4  # that are profiled by default, from the best to the worst determined
STEP = 0.5  # of the rise's root, that a step aims at
LARGEST_STEP = 1.0  # of it: a step that rises by more is made again, shorter
SHORTENED, LENGTHENED = 0.25, 2.0  # a step's length, of the one before, at least and at most
FEWEST_STEPS = 8  # from the estimate to a bound
SMALLEST_STEP = 1e-5  # of the distance between the bounds: a rise that jumps is not followed any further
LOWER = 0.02  # of the noise's variance: a sum of squares that much below another one is another minimum's


def default_parameters(analysis: Analysis) -> tuple[str, ...]:
    """Parameters whose profiles tell most of a problem, by their Cramer-Rao bounds.

    Of the muscles' parameters that are seen, the best determined one, the worst, and two in between; the worst
    determined shared one; and the bones' that is hidden most.
    """
    known = analysis.information
    kinds = np.array([kind_of(name) for name in known.names])
    bounds = known.standard_deviations(1.0)
    muscles = np.flatnonzero(np.isin(kinds, list(MUSCLE_UNITS)) & np.isfinite(bounds))
    ranked = muscles[np.argsort(bounds[muscles], kind="stable")]
    spread = np.linspace(0, len(ranked) - 1, min(MUSCLE_PARAMETERS, len(ranked))).round().astype(int)
    shared, bones = np.flatnonzero(kinds == SHARED), np.flatnonzero(np.isin(kinds, list(BONE_UNITS)))
    hidden = known.unseen_shares(np.eye(len(known.names)))
    chosen = [*ranked[spread], shared[bounds[shared].argmax()], bones[hidden[bones].argmax()]]
    return tuple(known.names[index] for index in chosen)


def profiles(
    problem: Problem,
    parameters: Sequence[str],
    noise_rad_per_s2: float,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Profile]:
    """Profiles of several parameters of a problem, one after the other.

    Parameters
    ----------
    problem
        The problem, without noise or a replicate with it.
    parameters
        Parameters of its stage one.
    noise_rad_per_s2
        Standard deviation of the noise of its accelerations: what is in them, or what is to be assumed.
    progress
        Is told what goes on.

    Raises
    ------
    HarnessError
        If a parameter is not one of stage one, or the noise is not above zero.
    """
    stage = problem.acceleration_stage(problem.nominal)
    check_known(f"parameter of {problem.name}", parameters, stage.space.names)
    if not 0.0 < noise_rad_per_s2 < np.inf:
        raise HarnessError(f"noise of {noise_rad_per_s2:g} rad/s2: give a figure above 0, such as 0.01")
    minimum, found = refine(stage, stage.space.start), []
    for index, parameter in enumerate(parameters):
        walk = _Walk(stage, parameter, noise_rad_per_s2, minimum)
        points = walk.points()
        minimum = walk.minimum
        found.append(walk.profile(problem.name, points))
        progress(f"profile {index + 1} of {len(parameters)}: {parameter}, {len(points)} points, {found[-1].shape}")
    return found


def profile(problem: Problem, parameter: str, noise_rad_per_s2: float) -> Profile:
    """The profile of one parameter; see `profiles`."""
    return profiles(problem, [parameter], noise_rad_per_s2)[0]


class _Walk:
    """A walk along one parameter, to both sides of the minimum.

    Parameters
    ----------
    stage
        What is minimised.
    parameter
        The parameter.
    noise
        Standard deviation in rad/s2.
    minimum
        Where the walk starts; a lower one that it comes across takes its place.
    """

    def __init__(self, stage: AccelerationStage, parameter: str, noise: float, minimum: Minimum) -> None:
        self._stage, self._noise, self.minimum = stage, noise, minimum
        self._own = stage.space.names.index(parameter)
        self._low, self._high = float(stage.space.lower[self._own]), float(stage.space.upper[self._own])

    def points(self) -> list[Minimum]:
        """Minima with the parameter held, ascending in its value, until beyond the threshold or at a bound."""
        while True:
            below, above = (self._side(bound) for bound in (self._low, self._high))
            lowest = min([*below, *above, self.minimum], key=lambda point: point.sum_of_squares)
            if not self._is_lower(lowest):
                return [*reversed(below), self.minimum, *above]
            self.minimum = refine(self._stage, lowest.x)

    def profile(self, problem: str, points: Sequence[Minimum]) -> Profile:
        """What was found."""
        space = self._stage.space
        return Profile(
            problem=problem,
            parameter=space.names[self._own],
            unit=space.units[self._own],
            noise_rad_per_s2=self._noise,
            estimate=self._value(self.minimum),
            standard_deviation=self._deviation(),
            lower_bound=self._low,
            upper_bound=self._high,
            values=np.array([self._value(point) for point in points]),
            rises=np.array([self._rise(point) for point in points]),
        )

    def _side(self, bound: float) -> list[Minimum]:
        """Minima from the estimate towards a bound, until beyond the threshold, when checked too."""
        side: list[Minimum] = []
        while further := [*self._steps(side[-1] if side else self.minimum, bound)]:
            side = self._checked([*side, *further])
        return side

    def _steps(self, at: Minimum, bound: float) -> Iterator[Minimum]:
        """Minima from a point on towards a bound; none where it is beyond the threshold or at the bound."""
        room = bound - self._value(self.minimum)
        longest, smallest = abs(room) / FEWEST_STEPS, SMALLEST_STEP * (self._high - self._low)
        step = min(STEP * self._deviation(), longest)
        while abs(bound - self._value(at)) > smallest and self._rise(at) <= THRESHOLD and not self._is_lower(at):
            moved = self._value(at) + np.sign(room) * min(step, abs(bound - self._value(at)))
            trial = self._held(at, bound if abs(bound - moved) <= smallest else moved)
            gained = self._root(trial) - self._root(at)
            if gained <= LARGEST_STEP or step <= smallest:
                at = trial
                yield at
            change = STEP / gained if gained > 0.0 else LENGTHENED
            step = float(np.clip(step * np.clip(change, SHORTENED, LENGTHENED), smallest, max(longest, smallest)))

    def _checked(self, side: list[Minimum]) -> list[Minimum]:
        """The same minima, or lower ones that are found from their neighbours: searches get stuck in narrow valleys.

        First on the way back, then to and fro as long as that finds any.
        """
        while self._finds_lower(side, range(len(side) - 2, -1, -1), 1) and self._finds_lower(
            side, range(1, len(side)), -1
        ):
            continue
        return side

    def _finds_lower(self, side: list[Minimum], order: Iterable[int], neighbour: int) -> bool:
        """Search again from the neighbours, in their order; say whether that lowers any of the minima."""
        before = [point.sum_of_squares for point in side]
        for index in order:
            again = self._held(side[index + neighbour], self._value(side[index]))
            side[index] = min(side[index], again, key=lambda point: point.sum_of_squares)
        gains = [old - point.sum_of_squares for old, point in zip(before, side, strict=True)]
        return max(gains, default=0.0) > LOWER * self._noise**2

    def _held(self, at: Minimum, value: float) -> Minimum:
        """The minimum with the parameter held at `value`, from where the others' linear response leads."""
        space = self._stage.space
        scale = magnitudes(space, self.minimum.x)
        _, jacobian = self._stage.residual_and_jacobian(at.x)
        free = (at.x > space.lower) & (at.x < space.upper)
        free[self._own] = False
        by_own, by_others = jacobian[:, self._own], jacobian[:, free] * scale[free]
        start = at.x.copy()
        response = np.linalg.lstsq(by_others, -by_own, rcond=NULL_TOLERANCE)[0]
        start[free] += scale[free] * response * (value - self._value(at))
        return refine(self._stage, space.clip(start), {space.names[self._own]: value})

    def _deviation(self) -> float:
        known = information(self._stage, self.minimum.x)
        return float(known.standard_deviations(self._noise)[self._own] * known.magnitudes[self._own])

    def _value(self, point: Minimum) -> float:
        return float(point.x[self._own])

    def _rise(self, point: Minimum) -> float:
        return (point.sum_of_squares - self.minimum.sum_of_squares) / self._noise**2

    def _root(self, point: Minimum) -> float:
        return float(np.sqrt(max(self._rise(point), 0.0)))

    def _is_lower(self, point: Minimum) -> bool:
        return self._rise(point) < -LOWER
