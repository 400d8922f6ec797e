"""Pages of synthetic runs, with plain pictures in place of figures."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from benchmark.report.material import Material
from benchmark.report.page.build import results_page
from benchmark.report.page.content import Page
from benchmark.report.page.suite_section import SuiteResults
from benchmark.report.report import suite_tables

from .synthetic import spec, store_failure, store_run

PICTURES = ("accuracy-against-time.png", "convergence.png", "parameters-gauss_newton.png")
GONE = "of_another_version"
SEEDS = 20
RUNS = 2 * SEEDS + 3  # more than a table shows without a frame


def png(width: int = 1300, height: int = 600) -> bytes:
    """A picture of 180 dots an inch."""
    content = io.BytesIO()
    Image.new("L", (width, height), 128).save(content, "png", dpi=(180, 180))
    return content.getvalue()


def store_runs(results: Path) -> None:
    """Runs of two suites and two methods, of which one each is gone, with a failure and times of many magnitudes."""
    for method in ("gauss_newton", GONE):
        for seed in range(SEEDS):
            seconds = 10.0 ** (seed - 10.0)
            store_run(results, spec("m1-ab-published", method, suite="default", seed=seed), solve_s=seconds)
        store_run(results, spec("unheard-of", method, suite=GONE))
    store_failure(results, spec("m1-ab-published", "gauss_newton", suite="default", seed=SEEDS))


def page(results: Path, pictures: tuple[str, ...] = PICTURES) -> Page:
    """The page of stored runs."""
    material = Material(results)
    figures = {name: png() for name in pictures}
    return results_page(material, [SuiteResults(suite, suite_tables(suite), figures) for suite in material.suites], [])
