"""Prints, by method, the benchmark's files that loading the method, and for some a short run, imported or opened.

A process of its own: modules that the tests have imported before would not be imported again.
"""

import json
import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("benchmark", "datasets", "methods")
RECORDINGS = REPOSITORY / "datasets" / "recordings"  # known to keys by their checksums
CODE = (".py", ".pyc", ".nbi", ".nbc")  # opened by the import machinery or by Numba; of these the modules count
# One for each way to evaluate, and those that read or import something of their own while they run.
RUN = ("casadi_ipopt", "gauss_newton", "paper_literal", "particle_swarm", "torch_adam")

opened: set[Path] = set()


def note(event: str, arguments: tuple[object, ...]) -> None:
    """Note what is opened."""
    if event == "open" and isinstance(arguments[0], str | os.PathLike):
        opened.add(Path(arguments[0]).absolute())


def of_the_benchmark() -> set[str]:
    """Names of the files that have been imported or opened."""
    imported = {
        Path(module.__file__)
        for name, module in [*sys.modules.items()]
        if name.partition(".")[0] in PACKAGES and module.__file__ is not None
    }
    data = {path for path in opened if path.suffix not in CODE and not _is_known_otherwise(path)}
    inside = (path for path in imported | data if path.is_relative_to(REPOSITORY))
    names = (path.relative_to(REPOSITORY).as_posix() for path in inside)
    return {name for name in names if name.partition("/")[0] in PACKAGES}


def _is_known_otherwise(path: Path) -> bool:
    """Recordings count by their checksums, and what is compiled by what it is made from."""
    return path.is_relative_to(RECORDINGS) or "__pycache__" in path.parts


def forget_methods() -> None:
    """Make the next method import anew what it shares with this one."""
    opened.clear()
    for name in [name for name in sys.modules if name.startswith("methods.")]:
        del sys.modules[name]


def main() -> None:
    """Load every method, and run some."""
    sys.addaudithook(note)
    from benchmark.harness.execute import execute
    from benchmark.harness.methods import load_method, method_files
    from benchmark.harness.spec import RunSpec

    seen = {}
    for method in sorted(method_files(), key=RUN.__contains__):  # those that run come last: what they load stays
        load_method(method)
        if method in RUN:
            row, _ = execute(RunSpec("tiny", "m1-a-published", method, 0.1, 0, 60.0, budget_evaluations=2))
            assert row["status"] == "budget", row["message"]
        seen[method] = sorted(of_the_benchmark())
        forget_methods()
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
