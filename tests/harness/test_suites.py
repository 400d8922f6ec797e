from dataclasses import replace
from pathlib import Path

import pytest

from benchmark.harness.errors import HarnessError
from benchmark.harness.methods import method_files
from benchmark.harness.spec import RunSpec
from benchmark.harness.suites import Selection, Suite, load_suites, plan
from benchmark.problem.problem_name import ProblemName
from benchmark.problem.start_level import UNIFORM

TINY = Suite("tiny", "Small", ("p1", "p2"), (0.1,), (0, 1), 2.0, options={"one": {"rate": 0.5}})
SUITES = {"tiny": TINY}
METHODS = ("one", "two")


def one_thread(_: str) -> int:
    return 1


def test_the_suites_of_the_repository_are_sound() -> None:
    suites = load_suites()
    assert {"smoke", "default", "paper", "global"} <= suites.keys()
    for name in suites:
        assert plan(Selection(name), suites, method_files() or suites[name].methods or ["some"])


def test_the_paper_suite_is_the_papers() -> None:
    runs = plan(Selection("paper"), load_suites(), ["torch_adam", "other"], one_thread)
    assert len(runs) == 20
    assert {(run.method, run.start_level, run.budget_evaluations) for run in runs} == {("torch_adam", 0.1, 12000)}


def test_the_global_suite_starts_from_near_to_anywhere() -> None:
    suites = load_suites()
    runs = plan(Selection("global"), suites, suites["global"].methods or ())
    assert {run.start_level for run in runs} == {0.1, 0.2, 0.3, 0.5, UNIFORM}
    assert len(runs) == 4 * 5 * 10 * len(suites["global"].methods or ())


@pytest.mark.parametrize(("name", "minutes"), [("smoke", 1.0), ("default", 16.0)])
def test_short_suites_stay_short_on_two_cores(name: str, minutes: float) -> None:
    """Even if every method spends its whole budget."""
    runs = plan(Selection(name), load_suites(), method_files())
    assert sum(run.budget_s for run in runs) / 2 <= 60.0 * minutes


CROSSED = """
[suite.crossed]
summary = "Crossed"
{problems}
start_levels = [0.1]
seeds = [0]
budget_s = 1.0
methods = ["one"]

[[suite.crossed.crossed]]
formulations = ["m1", "m1-torque", "ignored"]
movements = "ab"
arms = ["published", "subject1"]
imperfections = ["", "emg_noise0.1-noise0.1"]

[[suite.crossed.crossed]]
formulations = ["m1"]
movements = "a"
arms = ["light"]
imperfections = ["motion_noise0.1"]
"""


def crossed(tmp_path: Path, problems: str = "") -> tuple[str, ...]:
    """Problems of a suite with two blocks to cross, and some of its own."""
    path = tmp_path / "suites.toml"
    path.write_text(CROSSED.format(problems=problems))
    return load_suites(path)["crossed"].problems


def test_every_formulation_meets_every_arm_and_every_imperfection(tmp_path: Path) -> None:
    problems = crossed(tmp_path)
    found = {(name.treatment, name.variant, name.imperfection) for name in map(ProblemName.parse, problems)}
    assert len(problems) == len(found) == 3 * 2 * 2 + 1
    assert ("m1-torque", "subject1", "emg_noise0.1-noise0.1") in found
    assert ("m1-torque", "published", "none") in found
    assert ("m1", "light_phantoms", "motion_noise0.1") in found
    assert "m1-ab-subject1-torque-emg_noise0.1-noise0.1" in problems
    assert {name.movements for name in map(ProblemName.parse, problems[:-1])} == {("a", "b")}


def test_subjects_of_a_formulation_come_before_the_next_imperfection(tmp_path: Path) -> None:
    """So that what is compared is there as soon as can be."""
    assert crossed(tmp_path)[:3] == (
        "m1-ab-published",
        "m1-ab-subject1",
        "m1-ab-published-emg_noise0.1-noise0.1",
    )


def test_a_suites_own_problems_come_first_and_none_comes_twice(tmp_path: Path) -> None:
    problems = crossed(tmp_path, 'problems = ["m2-ab-subject1", "m1-ab-subject1"]')
    assert problems[:3] == ("m2-ab-subject1", "m1-ab-subject1", "m1-ab-published")
    assert len(problems) == len(set(problems)) == 3 * 2 * 2 + 1 + 1


