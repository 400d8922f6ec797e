"""What is said of predictions, against rows whose figures are known."""

from __future__ import annotations

from typing import Any

import pytest

from benchmark.report.predictions.cases import predicted_cases
from benchmark.report.predictions.findings import findings

from .predicted import BAD, GOOD, angles, know, material, plain_row, predicting_row


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch)


def said(*rows: dict[str, Any], controls: tuple[str, ...] = ()) -> str:
    return "\n".join(findings(material(*rows), controls))


def row_of(method: str, **others: Any) -> dict[str, Any]:
    """A run whose error of muscle parameters falls from 8 % to 6 % in 100 s, unless `others` say so."""
    known = {"cr2m_start": 8.0, "cr2m": 6.0, "cr1_start": 9.0, "cr1": 7.0, "solve_s": 100.0}
    return predicting_row(method, **known | others)


BEST: dict[str, Any] = {"cr2m_start": 8.0, "cr2m": 0.02, "cr1_start": 9.0, "cr1": 0.1, "solve_s": 3.0}


def test_bad_results_are_told_as_such() -> None:
    regression = row_of("pinn+regression", training=angles([0.6] * 3), held_out=angles([-20.0] * 3), cr2m=8.0)
    text = said(row_of("pinn"), regression, plain_row(**BEST))
    assert (
        "Networks' lowest R2 of a joint angle is 0.6 to 0.7 on the training movements and -20 on the held-out one, "
        "where no network predicted every angle better than its mean. On the held-out movement forces were predicted "
        "better (median R2) than the parameters of `gauss_newton` give them with its recorded motion: of measured "
        "muscles by no network, of deep muscles by no network. No network ended with a lower Cr2m than `gauss_newton`,"
        " which took 3 s, and networks 100 s. Cr2m ended no lower than it started with `pinn+regression`."
    ) in text
    assert "coordinate and RMSE: `pinn` 0.7 / -20 (1 / 1 deg); `pinn+regression` 0.6 / -20 (1 / 1 deg)\n" in text
    given = "by the parameters of `gauss_newton` 0.99 / 0.98 (2 / 2 N)"
    assert f"median R2 of a muscle and RMSE: `pinn` 0.9 / -0.5 (1 / 1 N); {given}\n" in text
    assert f"deep muscles, the same: `pinn` 0.5 / -2 (1 / 1 N); {given}\n" in text
    assert "unseen muscles, the same: `pinn` 0.8 / -0.7 (1 / 1 N)\n" in text
    assert "`pinn` Cr2m 8 → 6 %, Cr1 9 → 7 %, 100 s; `pinn+regression` Cr2m 8 → 8 %" in text
    assert text.endswith("`gauss_newton` Cr2m 8 → 0.02 %, Cr1 9 → 0.1 %, 3 s")


def test_good_results_are_told_as_such() -> None:
    networks = [row_of(name, held_out=GOOD, cr2m=0.001) for name in ("pinn", "pinn+warm_started")]
    text = said(*networks, plain_row(r2=0.4, **BEST))
    assert "where every network predicted every angle better" in text
    assert "of measured muscles by every network, of deep muscles by every network." in text
    assert "Every network ended with a lower Cr2m than `gauss_newton`" in text
    assert "no lower than it started" not in text


def test_some_are_named() -> None:
    others = [row_of(name, held_out=GOOD) for name in ("pinn+a", "pinn+b")]
    text = said(row_of("pinn", held_out=BAD), *others, plain_row(r2=0.7, **BEST))
    assert "where `pinn+a` and `pinn+b` predicted every angle better" in text
    assert "of measured muscles by `pinn+a` and `pinn+b`, of deep muscles by no network." in text


def test_what_agrees_in_three_digits_is_no_better() -> None:
    text = said(row_of("pinn", cr2m=0.02 - 1e-9), plain_row(**BEST))
    assert "No network ended with a lower Cr2m" in text


def test_without_another_method_networks_stand_alone() -> None:
    text = said(row_of("pinn"), plain_row("from_truth"), controls=("from_truth",))
    assert "from_truth" not in text
    assert "by the parameters of" not in text
    assert "`pinn` Cr2m 8 → 6 %" in text


def test_the_best_other_method_has_the_lowest_median_error_of_muscle_parameters() -> None:
    rows = [plain_row(method, cr2m=error) for method, error in (("a", 0.3), ("b", 0.1), ("c", 0.2))]
    suite = material(predicting_row(cr2m=0.01), *rows, predicting_row("pinn+a", start_level=0.2))
    near, far = predicted_cases(suite, ("b",))
    assert (near.best, near.networks) == ("c", ("pinn",))
    assert (far.best, far.networks) == (None, ("pinn+a",))


def test_each_problem_and_start_level_is_told_of() -> None:
    text = said(row_of("pinn"), row_of("pinn", start_level=0.2), row_of("pinn", problem="m2-ab-published"))
    for heading in ("`m1-ab-published`, 10 % starts", "`m1-ab-published`, 20 % starts", "`m2-ab-published`, 10 %"):
        assert heading in text
