"""Sites by class of land. Oracles: patches drawn by hand, sums, a check without the survey."""

import io
import json

import docx
import numpy as np
import pytest
import shapely
from openpyxl import load_workbook
from pypdf import PdfReader

from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.check.report.build import ReportWish, build_report
from api.check.sites import read_and_check
from api.data.import_layer import ImportRequest, import_layer, new_spec, prepare_import
from api.workspace.workspace import Workspace
from geo.measure.area import area_lonlat_m2
from layers.check.land_classes import LAND_USE
from layers.model import ReadOptions
from layers.readers import Source
from maps.check.answers import CheckResult
from maps.check.document import check_document
from maps.check.land_answers import LandSplit
from maps.document.terminal import text_of
from maps.i18n import tr

SITE = shapely.box(102.77, 24.935, 102.78, 24.945)
"""West of 102.775 there are patches, one above the other; the east has none."""
PATCHES = (
    ("0101", "水田", shapely.box(102.77, 24.935, 102.775, 24.94)),
    ("0303", "灌木林地", shapely.box(102.77, 24.94, 102.775, 24.943)),
    ("7777", "外星用地", shapely.box(102.77, 24.943, 102.775, 24.945)),
)


def source(rows: list[tuple[dict, shapely.Geometry]], name: str) -> Source:
    features = [
        {"type": "Feature", "properties": own, "geometry": json.loads(shapely.to_geojson(shape))}
        for own, shape in rows
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return Source(name=name, files={name: data})


def check(workspace: Workspace) -> CheckResult:
    site = source([({"name": "A"}, SITE)], "site.geojson")
    return read_and_check(workspace, site, ReadOptions(), "park_expansion")


@pytest.fixture
def surveyed(workspace: Workspace) -> Workspace:
    import_survey(
        workspace, [({"DLBM": code, "DLMC": name}, shape) for code, name, shape in PATCHES]
    )
    return workspace


def import_survey(workspace: Workspace, rows: list[tuple[dict, shapely.Geometry]]) -> None:
    spec = new_spec(
        workspace.kinds, kind=LAND_USE, status="official", id="survey",
        title_zh="地类图斑", title_en="Patches", source="test", licence="test",
    )  # fmt: skip
    request = ImportRequest(
        source=source(rows, "dltb.geojson"),
        spec=spec,
        options=ReadOptions(),
        covers=(),
        accept=True,
    )
    import_layer(workspace, prepare_import(workspace, request))


def area_m2(shape: shapely.Geometry) -> float:
    return float(area_lonlat_m2(np.array([shape], dtype=object))[0])


def require_sum(split: LandSplit) -> None:
    areas_m2 = [*(one.area_m2 for one in split.classes), split.outside_m2]
    assert sum(areas_m2) == pytest.approx(split.area_m2, abs=1e-4)
    printed = [*(one.printed for one in split.classes), split.outside_printed]
    for unit, decimals in (("m2", 2), ("ha", 4), ("mu", 3)):
        total = sum(getattr(one, unit) for one in printed)
        assert round(total, decimals) == getattr(split.printed, unit)


def test_patches_drawn_by_hand_come_out_class_by_class(surveyed: Workspace) -> None:
    land = check(surveyed).land_use
    assert land is not None
    assert [one.layer_id for one in land.layers] == ["survey"]  # the demonstration gives way
    assert land.basis == []
    (own,) = land.sites
    found = [(one.code, one.name.zh, one.known, one.group) for one in own.classes]
    assert found == [
        ("0101", "水田", True, "agricultural"),
        # A code of another classification, and one of none: named as they stand, not dropped.
        ("0303", "灌木林地", False, None),
        ("7777", "外星用地", False, None),
    ]
    for one, (_, _, shape) in zip(own.classes, PATCHES, strict=True):
        assert one.area_m2 == pytest.approx(area_m2(shape), abs=1e-4)
    east = shapely.box(102.775, 24.935, 102.78, 24.945)
    assert own.outside_m2 == pytest.approx(area_m2(east), abs=1e-4)
    require_sum(own)


def test_ridges_are_deducted_by_the_coefficient_of_their_patch_or_said_not_to_be(
    workspace: Workspace,
) -> None:
    # By hand: a tenth of the first field, none of the second, of the third nobody knows; forest
    # has no ridges, and 12 is a percentage or a mistake.
    shapes = [shapely.box(102.77, y, 102.78, y + 0.002) for y in np.arange(24.935, 24.9445, 0.002)]
    said = (("0101", 0.1), ("0101", 0.0), ("0103", None), ("0103", 12.0), ("0305", None))
    rows = [
        ({"DLBM": code, "kcxs": share}, one)
        for (code, share), one in zip(said, shapes, strict=True)
    ]
    import_survey(workspace, rows)
    land = check(workspace).land_use
    assert land is not None
    (own,) = land.sites
    found = {one.code: one.area_m2 for one in own.classes}
    first, second, third, fourth, _ = (area_m2(one) for one in shapes)
    assert found["1203"] == own.ridges_m2 == pytest.approx(0.1 * first, abs=1e-4)
    assert found["0101"] == pytest.approx(0.9 * first + second, abs=1e-4)
    assert found["0103"] == own.without_coefficient_m2 == pytest.approx(third + fourth, abs=1e-4)
    require_sum(own)
    for overlap in own.overlaps:
        require_sum(overlap)
    text = text_of(check_document(check(workspace), "en"))
    assert f"Field ridges of {own.ridges_m2:,.2f} m² are deducted" in text
    assert f"The patches of {own.without_coefficient_m2:,.2f} m² of cropland say no" in text


def test_overlaps_are_split_and_add_up_to_the_overlap(surveyed: Workspace) -> None:
    result = check(surveyed)
    assert result.land_use is not None
    (own,), (site,) = result.land_use.sites, result.sites
    findings = {(one.rule_id, one.layer_id): one for one in site.findings}
    split = {(one.rule_id, one.layer_id) for one in own.overlaps}
    with_parts = {key for key, one in findings.items() if one.parts and not one.covers_all_land}
    assert split == with_parts
    assert ("ecological_red_line", "demo_ecological_red_line") in split
    for overlap in own.overlaps:
        finding = findings[overlap.rule_id, overlap.layer_id]
        assert overlap.area_m2 == finding.overlap_area_m2
        require_sum(overlap)


def test_the_survey_changes_no_verdict_and_no_finding(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_survey = check(workspace)
    monkeypatch.setattr("api.check.sites.land_controls", lambda *_: ())
    without = check(workspace)
    assert without.land_use is None
    assert with_survey.land_use is not None
    assert (with_survey.verdict, with_survey.sites) == (without.verdict, without.sites)
    assert with_survey.basis == without.basis


def test_a_check_is_proved_with_its_survey(surveyed: Workspace) -> None:
    result = check(surveyed)
    assert "survey@1" in result.record["layers"]
    again = verify_evidence(build_evidence(surveyed, result.id))
    assert (again.same, again.differences) == (True, [])


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_has_the_classes_as_the_answer_has_them(surveyed: Workspace, lang: str) -> None:
    result = check(surveyed)
    assert result.land_use is not None
    own = result.land_use.sites[0]
    paper = docx.Document(
        io.BytesIO(build_report(surveyed, result.id, ReportWish(form="docx", lang=lang)))
    )
    cells = {cell.text for table in paper.tables for row in table.rows for cell in row.cells}
    book = load_workbook(
        io.BytesIO(build_report(surveyed, result.id, ReportWish(form="xlsx", lang=lang)))
    )
    sheet = book[tr("land.sheet_classes", lang)]
    values = {cell.value for row in sheet.iter_rows() for cell in row}
    terminal = text_of(check_document(result, lang), 400)
    for one in own.classes:
        assert f"{one.printed.m2:,.2f}" in cells
        assert one.printed.m2 in values
        assert f"{one.printed.m2:,.2f}" in terminal
        assert any(one.name.text(lang) in text for text in cells)
    assert tr("land.outside", lang) in cells
    assert f"{own.outside_printed.m2:,.2f}" in cells
    html = build_report(surveyed, result.id, ReportWish(form="html", lang=lang)).decode()
    assert tr("land.not_known", lang, said="7777 外星用地") in html
    pdf = PdfReader(
        io.BytesIO(build_report(surveyed, result.id, ReportWish(form="pdf", lang=lang)))
    )
    assert f"{own.classes[0].printed.m2:,.2f}" in "".join(page.extract_text() for page in pdf.pages)
