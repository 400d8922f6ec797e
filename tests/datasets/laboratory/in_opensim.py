"""Runs functions that need OpenSim in a process of their own, as OpenSim and CasADi cannot share the tests' process."""

from importlib import import_module
from typing import Any

from datasets.laboratory.files.text import LaboratoryError
from datasets.opensim_process import run_apart

DEADLINE_S = 120.0


def in_opensim(module: str, function: str, *arguments: Any) -> Any:
    """Call a function of a module of this folder; what it returns must know nothing of OpenSim."""
    work = (f"{__package__}.{module}", function, arguments)
    return run_apart(_call, work, "probe", DEADLINE_S, lambda samples: None, (LaboratoryError, AssertionError))


def _call(module: str, function: str, arguments: tuple[Any, ...], report: Any) -> Any:
    return getattr(import_module(module), function)(*arguments)
