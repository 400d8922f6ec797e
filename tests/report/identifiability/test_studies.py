"""Stored studies beside the analyses: their tables, figures and commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmark.identifiability.profile import Profile, study_of
from benchmark.identifiability.stored import store_study
from benchmark.report.figures import KINDS
from benchmark.report.identifiability.studies import FurtherStudies, load_further_studies
from benchmark.report.page.captions import CAPTIONS
from benchmark.uncertainty.covered import Coverage

PROBLEM = "m1-a-published"


def profile(parameter: str, noise: float) -> Profile:
    steps = np.linspace(-3.0, 3.0, 7)
    return Profile(PROBLEM, parameter, "m", noise, 0.2, 0.01, 0.05, 0.5, 0.2 + 0.01 * steps, steps**2)


def coverage() -> Coverage:
    return Coverage(
        problem=PROBLEM,
        noise_rad_per_s2=0.01,
        first_seed=0,
        names=("c1", "c2"),
        bounds_percent=np.array([1.0, 2.0]),
        covered=np.array([38, 39]),
        z_means=np.array([0.1, 0.0]),
        z_root_mean_squares=np.array([1.0, 1.1]),
        replicate_shares=np.repeat([1.0, 0.5], [37, 3]),
        noise_found_rad_per_s2=np.full(40, 0.01),
        at_bounds={},
        replicates_at_bounds=0,
    )


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> FurtherStudies:
    results: Path = tmp_path_factory.mktemp("results")
    found = [profile("c1", 0.01), profile("DELT1.optimal_fibre_length", 0.01), profile("c1", 0.1)]
    store_study(results, PROBLEM, "profiles", study_of(PROBLEM, found))
    store_study(results, PROBLEM, "coverage", coverage().plain())
    claim = {"claim": "All.", "section": "I", "quote": "all", "verdict": "holds", "evidence": "2 of 2"}
    store_study(results, "paper", "claims", {"problem": "paper", "claims": [claim]})
    return load_further_studies(results)


def test_each_study_that_is_stored_has_its_table(studies: FurtherStudies) -> None:
    assert [table.name for table in studies.tables] == [
        f"identifiability-{name}" for name in ("claims", "profiles", "coverage")
    ]


def test_profiles_have_a_figure_a_noise_and_coverage_one_a_problem(studies: FurtherStudies) -> None:
    drawings = list(studies.drawings)
    assert [drawing.name for drawing in drawings] == [
        f"profiles-{PROBLEM}-noise0.01",
        f"profiles-{PROBLEM}-noise0.1",
        f"coverage-{PROBLEM}",
    ]
    for drawing in drawings:
        assert drawing.kind in CAPTIONS
        assert KINDS[drawing.kind](*drawing.arguments).axes


def test_commands_make_them_again_with_their_own_noise(studies: FurtherStudies) -> None:
    begins = f"python -m benchmark identifiability {PROBLEM}"
    assert list(studies.commands) == [
        f"{begins} --profiles c1 DELT1.optimal_fibre_length --noise 0.01",
        f"{begins} --profiles c1 --noise 0.1",
        f"{begins} --coverage 40 --noise 0.01",
    ]


def test_nothing_stored_is_nothing_shown(tmp_path: Path) -> None:
    studies = load_further_studies(tmp_path)
    assert [*studies.tables, *studies.drawings, *studies.commands] == []
