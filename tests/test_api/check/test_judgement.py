"""What a layer says of a site, on layers made by hand. Oracles: areas and widths by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from api.check import measurement
from api.check.controls import Control, kinds_of
from api.check.judgement import Project, judge_sites
from api.check.measurement import Ground
from api.check.proof.verify import BundleLayers
from api.workspace.loaded import loaded_layer
from api.workspace.workspace import Workspace
from geo.check.control_index import ControlIndex
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.measure.sites import make_sites
from geo.model import Overlap, Relation
from layers.check.law import Law, rules_on
from layers.check.natures import load_decisions
from layers.check.rules import ControlRule, load_rules
from layers.model import (
    LayerFrame,
    LayerSpec,
    LayerStatus,
    LayerVersion,
)
from layers.store.catalogue import load_kinds
from maps.check.answers import SiteResult
from maps.check.finding import Finding

DAY = date(2026, 11, 23)
EAST, NORTH = 580_000.0, 2_760_000.0
BASE = next(rule for rule in load_rules(None, load_kinds()) if rule.id == "ecological_red_line")
EVERYWHERE = shapely.box(-50_000, -50_000, 50_000, 50_000)


def lonlat(*planar: shapely.Geometry) -> np.ndarray:
    """Metres east and north of a point in Kunming, to degrees."""
    moved = [shapely.transform(g, lambda xy: xy + np.array([EAST, NORTH])) for g in planar]
    dense = shapely.segmentize(np.array(moved, dtype=object), 50.0)
    return transform(dense, local_plane(102.0), parse_crs(GEOGRAPHIC))


def layers(*features: shapely.Geometry, precision_m: float | None = None, **columns: list):
    """One layer of red lines that speaks of everything around."""
    frame = gpd.GeoDataFrame(
        {"feature_id": [f"f{at}" for at in range(len(features))], **columns},
        geometry=lonlat(*features),
        crs=GEOGRAPHIC,
    )
    spec = LayerSpec(
        id="made", kind=BASE.kind, title_zh="图层", title_en="layer", status=LayerStatus.OFFICIAL,
        sensitivity=load_kinds()[BASE.kind].sensitivity, source="", licence="", precision_m=precision_m,
    )  # fmt: skip
    version = LayerVersion(
        spec=spec, number=1, sha256="", content_sha256="", created_at=datetime(2026, 1, 1, tzinfo=UTC),
        crs=GEOGRAPHIC, feature_count=len(frame), geometry_type="Polygon",
        bounds_lonlat=(0, 0, 0, 0), covered=True, path=Path(),
    )  # fmt: skip
    coverage = gpd.GeoSeries(lonlat(EVERYWHERE), crs=GEOGRAPHIC)
    loaded = loaded_layer(version, LayerFrame(features=frame, coverage=coverage))
    return BundleLayers([version], {"made": loaded})


def law_of(rules: tuple[ControlRule, ...]) -> Law:
    held, ended = rules_on(rules, DAY)
    return Law(rules=held, ended=ended, kinds=(), decisions=load_decisions(None))


def result(
    source: BundleLayers, *rules: ControlRule, site=None, precision_m: float | None = None
) -> SiteResult:
    shape = site or shapely.box(0, 0, 100, 100)
    kinds = kinds_of(source, law_of(rules or (BASE,)), DAY)
    sites = make_sites(lonlat(shape), ["1"], [None], precision_m)
    return judge_sites(
        sites, kinds, Project(nature=None, decisions=load_decisions(None), not_here={})
    )[0]


def finding(source: BundleLayers, *rules: ControlRule, **site: object) -> Finding:
    (found,) = result(source, *rules, **site).findings
    return found


def test_inside_and_outside_are_the_site_whatever_the_relation() -> None:
    half = layers(shapely.box(-10, -10, 30, 110))
    for relation in Relation:
        rule = replace(BASE, relation=relation)
        found, whole = finding(half, rule), result(half, rule).area_m2
        assert found.inside_area_m2 == pytest.approx(3000.0, rel=1e-3)
        assert found.inside_area_m2 + found.outside_area_m2 == pytest.approx(whole, rel=1e-12)
        decides = (
            found.outside_area_m2 if relation is Relation.MUST_BE_INSIDE else found.inside_area_m2
        )
        assert found.overlap_area_m2 == pytest.approx(decides, rel=1e-9)


def test_the_interval_follows_both_precisions_by_hand() -> None:
    # The edge at x = 30 may be 0.2 + 0.3 m off: 100 m x (30 -+ 0.5).
    found = finding(layers(shapely.box(-10, -10, 30, 110), precision_m=0.3), precision_m=0.2)
    assert found.overlap_interval_m2 == pytest.approx((2950.0, 3050.0), rel=1e-3)
    assert found.spans_zero is False


def test_a_touch_spans_zero_and_an_unknown_precision_has_no_interval() -> None:
    beside = shapely.box(100, 0, 200, 100)
    found = finding(layers(beside, precision_m=0.3), precision_m=0.2)
    assert (found.verdict, found.spans_zero) == ("clear", True)
    assert found.overlap_interval_m2 == pytest.approx((0.0, 50.0), abs=0.1)
    for site_m, layer_m in ((None, 0.3), (0.2, None)):
        unknown = finding(layers(beside, precision_m=layer_m), precision_m=site_m)
        assert (unknown.overlap_interval_m2, unknown.spans_zero) == (None, None)


def test_the_sensitivity_of_a_strip_by_hand() -> None:
    # 0.03 m x 100 m: gone at a tolerance of 5 cm, there at 1 cm.
    found = finding(layers(shapely.box(-10, 0, 0.03, 100)))
    by_width = {row.tolerance_m: row.overlap_area_m2 for row in found.sensitivity}
    assert by_width == pytest.approx({0.0: 3.0, 0.01: 3.0, 0.05: 0.0, 0.5: 0.0}, rel=2e-3)
    (part,) = found.parts
    assert part.average_width_m == pytest.approx(2 * 3.0 / 200.06, rel=2e-3)


def test_a_buffer_decides_but_the_distance_is_to_the_feature() -> None:
    # 40 m away: clear by itself, and 10 m x 100 m inside a belt of 50 m.
    source = layers(shapely.box(140, -500, 300, 600))
    assert finding(source).verdict == "clear"
    found = finding(source, replace(BASE, buffer_m=50.0))
    assert (found.verdict, found.buffer_m) == ("conflict", 50.0)
    assert found.overlap_area_m2 == pytest.approx(1000.0, rel=1e-3)
    assert found.nearest_m == pytest.approx(40.0, rel=1e-3)


def test_rules_of_one_kind_each_speak_of_their_class_and_tell_what_they_must() -> None:
    source = layers(
        shapely.box(-10, -10, 30, 110),
        shapely.box(30, -10, 110, 110),
        zone=["core", "general"],
        name=["甲", "乙"],
    )
    core = replace(BASE, id="core", where={"zone": ("core",)}, tells=("name",))
    general = replace(
        BASE,
        id="general",
        where={"zone": ("general",)},
        tells=(),
        relation=Relation.IMPOSES_CONDITIONS,
    )
    by_rule = {found.rule_id: found for found in result(source, core, general).findings}
    assert by_rule["core"].verdict == "conflict"
    assert by_rule["core"].overlap_area_m2 == pytest.approx(3000.0, rel=1e-3)
    assert by_rule["core"].parts[0].attributes == {"name": "甲"}
    assert (by_rule["general"].verdict, by_rule["general"].reasons) == (
        "conditional",
        ["conditions_apply"],
    )
    assert by_rule["general"].parts[0].attributes == {}


def test_a_class_that_no_rule_knows_is_cannot_tell_where_the_site_touches_it() -> None:
    zone = ["core", "coer"]
    core = replace(BASE, id="core", where={"zone": ("core",)})
    misspelt_here = layers(shapely.box(500, 0, 600, 9), shapely.box(9, 9, 99, 99), zone=zone)
    found = finding(misspelt_here, core)
    assert (found.verdict, found.reasons) == ("undetermined", ["unclassified"])
    misspelt_there = layers(shapely.box(500, 0, 600, 9), shapely.box(700, 9, 800, 99), zone=zone)
    assert finding(misspelt_there, core).verdict == "clear"
    # A conflict with what is known stays one.
    both = layers(shapely.box(0, 0, 50, 50), shapely.box(50, 50, 99, 99), zone=zone)
    assert finding(both, core).reasons == ["overlap", "unclassified"]


def test_a_layer_without_the_attribute_of_its_rule_cannot_tell_what_it_touches() -> None:
    core = replace(BASE, id="core", where={"zone": ("core",)})
    found = finding(layers(shapely.box(0, 0, 50, 50)), core)
    assert (found.verdict, found.reasons) == ("undetermined", ["unclassified"])
    # Where it has nothing at all, no class could matter.
    assert finding(layers(shapely.box(500, 0, 600, 50)), core).verdict == "clear"


@pytest.mark.parametrize("one", [1, 1.0, "1", " 1 "])
def test_a_class_is_the_same_as_number_and_as_text(one: object) -> None:
    source = layers(shapely.box(0, 0, 50, 50), 级别=[one])
    first = replace(
        BASE, id="g", where={"grade": ("1",)}, fields={"grade": ("级别",)}, tells=("grade",)
    )
    found = finding(source, first)
    assert (found.verdict, found.parts[0].attributes) == ("conflict", {"grade": "1"})


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(1, 96), min_size=1, max_size=4, unique=True),
    st.sampled_from(list(Relation)),
)
def test_printed_parts_add_up_to_the_printed_total(cuts: list[int], relation: Relation) -> None:
    """Property: strips of odd widths, inside or outside; in every unit, to the last digit."""
    strips = [shapely.box(at, -10, at + 1.0 / 3.0, 110) for at in sorted(cuts)]
    whole = result(layers(*strips), replace(BASE, relation=relation))
    (found,) = whole.findings
    decimals = {"m2": 2, "ha": 4, "mu": 3}
    per_unit = {"m2": 1.0, "ha": 1e4, "mu": 2000.0 / 3.0}
    for unit, digits in decimals.items():
        parts = [getattr(part.printed, unit) for part in found.parts]
        total = round(found.overlap_area_m2 / per_unit[unit], digits)
        assert sum(parts) == pytest.approx(total, abs=10.0**-digits / 100)
        sides = [getattr(side, unit) for side in (found.inside_printed, found.outside_printed)]
        site = getattr(whole.printed, unit)
        assert sum(sides) == pytest.approx(site, abs=10.0**-digits / 100)


def test_a_site_that_meets_the_coverage_along_its_edge_alone(workspace: Workspace) -> None:
    # What the site has of the coverage is a line, which has no area to be sure or unsure of.
    stored = workspace.store.get("demo_urban_development_boundary")
    version = replace(stored, spec=replace(stored.spec, precision_m=0.5))
    loaded = workspace.load(stored)
    rule = next(rule for rule in workspace.rules if rule.kind == "urban_development_boundary")
    covered = shapely.box(102.0, 24.0, 103.0, 25.0)
    control = Control(
        version=version,
        loaded=replace(loaded, coverage_area=covered),
        index=workspace.index_for(loaded, rule),
        unclassified=None,
        faults=(),
    )
    beside = shapely.box(103.0, 24.4, 103.1, 24.5)
    across = shapely.union(shapely.box(102.99, 24.6, 103.01, 24.7), beside)
    shapes = np.array([beside, across], dtype=object)
    sites = make_sites(shapes, ["beside", "across"], [None, None], 0.1)
    one, other = Ground(sites).measure(np.arange(2), Relation.MUST_BE_INSIDE, control)
    assert one.interval_m2 == (0.0, 0.0)
    assert other.interval_m2[1] > 0.0


def test_a_site_on_which_geos_fails_is_cannot_tell_and_the_others_are_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Oracle: the same sites without the fault; GEOS is made to fail on one of seven.
    shapes = lonlat(*(shapely.box(200 * at, 0, 200 * at + 100, 100) for at in range(7)))
    sites = make_sites(shapes, [str(at) for at in range(7)], [None] * 7, None)
    kinds = kinds_of(layers(shapely.box(-10, -10, 450, 110)), law_of((BASE,)), DAY)
    project = Project(nature=None, decisions=load_decisions(None), not_here={})
    sound = judge_sites(sites, kinds, project)
    bad, true_overlaps = shapes[4], measurement.overlaps

    def overlaps(asked: np.ndarray, index: ControlIndex) -> list[Overlap]:
        if any(one is bad for one in asked):
            raise shapely.errors.GEOSException("TopologyException: side location conflict")
        return true_overlaps(asked, index)

    monkeypatch.setattr(measurement, "overlaps", overlaps)
    found = judge_sites(sites, kinds, project)
    assert [one for one in found if one.site_id != "4"] == [
        one for one in sound if one.site_id != "4"
    ]
    (finding,) = found[4].findings
    assert (found[4].verdict, finding.reasons) == ("undetermined", ["not_computable"])
    assert finding.overlap_area_m2 is None


def test_coverage_is_told_of_each_layer_and_decided_by_all() -> None:
    # By hand: two cities' layers speak of 30 and of 70 of the site's 100 metres.
    parts = {"west": shapely.box(-500, -500, 30, 500), "east": shapely.box(30, -500, 500, 500)}
    loaded = {}
    for name, ground in parts.items():
        ((_, one),) = layers(shapely.box(900, 900, 901, 901))._layers.items()
        spec = replace(one.version.spec, id=name)
        frame = LayerFrame(
            features=one.features, coverage=gpd.GeoSeries(lonlat(ground), crs=GEOGRAPHIC)
        )
        loaded[name] = loaded_layer(replace(one.version, spec=spec), frame)
    source = BundleLayers([one.version for one in loaded.values()], loaded)
    west, east = sorted(result(source).findings, key=lambda one: one.coverage_pct)
    assert (west.layer_id, east.layer_id) == ("west", "east")
    assert west.coverage_pct == pytest.approx(30.0, abs=0.01)
    assert east.coverage_pct == pytest.approx(70.0, abs=0.01)
    assert west.kind_coverage_pct == east.kind_coverage_pct == pytest.approx(100.0)
    assert west.verdict == east.verdict == "clear"
