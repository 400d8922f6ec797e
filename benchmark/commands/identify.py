"""``identify``: identify the arm of recordings of one's own, and tell how sure the result is."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmark.harness.errors import HarnessError
from benchmark.harness.files import try_to_write, write_atomically, writing
from benchmark.identification import PAGE_FILE

if TYPE_CHECKING:
    from benchmark.identification.identification import Identification
    from benchmark.identification.search import Attempt
    from datasets.recording import Recording

HELP = "identify the arm of recordings of your own: parameters with intervals, a page, a calibrated OpenSim model"
WHEN_STOPPED = "nothing was written"
DEFAULT_METHOD = "gauss_newton"  # the most reliable one where fibres are unknown, see the tables of fibres-unknown
DEFAULT_STARTS = 4
DEFAULT_BUDGET_S = 120.0
MODEL_ENDING = ".osim"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to identify from, how, and where it goes."""
    parser.add_argument(
        "recordings",
        nargs="+",
        type=Path,
        metavar="REC.nc",
        help="recordings of one arm, such as datasets import makes",
    )
    parser.add_argument("--held-out", nargs="+", type=Path, default=[], metavar="REC.nc", help="others, to validate on")
    how = parser.add_argument_group("how")
    how.add_argument("--method", default=DEFAULT_METHOD, help="METHOD or METHOD+PRESET (default: %(default)s)")
    how.add_argument(
        "--formulation", default="m1", metavar="F", help="how muscles without EMG are treated: m1, m2 (default: m1)"
    )
    how.add_argument(
        "--starts",
        type=int,
        default=DEFAULT_STARTS,
        metavar="N",
        help="searches: one from the model, the others from around it (default: %(default)s)",
    )
    how.add_argument(
        "--spread",
        type=float,
        default=0.1,
        metavar="S",
        help="standard deviation of the starts around the model, as a share of its values (default: %(default)s)",
    )
    how.add_argument(
        "--seed", type=int, default=0, metavar="N", help="seed of starts and method (default: %(default)s)"
    )
    how.add_argument(
        "--budget",
        type=float,
        default=DEFAULT_BUDGET_S,
        metavar="S",
        help="wall seconds that a search may take (default: %(default)g)",
    )
    how.add_argument("--known-bones", action="store_true", help="take the bones as the model has them")
    how.add_argument(
        "--any-bones",
        action="store_true",
        help="take bones as they fit best, even if no body of mass could have them; not with --write-model",
    )
    how.add_argument("--jobs", type=int, metavar="N", help="searches at a time (default: one a core)")
    where = parser.add_argument_group("where it goes")
    where.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of page and tables (default: results/identified/REC)"
    )
    where.add_argument(
        "--write-model", type=Path, metavar="M.osim", help="write the recordings' OpenSim model as identified there"
    )
    where.add_argument(
        "--model", type=Path, metavar="M.osim", help="the model to write it from (default: where it was at the import)"
    )
    where.add_argument("--force", action="store_true", help="replace page and model if they are there already")


def carry_out(asked: argparse.Namespace) -> None:
    """Identify, show what came of it, and write it.

    Raises
    ------
    HarnessError
        If anything that is asked for is not there or makes no sense, or if nothing can be written.
    """
    _check(asked)
    from benchmark.harness.methods import check_methods
    from benchmark.identification.identification import identify
    from benchmark.identification.search import Task, own_problem

    check_methods([asked.method])
    names = tuple(map(str, asked.recordings))
    task = Task(names, asked.formulation, asked.method, asked.budget, asked.spread, asked.seed, asked.known_bones)
    problem = own_problem(task)
    out = asked.out or Path("results") / "identified" / problem.coupled[0].recording.name
    _check_out(out, asked.force)
    model = _model(asked, problem.coupled[0].recording) if asked.write_model else None
    jobs = asked.jobs or min(os.cpu_count() or 1, asked.starts)
    _say(
        f"{problem.name}: {asked.starts} searches by {asked.method}, up to {asked.budget:g} s each, {jobs} at a time; "
        f"{len(problem.projection.muscles)} muscles identified, equations a sample: {problem.projection.equations}, "
        f"{problem.samples} samples"
    )
    found = identify(task, tuple(map(str, asked.held_out)), asked.starts, not asked.any_bones, jobs, _tell)
    _write(found, out)
    if model is not None:
        _write_model(found, model, asked.write_model)


