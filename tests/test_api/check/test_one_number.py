"""One area reads the same at every door. Oracle: decimal arithmetic on 15 digits.

Areas are made to lie on and beside halves of the last printed digit, where two ways of
rounding part; whatever is printed within a digit of an area must be the area.
"""

import io
import json
import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path

import docx
import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from pypdf import PdfReader

from api.check.override import list_checks
from api.check.printed import print_area, print_parts, print_rest
from api.check.report.build import ReportWish, build_report
from api.check.sites import read_and_check
from api.expansion.avoid import brief_check
from api.settings import Settings
from api.workspace.workspace import Workspace
from geo.measure.area import area_lonlat_m2
from geo.units import m2_to_mu
from layers.builtin.reference import read_counties
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions, Sensitivity
from layers.readers import Source
from layers.zones import shipped_zone
from maps.check.answers import CheckResult, SiteResult
from maps.check.batch_answers import Batch, BatchFile
from maps.check.batch_document import batch_document
from maps.check.document import check_document
from maps.check.finding import Finding, Part
from maps.document.book import csv_of, xlsx_of
from maps.document.terminal import text_of
from maps.workbench.document import checks_document

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DECIMALS = {"m2": 2, "ha": 4, "mu": 3}
NUMBER = re.compile(r"(?<![\d.,])-?\d{1,3}(?:,\d{3})*\.\d+|(?<![\d.,])-?\d+\.\d+")


def by_hand(value: float, decimals: int) -> Decimal:
    step = Decimal(1).scaleb(-decimals)
    # Spreadsheets hold 15 digits: what is said elsewhere must be what they show.
    return Decimal(f"{value:.15g}").quantize(step, ROUND_HALF_UP)


def in_units(area_m2: float) -> dict[str, Decimal]:
    values = {"m2": area_m2, "ha": area_m2 / 1e4, "mu": m2_to_mu(area_m2)}
    return {unit: by_hand(value, DECIMALS[unit]) for unit, value in values.items()}


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def text_in(form: str, data: bytes) -> str:
    if form == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if form == "html":
        lines = _Lines()
        lines.feed(data.decode("utf-8"))
        return "\n".join(lines.said)
    if form == "csv":
        return data.decode("utf-8-sig")
    if form == "docx":
        document = docx.Document(io.BytesIO(data))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        return "\n".join([one.text for one in document.paragraphs] + cells)
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return "\n".join(_seen(cell) for sheet in book for row in sheet for cell in row)


def _seen(cell: openpyxl.cell.Cell) -> str:
    """What a spreadsheet shows: the number in the decimals of its format."""
    value, form = cell.value, cell.number_format
    if isinstance(value, (int, float)) and "." in form:
        return f"{by_hand(float(value), len(form.partition('.')[2])):,}"
    return "" if value is None else str(value)


def numbers_near(text: str, value: Decimal) -> set[Decimal]:
    """Return what reads like the value: as many decimals, and off by less than two digits."""
    decimals = -int(value.as_tuple().exponent)
    found = (one.replace(",", "") for one in NUMBER.findall(text))
    alike = {Decimal(one) for one in found if len(one.partition(".")[2]) == decimals}
    return {one for one in alike if abs(one - value) < 2 * Decimal(1).scaleb(-decimals)}


class BareWorkspace(Workspace):
    """A workspace whose store holds no counties: those that ship are asked."""

    counties = property(lambda _: read_counties(shipped_zone().region))


def bare_workspace(data_dir: Path) -> Workspace:
    return BareWorkspace(Settings(data_dir=data_dir), now=lambda: NOW)