def test_all_methods_of_a_seed_come_before_the_next_seed() -> None:
    runs = plan(Selection("tiny"), SUITES, METHODS, one_thread)
    assert [(run.seed, run.problem, run.method) for run in runs] == [
        (seed, problem, method) for seed in (0, 1) for problem in ("p1", "p2") for method in METHODS
    ]


def test_a_suites_options_go_to_their_method_alone() -> None:
    options = {run.method: dict(run.options) for run in plan(Selection("tiny"), SUITES, METHODS, one_thread)}
    assert options == {"one": {"rate": 0.5}, "two": {}}


def test_a_preset_is_run_under_its_whole_name_with_options_of_its_own() -> None:
    presets = replace(TINY, methods=("one+fast", "one"), options={"one+fast": {"rate": 0.9}, "one": {"rate": 0.5}})
    runs = plan(Selection("tiny", problems=["p1"], seeds=[0]), {"tiny": presets}, METHODS, one_thread)
    assert [(run.method, dict(run.options)) for run in runs] == [("one+fast", {"rate": 0.9}), ("one", {"rate": 0.5})]
    assert runs[0].id == "p1/one+fast-10-0"


def test_an_unknown_preset_is_told_before_anything_runs() -> None:
    with pytest.raises(HarnessError, match="unknown preset of torch_adamw 'complied': did you mean compiled"):
        plan(Selection("tiny", methods=["torch_adamw+complied"]), SUITES, ["torch_adamw"])


def test_a_selection_replaces_the_suites_settings() -> None:
    asked = Selection("tiny", ["two", "two"], ["p9"], [0.2], [7], 5.0, 100, 50.0, "target", 8.0)
    assert plan(asked, SUITES, METHODS, lambda _: 3) == [
        RunSpec("tiny", "p9", "two", 0.2, 7, 5.0, 100, 50.0, "target", 8.0, threads=3)
    ]


def test_a_device_goes_to_methods_that_have_a_choice() -> None:
    asked = Selection("tiny", ["pinn+angles_only", "gauss_newton"], ["p1"], seeds=[0], device="cuda")
    runs = plan(asked, SUITES, ["pinn", "gauss_newton"], one_thread)
    assert [dict(run.options) for run in runs] == [{"device": "cuda"}, {}]
    with pytest.raises(HarnessError, match="--device cuda: none of these methods has a choice"):
        plan(replace(asked, methods=["gauss_newton"]), SUITES, ["gauss_newton"], one_thread)


def test_the_id_names_the_level_in_percent_or_uniform() -> None:
    assert RunSpec("s", "m1-ab-published", "torch_adam", 0.1, 3, 1.0).id == "m1-ab-published/torch_adam-10-3"
    assert RunSpec("s", "p", "m", 0.125, 0, 1.0).id == "p/m-12.5-0"
    far = RunSpec("s", "m1-ab-published", "gauss_newton", UNIFORM, 3, 1.0)
    assert far.id == "m1-ab-published/gauss_newton-uniform-3"
    assert far.label == "m1-ab-published gauss_newton uniform seed 3"
    assert RunSpec("s", "p", "m", 0.1, 0, 1.0).label == "p m 10 % seed 0"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Selection("tinny"), "unknown suite 'tinny': did you mean tiny"),
        (Selection("tiny", methods=["on"]), "unknown method 'on': did you mean one"),
        (Selection("tiny", methods=["xyz"]), "there are: one, two"),
        (Selection("tiny", methods=["on+fast"]), "unknown method 'on': did you mean one"),
        (Selection("tiny", budget_s=0.0), "budget of 0 s"),
        (Selection("tiny", budget_s=float("nan")), "budget of nan s"),
        (Selection("tiny", budget_evaluations=0), "budget of 0 evaluations"),
        (Selection("tiny", budget_cost=0.0), "budget of 0 residual evaluations"),
        (Selection("tiny", memory_gib=0.0), "0 GiB of memory"),
        (Selection("tiny", stop="never"), "unknown way to stop 'never'"),  # type: ignore[arg-type]
        (Selection("tiny", seeds=[-1]), "seed -1"),
        (Selection("tiny", start_levels=[10.0]), "start level 10"),
        (Selection("tiny", start_levels=[UNIFORM, 0.0]), "start level 0"),
        (Selection("tiny", start_levels=["unifrom"]), "start level unifrom"),  # type: ignore[list-item]
    ],
)
def test_what_cannot_be_run_is_told(asked: Selection, says: str) -> None:
    with pytest.raises(HarnessError, match=says):
        plan(asked, SUITES, METHODS, one_thread)
