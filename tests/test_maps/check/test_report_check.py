"""The model of a check's report. Oracles: sums by hand, both languages against each other."""

import copy
import dataclasses
import io
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
import typst
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from api.check.sites import read_and_check
from api.settings import Settings
from api.workspace.workspace import Workspace
from geo.model import Verdict
from layers.check.natures import Outcome
from layers.model import ReadOptions
from layers.readers import Source
from maps.check.answers import CheckResult
from maps.check.report.material import CheckMaterial, SitePictures, UsedLayer
from maps.check.report.report import check_report
from maps.document import pdf
from maps.document.book import xlsx_of
from maps.document.cells import Tag
from maps.document.model import Document, Facts, Figure, Paragraph, Table, number_blocks
from maps.document.pdf import pdf_of
from maps.document.tones import tones
from maps.document.web import html_of
from maps.document.word import docx_of
from maps.figure.model import FigureLayer, MapSheet
from maps.figure.picture import MapPicture

FORMS = (docx_of, pdf_of, html_of, xlsx_of)


@pytest.fixture(scope="module")
def answer(built_store: Path) -> dict:
    """A site over the demonstration red line, as the check answers it."""
    ring = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.945]]
    polygon = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    source = Source(name="甲.geojson", files={"甲.geojson": json.dumps(polygon).encode()})
    workspace = Workspace(Settings(data_dir=built_store))
    result = read_and_check(workspace, source, ReadOptions(), "park_expansion")
    return result.model_dump(mode="json")


def a_picture() -> MapPicture:
    square = np.array([shapely.box(102.77, 24.93, 102.78, 24.94)], dtype=object)
    layer = FigureLayer(look="site", title="甲", geometries=square)
    return MapPicture(sheet=MapSheet(lang="zh", layers=(layer,), focus=square))


def material(check: dict) -> CheckMaterial:
    layers = tuple(
        UsedLayer(
            id=name.partition("@")[0], version=1, content_sha256=digest, title=None, status=None,
            data_date=None, source=None,
        )
        for name, digest in check["record"]["layers"].items()
    )  # fmt: skip
    pictures = tuple(SitePictures(relation=a_picture(), enlarged={}) for _ in check["sites"])
    checked = CheckResult.model_validate(check)
    return CheckMaterial(check=checked, layers=layers, location=a_picture(), sites=pictures)


def tables(report: Document) -> list[Table]:
    return [b for section in report.sections for b in section.blocks if isinstance(b, Table)]


def many(answer: dict, sites: int, findings: int, parts: int) -> dict:
    """The same site again and again, with as many findings and parts as asked."""
    check = copy.deepcopy(answer)
    site = check["sites"][0]
    touched = next(one for one in site["findings"] if one["parts"])
    part = touched["parts"][0]
    touched["parts"] = [
        {**part, "feature_id": f"要素{at}", "area_m2": part["area_m2"] / parts}
        for at in range(parts)
    ]
    site["findings"] = [
        {**touched, "title": {"zh": f"管控线图层{at}", "en": f"Control layer {at}"}}
        for at in range(findings)
    ]
    check["sites"] = [
        {**site, "site_id": str(at), "name": f"第{at}地块" + "很长的名称" * 20}
        for at in range(sites)
    ]
    return check


def test_both_languages_say_the_same_things_in_the_same_places(answer: dict) -> None:
    def shape(lang: str) -> list:
        report = check_report(material(answer), lang)
        return [
            (
                section.wide,
                [
                    (type(b).__name__, len(getattr(b, "rows", ())), len(getattr(b, "columns", ())))
                    for b in section.blocks
                ],
            )
            for section in report.sections
        ]

    assert shape("zh") == shape("en")


def test_rows_add_up_to_the_printed_total(answer: dict) -> None:
    # In whole units of the last decimal, as a reader with a pencil adds them.
    check = many(answer, 3, 4, 7)
    summed = 0
    for table in tables(check_report(material(check), "zh")):
        for at, column in enumerate(table.columns):
            total = table.total[at] if table.total else None
            if column.decimals is None or total is None:
                continue
            scale = 10**column.decimals
            parts = [round(row[at] * scale) for row in table.rows]
            assert sum(parts) == round(total * scale)
            summed += 1
    assert summed > 30


@pytest.mark.slow
def test_many_sites_findings_and_parts_lose_no_row(answer: dict) -> None:
    report = check_report(material(many(answer, 3, 40, 1)), "zh")
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf_of(report))).pages)
    plain = "".join(text.split())
    for at in range(40):
        assert plain.count(f"管控线图层{at}") >= 3
    sheet = load_workbook(io.BytesIO(xlsx_of(report)))["逐层结论"]
    assert sheet.max_row >= 2 + 3 * 40