def put(workspace: Workspace, kind: str, *shapes: shapely.Polygon) -> None:
    spec = LayerSpec(
        id=kind, kind=kind, title_zh=kind, title_en=kind, source="test", licence="none",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    frame = LayerFrame(
        features=gpd.GeoDataFrame(
            {"feature_id": [f"f{at}" for at in range(len(shapes))]},
            geometry=list(shapes),
            crs="EPSG:4490",
        ),
        coverage=gpd.GeoSeries([shapely.box(102, 24, 104, 26)], crs="EPSG:4490"),
    )
    workspace.store.put_version(spec, frame, report=None, now=NOW)


def checked(workspace: Workspace, *shapes: shapely.Polygon) -> CheckResult:
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(one))}
        for one in shapes
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    source = Source(name="a.geojson", files={"a.geojson": text.encode()})
    result = read_and_check(workspace, source, ReadOptions(), "park_expansion")
    assert len(result.sites) == len(shapes)
    return result


def box(x: float, y: float, width: float = 0.004) -> shapely.Polygon:
    return shapely.box(102.7 + x, 24.9 + y, 102.7 + x + width, 24.9 + y + width)


def odd_area(chance: np.random.Generator, least: float, most: float) -> float:
    """Return an area on, or a hair beside, a half of the last digit of one of its units."""
    m2 = round(float(chance.uniform(least, most)), 2)
    half = [m2 + 0.005, (round(m2) + 0.5), round(m2 / 2000 * 3, 3) * 2000 / 3 + 1 / 3]
    hair = [0.0, 1e-9, -1e-9, 1e-6][int(chance.integers(4))]
    return half[int(chance.integers(len(half)))] + hair


def with_areas(result: CheckResult, chance: np.random.Generator) -> CheckResult:
    """Return a check whose sites, overlaps and parts have odd areas, printed as judged."""
    sites = []
    for at, site in enumerate(result.sites):
        # Far from each other, so that a number near one area can be no other's.
        area_m2 = odd_area(chance, 1e5 * (at + 1), 1e5 * (at + 1) + 9e4)
        sites.append(
            site.model_copy(
                update={
                    "area_m2": area_m2,
                    "area_mu": m2_to_mu(area_m2),
                    "printed": print_area(area_m2),
                    "findings": [_odd(one, site, chance) for one in site.findings],
                }
            )
        )
    return result.model_copy(update={"sites": sites})


