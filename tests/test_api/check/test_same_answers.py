"""Answers of 2,000 random sites, held against those that were recorded.

Oracle: ``tests/golden/answers/checks.json``. It was recorded when the engine that went layer by
layer and the one that goes over all layers in one pass gave the same answers to the last digit,
geometry too (2026-11-29). ``RECORD_ANSWERS=1`` records anew: only where numbers are meant to
change, with "Changed results" in CHANGELOG.md. Rules that came later are not among them.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from api.check.judgement import Project
from api.check.sites import Terms, compute_check, software_used
from api.check.zone_terms import zone_terms
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.model import ReadOptions
from layers.readers.made import make_sites
from maps.check.answers import SiteResult
from maps.check.finding import Finding

RECORDED = Path(__file__).parents[2] / "golden" / "answers" / "checks.json"
ON = date(2026, 11, 29)
SITES, FIRST, WHOLE = 2_000, 48, 3
PLACES = (
    (102.76, 24.93, 102.86, 25.02),
    (103.35, 23.30, 103.50, 23.45),
    (97.70, 23.90, 98.00, 24.20),
    (102.50, 24.60, 103.20, 25.30),
)
"""Around the demonstration lines of the districts, and across the edge of what they cover."""


def random_sites(count: int) -> dict[str, shapely.Geometry]:
    """Boxes, stars, sites with a hole and of two parts, from 20 m to 1.7 km."""
    rng, sites = np.random.default_rng(11), {}
    for number in range(count):
        west, south, east, north = PLACES[number % 4]
        x, y = rng.uniform((west, south), (east, north))
        r, corners = 10 ** rng.uniform(-3.7, -1.8), int(rng.integers(4, 40))
        shape = number % 7
        if shape < 2:
            site = shapely.box(x, y, x + r, y + r * rng.uniform(0.2, 2.0))
        elif shape < 5:
            angle, reach = np.sort(rng.uniform(0, 2 * np.pi, corners)), rng.uniform(0.5, 1, corners)
            site = shapely.Polygon(
                np.c_[x + r * reach * np.cos(angle), y + r * reach * np.sin(angle)]
            )
        elif shape == 5:
            hole = shapely.box(x + r / 4, y + r / 4, x + r / 2, y + r / 2)
            site = shapely.box(x, y, x + r, y + r).difference(hole)
        else:
            parts = (
                shapely.box(x, y, x + r, y + r / 2),
                shapely.box(x + 1.5 * r, y, x + 2 * r, y + r),
            )
            site = shapely.MultiPolygon(parts)
        if site.is_valid and not site.is_empty:
            sites[f"s{number}"] = site
    return sites


@pytest.fixture(scope="module")
def opened(built_store: Path) -> Workspace:
    return Workspace(Settings(data_dir=built_store), now=lambda: datetime(2026, 11, 29, tzinfo=UTC))


def answers(workspace: Workspace, count: int) -> list[SiteResult]:
    _, sites = make_sites(
        random_sites(count), "random", counties=workspace.counties, limits=workspace.limits
    )
    law, zone = workspace.law(ON), zone_terms(workspace.zone)
    terms = Terms(
        on=ON,
        project=Project(nature=None, decisions=law.decisions, not_here=zone.not_here),
        declared=ReadOptions(),
        law=law,
        software=software_used(),
        zone=zone,
    )
    return compute_check(workspace, sites, terms).sites


def said(finding: Finding) -> dict[str, Any]:
    """What a finding measures and concludes, without words and geometry."""
    kept = finding.model_dump(
        mode="json",
        include={
            "rule_id", "layer_id", "verdict", "reasons", "overlap_area_m2", "share_pct",
            "overlap_interval_m2", "inside_area_m2", "outside_area_m2", "max_width_m", "nearest_m",
            "coverage_pct", "kind_coverage_pct", "tolerance_width_m", "sensitivity",
        },
    )  # fmt: skip
    parts = ("feature_id", "area_m2", "shared_area_m2", "max_width_m", "average_width_m")
    return kept | {"parts": [part.model_dump(include=set(parts)) for part in finding.parts]}


def rounded(value: Any) -> Any:
    """Six digits: other processors and libraries may differ in the sixteenth."""
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) > 1e-6 else "0"
    if isinstance(value, Mapping):
        return {name: rounded(one) for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def digest_of(findings: list[dict[str, Any]]) -> str:
    text = json.dumps(rounded(findings), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def findings_of(site: SiteResult, rules: list[str]) -> list[dict[str, Any]]:
    found = [said(one) for one in site.findings if one.rule_id in rules]
    return sorted(found, key=lambda one: (one["rule_id"], one["layer_id"] or ""))


def record(results: list[SiteResult]) -> None:
    rules = sorted({one.rule_id for site in results for one in site.findings})
    found = {site.site_id: findings_of(site, rules) for site in results}
    told = [site.site_id for site in results if any(one.parts for one in site.findings)][:WHOLE]
    kept = {
        "rules": rules,
        "whole": {site_id: found[site_id] for site_id in told},
        "digests": {site_id: digest_of(findings) for site_id, findings in found.items()},
    }
    lines = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    RECORDED.write_text(lines.replace("},", "},\n") + "\n", "utf-8")


def held(results: list[SiteResult]) -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))
    found = {site.site_id: findings_of(site, recorded["rules"]) for site in results}
    for site_id in found.keys() & recorded["whole"].keys():
        for one, other in zip(found[site_id], recorded["whole"][site_id], strict=True):
            ours, theirs = flat(one), flat(other)
            numbers = {at: value for at, value in theirs.items() if isinstance(value, float)}
            assert {at: ours[at] for at in numbers} == pytest.approx(numbers, rel=1e-11, abs=1e-6)
            assert {**ours, **numbers} == theirs, site_id
    digests = {site_id: digest_of(findings) for site_id, findings in found.items()}
    differ = [one for one in digests if digests[one] != recorded["digests"][one]]
    assert differ == []


def flat(value: Any, at: str = "") -> dict[str, Any]:
    if isinstance(value, Mapping):
        value = list(value.items())
    elif isinstance(value, list):
        value = list(enumerate(value))
    else:
        return {at: value}
    return {name: leaf for key, one in value for name, leaf in flat(one, f"{at}/{key}").items()}


def test_the_first_sites_are_answered_as_recorded(opened: Workspace) -> None:
    results = answers(opened, FIRST)
    assert len(results) > FIRST - 5
    held(results)


@pytest.mark.slow
def test_all_sites_are_answered_as_recorded(opened: Workspace) -> None:
    results = answers(opened, SITES)
    if os.environ.get("RECORD_ANSWERS"):
        record(results)
    assert len(results) > SITES - 20
    assert len({one.verdict for site in results for one in site.findings}) >= 4
    held(results)
