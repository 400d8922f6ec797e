"""The OpenSim model built from the description against the published model's own figures."""

import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")

REFERENCE = Path(__file__).parents[1] / "reference" / "opensim.npz"
GROUPS = ("movement_range", "full_range", "off_manifold")
Figures = Mapping[str, NDArray[np.float64]]


@pytest.fixture(scope="module")
def reference() -> Figures:
    with np.load(REFERENCE) as figures:
        return dict(figures)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    folder = tmp_path_factory.mktemp("opensim")
    probe = Path(__file__).with_name("opensim_probe.py")
    subprocess.run([sys.executable, probe, REFERENCE, folder / "built.npz"], check=True, cwd=folder, timeout=120)
    assert list(folder.iterdir()) == [folder / "built.npz"], "importing OpenSim left a log behind"
    with np.load(folder / "built.npz") as figures:
        return dict(figures)


@pytest.mark.parametrize("group", GROUPS)
def test_musculotendon_lengths_are_the_published_models(reference: Figures, built: Figures, group: str) -> None:
    # The same figures in the same code: only rounding may differ. A point off by a tenth of a micrometre would show.
    name = f"{group}_musculotendon_length"
    np.testing.assert_allclose(built[name], reference[name], rtol=0.0, atol=1e-8)


@pytest.mark.parametrize("group", ["movement_range", "full_range"])
def test_coupled_moment_arms_are_the_published_models(reference: Figures, built: Figures, group: str) -> None:
    # As above; the moment arm solver adds rounding of its own, far below 1e-8 m.
    name = f"{group}_moment_arm"
    np.testing.assert_allclose(built[name], reference[name], rtol=0.0, atol=1e-8)


@pytest.mark.parametrize("group", GROUPS)
def test_mass_matrices_are_the_published_models(reference: Figures, built: Figures, group: str) -> None:
    # Entries reach 5 kg m2; rounding through a chain of 16 coordinates stays below 1e-12.
    name = f"{group}_mass_matrix"
    np.testing.assert_allclose(built[name], reference[name], rtol=0.0, atol=1e-12)
