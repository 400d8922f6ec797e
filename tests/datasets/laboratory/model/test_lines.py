"""Lines through functions."""

import math

import numpy as np
import pytest

from datasets.laboratory.model.lines import LINEARITY, Line, line_of


def test_a_line_is_found_with_its_slope_and_offset() -> None:
    line, off = line_of(lambda x: -0.4 * x + 0.2, "a", (-1.0, 2.0))
    assert line.independent == "a"
    # Rounding of numbers of about 1.
    assert (line.slope, line.offset) == pytest.approx((-0.4, 0.2), abs=1e-15)
    assert off < 1e-15
    np.testing.assert_allclose(line.at(np.array([0.0, 1.0])), [0.2, -0.2], rtol=0.0, atol=1e-15)


def test_rounding_is_taken_off_what_is_the_coordinate_itself() -> None:
    line, _ = line_of(lambda x: (1.0 + 3e-14) * x - 2e-14, "a", (-1.0, 1.0))
    assert line.is_itself
    assert not line_of(lambda x: (1.0 + 3e-9) * x, "a", (-1.0, 1.0))[0].is_itself


def test_what_does_not_depend_is_held() -> None:
    assert line_of(lambda x: 0.3, "a", (-1.0, 1.0))[0] == Line.held(pytest.approx(0.3, abs=1e-15))  # type: ignore[arg-type]


def test_what_is_not_finite_is_on_no_line() -> None:
    _, off = line_of(lambda x: math.nan if x > 0.5 else x, "a", (-1.0, 1.0))
    assert not off <= LINEARITY


def test_a_bend_shows_as_its_distance_from_the_line() -> None:
    # A sine over half a period, on a line of slope 0 through its mean: off by the larger of the mean and 1 - mean.
    _, off = line_of(math.sin, "a", (0.0, math.pi))
    assert off == pytest.approx(2.0 / math.pi, abs=0.03)  # 33 samples of the mean, the ends counted in full
    assert off > LINEARITY
