"""What tests of laboratories' files share; and what hypothesis stores goes where pytest stores its own."""

from pathlib import Path

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from tests.datasets.laboratory.in_opensim import in_opensim


def pytest_configure(config: pytest.Config) -> None:
    """Keep it within what the repository ignores."""
    set_hypothesis_home_dir(config.rootpath / ".pytest_cache" / "hypothesis")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite's arm as the file of an OpenSim model."""
    found: Path = in_opensim("model.kinematics_probe", "suite_model", tmp_path_factory.mktemp("suite"))
    return found
