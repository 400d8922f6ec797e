"""The tables of calibrations, and the sentences on them."""

from __future__ import annotations

from typing import Any

import pytest

from benchmark.report.calibration.findings import findings
from benchmark.report.calibration.moment_table import moment_tracking_table
from benchmark.report.calibration.table import at_least, calibration_table
from benchmark.report.calibration.tables import calibration_tables
from benchmark.report.calibration.times import REFERENCE, calibration_times
from benchmark.report.formats import records
from benchmark.report.tables import summary_table

from ..synthetic import row, spec
from .tracking import BUDGET_S, material, tracking_row

CEINMS, TUNED = "simulated_annealing+ceinms_rt", "simulated_annealing+tuned"


def rows() -> list[dict[str, Any]]:
    """Gauss-Newton in 1 s, AdamW in 20 s and 5 s, tuned annealing in 50 s; CEINMS's runs into its budget."""
    return [
        tracking_row(REFERENCE, loss=1.0, seconds=1.0),
        tracking_row("torch_adamw", loss=1.0, seconds=20.0, counts={"torch": 100}),
        tracking_row("torch_adamw+compiled", loss=1.0, seconds=5.0, counts={"gradient": 100}),
        tracking_row(TUNED, loss=1.0, seconds=50.0, counts={"incremental": 100}),
        tracking_row(CEINMS, loss=6.0, seconds=BUDGET_S, status="budget", counts={"incremental": 100}),
    ]


def test_ratios_stand_in_the_table_as_they_are_or_as_bounds() -> None:
    """All fall alike, so that times to the same loss are as the times to the ends."""
    table = calibration_table(material(*rows()), {})
    assert table is not None
    assert table.name == "calibration"
    shown = {line["Method"]: line for line in records(table.shown)}
    assert [shown[method]["Over Gauss-Newton's (1)"] for method in shown] == ["1", "5", "20", "50", "≥ 122"]
    assert shown["torch_adamw"]["tuned over it (1)"] == "2.5"
    assert shown["torch_adamw"]["ceinms_rt over it (1)"] == "≥ 6.12"  # 120 s over 0.98 times 20 s
    assert shown[CEINMS]["ceinms_rt over it (1)"] == "-"
    assert shown[CEINMS]["Time to 1.2 times lowest (s)"] == "≥ 120"
    assert (shown[CEINMS]["Engine"], shown[CEINMS]["Ended"]) == ("only the changed muscle", "budget")


def test_the_table_is_written_in_all_forms_with_what_the_paper_says() -> None:
    table = calibration_table(material(*rows()), {})
    assert table is not None
    assert {name.partition(".")[2] for name in table.files()} == {"csv", "md", "tex"}
    assert all(word in table.markdown() for word in ("40 min", "3 min", "13 times"))


def test_the_sentences_take_the_papers_factor_apart() -> None:
    said = "\n".join(findings(calibration_times(material(*rows()), {})))
    assert "`gauss_newton+calibration` 0.98 s, `torch_adamw+compiled` 4.9 s" in said
    assert "did not get there of `simulated_annealing+ceinms_rt`" in said
    assert "(`torch_adamw`, `torch_adamw+compiled`): **4**, 4 an evaluation" in said
    assert "(`torch_adamw+compiled`, `gauss_newton+calibration`): **5**" in said
    assert "from 2.5 (`simulated_annealing+tuned` over `torch_adamw`) to at least 24.5 (" in said
    assert "To each method's own end, as the paper counts, it is at least 6 (" in said
    assert "ceinms_full" not in said  # it did not run


def test_the_sentences_say_nothing_of_methods_that_did_not_run() -> None:
    said = findings(calibration_times(material(tracking_row("lbfgs")), {}))
    assert all("lbfgs" in text for text in said)
    assert not any(other in text for text in said for other in ("annealing", "adamw", "gauss_newton"))


def test_nothing_comes_of_other_problems() -> None:
    assert calibration_tables(material(row(spec()), traced=False)) == []


def test_other_suites_say_whose_tables_they_are() -> None:
    others = material(*(own | {"suite": "smoke"} for own in rows()))
    others = type(others)("smoke", others.rows, others.runs, others.traces, ())
    assert [table.name for table in calibration_tables(others)] == ["calibration-smoke", "moment-tracking-smoke"]


@pytest.mark.parametrize(
    ("value", "least", "expected"),
    [(2.0, 2.0, "2"), (float("nan"), 3.0, "≥ 3"), (float("nan"), float("inf"), "∞"), (float("nan"),) * 2 + ("-",)],
)
def test_what_is_known_in_part_is_told_as_such(value: float, least: float, expected: str) -> None:
    assert at_least(value, least) == expected


def test_the_median_run_tells_how_well_moments_are_predicted() -> None:
    """Of three runs the middle one, of two the worse, by the error over all coordinates together."""
    suite = material(
        *(tracking_row(REFERENCE, seed, loss=loss) for seed, loss in enumerate((3.0, 1.0, 2.0))),
        *(tracking_row("lbfgs", seed, loss=loss) for seed, loss in enumerate((1.0, 4.0))),
        tracking_row("cma_es", heldout_by_coordinate=None),
    )
    table = moment_tracking_table(suite)
    assert table is not None
    own = table.raw[table.raw["method"] == REFERENCE]
    assert set(own["seed"]) == {2}
    assert dict(zip(own["coordinate"], own["rmse_nm"], strict=True)) == pytest.approx(
        {"shoulder_elv": 0.2, "shoulder_rot": 0.4, "elbow_flexion": 0.6, "all": 0.4}
    )
    assert set(table.raw.loc[table.raw["method"] == "lbfgs", "seed"]) == {1}
    assert "cma_es" not in set(table.raw["method"])


def test_the_summary_of_tracked_moments_has_a_loss_and_no_objective() -> None:
    table = summary_table(material(*rows()))
    assert "Loss (1)" in table.shown
    assert not any("Objective" in heading or "Identifiable" in heading for heading in map(str, table.shown))
    assert "TRIlat" not in table.markdown()
    mixed = summary_table(material(*rows(), row(spec(suite="moment-tracking")), traced=False))
    assert "Objective (rad2/s4)" in mixed.shown


def test_times_to_looser_losses_are_told_too() -> None:
    """CEINMS's run goes from ten times the lowest loss to six: within twenty from the first, never within four."""
    table = calibration_table(material(*rows()), {})
    assert table is not None
    own = {line["Method"]: line for line in records(table.shown)}[CEINMS]
    assert own["To 4 times (s)"] == "≥ 120"
    assert own["To 20 times (s)"] == "0"
    said = "\n".join(findings(calibration_times(material(*rows()), {})))
    assert "To 20 times the lowest in the median: `gauss_newton+calibration`" in said
