"""Every door that prints a verdict prints the computed and the reviewed one.

Property over random sites with random reviews. Oracle: a second method weighs the verdicts
that were computed and recorded, and words are put together here from the tables of words.
"""

import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import docx
import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from pypdf import PdfReader

from api.check.batch.output import write_batch
from api.check.batch.run import BatchTerms, entries_of, run_batch
from api.check.override import (
    OverlapNotClearError,
    OverrideBeforeCheckError,
    OverrideRequest,
    list_checks,
    override_finding,
    reviewed_check,
)
from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.check.report.build import ReportWish, build_report
from api.check.sites import read_and_check
from api.check.stale.find import StaleScope, find_stale
from api.settings import Settings
from api.workspace.workspace import Workspace
from geo.model import Verdict
from layers.builtin.reference import read_counties
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions, Sensitivity
from layers.readers import Source
from layers.zones import shipped_zone
from maps.check.answers import CheckResult
from maps.check.batch_answers import Batch
from maps.check.batch_document import batch_summary
from maps.check.document import check_document, verification_document
from maps.check.finding import Finding
from maps.check.stale_document import stale_document
from maps.document.model import Document
from maps.document.terminal import text_of
from maps.i18n import LANGUAGES, tr
from maps.workbench.document import checks_document

ORDER = ["conflict", "undetermined", "conditional", "contact", "clear"]
NATURE = "park_expansion"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WEST, SOUTH, STEP = 102.70, 24.90, 0.004


def cell(x: float, y: float, size: float = 1.0) -> shapely.Polygon:
    return shapely.box(
        WEST + x * STEP, SOUTH + y * STEP, WEST + (x + size) * STEP, SOUTH + (y + size) * STEP
    )


class BareWorkspace(Workspace):
    """A workspace whose store holds no counties: those that ship are asked."""

    counties = property(lambda _: read_counties(shipped_zone().region))


def bare_workspace(data_dir: Path) -> Workspace:
    """A store with nothing in it: most kinds are missing, and cannot be told."""
    return BareWorkspace(Settings(data_dir=data_dir), now=lambda: NOW)


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    return bare_workspace(tmp_path / "data")


def put(workspace: Workspace, features: list[shapely.Polygon]) -> None:
    spec = LayerSpec(
        id="red", kind="ecological_red_line", title_zh="红线", title_en="red", source="test",
        licence="none", status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    names = [f"f{at}" for at in range(len(features))]
    frame = LayerFrame(
        features=gpd.GeoDataFrame({"feature_id": names}, geometry=features, crs="EPSG:4490"),
        coverage=gpd.GeoSeries([cell(-50, -50, 200)], crs="EPSG:4490"),
    )
    workspace.store.put_version(spec, frame, report=None, now=NOW)


def both(computed: str, reviewed: str | None, lang: str) -> str:
    words = [tr(f"verdicts.{one}", lang) for one in (computed, reviewed) if one]
    joined = {"zh": "{}（改判：{}）", "en": "{} (reviewed: {})"}
    return joined[lang].format(*words) if reviewed else words[0]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]", "", text)


def told(document: Document) -> str:
    return squeezed(text_of(document))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def report_text(form: str, data: bytes) -> str:
    if form == "pdf":
        return squeezed("".join(one.extract_text() for one in PdfReader(io.BytesIO(data)).pages))
    if form == "html":
        words = _Words()
        words.feed(data.decode("utf-8"))
        return squeezed("".join(words.said))
    if form == "docx":
        document = docx.Document(io.BytesIO(data))
        lines = [one.text for one in document.paragraphs]
        tables = document.tables
        return squeezed("".join(lines + [c.text for t in tables for r in t.rows for c in r.cells]))
    book = openpyxl.load_workbook(io.BytesIO(data))
    return squeezed(" ".join(str(c.value) for s in book for r in s for c in r if c.value))


def reviewed_at_random(
    workspace: Workspace, result: CheckResult, chance: np.random.Generator
) -> dict[tuple[str, str, str | None], str]:
    """Record random verdicts; what a measured overlap may not be called is refused."""
    said: dict[tuple[str, str, str | None], str] = {}
    for site in result.sites:
        for finding in site.findings:
            if chance.random() < 0.4:
                continue
            verdict = str(chance.choice(ORDER))
            request = OverrideRequest(
                site_id=site.site_id, rule_id=finding.rule_id, layer_id=finding.layer_id,
                verdict=verdict, reason="现场核实", name="李",
            )  # fmt: skip
            if verdict == "clear" and (finding.overlap_area_m2 or 0.0) > 0.0:
                with pytest.raises(OverlapNotClearError):
                    override_finding(workspace, result.id, request)
                continue
            override_finding(workspace, result.id, request)
            said[site.site_id, finding.rule_id, finding.layer_id] = verdict
    return said


