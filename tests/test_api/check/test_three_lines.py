"""The three lines by themselves, conditions and contacts beside. Oracles: by hand, properties."""

from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from geo.check.verdict import weigh
from geo.model import Verdict, worst_verdict
from layers.check.audit_limits import audit_limits
from layers.provenance import canonical_json
from layers.store.catalogue import Kind, kinds_from_json, load_kinds
from maps.check.answers import SiteResult
from maps.check.finding import Finding, Override
from maps.check.headline import beside_over_sites, line_over_sites, lines_of
from maps.check.headline_words import beside_text, has_untold, line_tag

RED, FARM, TOWN = audit_limits().lines
VERDICTS = st.sampled_from(list(Verdict))


def made(kind: str, verdict: str, m2: float | None = None, **more: object) -> Finding:
    known = load_kinds()[kind]
    title = {"zh": known.title_zh, "en": known.title_en}
    citation = dict.fromkeys(
        ("document_zh", "document_en", "number", "clause", "certainty", "note_zh", "note_en"), ""
    )
    return Finding(
        kind=kind, kind_title=title, rule_id=kind, title=title, demands={"zh": "要求", "en": "asked"},
        relation="must_not_overlap", verdict=verdict, reasons=[], buffer_m=None, overlap_area_m2=m2,
        covers_all_land=known.covers_all_land, citation={**citation, "issued": None},
        decision={"outcome": "nothing", "statement": None, "papers": []}, **more,
    )  # fmt: skip


def site(*findings: Finding) -> SiteResult:
    verdict = weigh((Verdict(one.verdict), one.covers_all_land) for one in findings)
    return SiteResult(
        site_id="1", name=None, area_m2=1e4, area_mu=15.0, printed={"m2": 1e4, "ha": 1.0, "mu": 15.0},
        verdict=verdict, outcome="nothing", findings=list(findings),
    )  # fmt: skip


@given(st.lists(VERDICTS), st.integers(0, 5))
def test_conditions_that_hold_everywhere_never_change_a_verdict(told: list, units: int) -> None:
    apart = [(verdict, False) for verdict in told]
    assert weigh(apart + [(Verdict.CONDITIONAL, True)] * units) == worst_verdict(told)


@given(st.lists(st.tuples(VERDICTS, st.booleans())))
def test_nothing_grave_is_left_out_whatever_covers_all_land(told: list) -> None:
    # Everything but a condition weighs the same whether or not its kind covers all land.
    grave = [one for one, _ in told if one is not Verdict.CONDITIONAL]
    local = [one for one, everywhere in told if not everywhere]
    assert weigh(told) == worst_verdict(grave + local)


def test_a_contact_of_2_95_m2_is_told_and_not_swallowed_by_the_units() -> None:
    found = site(
        made("environmental_unit", "conditional", 10000.0),
        made(RED, "contact", 2.95),
        made(FARM, "clear", 0.0),
        made(TOWN, "clear", 0.0),
    )
    assert found.verdict == "contact"
    assert [(line.kind, line.verdict) for line in found.lines] == [
        (RED, "contact"), (FARM, "clear"), (TOWN, "clear"),
    ]  # fmt: skip
    assert [(one.rule_id, one.overlap_area_m2) for one in found.contacts] == [(RED, 2.95)]
    assert [one.rule_id for one in found.conditions] == ["environmental_unit"]
    # Of a unit that covers everything the name is told, of a line the area too.
    assert beside_text(found.conditions, "en") == "Ecological-environment management units"
    assert beside_text(found.contacts, "zh") == "生态保护红线 (2.95 m²)"
    assert found.model_dump()["contacts"][0]["overlap_area_m2"] == 2.95


def test_a_condition_that_does_not_hold_everywhere_decides_and_hides_no_contact() -> None:
    found = site(made("basin_farmland", "conditional", 50.0), made(RED, "contact", 2.95))
    assert found.verdict == "conditional"
    assert [one.rule_id for one in found.contacts] == [RED]


def test_a_line_of_which_nothing_is_said_cannot_be_told() -> None:
    assert [line.verdict for line in lines_of(())] == ["undetermined"] * 3
    assert lines_of(())[0].title.zh == "生态保护红线"


def test_a_line_over_sites_is_the_gravest_with_its_sites_and_their_ground() -> None:
    sites = [
        site(made(RED, "conflict", 10.0)),
        site(made(RED, "clear", 0.0)),
        site(made(RED, "conflict", 2.5)),
    ]
    line = line_over_sites([one.lines[0] for one in sites], untold=False)
    assert (line.verdict, line.sites, line.overlap_area_m2) == ("conflict", 2, 12.5)
    clear = line_over_sites([sites[1].lines[0]], untold=True)
    assert clear.verdict == "undetermined"
    assert line_tag(line, "en").text == "Conflict · 12.50 m² · 2 sites"


