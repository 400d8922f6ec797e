"""Stored analyses: what was found of a problem, in files that the report makes tables and figures of."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmark.harness.files import write_atomically
from benchmark.harness.store import REFERENCE
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import Quantities

FOLDER = "identifiability"
ANALYSIS = "analysis"

T = TypeVar("T")

_log = logging.getLogger(__name__)


def store_study(results: Path, problem: str, study: str, content: Mapping[str, Any]) -> Path:
    """Write what a study found of a problem in place of what is there; return the file.

    Parameters
    ----------
    results
        The results folder.
    problem
        The problem's name.
    study
        What was done: ``analysis``, ``profiles``, ``coverage`` ...
    content
        What was found, with its ``provenance``; arrays as lists, numbers finite.
    """
    path = results / REFERENCE / FOLDER / f"{problem}.{study}.json"
    return write_atomically(path, (json.dumps(content, allow_nan=False) + "\n").encode())


def load_studies(results: Path, study: str) -> dict[str, dict[str, Any]]:
    """What a study found, by the problem's name; a damaged file is left out, with a warning."""
    return dict(_read(results, study, dict))


def store_analysis(results: Path, found: Analysis, provenance: Mapping[str, Any]) -> Path:
    """Write the analysis of a problem in place of the one there; return the file."""
    content = _plain(asdict(found)) | {"provenance": dict(provenance)}
    return store_study(results, found.problem, ANALYSIS, content)


def load_analyses(results: Path) -> dict[str, Analysis]:
    """The stored analyses by the problem's name."""
    return dict(_read(results, ANALYSIS, _analysis))


def _read(results: Path, study: str, made: Callable[[dict[str, Any]], T]) -> Iterator[tuple[str, T]]:
    """The problem's name, and what is made of the content, of every file of a study that can be read."""
    for path in sorted((results / REFERENCE / FOLDER).glob(f"*.{study}.json")):
        try:
            content = json.loads(path.read_bytes())
            yield str(content["problem"]), made(content)
        except (OSError, ValueError, TypeError, KeyError) as error:
            _log.warning("%s is damaged (%s: %s): treated as missing", path, type(error).__name__, error)


def _analysis(content: Mapping[str, Any]) -> Analysis:
    known, quantities = content["information"], content["quantities"]
    return Analysis(
        problem=content["problem"],
        recorded_s=content["recorded_s"],
        information=Information(
            names=tuple(known["names"]),
            values=np.array(known["values"]),
            magnitudes=np.array(known["magnitudes"]),
            root=np.array(known["root"]),
            residuals=known["residuals"],
        ),
        quantities=Quantities(
            names=tuple(quantities["names"]),
            kinds=tuple(quantities["kinds"]),
            units=tuple(quantities["units"]),
            values=np.array(quantities["values"]),
            magnitudes=np.array(quantities["magnitudes"]),
            matrix=np.array(quantities["matrix"]),
        ),
        causes=dict(content["causes"]),
        remarks=tuple(content["remarks"]),
    )


def _plain(value: Any) -> Any:
    """The same with arrays as lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value
