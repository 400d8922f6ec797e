"""Each warning, provoked by a made-up case that is otherwise sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmark.identification.courses import Course, Fit
from benchmark.identification.identification import Identification
from benchmark.identification.search import Attempt
from benchmark.identification.warnings import warnings
from benchmark.problem.own_problem import OwnProblem

SOUND = Fit(("a",), False, 100, 1, 1.0, 0.9, 1.0)


def attempt(start: int, sum_of_squares: float, status: str = "converged") -> Attempt:
    return Attempt(start, status, "", 10.0, sum_of_squares, 1.0, 5, {}, {})


def told(found: Identification, **changed: Any) -> set[str]:
    """What is told of a sound case with something changed, beyond what is told of it as it is."""
    usual = np.ones_like(found.courses[0].fibre_length)
    course = replace(found.courses[0], fibre_length=usual, outside=np.zeros(usual.shape[1]))
    sound: dict[str, Any] = {
        "problem": with_emg(found.problem, 0.5),
        "attempts": [attempt(0, 1.0)],
        "left_to_gain": 0.0,
        "held": (),
        "values": found.problem.nominal,
        "courses": [course],
        "fits": [SOUND],
    }
    return {*warnings(**(sound | changed))} - {*warnings(**sound)}


def with_emg(problem: OwnProblem, largest: float, saturated: float = 0.0) -> OwnProblem:
    """The problem with EMG of all muscles that goes up to a maximum, and a share of samples of the first at 1."""
    seen = problem.projection
    emg = np.tile(np.linspace(0.0, largest, len(seen.emg[0]))[:, None], (1, len(seen.muscles)))
    emg[: round(saturated * len(emg)), 0] = 1.0
    other = copy(problem)
    other.__dict__["projection"] = replace(seen, emg=(emg,))
    return other


def with_fibres(found: Identification, length: float, outside: float = 0.0) -> list[Course]:
    course = found.courses[0]
    lengths, beyond = np.ones_like(course.fibre_length), np.zeros(course.fibre_length.shape[1])
    lengths[: len(lengths) // 4, 1], beyond[1] = length, outside
    return [replace(course, fibre_length=lengths, outside=beyond)]


def values(found: Identification, name: str, factor: float) -> Mapping[str, float]:
    return {**found.problem.nominal, name: factor * found.problem.nominal[name]}


def one(lines: set[str]) -> str:
    (line,) = lines
    return line


def test_a_sound_case_has_no_warning_but_of_the_muscles_that_are_not_seen(found: Identification) -> None:
    course = replace(found.courses[0], fibre_length=np.ones((3, 9)), outside=np.zeros(9))
    lines = warnings(with_emg(found.problem, 0.5), [attempt(0, 1.0)], 0.0, (), found.problem.nominal, [course], [SOUND])
    assert len(lines) == 1
    assert lines[0].startswith("TRIlat, BRD: measured, but they act only where")


@pytest.mark.parametrize(
    ("attempts", "words"),
    [
        ([attempt(0, 1.0), attempt(1, 0.0, "failed"), attempt(2, 1.0)], "1 of 3 searches ended without a result (fai"),
        ([attempt(0, 1.0), attempt(1, 2.0)], "only one of 2 searches came as far as the best"),
    ],
)
def test_searches(found: Identification, attempts: Sequence[Attempt], words: str) -> None:
    assert one(told(found, attempts=attempts)).startswith(words)


def test_searches_that_agree_are_not_told(found: Identification) -> None:
    assert told(found, attempts=[attempt(0, 1.0), attempt(1, 1.0)]) == set()


def test_parameters_at_bounds_are_told_of_muscles_and_of_bones(found: Identification) -> None:
    lines = sorted(told(found, held=("c1", "humerus.mass", "ulna.mass")))
    assert lines[0].startswith("1 muscle and shared parameters at a bound")
    assert lines[0].endswith(": c1")
    assert lines[1].startswith("2 bone parameters at a bound")
    assert lines[1].endswith(": humerus.mass, ulna.mass")


def test_muscles_that_are_never_excited(found: Identification) -> None:
    lines = told(found, problem=with_emg(found.problem, 0.04))
    assert len(lines) == len(found.problem.projection.muscles)
    assert all("is never excited: its EMG stays below 5 % of its maximum" in line for line in lines)


def test_emg_at_its_maximum(found: Identification) -> None:
    line = one(told(found, problem=with_emg(found.problem, 0.5, saturated=0.05)))
    assert line.startswith(f"{found.problem.projection.muscles[0]}'s EMG is at its maximum for 5 % of the time")
    assert told(found, problem=with_emg(found.problem, 0.5, saturated=0.005)) == set()


def test_parameters_far_from_the_model(found: Identification) -> None:
    name = "PECM1.optimal_fibre_length"
    assert one(told(found, values=values(found, name, 1.6))) == f"{name} is 1.6 times the model's value"
    assert told(found, values=values(found, name, 1.4)) == set()
    assert told(found, values=values(found, name, 1.6), held=(name,)) == told(found, held=(name,))


@pytest.mark.parametrize(("length", "words"), [(0.45, "0.45 to 1.00"), (1.55, "1.00 to 1.55")])
def test_fibres_beyond_the_usual(found: Identification, length: float, words: str) -> None:
    line = one(told(found, courses=with_fibres(found, length)))
    assert line.startswith(f"{found.courses[0].muscles[1]}'s fibres are {words} times their optimal length")
    assert "for 25.0 % of the time" in line


def test_muscles_that_leave_their_model(found: Identification) -> None:
    line = one(told(found, courses=with_fibres(found, 1.0, outside=0.031)))
    assert line.startswith(f"{found.courses[0].muscles[1]} leaves what its model is made for in 3.1 % of a recording")


def test_implausible_inertia(found: Identification) -> None:
    assert one(told(found, values=values(found, "ulna.mass", -1.0))).startswith(
        "implausible inertia: ulna: its mass, -"
    )


def test_recordings_that_are_not_explained(found: Identification) -> None:
    line = one(told(found, fits=[SOUND, replace(SOUND, is_held_out=True, r2=-0.5)]))
    assert line.startswith("the held-out recordings are explained worse than by the mean of each torque (R2 -0.5)")


def test_results_that_do_not_carry_over(found: Identification) -> None:
    held_out = replace(SOUND, is_held_out=True, rmse_n_m=2.1, r2=0.9)
    assert one(told(found, fits=[SOUND, held_out])).startswith("held-out error 2.1 N m, against 1 N m where")
    assert told(found, fits=[SOUND, replace(held_out, rmse_n_m=1.9)]) == set()
    assert told(found, fits=[SOUND, replace(held_out, r2=0.99)]) == set()  # next to everything is explained there, too


def test_a_search_that_has_not_arrived_is_told(found: Identification) -> None:
    (line,) = told(found, left_to_gain=0.05)
    assert line.startswith("the best search ended above its minimum: a linear step would remove 5 % more")