def test_a_sum_over_sites_that_overlap_says_so() -> None:
    """A sum of one part counts nothing twice."""
    own = [site(made(RED, "conflict", area)).lines[0] for area in (10.0, 2.5, 0.0)]
    line = line_over_sites(own, untold=False, overlapping=True)
    words = "Conflict · 12.50 m², counted twice where sites overlap · 3 sites"
    assert line_tag(line, "en").text == words
    assert not line_over_sites(own[1:], untold=False, overlapping=True).counted_twice
    contact = site(made(RED, "contact", 2.95)).contacts
    told = beside_over_sites([*contact, *contact], overlapping=True)
    assert beside_text(told, "zh") == "生态保护红线 (5.90 m²，地块相互重叠处重复计入)"


def test_a_reviewers_verdict_stands_beside_the_one_on_the_line() -> None:
    said = Override(
        site_id="1", rule_id=RED, layer_id=None, verdict="contact", reason="r", name="n", at="t"
    )
    found = site(made(RED, "conflict", 3.0, override=said))
    assert (found.lines[0].verdict, found.lines[0].reviewed_verdict) == ("conflict", "contact")
    assert [one.rule_id for one in found.contacts] == [RED]


def test_evidence_keeps_that_a_kind_covers_all_land_and_old_kinds_keep_their_digest() -> None:
    units, red = load_kinds()["environmental_unit"], load_kinds()[RED]
    assert "covers_all_land" not in red.identity()
    kept: dict[str, Kind] = dict(
        kinds_from_json(canonical_json([units.identity(), red.identity()]))
    )
    assert (kept["environmental_unit"].covers_all_land, kept[RED].covers_all_land) == (True, False)
    assert replace(units, covers_all_land=False).identity().keys() == red.identity().keys()


def square(lon: float, lat: float) -> dict:
    shape = shapely.box(lon, lat, lon + 0.002, lat + 0.002)
    return {
        "type": "Feature",
        "id": "1",
        "properties": {},
        "geometry": shapely.geometry.mapping(shape),
    }


def test_a_site_in_a_unit_is_clear_and_says_its_conditions(shared_client: TestClient) -> None:
    body = {"type": "FeatureCollection", "features": [square(102.80, 24.98)]}
    answer = shared_client.post("/api/v1/checks", json=body).json()
    assert answer["verdict"] == "clear"
    assert [line["verdict"] for line in answer["lines"]] == ["clear"] * 3
    assert [one["rule_id"] for one in answer["conditions"]] == ["environmental_unit"]
    assert answer["contacts"] == []


@pytest.mark.parametrize(("lang", "once"), [("zh", "无需办理"), ("en", "nothing to do")])
def test_that_nothing_is_asked_is_said_once(
    shared_client: TestClient, lang: str, once: str
) -> None:
    from maps.check.answers import CheckResult
    from maps.check.document import check_document
    from maps.document.terminal import text_of

    body = {"type": "FeatureCollection", "features": [square(102.80, 24.98)]}
    said = shared_client.post("/api/v1/checks?nature=ordinary_industry", json=body).json()
    text = text_of(check_document(CheckResult.model_validate(said), lang))
    assert text.count(once) == 1
    count = sum(one["decision"]["outcome"] == "nothing" for one in said["sites"][0]["findings"])
    assert count > 10
    assert str(count) in text


def test_where_nothing_can_be_told_no_zero_is_printed() -> None:
    # By hand: an empty part of a layer is no zero for a site.
    def told(verdict: str, m2: float | None, coverage: float | None) -> tuple:
        numbers = {"share_pct": 0.0, "max_width_m": 0.0, "nearest_m": 7.0}
        own = made(RED, verdict, m2, coverage_pct=coverage, **numbers).told
        return own.area_m2, own.share_pct, own.width_m

    assert told("undetermined", 0.0, 0.0) == (None, None, None)
    assert told("undetermined", 0.0, None) == (None, None, None)
    assert told("undetermined", 0.0, 60.0) == (None, None, None)
    assert told("undetermined", 5.0, 60.0) == (5.0, 0.0, 0.0)
    assert told("clear", 0.0, 100.0) == (0.0, 0.0, 0.0)


def test_none_beside_is_said_only_where_all_could_be_told() -> None:
    said = [
        beside_text(one.conditions, "en", untold=has_untold(one))
        for one in (site(made(RED, "clear")), site(made(RED, "undetermined")))
    ]
    assert said == ["none", "none found; not all could be told"]
