"""Sites that avoid hard lines: what comes out is judged by the check, and says what is not known."""

import re
from dataclasses import replace

import pytest
import shapely
from pydantic import BaseModel

from api.check.hard_lines import hard_lines
from api.exits import Exit
from api.expansion.avoid import AvoidQuery, avoid_lines
from api.expansion.operations import avoid, search
from api.expansion.questions import SearchQuestion
from api.expansion.search import search_sites
from api.expansion.search_area import find_search_area
from api.workspace.workspace import Workspace
from geo.expansion.avoidance import shift, trim
from layers.model import ReadOptions
from maps.document.terminal import text_of as terminal_text
from maps.expansion.sites_document import avoidance_document
from maps.i18n import LANGUAGES, tr
from tests.test_api.expansion.conftest import source, square, still


def test_avoidance_is_clear_by_the_check_itself(opened: Workspace) -> None:
    ring = [[102.79, 24.945], [102.81, 24.935], [102.81, 24.955], [102.79, 24.955]]
    asked = AvoidQuery(target_m2=1e6, width_m=100.0, reach_m=None)
    report = avoid_lines(opened, source(east=ring), ReadOptions(), asked, still)
    (site,) = report.sites
    assert site.before.verdict == "conflict"
    assert site.before.hard_overlap_m2 > 0.0
    for out in (site.trim, site.shift):
        assert out.possible
        assert out.check.hard_overlap_m2 == 0.0
        assert out.check.verdict != "conflict"
        assert opened.archive.get(out.check.check_id).verdict == out.check.verdict
    lost = sum(one.area_m2 for one in site.trim.lost)
    assert site.trim.area_m2 + lost + site.trim.cut_off_m2 == pytest.approx(site.area_m2, rel=1e-9)
    assert site.shift.area_m2 == pytest.approx(site.area_m2, rel=1e-9)
    assert report.untold == []


def test_why_avoidance_is_impossible(opened: Workspace) -> None:
    inside = source(lost=square(102.70, 24.90, 0.004))
    asked = AvoidQuery(target_m2=0.0, width_m=0.0, reach_m=10.0)
    (site,) = avoid_lines(opened, inside, ReadOptions(), asked, still).sites
    assert (site.trim.possible, site.trim.why) == (False, "nothing_left")
    assert (site.shift.possible, site.shift.why) == (False, "none_within_reach")
    assert site.trim.geometry is None
    assert site.shift.check is None


def without_check_ids(answer: BaseModel) -> str:
    """Return an answer's values; a check of fewer sites has another id."""
    return re.sub(r'"check_id":"\w+"', "", answer.model_dump_json())


@pytest.mark.parametrize("broken", ["trim", "shift", "hard_lines"])
def test_a_site_on_which_geos_fails_takes_no_other(
    opened: Workspace, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """Oracle: the other site alone; words of both languages."""
    two = source(east=square(102.79, 24.945), west=square(102.82, 24.98))
    asked = AvoidQuery(target_m2=0.0, width_m=0.0, reach_m=300.0)
    whole = avoid_lines(opened, two, ReadOptions(), asked, still)
    own = {"trim": trim, "shift": shift, "hard_lines": hard_lines}[broken]

    def fails(*given: object) -> object:
        middle = next(one for one in given if isinstance(one, shapely.Geometry)).centroid
        if middle.x < 102.81:
            raise shapely.errors.GEOSException("TopologyException: side location conflict")
        return own(*given)

    monkeypatch.setattr(f"api.expansion.avoid.{broken}", fails)
    spoiled = avoid_lines(opened, two, ReadOptions(), asked, still)
    told = {site.site_id: site for site in spoiled.sites}
    of_whole = {site.site_id: site for site in whole.sites}
    assert without_check_ids(told["west"]) == without_check_ids(of_whole["west"])
    for name in ("trim", "shift"):
        found = getattr(told["east"], name)
        if broken in (name, "hard_lines"):
            assert (found.possible, found.why, found.check) == (False, "not_computable", None)
        else:
            assert without_check_ids(found) == without_check_ids(getattr(of_whole["east"], name))
    for lang in LANGUAGES:
        text = terminal_text(avoidance_document(spoiled, lang))
        assert tr("siting.why_not_computable", lang) in text


def test_ground_that_is_too_small_to_be_judged_is_no_trim(
    opened: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    crumb = shapely.box(102.8, 24.98, 102.8 + 1e-8, 24.98 + 1e-8)
    made = trim

    def nearly_nothing(*given: object) -> object:
        return replace(made(*given), geometry=crumb, why=None)

    monkeypatch.setattr("api.expansion.avoid.trim", nearly_nothing)
    asked = AvoidQuery(target_m2=0.0, width_m=0.0, reach_m=10.0)
    report = avoid_lines(opened, source(a=square(102.80, 24.98)), ReadOptions(), asked, still)
    (site,) = report.sites
    assert (site.trim.possible, site.trim.why) == (False, "not_judged")
    for lang in LANGUAGES:
        assert tr("siting.why_not_judged", lang) in terminal_text(avoidance_document(report, lang))


def test_avoidance_says_which_hard_lines_cannot_be_told(opened: Workspace) -> None:
    """Ground that no layer speaks about is not ground without lines."""
    asked = AvoidQuery(target_m2=0.0, width_m=0.0, reach_m=None)
    report = avoid_lines(
        opened, source(far=square(100.2, 26.5, 0.005)), ReadOptions(), asked, still
    )
    (site,) = report.sites
    assert site.trim.possible
    for check in (site.before, site.trim.check, site.shift.check):
        assert check.verdict == "undetermined"
        assert check.hard_overlap_m2 is None
        told = {one.en for one in check.untold}
        assert {
            "Ecological red line (demonstration)",
            "Permanent basic farmland (demonstration)",
        } <= told
    assert avoid.exit_of(report) == Exit.UNDETERMINED
    for lang, line in (("zh", "永久基本农田"), ("en", "Permanent basic farmland")):
        said = terminal_text(avoidance_document(report, lang))
        assert said.count(line) >= 2
        assert "0.00 m²" not in said


def test_what_is_found_on_half_known_ground_is_a_lower_bound(
    workspace: Workspace, put_layer
) -> None:
    west, east = square(102.70, 25.05, 0.01), square(102.71, 25.05, 0.01)
    line = shapely.box(102.702, 25.052, 102.704, 25.054)
    put_layer("ecological_red_line", [line], [shapely.Polygon(west)])
    ring = [west[0], east[1], east[2], west[3]]
    asked = AvoidQuery(target_m2=0.0, width_m=0.0, reach_m=500.0)
    (site,) = avoid_lines(workspace, source(both=ring), ReadOptions(), asked, still).sites
    assert site.before.hard_overlap_m2 > 0.0
    assert "我的" in {one.zh for one in site.before.untold}
    assert site.before.verdict == "conflict"


def test_a_search_on_ground_that_no_layer_covers_tells_nothing(opened: Workspace) -> None:
    ring = square(100.2, 26.5, 0.01)
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    asked = SearchQuestion(least_ha=5.0, width_m=100.0, area=shape)
    area = find_search_area(opened, asked)
    report = search_sites(opened, area, asked, still)
    assert report.candidates == []
    assert search.exit_of(report) == Exit.UNDETERMINED
