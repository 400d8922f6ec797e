"""The page as people see it: in Chromium, without a window or a network."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from benchmark.harness.provenance import REPOSITORY
from benchmark.report.page.render import render

from .pages import GONE, PICTURES, RUNS, SEEDS, page, store_runs

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
STORED_PAGE = REPOSITORY / "results" / "report.html"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
)
PHONE, DESKTOP, PAPER = 390, 1280, 703  # px; the last one is A4 without its margins
OVERFLOW = "return document.documentElement.scrollWidth - innerWidth"
PICTURES_SHOWN = """
return Array.from(document.images, (image) => {
  const box = image.getBoundingClientRect();
  return image.complete && image.naturalWidth > 0 && box.width > 100 && box.height > 50 && box.right <= innerWidth;
})"""
CUT = """
return Array.from(document.querySelectorAll(".scroll"))
  .filter((frame) => frame.scrollHeight > frame.clientHeight || frame.scrollWidth > frame.clientWidth)
  .map((frame) => frame.ariaLabel)"""
LOADED = "return performance.getEntriesByType('resource').map((entry) => entry.name.split(':')[0])"

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None,
    reason="no Chromium here: apt-get install chromium chromium-driver",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options, Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    store_runs(folder)
    path = folder / "report.html"
    path.write_bytes(render(page(folder)))
    return path


@pytest.fixture(params=["synthetic", "stored"])
def path(request: pytest.FixtureRequest, synthetic: Path) -> Path:
    """A page of synthetic runs, and the one that belongs to the repository."""
    if request.param == "stored" and not STORED_PAGE.exists():
        pytest.skip(f"no {STORED_PAGE}: make it with python -m benchmark report")
    return synthetic if request.param == "synthetic" else STORED_PAGE


def show(browser: Chrome, path: Path, width: int = DESKTOP, media: str = "screen") -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media})
    browser.get(path.as_uri())


def table(browser: Chrome, name: str) -> WebElement:
    return browser.find_element(By.ID, f"table-{name}")


def console(browser: Chrome) -> list[str]:
    """What the page has said to the console since it was last asked."""
    log: Any = browser
    return [entry["message"] for entry in log.get_log("browser")]


def heading(block: WebElement, text: str) -> WebElement:
    return block.find_element(By.XPATH, f".//th[contains(., '{text}')]")


def column(browser: Chrome, name: str, text: str) -> list[Any]:
    """Texts and numbers of the lines shown, of one column."""
    block = table(browser, name)
    index = browser.execute_script("return arguments[0].cellIndex", heading(block, text))
    script = """
    return Array.from(arguments[0].querySelectorAll("tbody tr:not([hidden])"), (row) => {
      const cell = row.cells[arguments[1]];
      return [cell.textContent, cell.dataset.value ?? null];
    })"""
    found: list[Any] = browser.execute_script(script, block, index)
    return found


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_all_is_in_sight_and_in_order(browser: Chrome, path: Path, width: int) -> None:
    show(browser, path, width)
    assert browser.execute_script(OVERFLOW) <= 0
    shown = browser.execute_script(PICTURES_SHOWN)
    assert shown
    assert all(shown)
    assert set(browser.execute_script(LOADED)) <= {"data"}
    assert console(browser) == []


def test_the_checks_notice_what_is_wrong(browser: Chrome, synthetic: Path) -> None:
    show(browser, synthetic, PHONE)
    browser.execute_script("document.querySelector('main').style.width = '500px'")
    assert browser.execute_script(OVERFLOW) > 0
    browser.execute_script("document.images[0].src = 'data:image/png;base64,AAAA'")
    browser.execute_script("console.error('seen')")
    browser.execute_script("fetch('https://example.org/').catch(() => null)")
    assert not all(browser.execute_async_script(f"setTimeout(arguments[0], 50, (() => {{{PICTURES_SHOWN}}})())"))
    logged = " ".join(console(browser))
    assert "seen" in logged
    assert "Content Security Policy" in logged


def test_numbers_are_sorted_by_value_and_what_is_missing_comes_last(browser: Chrome, synthetic: Path) -> None:
    show(browser, synthetic)
    time = heading(table(browser, "runs"), "Solve time (s)")
    for order, sign in (("ascending", 1.0), ("descending", -1.0)):
        time.click()
        assert time.get_attribute("aria-sort") == order
        *numbers, (text, missing) = column(browser, "runs", "Solve time (s)")
        assert (text, missing) == ("\N{EN DASH}", None)
        values = sign * np.array([float(value) for _, value in numbers])
        assert len(values) == RUNS - 1
        assert np.all(np.diff(values) >= 0.0)
    assert values[0] == -1e9


def test_texts_are_sorted_with_the_keyboard_alone(browser: Chrome, synthetic: Path) -> None:
    show(browser, synthetic)
    method = heading(table(browser, "runs"), "Method")
    button = method.find_element(By.TAG_NAME, "button")
    assert button.accessible_name == "Sort by Method"
    button.send_keys(Keys.ENTER)
    button.send_keys(Keys.SPACE)
    assert method.get_attribute("aria-sort") == "descending"
    assert [text for text, _ in column(browser, "runs", "Method")] == [GONE] * (SEEDS + 1) + ["gauss_newton"] * (
        SEEDS + 2
    )


def test_lines_are_filtered_by_text_and_by_menus_together(browser: Chrome, synthetic: Path) -> None:
    show(browser, synthetic)
    block = table(browser, "runs")
    said = block.find_element(By.TAG_NAME, "output")
    Select(block.find_element(By.CSS_SELECTOR, "[data-heading=Method]")).select_by_visible_text("gauss_newton")
    assert len(column(browser, "runs", "Method")) == SEEDS + 2
    search = block.find_element(By.CSS_SELECTOR, "[type=search]")
    search.send_keys("UNHEARD")
    assert [text for text, _ in column(browser, "runs", "Problem")] == ["unheard-of"]
    assert said.text == f"1 of {RUNS} shown"
    search.clear()
    search.send_keys("no end within")
    assert [text for text, _ in column(browser, "runs", "Status")] == ["killed"]
    heading(block, "Seed").click()
    assert said.text == f"1 of {RUNS} shown"


def test_columns_that_are_left_out_can_be_shown(browser: Chrome, synthetic: Path) -> None:
    show(browser, synthetic)
    block = table(browser, "summary-default")
    extra = heading(block, "Cr1 (%)")
    assert not extra.is_displayed()
    block.find_element(By.CSS_SELECTOR, "[type=checkbox]").click()
    assert extra.is_displayed()


def test_a_method_leads_to_what_is_said_of_it(browser: Chrome, synthetic: Path) -> None:
    show(browser, synthetic)
    table(browser, "short-default").find_element(By.LINK_TEXT, "gauss_newton").click()
    assert browser.current_url.endswith("#method-gauss_newton")
    assert "Levenberg" in browser.find_element(By.ID, "method-gauss_newton").text


def test_pictures_on_a_phone_can_be_had_in_full(browser: Chrome, synthetic: Path) -> None:
    show(browser, synthetic, PHONE)
    image = browser.find_element(By.TAG_NAME, "img")
    small = image.size["width"]
    browser.find_element(By.CLASS_NAME, "enlarge").click()
    assert small < PHONE < image.size["width"] == image.get_property("naturalWidth")
    assert browser.execute_script(OVERFLOW) <= 0


def test_on_paper_nothing_is_cut_and_nothing_is_to_be_clicked(browser: Chrome, path: Path) -> None:
    show(browser, path, PAPER, "print")
    assert browser.execute_script(OVERFLOW) <= 0
    assert browser.execute_script(CUT) == []
    assert all(browser.execute_script(PICTURES_SHOWN))
    clickable = browser.find_elements(By.CSS_SELECTOR, "button, input, select")
    assert clickable
    assert not any(element.is_displayed() for element in clickable[:50])


def test_the_page_can_be_printed(browser: Chrome, synthetic: Path) -> None:
    show(browser, synthetic)
    assert len(browser.find_elements(By.TAG_NAME, "img")) == 2 * (len(PICTURES) - 1)
    assert base64.b64decode(browser.print_page()).startswith(b"%PDF")
