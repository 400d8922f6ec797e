"""Further studies of identifiability that are stored: profiles, coverage, base parameters, and the paper's claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmark.identifiability.profile import Profile, profiles_of
from benchmark.identifiability.stored import load_studies
from benchmark.report.drawings import Drawing
from benchmark.report.identifiability.base_parameters_table import base_table
from benchmark.report.identifiability.claims_table import claims_table
from benchmark.report.identifiability.coverage_table import coverage_table
from benchmark.report.identifiability.profile_table import profiles_table
from benchmark.report.identifiability.rows import in_order
from benchmark.report.report_table import ReportTable
from benchmark.uncertainty.covered import Coverage

COMMAND = "python -m benchmark identifiability"


@dataclass(frozen=True, eq=False)
class FurtherStudies:
    """Studies beside the analyses; each may be missing.

    Attributes
    ----------
    profiles, coverage, bases
        By the problem's name; bases as they are stored.
    claims
        The paper's claims as they are stored; None where they were not judged.
    """

    profiles: Mapping[str, Sequence[Profile]]
    coverage: Mapping[str, Coverage]
    bases: Mapping[str, Mapping[str, Any]]
    claims: Mapping[str, Any] | None

    @property
    def tables(self) -> Iterator[ReportTable]:
        """Their tables."""
        if self.claims is not None:
            yield claims_table(self.claims)
        if self.bases:
            yield base_table(self.bases)
        if self.profiles:
            yield profiles_table(self.profiles)
        if self.coverage:
            yield coverage_table(self.coverage)

    @property
    def drawings(self) -> Iterator[Drawing]:
        """Their figures."""
        for problem, profiles in self.profiles.items():
            for noise, own in groupby(profiles, lambda profile: profile.noise_rad_per_s2):
                yield Drawing(f"profiles-{problem}-noise{noise:g}", "profiles", ([*own],))
        for problem, coverage in self.coverage.items():
            yield Drawing(f"coverage-{problem}", "coverage", (coverage,))

    @property
    def commands(self) -> Iterator[str]:
        """The commands that make profiles and coverage again."""
        for problem, profiles in self.profiles.items():
            for noise, own in groupby(profiles, lambda profile: profile.noise_rad_per_s2):
                parameters = " ".join(profile.parameter for profile in own)
                yield f"{COMMAND} {problem} --profiles {parameters} --noise {noise:g}"
        for problem, found in self.coverage.items():
            yield f"{COMMAND} {problem} --coverage {found.replicates} --noise {found.noise_rad_per_s2:g}"


def load_further_studies(results: Path) -> FurtherStudies:
    """What is stored of them in a results folder."""
    return FurtherStudies(
        profiles={problem: profiles_of(found) for problem, found in _studies(results, "profiles").items()},
        coverage={problem: Coverage.of_plain(found) for problem, found in _studies(results, "coverage").items()},
        bases=_studies(results, "base"),
        claims=next(iter(load_studies(results, "claims").values()), None),
    )


def _studies(results: Path, study: str) -> dict[str, dict[str, Any]]:
    return in_order(load_studies(results, study))
