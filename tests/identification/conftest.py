"""A small identification of thinned recordings, made once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmark.identification.courses import Course
from benchmark.identification.files import files
from benchmark.identification.identification import Identification, identify
from benchmark.identification.search import Task
from datasets.recording_files import read_recording, write_recording

STRIDE = 4  # 50 samples a second: a few hundred equations determine some parameters well, some weakly and some not
HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:alert(1)) *b* $c$"


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> Identification:
    """Identified from movement A, held-out movement C, with the bones that fit best."""
    folder = tmp_path_factory.mktemp("recordings")
    paths = [folder / f"{movement}.nc" for movement in "ac"]
    for path in paths:
        write_recording(read_recording(f"{path.stem}-published").at(slice(0, None, STRIDE)), path)
    task = Task((str(paths[0]),), "m1", "gauss_newton", 30.0, 0.1, 0)
    return identify(task, (str(paths[1]),), starts=1, consistent_bones=False)


@pytest.fixture(scope="session")
def narrow(found: Identification) -> Identification:
    """The same with courses of two muscles and one coordinate, which are quickly drawn."""
    return replace(found, courses=tuple(with_muscles(course, 2) for course in found.courses))


@pytest.fixture(scope="session")
def written(narrow: Identification) -> dict[str, bytes]:
    """Its files."""
    return files(narrow)


def with_muscles(course: Course, count: int) -> Course:
    """A course with its first muscles alone, one of those without EMG and its first coordinate."""
    return replace(
        course,
        coordinates=course.coordinates[:1],
        measured_n_m=course.measured_n_m[:, :1],
        predicted_n_m=course.predicted_n_m[:, :1],
        muscles=course.muscles[:count],
        force_n=course.force_n[:, :count],
        activation=course.activation[:, :count],
        fibre_length=course.fibre_length[:, :count],
        deep_muscles=course.deep_muscles[:1],
        deep_force_n=course.deep_force_n[:, :1],
    )


def recording_at(folder: Path, samples: int) -> Path:
    """The first samples of movement A in a file of their own."""
    path = folder / "first.nc"
    write_recording(read_recording("a-published").at(slice(0, samples)), path)
    return path
