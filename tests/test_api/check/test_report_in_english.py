"""A report in English has no Chinese but quoted words and names of layers, for all verdicts."""

import io
import json
import re

import docx
import geopandas as gpd
import pytest
import shapely

from api.check.natures import list_natures
from api.check.plan_claim import check_claim, list_register
from api.check.protections import list_protections
from api.check.report.build import ReportWish, build_report
from api.check.sites import read_and_check
from api.workspace.workspace import Workspace
from layers.builtin.reference import read_counties
from layers.check.rules import load_rules
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions, Sensitivity
from layers.readers import Source
from layers.store.catalogue import load_kinds
from layers.zones import shipped_zone
from maps.check.certificate import register_document
from maps.check.document import check_document, claim_document, natures_document
from maps.check.protection_document import protections_document
from maps.document.model import Document
from maps.i18n import tables
from maps.law_words import article_text
from maps.source_words import source_text

CHINESE = re.compile("[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
QUOTED = re.compile("“[^”]*”")
SITE = shapely.box(102.80, 24.98, 102.81, 24.99)
"""Clear of every demonstration line but the units, which cover all land."""


def put(workspace: Workspace, kind: str, shape: shapely.Geometry) -> None:
    spec = LayerSpec(
        id=f"own_{kind}", kind=kind, title_zh="图层", title_en="Own layer", source="an office",
        licence="none", status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    frame = LayerFrame(
        features=gpd.GeoDataFrame({"feature_id": ["1"]}, geometry=[shape], crs="EPSG:4490"),
        coverage=gpd.GeoSeries([shapely.box(102, 24, 104, 26)], crs="EPSG:4490"),
    )
    workspace.store.put_version(spec, frame, report=None, now=workspace.now())


def make(workspace: Workspace, site: shapely.Geometry) -> tuple[str, bytes]:
    feature = {
        "type": "Feature",
        "properties": {"name": "Plot A"},
        "geometry": json.loads(shapely.to_geojson(site)),
    }
    source = Source(name="site.geojson", files={"site.geojson": json.dumps(feature).encode()})
    result = read_and_check(workspace, source, ReadOptions(), "park_expansion")
    wish = ReportWish(form="docx", lang="en")
    return result.verdict, build_report(workspace, result.id, wish)


def texts(report: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(report))
    cells = (c.text for table in document.tables for row in table.rows for c in row.cells)
    heads = (
        p.text for s in document.sections for p in (*s.header.paragraphs, *s.footer.paragraphs)
    )
    return [*(p.text for p in document.paragraphs), *cells, *heads]


@pytest.mark.parametrize(
    ("verdict", "kind", "line", "site"),
    [
        ("clear", None, None, SITE),
        ("contact", "ecological_red_line", shapely.box(102.81 - 4e-8, 24.97, 102.82, 25.0), SITE),
        ("conditional", "sensitive_use", shapely.box(102.80, 24.98, 102.805, 24.99), SITE),
        ("conflict", None, None, shapely.box(102.77, 24.935, 102.78, 24.945)),
        ("undetermined", None, None, shapely.box(100.0, 27.5, 100.01, 27.51)),
    ],
)
def test_no_chinese_but_in_quotes(
    workspace: Workspace,
    verdict: str,
    kind: str | None,
    line: shapely.Geometry | None,
    site: shapely.Geometry,
) -> None:
    if kind is not None and line is not None:
        put(workspace, kind, line)
    found, report = make(workspace, site)
    assert found == verdict
    said = texts(report)
    assert len(said) > 200
    assert [one for one in said if CHINESE.search(QUOTED.sub("", one))] == []


def test_what_is_quoted_are_words_of_layers_and_nothing_of_ours(workspace: Workspace) -> None:
    _, report = make(workspace, shapely.box(102.77, 24.935, 102.78, 24.945))
    quoted = {one for text in texts(report) for one in QUOTED.findall(text) if CHINESE.search(one)}
    # The demonstration layers say so of themselves.
    assert quoted
    assert all("演示" in one for one in quoted)


@pytest.mark.parametrize(
    "site",
    [SITE, shapely.box(102.77, 24.935, 102.78, 24.945), shapely.box(100, 27.5, 100.01, 27.51)],
)
def test_a_check_in_a_terminal_has_no_chinese_but_in_quotes(
    workspace: Workspace, site: shapely.Geometry
) -> None:
    make(workspace, site)
    (kept, _), *_ = workspace.archive.newest()
    assert _chinese(check_document(workspace.archive.get(kept), "en")) == []


def test_the_law_in_a_terminal_has_no_chinese_but_in_quotes(workspace: Workspace) -> None:
    documents = (
        protections_document(list_protections(workspace), "en"),
        natures_document(list_natures(workspace), "en"),
        register_document(list_register(workspace), "en"),
        claim_document(check_claim(workspace), "en"),
    )
    for document in documents:
        assert len(repr(document)) > 2000
        assert _chinese(document) == []


def _chinese(document: Document) -> list[str]:
    """Return what is Chinese of all blocks of a document; every printer prints these and no other."""
    return CHINESE.findall(QUOTED.sub("", repr(document)))


def test_every_number_and_clause_of_law_that_ships_has_english() -> None:
    for rule in load_rules(None, load_kinds()):
        for text in (rule.citation.number, rule.citation.clause):
            assert not CHINESE.search(article_text(text, "en")), text
            assert article_text(text, "zh") == (text or "未核实")


def test_every_class_that_a_rule_asks_for_has_a_word_in_both_languages() -> None:
    for lang in ("zh", "en"):
        words = tables(lang)["class_words"]
        asked = {v for r in load_rules(None, load_kinds()) for vs in r.where.values() for v in vs}
        assert asked <= words.keys()
        assert all(bool(CHINESE.search(one)) == (lang == "zh") for one in words.values())


def test_every_source_and_county_that_ships_has_english(workspace: Workspace) -> None:
    sources = {version.spec.source for version in workspace.store.current()}
    assert len(sources) >= 6
    assert [one for one in sources if CHINESE.search(source_text(one, "en"))] == []
    names = read_counties(shipped_zone().region)["name_en"]
    assert len(names) == 129
    assert names.str.fullmatch("[A-Z][a-z]+ (District|City|County|Autonomous County)").all()
