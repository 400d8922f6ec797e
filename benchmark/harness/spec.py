"""One run: a method on a problem from one start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from benchmark.problem.start_level import StartLevel, start_level_stem, start_level_text

Stop = Literal["own", "target"]
STOPS: tuple[Stop, ...] = get_args(Stop)
DEFAULT_MEMORY_GIB = 4.0


@dataclass(frozen=True)
class RunSpec:
    """One run: a method on a problem from one start.

    Attributes
    ----------
    start_level
        How far the start is from the truth; 0.1 is 10 %. Or ``uniform``.
    budget_s
        Wall seconds that the method may take.
    budget_evaluations
        Evaluations that it may take, of whatever kind, or None.
    budget_cost
        The same weighted by what a kind costs, in residual evaluations, or None.
    stop
        ``own``: the method ends when it thinks that it is done; ``target``: as soon as the best minimum known is
        reached, too.
    memory_gib
        Memory that the run may take, with the processes that it starts.
    threads
        Threads that its libraries may use.
    options
        Options that replace the method's defaults.
    """

    suite: str
    problem: str
    method: str
    start_level: StartLevel
    seed: int
    budget_s: float
    budget_evaluations: int | None = None
    budget_cost: float | None = None
    stop: Stop = "own"
    memory_gib: float = DEFAULT_MEMORY_GIB
    threads: int = 1
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def id(self) -> str:
        """The run's name within its suite, for example ``m1-ab-published/torch_adam-10-3``."""
        return f"{self.problem}/{self.method}-{start_level_stem(self.start_level)}-{self.seed}"

    @property
    def label(self) -> str:
        """The run's name for people, for example ``m1-ab-published torch_adam 10 % seed 3``."""
        return f"{self.problem} {self.method} {start_level_text(self.start_level)} seed {self.seed}"
