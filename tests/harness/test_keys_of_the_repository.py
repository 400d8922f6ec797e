"""Keys of the repository's own methods: all that runs import and open is in them, and no more."""

import json
import subprocess
import sys
from pathlib import Path

from benchmark.harness import keys
from benchmark.harness.keys import NO_PART_OF_A_RUN, RunKeys
from benchmark.harness.methods import method_files

PROBE = Path(__file__).with_name("import_probe.py")


def test_what_runs_import_and_open_is_in_their_keys() -> None:
    """Against Python's own record of what was imported and opened while every method was loaded and some ran."""
    done = subprocess.run([sys.executable, PROBE], capture_output=True, text=True, check=True)
    seen: dict[str, list[str]] = json.loads(done.stdout)
    assert seen.keys() == method_files().keys()
    made = RunKeys({})
    left_out = {name: set(files) - made.files(name) - {*NO_PART_OF_A_RUN} for name, files in seen.items()}
    assert left_out == {name: set() for name in seen}
    everything = set().union(*seen.values())
    assert {"datasets/arm/muscles.toml", "benchmark/problem/bounds.toml", "methods/_quiet_logging.yaml"} <= everything
    assert {"benchmark/model/backends/casadi_backend.py", "methods/_levenberg_marquardt.py"} <= everything


def test_runs_are_spared_what_only_campaigns_need() -> None:
    made = RunKeys({})
    for name in ("store", "progress", "suites", "campaign", "keys", "work", "provenance"):
        assert f"benchmark/harness/{name}.py" not in made.files("gauss_newton")


def test_modules_are_imported_by_name_where_keys_can_see_it() -> None:
    """Only methods are imported by a name that is made up while running."""
    made, folder = RunKeys({}), Path(keys.__file__).parents[2]
    names = set().union(*map(made.files, method_files()))
    dynamic = {name for name in names if name.endswith(".py") and "import_module(" in (folder / name).read_text()}
    assert dynamic == {"benchmark/harness/methods.py"}
    assert not any("__import__(" in (folder / name).read_text() for name in names)
