"""What a change of law, or of one layer, makes of past checks.

Oracles: dated rules written by hand, areas by halves of one cell, and a second method that
judges every site again in a store that never had anything but the change.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
import yaml

from api.check.sites import read_and_check
from api.check.stale.files import STALE_FILES
from api.check.stale.find import StaleScope, find_stale
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.builtin.reference import read_counties
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions, Sensitivity
from layers.readers import Source
from layers.zones import shipped_zone
from maps.check.stale_answers import StaleCheck, StaleList

WEST, SOUTH, STEP = 102.70, 24.90, 0.004
SPEC = LayerSpec(
    id="red", kind="ecological_red_line", title_zh="红线", title_en="red", source="test",
    licence="none", status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
)  # fmt: skip
RULE = {
    "id": "ecological_red_line",
    "kind": "ecological_red_line",
    "relation": "must_not_overlap",
    "required": True,
    "demands_zh": "禁止",
    "demands_en": "none",
    "tolerance": {"width_m": 0.01, "precision_factor": 3.0, "area_m2": 200.0},
    "citation": {
        "document_zh": "甲法", "document_en": "Law A", "number": "一", "clause": "一",
        "issued": None, "certainty": "general_knowledge", "note_zh": "无", "note_en": "none",
    },
}  # fmt: skip


def cell(x: float, y: float, size: float = 1.0) -> shapely.Polygon:
    return shapely.box(
        WEST + x * STEP, SOUTH + y * STEP, WEST + (x + size) * STEP, SOUTH + (y + size) * STEP
    )


def rule(**fields: object) -> dict[str, object]:
    return {**RULE, **fields}


WIDE = {"width_m": 1000.0, "precision_factor": 3.0, "area_m2": 1e9}
"""By which every overlap of less than half of a site is a contact."""

OWN_KIND = """
border_belt: {title: {zh: 边境管控区, en: Border belt}, geometry: polygon, sensitivity: internal}
"""

Open = Callable[..., Workspace]


class BareWorkspace(Workspace):
    """A workspace whose store holds no counties: those that ship are asked."""

    counties = property(lambda _: read_counties(shipped_zone().region))


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Return a store as it is on a day, under rules of the test's own; made again, others."""

    def open_store(day: str, *rules: dict[str, object], store: str = "data") -> Workspace:
        folder = tmp_path / f"rules-{day}-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        for at, one in enumerate(rules):
            text = yaml.safe_dump(one, allow_unicode=True)
            (folder / f"rule_{at}.yaml").write_text(text, encoding="utf-8")
            if one["kind"] == "border_belt":
                (folder / "kinds.yaml").write_text(OWN_KIND, encoding="utf-8")
        now = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
        settings = Settings(data_dir=tmp_path / store, rules_dir=folder)
        return BareWorkspace(settings, now=lambda: now)

    return open_store


WHOLE = cell(-50, -50, 200)


def put(
    workspace: Workspace,
    features: list,
    spec: LayerSpec = SPEC,
    covered: shapely.Polygon = WHOLE,
    **columns: list,
) -> None:
    frame = LayerFrame(
        features=gpd.GeoDataFrame(
            {"feature_id": [f"f{at}" for at in range(len(features))], **columns},
            geometry=features, crs="EPSG:4490",
        ),
        coverage=gpd.GeoSeries([covered], crs="EPSG:4490"),
    )  # fmt: skip
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())


def check(workspace: Workspace, shape: shapely.Polygon, name: str = "a.geojson") -> str:
    source = Source(name=name, files={name: shapely.to_geojson(shape).encode()})
    return read_and_check(workspace, source, ReadOptions(), "park_expansion").id


def found(workspace: Workspace, on: str | None = None, **scope: object) -> StaleList:
    day = date.fromisoformat(on) if on else None
    return find_stale(workspace.as_of(day), StaleScope(**scope), lambda *_: None)


def turn(one: StaleCheck) -> list[tuple[str | None, str | None, tuple[str, ...]]]:
    return [(c.verdict_then, c.verdict_now, tuple(c.causes)) for c in one.changes]


ENDING = rule(valid_to="2026-06-30")
NEXT = rule(edition="2", valid_from="2026-07-01")


