"""Channel maps: what is read, and what contradicts itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.laboratory.files.channels import ChannelMap, read_channels
from datasets.laboratory.files.text import LaboratoryError
from tests.datasets.laboratory.oracle import PROPERTY, damaged, refused, result_or_error

WHOLE = """unmeasured = ["INFSP", "SUBSC"]  # muscles without EMG

[channels]
"Deltoid anterior" = ["DELT1"]
"Biceps" = ["BIClong", "BICshort"]

[maximum]
"Biceps" = 1.2
"Deltoid anterior" = 3
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "channels.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_map_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path, WHOLE)
    found = read_channels(path)
    assert found.path == path
    assert found.channels == {"Deltoid anterior": ("DELT1",), "Biceps": ("BIClong", "BICshort")}
    assert found.measured == ("DELT1", "BIClong", "BICshort")
    assert found.muscles == ("DELT1", "BIClong", "BICshort", "INFSP", "SUBSC")
    assert found.maximum == {"Biceps": 1.2, "Deltoid anterior": 3.0}
    assert found.channel_of("BICshort") == "Biceps"


def test_only_channels_are_needed(tmp_path: Path) -> None:
    found = read_channels(_write(tmp_path, '[channels]\na = ["m"]\n'))
    assert (found.unmeasured, found.maximum) == ((), {})


def test_a_muscle_that_no_channel_drives_is_told() -> None:
    found = ChannelMap(None, {"Biceps": ("BIClong",)}, ("SUBSC",))
    with pytest.raises(LaboratoryError, match="no channel drives muscle 'SUBSC'; there are: BIClong"):
        found.channel_of("SUBSC")
    with pytest.raises(LaboratoryError, match="did you mean 'BIClong'"):
        found.channel_of("BICLong")


def test_a_map_without_a_file_takes_columns_for_muscles() -> None:
    found = ChannelMap.of_columns(("DELT1", "BIClong"))
    assert found.muscles == found.measured == ("DELT1", "BIClong")
    assert found.channel_of("DELT1") == "DELT1"
    assert found.path is None
    with pytest.raises(LaboratoryError, match="the EMG table's columns: no channel drives a muscle"):
        ChannelMap.of_columns(())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[channels]", "[channels", "at line 3"),
        ('"Biceps" = 1.2', '"Biceps" = 1.2\n"Biceps" = 1.3', "at line 9"),
        ("[maximum]", "[maximums]", "unknown key 'maximums'; there are: unmeasured, channels, maximum; did you mean"),
        ('["INFSP", "SUBSC"]', '"INFSP"', "'unmeasured' is 'INFSP', expected muscles' names in brackets"),
        ('["DELT1"]', '"DELT1"', "'channels.Deltoid anterior' is 'DELT1', expected muscles' names in brackets"),
        ('["DELT1"]', "[1]", "'channels.Deltoid anterior' is '[1]', expected muscles' names in brackets"),
        ('["DELT1"]', '[""]', "expected muscles' names in brackets"),
        ('["DELT1"]', "[]", "channel 'Deltoid anterior' drives no muscle"),
        ('["DELT1"]', '["BIClong"]', "muscle 'BIClong' is named 2 times"),
        ('["DELT1"]', '["DELT1", "DELT1"]', "muscle 'DELT1' is named 2 times"),
        ('"SUBSC"]', '"INFSP"]', "muscle 'INFSP' is named 2 times"),
        ('"SUBSC"]', '"BICshort"]', "muscle 'BICshort' is unmeasured, but channel 'Biceps' drives it"),
        ('"Biceps" = 1.2', '"Bicep" = 1.2', "a maximum of 'Bicep', which is no channel; there are: Deltoid anterior"),
        ("1.2", "0.0", "the maximum of channel 'Biceps' is 0.0, expected a number above 0"),
        ("1.2", "-1", "the maximum of channel 'Biceps' is -1.0"),
        ("1.2", "nan", "the maximum of channel 'Biceps' is nan"),
        ("1.2", "inf", "'maximum.Biceps' is 'inf', expected a finite number"),
        ("1.2", "true", "'maximum.Biceps' is 'True', expected a finite number"),
        ("1.2", '"1.2"', "'maximum.Biceps' is '1.2', expected a finite number"),
        ("1.2", "1" + "0" * 400, "expected a finite number"),
        ("1.2", "1" * 5000, "is not a channel map in TOML"),
        ("1.2", "0x" + "f" * 5000, "a number of thousands of digits, expected a finite number"),
        ('["DELT1"]', "[" * 5000, "nested too deeply"),
    ],
)
def test_a_bad_map_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert WHOLE.count(old) == 1
    refused(read_channels, _write(tmp_path, WHOLE.replace(old, new)), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('unmeasured = ["SUBSC"]', "no channel drives a muscle, expected one or more under [channels]"),
        ("channels = 3", "channels is '3', expected a table, that is, a line [channels]"),
        ('maximum = []\n[channels]\na = ["m"]', "maximum is '[]', expected a table"),
        ("# nothing", "no channel drives a muscle"),
        ("", "is empty, expected a channel map in TOML"),
    ],
)
def test_other_texts_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    refused(read_channels, _write(tmp_path, text), expected)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    refused(read_channels, tmp_path / "none.toml", "no such file")


def _assert_sound(found: ChannelMap | None) -> None:
    if found is not None:
        assert found.measured
        assert len(set(found.muscles)) == len(found.muscles)
        assert all(found.channels[found.channel_of(muscle)] for muscle in found.measured)
        assert set(found.maximum) <= set(found.channels)
        assert all(maximum > 0.0 for maximum in found.maximum.values())


@PROPERTY
@given(content=damaged(WHOLE.encode()))
def test_a_damaged_file_gives_a_sound_map_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    _assert_sound(result_or_error(read_channels, tmp_path_factory.getbasetemp() / "damaged.toml", content))


VALUE = st.sampled_from(
    ('["m"]', '["m", "n"]', "[]", '""', "1", "-1.5", "nan", "1979-05-27", "{a = 1}", "[[1]]", "true")
)
LINE = st.one_of(
    st.sampled_from(
        ("[channels]", "[maximum]", "[[channels]]", "[channels.a]", 'unmeasured = ["m"]', "unmeasured = 1")
    ),
    st.tuples(st.sampled_from(("a", "b", '"c d"', "a.b", "channels")), VALUE).map(" = ".join),
    st.text(max_size=20),
)


@PROPERTY
@given(lines=st.lists(LINE, max_size=8))
def test_any_text_gives_a_sound_map_or_is_refused(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    content = "\n".join(lines).encode()
    _assert_sound(result_or_error(read_channels, tmp_path_factory.getbasetemp() / "any.toml", content))