def weighed(result: CheckResult, said: dict) -> tuple[dict[str, str | None], str | None]:
    """Second method: the gravest by the order that is written here."""
    sites: dict[str, str | None] = {}
    for site in result.sites:
        keys = [(site.site_id, one.rule_id, one.layer_id) for one in site.findings]
        verdicts = [said.get(k, one.verdict) for k, one in zip(keys, site.findings, strict=True)]
        touched = any(key in said for key in keys)
        sites[site.site_id] = min(verdicts, key=ORDER.index) if touched else None
    of_all = [sites[one.site_id] or one.verdict for one in result.sites]
    return sites, min(of_all, key=ORDER.index) if said else None


@dataclass(frozen=True)
class Scene:
    """A batch of two sites that was checked and reviewed, and what was said of it."""

    workspace: Workspace
    path: Path
    result: CheckResult
    said: dict[tuple[str, str, str | None], str]
    sites: dict[str, str | None]
    whole: str | None
    chance: np.random.Generator

    def batch(self) -> Batch:
        entries = entries_of([self.path], self.workspace.limits, leave_out=self.path / "out")
        terms = BatchTerms(options=ReadOptions(), nature=NATURE)
        return run_batch(self.workspace, entries, terms, lambda *_: None)

    def own(self, site_id: str, rule_id: str, layer_id: str | None) -> str | None:
        return self.said.get((site_id, rule_id, layer_id))


@pytest.fixture(scope="module", params=range(3))
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    chance = np.random.default_rng(request.param)
    folder = tmp_path_factory.mktemp("reviewed")
    workspace = bare_workspace(folder / "data")
    put(workspace, [cell(x, y) for x, y in chance.integers(0, 6, (9, 2))])
    path = folder / "sites.geojson"
    spots = chance.integers(0, 6, (2, 2)) + 0.5
    spots[1] += 9.0
    shapes = [cell(x, y, 0.8) for x, y in spots]
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(one))}
        for one in shapes
    ]
    told = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(told), encoding="utf-8")
    source = Source(name=path.name, files={path.name: path.read_bytes()})
    check = read_and_check(workspace, source, ReadOptions(), NATURE)
    assert len(check.sites) == len(shapes)
    said = reviewed_at_random(workspace, check, chance)
    sites, whole = weighed(check, said)
    assert said, "the seed must review something"
    return Scene(workspace, path, reviewed_check(workspace, check.id), said, sites, whole, chance)


def test_the_answer_and_the_list_carry_both(scene: Scene) -> None:
    result = scene.result
    computed = scene.workspace.archive.get(result.id)
    assert (result.verdict, result.reviewed_verdict) == (computed.verdict, scene.whole)
    for site in result.sites:
        assert site.reviewed_verdict == scene.sites[site.site_id]
        for one in site.findings:
            own = scene.own(site.site_id, one.rule_id, one.layer_id)
            assert (one.override.verdict if one.override else None) == own
    found = list_checks(scene.workspace, 5)
    assert [(one.verdict, one.reviewed_verdict) for one in found.checks] == [
        (result.verdict, scene.whole)
    ]
    for lang in LANGUAGES:
        assert headline(scene, lang) in told(checks_document(found, lang))
        require_all_said(scene, told(check_document(result, lang)), lang)


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf"])
def test_the_report_says_both(scene: Scene, form: str) -> None:
    for lang in LANGUAGES:
        wish = ReportWish(form=form, lang=lang, project=None, maker=None)
        text = report_text(form, build_report(scene.workspace, scene.result.id, wish))
        assert headline(scene, lang) in text
        require_all_said(scene, text, lang)


def test_evidence_and_its_verification_say_both(scene: Scene) -> None:
    verification = verify_evidence(build_evidence(scene.workspace, scene.result.id))
    assert verification.same
    both_of = (verification.verdict, verification.reviewed_verdict)
    assert both_of == (scene.result.verdict, scene.whole)
    for lang in LANGUAGES:
        assert headline(scene, lang) in told(verification_document(verification, lang))


def test_a_batch_says_both_in_every_file_and_in_its_summary(scene: Scene, tmp_path: Path) -> None:
    batch = scene.batch()
    for lang in LANGUAGES:
        out = tmp_path / lang
        written = write_batch(batch, out, lang)
        (file,) = json.loads((out / "results.json").read_text("utf-8"))["files"]
        assert file["check"]["reviewed_verdict"] == scene.whole
        counted = Counter(scene.sites[one.site_id] or one.verdict for one in scene.result.sites)
        assert written.reviewed_verdicts == counted
        parts = pyogrio.read_dataframe(out / "conflicts.gpkg", layer=0)
        for _, part in parts.iterrows():
            own = scene.own(part.site_id, part.rule_id, part.layer_id)
            assert (part.reviewed_verdict or None) == own
        text = told(batch_summary(written, lang))
        assert headline(scene, lang) in text
        assert squeezed(tr("cli.batch_reviewed", lang, counts="")[:20]) in text
        require_all_said(scene, report_text("xlsx", (out / "batch.xlsx").read_bytes()), lang)


