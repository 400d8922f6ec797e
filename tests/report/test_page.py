"""The page as a file: what it says of what is missing, and HTML that holds together."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.report.page.content import Page, Section, Table, Text
from benchmark.report.page.render import render
from benchmark.report.report_table import ReportTable

from .pages import page, store_runs
from .synthetic import spec, store_failure, store_run


class Structure(HTMLParser):
    """Headings' levels, ids and addresses of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.addresses.append(value or "")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    store_runs(folder)
    return folder


@pytest.fixture(scope="module")
def text(results: Path) -> str:
    return render(page(results)).decode()


def test_the_same_runs_give_the_same_bytes(results: Path, text: str) -> None:
    assert render(page(results)).decode() == text


def test_the_page_needs_nothing_but_itself(text: str) -> None:
    addresses = Structure(text).addresses
    assert {address.partition(":")[0] for address in addresses if ":" in address} == {"data"}
    assert "@import" not in text
    assert "url(" not in text


def test_headings_descend_step_by_step_and_links_lead_somewhere(text: str) -> None:
    found = Structure(text)
    assert found.levels[0] == 1
    assert found.levels.count(1) == 1
    assert max(np.diff(found.levels)) == 1
    assert len(found.ids) == len(set(found.ids))
    assert {address[1:] for address in found.addresses if address.startswith("#")} <= set(found.ids)


def test_what_is_gone_is_said_to_be_gone(text: str) -> None:
    assert "There is no such method now." in text
    assert "This suite is not in <code>suites.toml</code> any more." in text


def test_failed_runs_are_listed_with_their_messages(text: str) -> None:
    listed = text[text.index('id="table-failures"') : text.index('id="runs"')]
    assert "no end within 90 s" in listed
    assert listed.count("<tr>") == 2


def test_damaged_files_are_told_at_the_top(tmp_path: Path) -> None:
    store_run(tmp_path, spec())
    store_run(tmp_path, spec(seed=1))
    (tmp_path / "runs" / "paper" / "m1-a-published" / "torch_adam-10-1.json").write_text("{")
    found = render(page(tmp_path)).decode()
    answered = found[found.index('id="answer"') : found.index('id="suite-paper"')]
    assert "1 stored file is" in answered
    assert "torch_adam-10-1.json" in found


def test_only_failed_runs(tmp_path: Path) -> None:
    store_failure(tmp_path, spec())
    found = render(page(tmp_path, pictures=())).decode()
    assert "There are no figures" in found
    assert "no end within 90 s" in found


def test_texts_cannot_become_markup() -> None:
    evil = "<script>alert(1)</script>"
    table = ReportTable("t", evil, pd.DataFrame(), pd.DataFrame({evil: [evil]}), evil)
    found = render(
        Page(evil, evil, ((evil, evil),), (Section("s", evil, (Text(evil), Table(table, (evil,)))),))
    ).decode()
    assert evil not in found
    assert found.count(html.escape(evil)) >= 8


def test_numbers_are_sorted_by_their_values_and_not_by_their_texts() -> None:
    raw = pd.DataFrame({"median": [2e-5, np.nan, np.inf]})
    shown = pd.DataFrame({"Error (%)": ["2e-05 [1e-05, 1]", "-", "∞"], "Name": ["b", "a", "-"]})
    table = ReportTable("t", "", raw, shown, sort_by={"Error (%)": "median"})
    found = render(Page("", "", (), (Section("s", "", (Table(table),)),))).decode()
    cells = re.findall(r"<td[^>]*>[^<]*</td>", found)
    assert cells[::2] == [
        '<td class="key" data-value="2e-05">2e-05 [1e-05, 1]</td>',
        '<td class="key">\N{EN DASH}</td>',
        '<td class="key" data-value="Infinity">∞</td>',
    ]
    assert cells[5] == "<td>\N{EN DASH}</td>"