def test_nothing_runs_over_the_edge_of_a_page(answer: dict) -> None:
    # Second method: the pages drawn, and white paper along both sides of each.
    check = many(answer, 2, 5, 2)
    check["sites"][0]["name"] = "x" * 300
    check["sites"][0]["findings"][0]["title"] = {"zh": "y" * 200, "en": "y"}
    given, pictures = pdf._files(check_report(material(check), "zh"), 10.5)
    files = {**given, **{name: picture.svg() for name, picture in pictures.items()}}
    pages = pdf._set(files, typst.compile, format="png", ppi=50)
    assert len(pages) > 5
    for page in pages:
        shades = np.asarray(Image.open(io.BytesIO(page)).convert("L"))
        edge = round(14.0 / 25.4 * 50)
        assert shades[:, :edge].min() == 255
        assert shades[:, -edge:].min() == 255
        assert shades.min() < 128


@pytest.mark.parametrize("make", FORMS)
def test_a_layer_that_the_store_has_lost_is_named_with_its_digest(answer: dict, make) -> None:
    # No title, status, date or source is known: dashes or words, never a failure.
    assert make(check_report(material(answer), "zh"))
    (basis,) = (one for one in check_report(material(answer), "zh").sections if one.id == "basis")
    table = next(b for b in basis.blocks if isinstance(b, Table) and b.id == "图层版本")
    assert [row[2] for row in table.rows] == ["未注明"] * len(table.rows)
    digests = next(b for b in basis.blocks if isinstance(b, Facts))
    assert {digest for _, digest in digests.rows} == set(answer["record"]["layers"].values())
    assert [row[1] for row in table.rows] == [name for name, _ in digests.rows]


def test_without_a_nature_nothing_is_allowed_and_it_is_said(answer: dict) -> None:
    check = {**copy.deepcopy(answer), "nature": None}
    for finding in check["sites"][0]["findings"]:
        finding["decision"] = {"outcome": "undetermined", "statement": None, "papers": []}
    report = check_report(material(check), "zh")
    assert report.cover is not None
    assert any("未说明项目性质" in notice for notice in report.cover.notices)
    # What follows is not known: that no line asks for an argument would be calm and unfounded.
    (argument,) = (one for one in report.sections if one.id == "argument")
    (said,) = argument.blocks
    assert isinstance(said, Paragraph)
    assert "是否须避让或报批论证也无法判定" in said.text


def test_ids_digests_and_commands_can_be_copied_out_of_the_pdf(answer: dict) -> None:
    report = check_report(material(answer), "en")
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf_of(report))).pages)
    assert f"ftzgis evidence {answer['id']} -o evidence.zip" in text
    assert answer["record"]["rules_sha256"] in text


def test_what_was_not_measured_is_a_dash_and_not_zero(answer: dict) -> None:
    check = copy.deepcopy(answer)
    finding = check["sites"][0]["findings"][0]
    finding.update(
        verdict="undetermined", reasons=["layer_missing"], overlap_area_m2=None, share_pct=None,
        max_width_m=None, nearest_m=None, coverage_pct=None, sensitivity=[], parts=[],
    )  # fmt: skip
    report = check_report(material(check), "zh")
    rows = next(t for t in tables(report) if t.id == "逐层结论").rows
    row = next(one for one in rows if one[1] == Tag(text="无法判定", tone="undetermined"))
    assert row[3:] == (None, None, None, None, None)
    remedies = next(t for t in tables(report) if t.id == "不能判定").rows[0]
    assert "导入该类正式图层" in remedies[3]


def test_every_verdict_and_outcome_has_a_colour() -> None:
    assert {*Verdict, *Outcome} <= set(tones())


def test_several_rules_of_a_kind_are_told_apart(answer: dict) -> None:
    # The demonstration lakes are judged by three rules: one layer, three names.
    table = next(t for t in tables(check_report(material(answer), "zh")) if t.id == "逐层结论")
    names = [row[0] for row in table.rows]
    assert len(set(names)) == len(names)
    law = next(t for t in tables(check_report(material(answer), "zh")) if t.id == "规定")
    marks = {str(row[0]).split()[0] for row in law.rows}
    assert {name.split("〔")[1].rstrip("〕") for name in names if "〔" in name} <= marks


def test_tables_and_figures_are_numbered_throughout(answer: dict) -> None:
    report = number_blocks(check_report(material(answer), "zh"))
    blocks = [block for section in report.sections for block in section.blocks]
    for kind, word in ((Table, "表"), (Figure, "图")):
        found = [b.caption for b in blocks if isinstance(b, kind)]
        if kind is Table:
            found = [b.caption for b in blocks if isinstance(b, (Table, Facts)) and b.caption]
        assert [one.split("  ")[0] for one in found] == [
            f"{word} {at}" for at in range(1, len(found) + 1)
        ]


def test_the_report_does_not_change_what_it_is_given(answer: dict) -> None:
    before = copy.deepcopy(answer)
    given = material(answer)
    for make in FORMS:
        make(check_report(given, "en"))
    assert answer == before
    assert dataclasses.replace(given) == given
