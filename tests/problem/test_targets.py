"""The objective that targets are given in, and the targets of the repository."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmark.harness.suites import load_suites
from benchmark.problem.problem import load_problem
from benchmark.problem.problem_name import ProblemName
from benchmark.problem.targets import (
    Target,
    leading_comment,
    load_targets,
    objective,
    target_ratio,
    targets_text,
)
from datasets.subjects import SUBJECTS
from tests.problem.test_formulations import literal

TARGETS = load_targets()


@pytest.mark.parametrize("name", ["m1-a-published", "m2-a-published"])
def test_objective_is_the_mean_square_of_the_literal_unexplained_acceleration(name: str) -> None:
    """Over all samples, to 1e-8, as far as the two forms agree sample by sample."""
    problem = load_problem(name)
    values = problem.start(0.2, 1)
    _, _, unexplained = literal(problem, values, every=1)
    assert objective(problem, values) == pytest.approx((unexplained**2).sum(axis=1).mean(), rel=1e-8)


def test_loss_times_variance_is_the_objective_whatever_the_start() -> None:
    """To rounding, 1e-12; the losses themselves differ by decades."""
    problem = load_problem("m1-a-published")
    values = problem.start(0.2, 1)
    losses = []
    for level, seed in ((0.1, 2), (0.3, 3)):
        stage = problem.fibre_stage(problem.start(level, seed))
        rows = stage.rows(np.array([values[name] for name in stage.space.names]))
        losses.append(sum(float(row @ row) for row in rows))
        assert losses[-1] * stage.variance == pytest.approx(objective(problem, values), rel=1e-12)
    assert max(losses) > 2.0 * min(losses)


def test_every_problem_of_the_suites_has_a_target() -> None:
    """But noisy ones, whose best minimum is another with each seed, moment tracking, compared by its loss, subjects."""
    parsed = {name: ProblemName.parse(name) for suite in load_suites().values() for name in suite.problems}
    by_loss = {name for name, own in parsed.items() if own.formulation.tracks_moments}
    noisy = {name for name, own in parsed.items() if own.noise_rad_per_s2 > 0.0}
    of_subjects = {name for name, own in parsed.items() if own.variant in SUBJECTS}  # compared over subjects
    assert parsed.keys() - by_loss - noisy - of_subjects <= TARGETS.keys()
    assert not by_loss & TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_the_best_known_lies_below_the_truth_and_the_target_far_below_any_start(name: str) -> None:
    """The recordings' rounding is fitted too, so that a minimum lies below the truth; starts are decades above it."""
    problem, target = load_problem(name), TARGETS[name]
    assert target.target_rad2_per_s4 == pytest.approx(target_ratio(name) * target.best_known_rad2_per_s4, rel=1e-12)
    assert target.best_known_rad2_per_s4 < objective(problem, problem.truth)
    assert all(objective(problem, problem.start(0.1, seed)) > 1e6 * target.target_rad2_per_s4 for seed in range(3))


def test_targets_are_written_as_they_are_read(tmp_path: Path) -> None:
    targets = {
        "m1-b-published": Target(1.0 / 3.0, 10.0 / 3.0, "a", 0.1, 2, "2026-01-02"),
        "m1-a-light": Target(1e-17, 1e-16, "b", "uniform", 0, "2026-01-03"),
    }
    path = tmp_path / "targets.toml"
    path.write_text(targets_text(targets, "# why\n# and how\n"))
    assert load_targets(path) == targets
    assert list(load_targets(path)) == ["m1-a-light", "m1-b-published"]
    assert leading_comment(path).rstrip() == "# why\n# and how"
    assert targets_text(targets, leading_comment(path)) == path.read_text()