def test_the_watch_says_both_of_then(scene: Scene) -> None:
    workspace = scene.workspace
    put(workspace, [cell(x, y) for x, y in scene.chance.integers(0, 6, (9, 2))])
    stale = find_stale(workspace, StaleScope(), lambda *_: None)
    (past,) = stale.checks
    assert (past.verdict_then, past.reviewed_then) == (scene.result.verdict, scene.whole)
    for one in past.changes:
        assert one.reviewed_then == scene.own(one.site_id, one.rule_id, one.layer_id)
    assert past.changes, "the new layer must change something"
    for lang in LANGUAGES:
        text = told(stale_document(stale, lang))
        assert headline(scene, lang) in text
        for one in past.changes:
            if one.verdict_then:
                assert squeezed(both(one.verdict_then, one.reviewed_then, lang)) in text


def headline(scene: Scene, lang: str) -> str:
    return squeezed(both(scene.result.verdict, scene.whole, lang))


def require_all_said(scene: Scene, text: str, lang: str) -> None:
    for site in scene.result.sites:
        assert squeezed(both(site.verdict, scene.sites[site.site_id], lang)) in text
        for one in site.findings:
            own = scene.own(site.site_id, one.rule_id, one.layer_id)
            assert squeezed(both(one.verdict, own, lang)) in text, (one.rule_id, own)


@pytest.mark.parametrize("parts", [True, False])
@pytest.mark.parametrize("area_m2", [0.0, 1e-4, 12.5])
def test_a_measured_overlap_is_never_cleared(
    bare: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    area_m2: float,
    parts: bool,
) -> None:
    # Oracle: the area and the parts that the test itself puts into the finding.
    put(bare, [cell(0, 0)])
    shape = cell(0.5, 0.5)
    source = Source(name="a.geojson", files={"a.geojson": shapely.to_geojson(shape).encode()})
    result = read_and_check(bare, source, ReadOptions(), NATURE)
    site, finding = result.sites[0], _overlapping(result)
    changed = finding.model_copy(
        update={"overlap_area_m2": area_m2, "parts": finding.parts if parts else []}
    )
    kept = result.model_copy(update={"sites": [site.model_copy(update={"findings": [changed]})]})
    monkeypatch.setattr(type(bare.archive), "get", lambda *_: kept)
    request = OverrideRequest(
        site_id=site.site_id, rule_id=finding.rule_id, layer_id=finding.layer_id,
        verdict=Verdict.CLEAR, reason="x", name="y",
    )  # fmt: skip
    if parts or area_m2:
        with pytest.raises(OverlapNotClearError):
            override_finding(bare, result.id, request)
        assert bare.archive.overrides(result.id) == []
    else:
        assert override_finding(bare, result.id, request).overrides[0].verdict == "clear"


def _overlapping(result: CheckResult) -> Finding:
    return next(one for one in result.sites[0].findings if one.overlap_area_m2)


def test_a_review_is_dated_in_china_and_after_its_check(
    bare: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # By hand: 16:59:59 and 17:00:00 UTC are 00:59:59 and 01:00:00 of the next day in China.
    put(bare, [cell(0, 0)])
    made = datetime.fromisoformat("2026-11-23T17:00:00+00:00")
    monkeypatch.setattr(bare, "_now", lambda: made)
    source = Source(name="a.geojson", files={"a.geojson": shapely.to_geojson(cell(0, 0)).encode()})
    # Made for a day to come: the check's law day is no bound for reviews.
    monkeypatch.setattr(bare, "_day", made.date() + timedelta(days=300))
    result = read_and_check(bare, source, ReadOptions(), NATURE)
    finding = _overlapping(result)
    request = OverrideRequest(
        site_id=result.sites[0].site_id, rule_id=finding.rule_id, layer_id=finding.layer_id,
        verdict="contact", reason="x", name="y",
    )  # fmt: skip
    monkeypatch.setattr(bare, "_now", lambda: made - timedelta(seconds=1))
    with pytest.raises(OverrideBeforeCheckError) as refused:
        override_finding(bare, result.id, request)
    assert refused.value.params == {
        "at": "2026-11-24T00:59:59+08:00", "made_at": "2026-11-24T01:00:00+08:00",
    }  # fmt: skip
    monkeypatch.setattr(bare, "_now", lambda: made + timedelta(minutes=1))
    (said,) = override_finding(bare, result.id, request).overrides
    assert said.at == "2026-11-24T01:01:00+08:00"
    assert list_checks(bare, 1).checks[0].kept_at == "2026-11-24T01:00:00+08:00"
    bare.archive.require_sound(result.id)
