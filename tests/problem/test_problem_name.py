"""Problem names: what they say is what a problem is, and what says nothing is refused with what would."""

from __future__ import annotations

import pytest

from benchmark.problem.formulations import FORMULATIONS
from benchmark.problem.imperfections import IMPERFECTIONS
from benchmark.problem.problem_name import ProblemName, UnknownProblemError
from datasets.subjects import SUBJECTS

ARMS = {"published": "published", "light": "light_phantoms"} | {subject: subject for subject in SUBJECTS}
OF_THE_RESIDUAL = [name for name, formulation in FORMULATIONS.items() if not formulation.tracks_moments]


@pytest.mark.parametrize("formulation", OF_THE_RESIDUAL)
def test_a_name_says_formulation_movements_and_arm(formulation: str) -> None:
    for arm, variant in ARMS.items():
        name = ProblemName.parse(f"{formulation}-ab-{arm}")
        assert name.formulation is FORMULATIONS[formulation]
        assert name.variant == variant
        assert name.recordings == (f"a-{variant}", f"b-{variant}")
        assert name.held_out == (f"c-{variant}",)
        assert (name.fibres, name.in_torque, name.imperfections) == ("known", False, ())
        assert (name.treatment, name.imperfection, name.noise_rad_per_s2) == (formulation, "none", 0.0)


@pytest.mark.parametrize("fibres", ["", "-fibres_unknown"])
@pytest.mark.parametrize("torque", ["", "-torque"])
@pytest.mark.parametrize("imperfections", ["", "-emg_noise0.1-noise0.25"])
def test_what_is_added_is_read_and_taken_off(fibres: str, torque: str, imperfections: str) -> None:
    name = ProblemName.parse(f"m1-ab-subject2{fibres}{torque}{imperfections}")
    assert name.fibres == ("unknown" if fibres else "known")
    assert name.in_torque == name.residual_in_torque == bool(torque)
    assert name.imperfections == ((("emg_noise", 0.1), ("noise", 0.25)) if imperfections else ())
    assert name.noise_rad_per_s2 == (0.25 if imperfections else 0.0)
    assert name.family == f"m1{fibres}"
    assert name.treatment == f"m1{fibres}{torque}"
    assert name.imperfection == (imperfections.removeprefix("-") or "none")
    assert name.without_imperfections == f"m1-ab-subject2{fibres}{torque}"
    assert ProblemName.parse(name.without_imperfections).without_imperfections == name.without_imperfections


@pytest.mark.parametrize("imperfection", IMPERFECTIONS)
def test_every_imperfection_has_its_size_behind_it(imperfection: str) -> None:
    for size in (0.05, 1.0, 20.0):
        assert ProblemName.parse(f"m2-a-light-{imperfection}{size:g}").imperfections == ((imperfection, size),)


def test_all_imperfections_together_are_read_in_their_order() -> None:
    asked = tuple((name, 0.1) for name in IMPERFECTIONS)
    assert ProblemName.parse("m1-a-subject1-" + "-".join(f"{name}0.1" for name in IMPERFECTIONS)).imperfections == asked


@pytest.mark.parametrize("formulation", OF_THE_RESIDUAL)
def test_the_residuals_unit_is_asked_for_where_the_formulation_does_not_have_it(formulation: str) -> None:
    if FORMULATIONS[formulation].residual_in_torque:
        assert ProblemName.parse(f"{formulation}-a-published").residual_in_torque
        with pytest.raises(UnknownProblemError, match=f"{formulation} is in N m without -torque"):
            ProblemName.parse(f"{formulation}-a-published-torque")
    else:
        assert not ProblemName.parse(f"{formulation}-a-published").residual_in_torque
        assert ProblemName.parse(f"{formulation}-a-published-torque").residual_in_torque


@pytest.mark.parametrize(
    "name",
    ["", "m3-a-published", "m1", "m1-a", "m1--published", "m1-a-heavy", "m1-a-subject7", "m1-1-light"],
)
def test_other_names_are_refused_with_an_example(name: str) -> None:
    with pytest.raises(UnknownProblemError, match="m1-ab-published"):
        ProblemName.parse(name)


@pytest.mark.parametrize("noise", ["noise", "noise0", "noise-1", "noise0.10", "noisenan", "noiseinf", "nois0.1", "0.1"])
def test_other_noise_is_refused_with_an_example(noise: str) -> None:
    with pytest.raises(UnknownProblemError, match=r"noise0\.1"):
        ProblemName.parse(f"m1-ab-published-{noise}")


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ("noise0.1-emg_noise0.1", "imperfections come in the order emg_noise, "),
        ("emg_noise0.1-emg_noise0.2", "it has an imperfection twice"),
        ("torque-fibres_unknown", "'fibres_unknown' is none of fibres_unknown, torque and the imperfections"),
        ("emg_noise0.1-torque", "'torque' is none of"),
        ("torque-torque", "'torque' is none of"),
        ("fibres", "'fibres' is none of"),
        ("fibres_known", "'fibres_known' is none of"),
        ("fibres_unknown-x", "'x' is none of"),
        ("noise0.1-fibres_unknown", "'fibres_unknown' is none of"),
        ("emg_noise0.1\n", "'emg_noise0.1\\\\n' is none of"),
        ("", "'' is none of"),
    ],
)
def test_what_is_out_of_order_is_refused_in_one_line(added: str, says: str) -> None:
    with pytest.raises(UnknownProblemError, match=says) as caught:
        ProblemName.parse(f"m1-ab-published-{added}")
    assert "\n" not in str(caught.value)


def test_names_of_moment_tracking_are_read() -> None:
    name = ProblemName.parse("moments-deg-published-smooth_penalty")
    assert name.recordings == ("d-published", "e-published", "g-published")
    assert name.held_out == ("f-published", "h-published")
    assert (name.smooth_penalty, name.fibres, name.family) == (True, "unknown", "moments")
    assert name.treatment == "moments-smooth_penalty"
    assert name.without_imperfections == "moments-deg-published-smooth_penalty"


@pytest.mark.parametrize("part", ["fibres_unknown", "noise0.1", "smooth", "torque", "smooth_penalty-noise0.1"])
def test_moment_tracking_has_no_other_variants(part: str) -> None:
    with pytest.raises(UnknownProblemError, match="smooth_penalty"):
        ProblemName.parse(f"moments-deg-published-{part}")
