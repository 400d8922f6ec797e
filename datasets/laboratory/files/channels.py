"""Which EMG channel drives which muscles: a small TOML file.

.. code-block:: toml

    unmeasured = ["INFSP", "SUBSC"]          # muscles without EMG; optional

    [channels]                               # column of the EMG table -> muscles that it drives
    "Deltoid anterior" = ["DELT1"]
    "Biceps" = ["BIClong", "BICshort"]

    [maximum]                                # envelope in a maximum voluntary contraction, in the table's unit;
    "Biceps" = 1.2                           # optional: without it, the largest of the recording
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets.laboratory.files.text import LaboratoryError, read_text, shown, there_are

KEYS = ("unmeasured", "channels", "maximum")
WHAT = "a channel map in TOML"


@dataclass(frozen=True)
class ChannelMap:
    """Which EMG channel drives which muscles, and which muscles none.

    Attributes
    ----------
    path
        The file; None if there is none.
    channels
        Muscles that each channel, a column of the EMG table, drives.
    unmeasured
        Muscles without EMG.
    maximum
        Envelope at maximum voluntary contraction by channel, in the table's unit, where it is known.

    Raises
    ------
    LaboratoryError
        If a muscle is there twice, a channel drives none, a maximum is not positive or of no channel, or there is no
        channel.
    """

    path: Path | None
    channels: Mapping[str, tuple[str, ...]]
    unmeasured: tuple[str, ...] = ()
    maximum: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_muscles(self)
        _check_maxima(self)

    @classmethod
    def of_columns(cls, columns: Sequence[str]) -> ChannelMap:
        """The map of a table whose columns are called like the muscles that they drive.

        Raises
        ------
        LaboratoryError
            If there is no column.
        """
        return cls(None, {column: (column,) for column in columns})

    @property
    def measured(self) -> tuple[str, ...]:
        """Muscles with EMG, in the order of the file."""
        return tuple(muscle for muscles in self.channels.values() for muscle in muscles)

    @property
    def muscles(self) -> tuple[str, ...]:
        """All muscles: those with EMG, then those without."""
        return self.measured + self.unmeasured

    def channel_of(self, muscle: str) -> str:
        """Channel that drives a muscle.

        Raises
        ------
        LaboratoryError
            If none does.
        """
        for channel, muscles in self.channels.items():
            if muscle in muscles:
                return channel
        raise LaboratoryError(
            f"{self.source}: no channel drives muscle {shown(muscle)}; {there_are(muscle, self.measured)}"
        )

    @property
    def source(self) -> str:
        """Where the map comes from, for messages."""
        return str(self.path or "the EMG table's columns")


def read_channels(path: Path) -> ChannelMap:
    """Read a channel map.

    Parameters
    ----------
    path
        A ``.toml`` file in the format above.

    Raises
    ------
    LaboratoryError
        If the file is missing or no TOML, holds keys or types other than those above, or contradicts itself
        (:class:`ChannelMap`).
    """
    text = read_text(path, (".toml",), WHAT)
    try:
        content = tomllib.loads(text)
    except RecursionError as error:
        raise LaboratoryError(f"{path}: is nested too deeply to be {WHAT}") from error
    except ValueError as error:  # tomllib's own, which tells the line, and that of a number with too many digits
        raise LaboratoryError(f"{path}: is not {WHAT}: {error}") from error
    for key in content:
        if key not in KEYS:
            raise LaboratoryError(f"{path}: unknown key {shown(key)}; {there_are(key, KEYS)}")
    channels = _table(content, "channels", path)
    maxima = _table(content, "maximum", path)
    return ChannelMap(
        path,
        {channel: _names(muscles, f"channels.{channel}", path) for channel, muscles in channels.items()},
        _names(content.get("unmeasured", []), "unmeasured", path),
        {channel: _number(value, f"maximum.{channel}", path) for channel, value in maxima.items()},
    )


def _table(content: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    found = content.get(key, {})
    if not isinstance(found, dict):
        raise LaboratoryError(f"{path}: {key} is {_said(found)}, expected a table, that is, a line [{key}]")
    return found


def _names(found: object, key: str, path: Path) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(name, str) and name for name in found):
        raise LaboratoryError(
            f'{path}: {shown(key)} is {_said(found)}, expected muscles\' names in brackets, such as ["BIClong"]'
        )
    return tuple(found)


def _number(found: Any, key: str, path: Path) -> float:
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if not is_number or abs(found) > sys.float_info.max:
        raise LaboratoryError(f"{path}: {shown(key)} is {_said(found)}, expected a finite number")
    return float(found)


def _said(found: object) -> str:
    """A value of the file as a message shows it; Python turns no whole number of more than 4300 digits into text."""
    try:
        return shown(str(found))
    except ValueError:
        return "a number of thousands of digits"


def _check_muscles(channel_map: ChannelMap) -> None:
    if not channel_map.channels:
        raise LaboratoryError(
            f"{channel_map.source}: no channel drives a muscle, expected one or more under [channels]"
        )
    for channel, muscles in channel_map.channels.items():
        if not muscles:
            raise LaboratoryError(
                f"{channel_map.source}: channel {shown(channel)} drives no muscle; name some, or drop it"
            )
    for muscle in channel_map.unmeasured:
        if muscle in channel_map.measured:
            raise LaboratoryError(
                f"{channel_map.source}: muscle {shown(muscle)} is unmeasured, but channel "
                f"{shown(channel_map.channel_of(muscle))} drives it; take it out of one of them"
            )
    muscle, times = Counter(channel_map.muscles).most_common(1)[0]
    if times > 1:
        raise LaboratoryError(
            f"{channel_map.source}: muscle {shown(muscle)} is named {times} times, expected once; take out the others"
        )


def _check_maxima(channel_map: ChannelMap) -> None:
    for channel, maximum in channel_map.maximum.items():
        if channel not in channel_map.channels:
            raise LaboratoryError(
                f"{channel_map.source}: there is a maximum of {shown(channel)}, which is no channel; "
                f"{there_are(channel, channel_map.channels)}"
            )
        if not 0.0 < maximum <= sys.float_info.max:
            raise LaboratoryError(
                f"{channel_map.source}: the maximum of channel {shown(channel)} is {maximum}, expected a number above 0"
            )
