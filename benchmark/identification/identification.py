"""Identification of an arm of one's own, from recordings to a result with its certainty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.classes import CLASSES
from benchmark.identification.courses import Course, Fit, courses, fit_of
from benchmark.identification.search import Attempt, Task, best_of, own_problem, search
from benchmark.identification.warnings import warnings
from benchmark.problem.own_problem import OwnProblem
from benchmark.problem.projection import CoupledRecording
from benchmark.uncertainty.consistency import bone_faults
from benchmark.uncertainty.consistent_bones import consistent
from benchmark.uncertainty.estimates import Estimate, Uncertainty, uncertainty
from benchmark.uncertainty.fit import fitted


@dataclass(frozen=True, eq=False)
class Identification:
    """What was identified, and all that is to be said about it.

    Attributes
    ----------
    task
        What was asked for.
    problem
        The problem.
    validation
        The same problem on the recordings held out; None if there are none.
    attempts
        The searches, from all starts.
    best
        The one whose result this is.
    identified
        The parameters that were identified, by name, with bones made physically consistent if that was asked for.
    uncertainty
        How sure it is: an estimate a parameter, tendon slack lengths and dynamic coefficients.
    values
        All parameters by name, those of the model where nothing was identified.
    fits
        How well the recordings are explained: those identified from, then those held out, if any.
    courses
        Every recording as it is explained, held-out ones last.
    warnings
        What to beware of, a line each.
    """

    task: Task
    problem: OwnProblem
    validation: OwnProblem | None
    attempts: tuple[Attempt, ...]
    best: Attempt
    identified: Mapping[str, float]
    uncertainty: Uncertainty
    values: Mapping[str, float]
    fits: tuple[Fit, ...]
    courses: tuple[Course, ...]
    warnings: tuple[str, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Estimates of everything that one wants to know."""
        return self.uncertainty.estimates

    @property
    def recordings(self) -> tuple[CoupledRecording, ...]:
        """Recordings in the order of their courses, held-out ones last."""
        return (*self.problem.coupled, *(() if self.validation is None else self.validation.coupled))

    def counts(self) -> dict[str, int]:
        """How many estimates there are of each class."""
        return {name: sum(entry.determined == name for entry in self.estimates) for name in CLASSES}


def identify(
    task: Task,
    held_out: tuple[str, ...] = (),
    starts: int = 4,
    consistent_bones: bool = True,
    jobs: int = 1,
    tell: Callable[[Attempt, int], None] = lambda _, __: None,
) -> Identification:
    """Identify an arm from recordings of it.

    Parameters
    ----------
    task
        What to identify, and how.
    held_out
        Files of recordings of the same arm to validate on.
    starts
        From how many starts to search; the first is the model itself.
    consistent_bones
        Whether bones are made such as a body of mass can have, at the least cost to the fit.
    jobs
        Processes that search at a time.
    tell
        Is told each attempt when it is done, and of how many.

    Raises
    ------
    HarnessError
        If recordings are not sound, named twice or do not go together, if they do not go with the formulation, if
        there is no such method, or if it has no result.
    """
    problem = own_problem(task)
    validation = problem.with_recordings(held_out) if held_out else None
    _check_apart(problem, validation)
    attempts = search(task, starts, jobs, tell)
    best = best_of(attempts)
    left_to_gain = fitted(problem, best.values).left_to_gain()
    identified, of_bones = _with_sound_bones(problem, best) if consistent_bones else (dict(best.values), ())
    found = uncertainty(problem, identified, correlated=True)
    values = {**problem.nominal, **identified}
    parts = [courses(problem, values, is_held_out=False)]
    if validation is not None:
        parts.append(courses(validation, values, is_held_out=True))
    fits = tuple(fit_of(part) for part in parts)
    everything = tuple(course for part in parts for course in part)
    return Identification(
        task=task,
        problem=problem,
        validation=validation,
        attempts=attempts,
        best=best,
        identified=identified,
        uncertainty=replace(found, remarks=(*found.remarks, *of_bones)),
        values=values,
        fits=fits,
        courses=everything,
        warnings=warnings(problem, attempts, left_to_gain, found.held, values, everything, fits),
    )


def _check_apart(problem: OwnProblem, validation: OwnProblem | None) -> None:
    """Raise a HarnessError if a recording is named twice: what is left of it would count twice, or not be held out."""
    found = [entry.recording for entry in (*problem.coupled, *(() if validation is None else validation.coupled))]
    for index, recording in enumerate(found):
        if recording.checksum in {other.checksum for other in found[:index]}:
            raise HarnessError(f"{recording.name} is the same recording as another one that is named: name each once")


def _with_sound_bones(problem: OwnProblem, best: Attempt) -> tuple[dict[str, float], tuple[str, ...]]:
    """The parameters with physically consistent bones, and what that cost, if they were not."""
    if not bone_faults(best.values, problem.identified_bodies):
        return dict(best.values), ()
    made = consistent(problem, best.values)
    found = np.sqrt([made.before, made.after])
    told = (
        "the bones that explain most were such as no body of mass has; these are the physically consistent ones that "
        f"explain most: {found[1]:.4g} rad/s2 are left, instead of {found[0]:.4g}"
    )
    return made.values, (told, *made.remarks)
