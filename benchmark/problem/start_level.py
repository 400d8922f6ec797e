"""Start levels: how far from the truth an identification starts.

A level is a share of the true values (0.1 is 10 %), or ``uniform``: anywhere within the bounds, wherever the truth is.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

StartLevel: TypeAlias = float | Literal["uniform"]
UNIFORM: Final = "uniform"


def parse_start_level(text: str) -> StartLevel:
    """The level that a word such as ``0.1`` or ``uniform`` means.

    Raises
    ------
    ValueError
        If the word is neither.
    """
    return UNIFORM if text == UNIFORM else float(text)


def start_level_stem(level: StartLevel) -> str:
    """The level in names of runs and files: ``10`` of 0.1, and ``uniform``."""
    return UNIFORM if level == UNIFORM else f"{100.0 * level:g}"


def start_level_text(level: StartLevel) -> str:
    """The level for people: ``10 %`` of 0.1, and ``uniform``."""
    return UNIFORM if level == UNIFORM else f"{start_level_stem(level)} %"


def start_level_order(level: StartLevel) -> float:
    """What levels are sorted by: nearest to the truth first, ``uniform`` last."""
    return float("inf") if level == UNIFORM else level
