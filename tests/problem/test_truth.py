"""The recordings are solved by the true parameters."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from benchmark.problem.problem import load_problem
from benchmark.problem.stage import Stage
from datasets.subjects import SUBJECTS

# At most this share of the median loss of ten 10 % starts; subjects are light, too.
SHARES = {"published": 1e-8, "light": 1e-6} | dict.fromkeys(SUBJECTS, 1e-6)
CASES = [
    *product(("m1", "m2"), "abc", ("published", "light")),
    *(("m1", "a", subject) for subject in SUBJECTS),
]


def loss(stage: Stage, x: np.ndarray) -> float:
    return float(sum(row @ row for row in stage.rows(x)))


@pytest.mark.parametrize(("formulation", "movement", "variant"), CASES)
def test_loss_at_the_truth_is_next_to_nothing(formulation: str, movement: str, variant: str) -> None:
    problem = load_problem(f"{formulation}-{movement}-{variant}")
    at_start, at_truth = [], []
    for seed in range(10):
        stage = problem.fibre_stage(problem.start(0.1, seed))
        at_start.append(loss(stage, stage.space.start))
        at_truth.append(loss(stage, np.array([problem.truth[name] for name in stage.space.names])))
    assert np.median(at_truth) <= SHARES[variant] * np.median(at_start)


@pytest.mark.parametrize("name", ["m1-a-published", "m2-b-light"])
def test_tendons_are_found_in_the_second_stage(name: str) -> None:
    """With stage one at the truth, eq. (16) gives every elastic tendon's slack length to 1e-6."""
    problem = load_problem(name)
    start = problem.start(0.1, 0)
    first = problem.fibre_stage(start)
    truth = np.array([problem.truth[name] for name in first.space.names])
    stage = problem.tendon_stage(first, truth, start)
    constant = np.concatenate(stage.rows(np.zeros(stage.space.size)))
    columns = [np.concatenate(stage.rows(unit)) - constant for unit in np.eye(stage.space.size)]
    found = np.linalg.lstsq(np.column_stack(columns), -constant, rcond=None)[0]
    expected = [problem.truth[name] for name in stage.space.names]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert "PECM1.tendon_slack_length" not in stage.space.names