@pytest.mark.parametrize("scope", [{"law": True}, {}])
@pytest.mark.parametrize(
    ("later", "expected", "change", "day"),
    [
        ([ENDING], ("conflict", "undetermined"), "rule_ended", "2026-06-30"),
        (
            [
                {**ENDING, "edition": "1", "successor": "ecological_red_line@2"},
                {**NEXT, "tolerance": WIDE},
            ],
            ("conflict", "contact"),
            "rule_replaced",
            "2026-06-30",
        ),
        (
            [
                {**ENDING, "successor": "red_line_2026@2"},
                {**NEXT, "id": "red_line_2026", "tolerance": WIDE},
            ],
            ("conflict", "contact"),
            "rule_replaced",
            "2026-06-30",
        ),
        ([rule(tolerance=WIDE)], ("conflict", "contact"), "rule_threshold", None),
        ([rule(relation="imposes_conditions")], ("conflict", "conditional"), "rule_scope", None),
        ([rule(valid_from="2027-01-01")], ("conflict", "undetermined"), "rule_not_yet", "2027-01-01"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_rule_is_the_reason_of_the_change(
    opened: Open, scope: dict, later: list, expected: tuple[str, str], change: str, day: str | None
) -> None:
    then = opened("2026-06-01", rule())
    put(then, [cell(0, 0)])
    inside, far = check(then, cell(0.75, 0)), check(then, cell(40, 40))
    answer = found(opened("2026-07-01", *later), **scope)
    stale = {one.check_id: one for one in answer.checks}
    (one,) = stale[inside].changes
    assert (one.verdict_then, one.verdict_now, one.causes) == (*expected, [change])
    (named,) = [row for row in answer.rules if row.change != "rule_worded"]
    assert (named.change, named.day, named.checks) == (change, day, 2)
    ends = expected[1] == "undetermined"
    assert (stale[far].state == "changed") is ends
    # What nobody can tell is no difference of nought, and a rule without a name is its kind.
    assert (named.difference_m2 is None) is ends
    assert named.name.zh == "生态保护红线"
    assert (named.changed_findings, named.changed_checks) == ((2, 2) if ends else (1, 1))
    if not ends:
        assert one.difference_m2 == 0.0


def test_what_can_no_longer_be_told_is_no_overlap_of_nought(opened: Open) -> None:
    then = opened("2026-06-01", rule())
    put(then, [cell(0, 0)])
    check_id = check(then, cell(0, 0))
    # The next version speaks of the western half of the site and has nothing there.
    now = opened("2026-07-01", rule())
    put(now, [cell(30, 30)], covered=cell(-20, -20, 20.5))
    (one,) = next(c for c in found(now).checks if c.check_id == check_id).changes
    assert (one.verdict_then, one.verdict_now) == ("conflict", "undetermined")
    assert one.overlap_then_m2 > 0.0
    assert (one.overlap_now_m2, one.difference_m2) == (None, None)


def test_a_law_is_asked_for_the_day_on_which_it_ends_and_the_day_after(opened: Open) -> None:
    then = opened("2026-06-01", rule())
    put(then, [cell(0, 0)])
    check_id = check(then, cell(0, 0))
    today = opened("2026-06-15", ENDING)
    states = {
        day: {one.check_id: one.state for one in found(today, day, law=True).checks}[check_id]
        for day in ("2026-06-30", "2026-07-01")
    }
    assert states == {"2026-06-30": "current", "2026-07-01": "changed"}
    (change,) = found(today, "2026-07-01", law=True).checks[0].changes
    assert (change.law_day, change.reasons_now) == ("2026-06-30", ["rule_ended"])


def test_a_rule_that_ends_by_its_own_date_is_seen_though_no_file_changed(opened: Open) -> None:
    """The digest of the rules is the same before and after: the day alone makes the difference."""
    workspace = opened("2026-06-01", ENDING)
    put(workspace, [cell(0, 0)])
    check_id = check(workspace, cell(0, 0))
    (one,) = found(workspace, "2026-07-01").checks
    assert (one.check_id, one.state) == (check_id, "changed")
    assert "rules" in one.causes
    assert turn(one) == [("conflict", "undetermined", ("rule_ended",))]


def test_a_successor_that_demands_the_same_changes_no_verdict_and_is_named(opened: Open) -> None:
    then = opened("2026-06-01", rule())
    put(then, [cell(0, 0)])
    check(then, cell(0, 0))
    former = {**ENDING, "edition": "1", "successor": "ecological_red_line@2"}
    law = {**RULE["citation"], "document_zh": "乙法", "document_en": "Law B"}
    answer = found(opened("2026-07-01", former, {**NEXT, "citation": law}), law=True)
    assert [one.state for one in answer.checks] == ["unaffected"]
    (named,) = answer.rules
    assert (named.change, named.changed_findings, named.fields) == ("rule_replaced", 0, [])
    assert (named.law_then.en, named.law_now.en) == ("Law A 1", "Law B 1")


def test_a_new_rule_judges_by_the_layers_of_the_day(opened: Open) -> None:
    then = opened("2026-06-01", rule())
    put(then, [cell(0, 0)])
    check_id = check(then, cell(3, 3))
    today = opened("2026-07-01", rule(), {**NEXT, "id": "belt", "kind": "border_belt"})
    put(today, [cell(3.5, 3)], replace(SPEC, id="belt", kind="border_belt"))
    # Of a kind that was asked for then, the layers are those of then: that is another change.
    put(today, [cell(3, 3)])
    one = {one.check_id: one for one in found(today, law=True).checks}[check_id]
    assert turn(one) == [(None, "conflict", ("rule_new",))]


def test_a_rule_whose_file_is_gone_leaves_a_finding_that_is_told(opened: Open) -> None:
    own = {**RULE, "id": "own", "kind": "key_wetland"}
    then = opened("2026-06-01", own)
    put(then, [cell(0, 0)], replace(SPEC, id="wetland", kind="key_wetland"))
    check_id = check(then, cell(0, 0))
    one = {o.check_id: o for o in found(opened("2026-06-02"), law=True).checks}[check_id]
    assert ("conflict", None, ("rule_removed",)) in turn(one)


def test_law_and_layer_are_each_seen_alone_by_hand(opened: Open) -> None:
    """A quarter of the site is touched. The law makes it a contact, the layer makes it half."""
    then = opened("2026-06-01", rule())
    put(then, [cell(0, 0)])
    whole = check(then, cell(0.75, 0))
    today = opened("2026-07-01", rule(tolerance=WIDE))
    put(today, [cell(-0.125, 0)])
    by = {
        name: {one.check_id: one for one in found(today, **scope).checks}[whole].changes[0]
        for name, scope in {
            "law": {"law": True}, "layer": {"layers": ("red",)}, "all": {},
            "both": {"law": True, "layers": ("red",)},
        }.items()
    }  # fmt: skip
    assert {name: (one.verdict_now, one.causes) for name, one in by.items()} == {
        "law": ("contact", ["rule_threshold"]),
        "layer": ("conflict", ["layer_version"]),
        "all": ("contact", ["rule_threshold", "layer_version"]),
        "both": ("contact", ["rule_threshold", "layer_version"]),
    }
    m2 = by["law"].overlap_then_m2
    assert by["law"].difference_m2 == 0.0
    for name in ("layer", "all", "both"):
        assert by[name].difference_m2 == pytest.approx(-m2 / 2, rel=1e-6)


def test_a_difference_that_is_printed_as_nothing_is_no_change(opened: Open) -> None:
    """2e-9 degrees are 0.2 mm: over 440 m that is 0.09 m2, and 2e-11 degrees less than 0.005."""
    workspace = opened("2026-06-01", rule())
    put(workspace, [cell(0, 0)])
    check_id = check(workspace, cell(0.5, 0))
    states = {}
    for degrees in (2e-11, 2e-9):
        put(workspace, [shapely.box(WEST, SOUTH, WEST + STEP + degrees, SOUTH + STEP)])
        one = {o.check_id: o for o in found(workspace).checks}[check_id]
        states[degrees] = one.state, one.rerun
    assert states == {2e-11: ("unaffected", True), 2e-9: ("changed", True)}


def test_changes_are_counted_by_kind_the_most_frequent_first(opened: Open) -> None:
    """Three sites lose half of the overlap, one all of it, one that lies apart nothing."""
    workspace = opened("2026-06-01", rule())
    put(workspace, [cell(0, 0), cell(0, 3), cell(0, 6), cell(0, 9), cell(0, 12)])
    for y in (0, 3, 6, 9, 12):
        check(workspace, cell(0, y), f"{y}.geojson")
    put(workspace, [cell(0.5, 0), cell(0.5, 3), cell(0.5, 6), cell(5, 9), cell(0, 12)])
    answer = found(workspace, layers=("red",))
    counted = [(g.verdict_then, g.verdict_now, g.what, g.findings, g.checks) for g in answer.groups]
    assert counted == [
        ("conflict", "conflict", "less", 3, 3),
        ("conflict", "clear", "verdict", 1, 1),
    ]
    for group in answer.groups:
        own = [
            c.difference_m2
            for one in answer.checks
            for c in one.changes
            if (c.verdict_then, c.verdict_now) == (group.verdict_then, group.verdict_now)
        ]
        assert group.difference_m2 == pytest.approx(sum(own))
    book = openpyxl.load_workbook(BytesIO(STALE_FILES.data(answer, "xlsx", "zh")))
    groups = book["按变化类型汇总"]
    assert [groups.cell(row, 1).value for row in (2, 3)] == [3, 1]
    assert book["逐条变化"].max_row == 5
    assert book["各次核查"].max_row == 6


def test_editions_of_a_rule_that_speak_of_other_features_are_kept_apart(opened: Open) -> None:
    """One store judges by both: what the first chose must not be taken for the second's."""
    former = {**ENDING, "edition": "1", "where": {"class": ["a"]}}
    later = {**NEXT, "where": {"class": ["a", "b"]}}
    workspace = opened("2026-06-01", {**former, "successor": "ecological_red_line@2"}, later)
    put(workspace, [cell(0, 0), cell(5, 5)], **{"class": ["a", "b"]})
    on = workspace.as_of(date(2026, 6, 1)), workspace.as_of(date(2026, 7, 1))
    verdicts = []
    for view in on:
        source = Source(name="b", files={"b": shapely.to_geojson(cell(5, 5)).encode()})
        result = read_and_check(view, source, ReadOptions(), None)
        own = [one for one in result.sites[0].findings if one.kind == "ecological_red_line"]
        verdicts += [one.verdict for one in own]
    assert verdicts == ["undetermined", "conflict"]


@pytest.mark.parametrize("seed", range(5))
def test_the_law_alone_is_as_if_nothing_else_had_changed(opened: Open, seed: int) -> None:
    """Property: a store whose layers never changed says under the new law what ``law`` says."""
    chance = np.random.default_rng(seed)
    spots = [cell(int(x), int(y)) for x, y in chance.integers(0, 8, (6, 2))]
    sites = [
        cell(x + float(chance.choice([0.0, 0.3])), y, float(chance.choice([0.05, 1.2])))
        for x, y in chance.integers(0, 9, (8, 2))
    ]
    changed = rule(
        tolerance={"width_m": float(chance.choice([0.01, 50.0])), "precision_factor": 3.0,
                   "area_m2": float(chance.choice([200.0, 2e3, 1e6]))},
        relation=str(chance.choice(["must_not_overlap", "imposes_conditions"])),
        **({"buffer_m": 60.0} if chance.random() < 0.5 else {}),
    )  # fmt: skip
    for store in ("moving", "still"):
        workspace = opened("2026-06-01", rule(), store=store)
        put(workspace, spots)
        for at, shape in enumerate(sites):
            check(workspace, shape, f"{at}.geojson")
    moving, still = (opened("2026-07-01", changed, store=name) for name in ("moving", "still"))
    put(moving, [cell(1, 1, 3.0)])

    def said(answer: StaleList) -> dict[str, list]:
        return {
            one.name: [
                (c.rule_id, c.verdict_then, c.verdict_now, c.overlap_now_m2) for c in one.changes
            ]
            for one in answer.checks
        }

    assert said(found(moving, law=True)) == said(found(still))