def _odd(finding: Finding, site: SiteResult, chance: np.random.Generator) -> Finding:
    if not finding.parts:
        return finding
    at = float(site.site_id.strip("#") or 0) if site.site_id.strip("#").isdigit() else 0.0
    areas = [odd_area(chance, 3e3 + 2e3 * n + at, 4e3 + 2e3 * n + at) for n in range(3)]
    whole_m2 = float(np.sum(areas))
    printed = print_parts(areas, whole_m2)
    parts = [
        Part(**{**dict(finding.parts[0]), "feature_id": f"p{n}", "area_m2": area, "printed": said})
        for n, (area, said) in enumerate(zip(areas, printed, strict=True))
    ]
    return finding.model_copy(
        update={
            "overlap_area_m2": whole_m2,
            "overlap_area_mu": m2_to_mu(whole_m2),
            "sensitivity": [],
            "parts": parts,
        }
    )


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = bare_workspace(tmp_path_factory.mktemp("one") / "data")
    put(workspace, "ecological_red_line", box(0, 0), box(0.02, 0))
    return workspace


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_one_area_reads_the_same_at_every_door(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    result = checked(workspace, box(0.002, 0.002), box(0.022, 0.001), box(0.05, 0))
    odd = with_areas(result, chance)
    monkeypatch.setattr(type(workspace.archive), "get", lambda *_: odd)

    # As JSON: what the page prints is `printed`, and the same as the area by hand.
    for site in odd.sites:
        said = json.loads(site.printed.model_dump_json())
        for unit, expected in in_units(site.area_m2).items():
            assert by_hand(said[unit], DECIMALS[unit]) == expected

    lang = "en" if seed % 2 else "zh"
    batch = Batch(
        checked_on=odd.checked_on, nature=odd.nature, complete=True, total=1, done=1,
        files=[BatchFile(name="a.geojson", layer=None, status="checked", check=odd)],
    )  # fmt: skip
    doors = {"text": text_of(check_document(odd, lang))}
    for form in ("html", "docx", "xlsx", "pdf"):
        wish = ReportWish(form=form, lang=lang, project=None, maker=None)
        doors[form] = text_in(form, build_report(workspace, odd.id, wish))
    doors["batch.xlsx"] = text_in("xlsx", xlsx_of(batch_document(batch, lang)))
    for site in odd.sites:
        for unit, expected in in_units(site.area_m2).items():
            for door, text in doors.items():
                assert numbers_near(text, expected) == {expected}, (door, unit, site.area_m2)
    require_overlaps(odd, doors)
    require_total(odd, doors, text_of(checks_document(list_checks(workspace, 1), lang)))


def require_overlaps(odd: CheckResult, doors: dict[str, str]) -> None:
    for finding in (one for site in odd.sites for one in site.findings if one.parts):
        whole = in_units(finding.overlap_area_m2 or 0.0)
        for door, text in doors.items():
            assert numbers_near(text, whole["m2"]) == {whole["m2"]}, door
        for unit, decimals in DECIMALS.items():
            parts = [by_hand(getattr(one.printed, unit), decimals) for one in finding.parts]
            assert sum(parts) == whole[unit]
            for door in ("html", "docx", "xlsx", "pdf"):
                for part in parts:
                    assert part in numbers_near(doors[door], part), (door, unit)


def require_total(odd: CheckResult, doors: dict[str, str], listed: str) -> None:
    """The total of independent plots is what the plots add up to as they are printed."""
    for unit, decimals in DECIMALS.items():
        total = sum(in_units(site.area_m2)[unit] for site in odd.sites)
        for door in ("html", "docx", "xlsx", "pdf"):
            assert numbers_near(doors[door], total) == {total}, (door, unit)
        if unit == "ha":
            assert numbers_near(listed, total) == {total}
        assert decimals == -int(total.as_tuple().exponent)


def test_csv_holds_all_digits_of_the_same_number(workspace: Workspace) -> None:
    odd = with_areas(checked(workspace, box(0.002, 0.002)), np.random.default_rng(3))
    batch = Batch(
        checked_on="2026-11-23", nature=None, complete=True, total=1, done=1,
        files=[BatchFile(name="a", layer=None, status="checked", check=odd)],
    )  # fmt: skip
    document = batch_document(batch, "en")
    sites = document.sections[0].blocks[0].id
    text = text_in("csv", csv_of(document, sites))
    assert repr(odd.sites[0].area_m2) in text


def test_the_sides_of_a_site_are_the_overlap_and_the_rest() -> None:
    # By hand: 20.005 reads 20.01, and 30.01 less that is 10.00.
    site, overlap = print_area(30.01), print_area(20.005)
    assert (overlap.m2, print_rest(site, overlap).m2) == (20.01, 10.0)
    assert print_rest(site, print_area(30.02)).m2 == 0.0


@pytest.mark.parametrize("shift", [0.0, 0.001, 0.006])
def test_overlaps_of_several_layers_are_never_added_up(tmp_path: Path, shift: float) -> None:
    # Second method: the union of the drawn shapes, cut to the site, by one area of it.
    workspace = bare_workspace(tmp_path / "data")
    one, other, site = box(0, 0), box(shift, 0), box(0.002, 0, 0.008)
    put(workspace, "ecological_red_line", one)
    put(workspace, "permanent_basic_farmland", other)
    (found,) = checked(workspace, site).sites
    ground = site.intersection(shapely.union_all([one, other]))
    expected_m2 = float(area_lonlat_m2(np.array([ground], dtype=object))[0])
    overlaps_m2 = [f.overlap_area_m2 for f in found.findings if f.overlap_area_m2]
    assert len(overlaps_m2) == 2
    said_m2 = brief_check("x", found).hard_overlap_m2
    assert said_m2 == pytest.approx(expected_m2, rel=1e-6)
    assert said_m2 <= found.area_m2
    apart = not one.intersection(other).area
    assert apart == (said_m2 == pytest.approx(sum(overlaps_m2), rel=1e-6))