def _check(asked: argparse.Namespace) -> None:
    """Raise a HarnessError if an argument makes no sense."""
    for name, sound, expected in (
        ("starts", asked.starts >= 1, "at least 1"),
        ("spread", 0.0 < asked.spread < 1.0, "a share above 0 and below 1, such as 0.1"),
        ("seed", asked.seed >= 0, "a whole number from 0"),
        ("budget", asked.budget > 0.0, "seconds above 0"),
        ("jobs", asked.jobs is None or asked.jobs >= 1, "at least 1"),
    ):
        if not sound:
            raise HarnessError(f"--{name} {getattr(asked, name)}: give {expected}")
    if asked.write_model is not None and asked.write_model.suffix != MODEL_ENDING:
        raise HarnessError(f"--write-model {asked.write_model}: give a name that ends in {MODEL_ENDING}")
    if asked.any_bones and asked.write_model is not None:
        raise HarnessError("--any-bones may find bones that no OpenSim model can have: leave it out, or --write-model")
    if asked.model is not None and asked.write_model is None:
        raise HarnessError("--model is what --write-model starts from: give that as well")


def _check_out(out: Path, force: bool) -> None:
    """Raise a HarnessError if nothing can be written to the folder, or if an identification is there already."""
    if (out / PAGE_FILE).exists() and not force:
        raise HarnessError(f"{out} holds an identification already: --force replaces it, or give another --out")
    is_new = not out.exists()
    with writing(out):
        try_to_write(out)
    if is_new:  # nothing is to be left of what may come to nothing
        out.rmdir()


def _model(asked: argparse.Namespace, recording: Recording) -> Path:
    """The OpenSim model that the recording was imported with, unchanged since.

    Raises
    ------
    HarnessError
        If OpenSim is not installed, the recording is no imported one, or the model is not there or another one.
    """
    from importlib.util import find_spec

    from datasets.checksums import file_checksum
    from datasets.opensim_process import NOT_INSTALLED

    if find_spec("opensim") is None:
        raise HarnessError(f"--write-model: {NOT_INSTALLED}")
    told = recording.provenance.get("model_path")
    if told is None and asked.model is None:
        raise HarnessError(
            f"--write-model: {recording.name} was not imported with an OpenSim model: name one of this arm by --model"
        )
    path = asked.model or Path(str(told))
    if not path.is_file():
        raise HarnessError(f"--write-model: {path} is not there: say where the model of {recording.name} is by --model")
    expected = recording.provenance.get("model_sha256")
    if expected is not None and file_checksum(path) != expected:
        raise HarnessError(
            f"--write-model: {path} is not the model that {recording.name} was imported with: name that by --model"
        )
    if asked.write_model.exists() and (not asked.force or asked.write_model.samefile(path)):
        other = "give another name" if asked.write_model.samefile(path) else "--force replaces it"
        raise HarnessError(f"--write-model: {asked.write_model} is there already: {other}")
    with writing(asked.write_model):
        try_to_write(asked.write_model.resolve().parent)
    return path


def _tell(attempt: Attempt, starts: int) -> None:
    whence = "the model" if attempt.start == 0 else "around it"
    left = (attempt.sum_of_squares_start, attempt.sum_of_squares)
    why = f" ({attempt.message})" if attempt.message else ""
    _say(
        f"search {attempt.start + 1} of {starts}, from {whence}: {attempt.status}{why} after {attempt.seconds:.1f} s "
        f"and {attempt.evaluations} evaluations; sum of squares from {left[0]:.4g} to {left[1]:.4g} rad2/s4"
    )


def _write(found: Identification, out: Path) -> None:
    from benchmark.identification.files import files, text

    print(text(found))
    content = files(found)
    with writing(out):
        for name, data in content.items():
            write_atomically(out / name, data)
    print(f"\nthe page is {out / PAGE_FILE}, with {len(content) - 1} files of tables and figures beside it")


def _write_model(found: Identification, model: Path, out: Path) -> None:
    from datasets.laboratory.calibrated.apart import write_calibrated_apart
    from datasets.laboratory.files.text import LaboratoryError

    try:
        write_calibrated_apart(model, found.problem.arm, found.identified, out)
    except LaboratoryError as error:
        raise HarnessError(f"--write-model: {error}") from error
    print(f"the calibrated model is {out}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
