"""Which of the stored runs a report is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from benchmark.harness.errors import HarnessError, check_known
from benchmark.harness.row import Row


@dataclass(frozen=True)
class Narrowing:
    """Names of what a report shows; None for all there are.

    Attributes
    ----------
    suites, problems, methods
        Names; a run is shown if all of its own are among them.
    """

    suites: tuple[str, ...] | None = None
    problems: tuple[str, ...] | None = None
    methods: tuple[str, ...] | None = None

    @property
    def is_all(self) -> bool:
        """Whether every run is shown."""
        return not self._asked

    @property
    def text(self) -> str:
        """What is left of the runs, as a sentence; empty if all of them."""
        parts = [
            f"{kind if len(names) == 1 else kind + 's'} {', '.join(f'`{name}`' for name in names)}"
            for kind, names in self._asked.items()
        ]
        return "" if self.is_all else f"Narrowed to {' and '.join(parts)}: other stored runs are not shown."

    def runs_of(self, rows: Sequence[Row]) -> list[Row]:
        """Those of some stored runs that are shown.

        Raises
        ------
        HarnessError
            If no stored run has one of the names, or none has them together.
        """
        for kind, names in self._asked.items():
            check_known(f"{kind} among the stored runs", names, {row[kind] for row in rows})
        shown = [row for row in rows if all(row[kind] in names for kind, names in self._asked.items())]
        if rows and not shown:
            raise HarnessError("no stored run is of what was asked for together: ask for less, see list runs")
        return shown

    @property
    def _asked(self) -> dict[str, tuple[str, ...]]:
        """The names that were asked for, by the column of a row that holds them."""
        given = {field.name.removesuffix("s"): getattr(self, field.name) for field in fields(self)}
        return {kind: tuple(dict.fromkeys(names)) for kind, names in given.items() if names is not None}


EVERYTHING = Narrowing()
