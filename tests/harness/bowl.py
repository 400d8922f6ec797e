"""A small stage with a known answer, and a record of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmark.harness.limits import Limits
from benchmark.harness.recorder import StageRecorder, Watch
from benchmark.harness.seen import UNWATCHED
from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.problem.parameters import ParameterSpace

PRICES = {
    "loss": 1.0,
    "residual": 1.0,
    "incremental": 0.25,
    "jacobian": 2.5,
    "gradient": 2.5,
    "torch": 6.0,
    "literal": 400.0,
    "solver": 9.0,
}


class Bowl:
    """Loss (x0 - 1)^2 + 4 (x1 + 2)^2."""

    name = "bowl"
    space = ParameterSpace(("a", "b"), np.array([-3.0, -3.0]), np.array([3.0, 3.0]), np.zeros(2))

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        one = xp.constant(np.ones(1))
        return [one * (x[0] - 1.0), one * 2.0 * (x[1] + 2.0)]

    def residual(self, x: np.ndarray) -> np.ndarray:
        return np.concatenate(self.rows(x))

    def residual_and_jacobian(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.residual(x), np.diag([1.0, 2.0])

    def left_range(self, x: np.ndarray) -> tuple[str, ...]:
        return ()

    def symbolic(self) -> Any:
        raise NotImplementedError

    def incremental(self) -> Callable[[np.ndarray], float]:
        return lambda x: float(self.residual(x) @ self.residual(x))

    def literal(self) -> Callable[[Any], Any]:
        return lambda x: (x[0] - 1.0) ** 2 + 4.0 * (x[1] + 2.0) ** 2


def recorder(seconds: float = 60.0, watch: Watch = UNWATCHED, **limits: Any) -> StageRecorder:
    return StageRecorder(Bowl.space, Limits(seconds, **limits), PRICES, watch)
