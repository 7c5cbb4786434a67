"""Python's door: the same answers and refusals from a folder and from a server.

Oracles: the answer of the other door; areas by GeographicLib (through pyproj's Geod).
"""

import inspect
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
import rasterio
import shapely
from playwright.sync_api import sync_playwright
from pyproj import Geod

from api.notebook import Planning, Refused, ResultFile, open_planning
from api.notebook.operations import operations_by_name
from api.notebook.signatures import help_of
from maps.answers import Answer
from maps.i18n import LANGUAGES

GEOD = Geod(a=6378137.0, rf=298.257222101)
BOXES = [(102.77, 24.935, 102.78, 24.945), (102.80, 24.98, 102.81, 24.99)]


def frame(crs: str = "EPSG:4490") -> gpd.GeoDataFrame:
    shapes = [shapely.box(*box) for box in BOXES]
    lonlat = gpd.GeoDataFrame({"name": ["南块", "北块"]}, geometry=shapes, crs="EPSG:4490")
    return lonlat.to_crs(crs)


def test_every_operation_is_a_method_with_its_question_as_arguments() -> None:
    for name, declared in operations_by_name().items():
        method = getattr(Planning(StandIn()), name)
        arguments = set(inspect.signature(method).parameters)
        assert arguments - {"form", "folder", "output"} == set(declared.fields), name
        assert name in dir(Planning(StandIn()))
        for lang in LANGUAGES:
            assert all(f"{one} : " in help_of(declared, lang) for one in arguments)


class StandIn:
    lang = "en"


def test_a_frame_is_checked_as_its_file_is(both: tuple[Planning, Planning], tmp_path: Path) -> None:
    path = tmp_path / "sites.geojson"
    frame().to_file(path, driver="GeoJSON")
    verdicts = set()
    for planning in both:
        for given in (frame(), frame("EPSG:4543"), path, str(path)):
            found = planning.check(given, geometry=True)
            verdicts.add((found.verdict, *(site.verdict for site in found.sites)))
            assert [site.name for site in found.sites] == ["南块", "北块"]
            for site, box in zip(found.sites, BOXES, strict=True):
                expected = abs(GEOD.geometry_area_perimeter(shapely.box(*box))[0])
                # GeographicLib's sides are geodesics, those of the law straight in lon/lat.
                assert site.area_m2 == pytest.approx(expected, rel=2e-6)
    assert verdicts == {("conflict", "conflict", "clear")} or len(verdicts) == 1


def test_both_doors_give_the_same_answers(both: tuple[Planning, Planning]) -> None:
    folder, server = both
    asked = [
        ("check", (frame(),), {"nature": "ordinary_industry"}),
        ("claim", (), {}),
        ("natures", (), {}),
        ("density", ("trade",), {"year": 2020, "denominator": "approved"}),
        ("terrain", (frame(),), {}),
        ("rank", (frame(),), {}),
        ("layers_list", (), {}),
        ("measure", ([(102.8, 24.9), (102.9, 24.9)],), {}),
    ]
    for name, args, kwargs in asked:
        first, second = (getattr(one, name)(*args, **kwargs).answer for one in (folder, server))
        left, right = (plain(one) for one in (first, second))
        assert left == right, name


def plain(answer: Answer) -> dict:
    """What may differ is said at the door alone: when it was asked."""
    found = answer.model_dump(mode="json")
    found.pop("record", None)
    return found


def test_long_work_is_awaited_and_its_files_are_fetched(planning: Planning, tmp_path: Path) -> None:
    paths = []
    for number, box in enumerate(BOXES):
        paths.append(tmp_path / f"site{number}.geojson")
        gpd.GeoSeries([shapely.box(*box)], crs="EPSG:4490").to_file(paths[-1])
    done = planning.batch(paths, folder=tmp_path / "out")
    assert sum(done.verdicts.values()) == len(BOXES)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {Path(one.path).name for one in done.outputs} <= names
    kept = planning.avoid(frame(), reach_m=300)
    assert len(kept.sites) == len(BOXES)
    # The answer of long work becomes a file as that of short work does.
    assert kept.save(tmp_path / "kept.gpkg").read_bytes()[:6] == b"SQLite"
    with pytest.raises(Refused, match="odt"):
        kept.save(tmp_path / "kept.odt")


def test_a_file_whose_form_is_json_is_a_file(planning: Planning) -> None:
    assert isinstance(planning.publications_plan("overview", form="json"), ResultFile)


def test_a_report_and_a_workbook_are_files(planning: Planning, tmp_path: Path) -> None:
    found = planning.check(frame())
    report = planning.report(found.id, form="html")
    assert isinstance(report, ResultFile)
    assert b"<html" in report.save(tmp_path).read_bytes()[:300]
    assert (
        planning.density("trade", year=2020, denominator="approved")
        .save(tmp_path / "d.xlsx")
        .read_bytes()[:2]
        == b"PK"
    )
    with pytest.raises(Refused, match="xlsx"):
        planning.density("trade", year=2020, denominator="approved").save(tmp_path / "d.odt")


def test_a_layer_goes_out_and_comes_in(planning: Planning, request: pytest.FixtureRequest) -> None:
    districts = planning.read_layer("districts")
    assert len(districts) == 3
    assert districts.crs.to_epsg() == 4490
    name = "mine_" + request.node.callspec.id
    mine = gpd.GeoDataFrame({"name": ["一"]}, geometry=[shapely.box(*BOXES[0])], crs="EPSG:4490")
    said = {"kind": "key_wetland", "title": "本地湿地", "source": "本局", "covers": "530114"}
    done = planning.layers_import(mine, id=name, status="official", accept=True, **said)
    assert done.answer is not None
    again = planning.read_layer(name)
    assert shapely.equals_exact(again.geometry[0].normalize(), mine.geometry[0].normalize(), 1e-12)


def test_a_raster_is_read_as_it_is_kept(planning: Planning, store: Path) -> None:
    dataset = planning.read_raster("demo_dem_kunming")
    with rasterio.open(store / "rasters/demo_dem_kunming/v0001.tif") as kept:
        assert (dataset.crs, dataset.transform) == (kept.crs, kept.transform)
        values, known = dataset.read(1, masked=True), kept.read(1, masked=True)
    assert (values.mask == known.mask).all()
    assert (values == known).all()
    assert 1500 < values.mean() < 3000  # Metres around Kunming.
    with pytest.raises(Refused) as caught:
        planning.read_raster("nothing")
    assert caught.value.code == "layers.rasters.unknown"


def test_places_become_a_frame_with_their_areas(planning: Planning) -> None:
    found = planning.check(frame(), geometry=True)
    parts = found.to_geodataframe("parts")
    assert {"site_name", "finding_kind", "feature_id"} <= set(parts.columns)
    assert len(parts) == sum(len(f.parts) for site in found.sites for f in site.findings)
    for row in parts.itertuples():
        area = abs(GEOD.geometry_area_perimeter(row.geometry)[0])
        assert area == pytest.approx(row.printed_m2, rel=1e-4)
    assert list(found.to_geodataframe("sites").name) == ["南块", "北块"]
    assert list(found.to_dataframe("sites").site_id) == [site.site_id for site in found.sites]
    with pytest.raises(ValueError, match="geometry=True"):
        planning.claim().to_geodataframe("sites")


@pytest.mark.parametrize(("lang", "word"), [("zh", "坐标系"), ("en", "coordinate reference")])
def test_a_refusal_is_in_words(store: Path, address: str, lang: str, word: str) -> None:
    bare = gpd.GeoDataFrame(geometry=[shapely.box(*BOXES[0])])
    said = set()
    for place in (store, address):
        with pytest.raises(Refused, match=word) as caught:
            open_planning(place, lang=lang).check(bare)
        said.add((caught.value.code, str(caught.value)))
    assert len(said) == 1


def test_a_wrong_argument_is_refused_before_anything_is_sent(planning: Planning) -> None:
    with pytest.raises(TypeError, match="natur"):
        planning.check(frame(), natur="x")
    with pytest.raises(Refused, match="nature"):
        planning.check(frame(), nature="x")
    with pytest.raises(AttributeError):
        planning.chek(frame())


def test_who_does_not_answer_is_named() -> None:
    with pytest.raises(Refused, match=r"127\.0\.0\.1:9"):
        open_planning("http://127.0.0.1:9", lang="en").claim()


def test_what_needs_its_own_machine_says_so(address: str, tmp_path: Path) -> None:
    planning = open_planning(address, lang="en")
    with pytest.raises(Refused, match="own machine"):
        planning.overlap("parcels.gpkg", "districts", output=tmp_path / "o.csv")


def test_only_what_has_a_place_is_shown_as_a_map(store: Path) -> None:
    planning = open_planning(store)
    assert "leaflet" in planning.check(frame(), geometry=True)._repr_html_()
    assert planning.claim()._repr_html_() is None


@pytest.mark.browser
def test_the_map_of_a_result_asks_nobody_and_escapes_what_it_shows(
    store: Path, tmp_path: Path
) -> None:
    sites = frame()
    sites["name"] = [f"{one}<img src=x onerror=alert(1)>`${{1}}` '\\\"</script>" for one in "ab"]
    page = tmp_path / "result.html"
    found = open_planning(store).check(sites, geometry=True)
    page.write_text(f"<meta charset=utf-8>{found._repr_html_()}", encoding="utf-8")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = shown.new_page()
        asked, said = [], []
        tab.on("request", lambda one: asked.append(one.url))
        tab.on("console", lambda one: said.append(one.text))
        tab.on("dialog", lambda one: said.append(one.message))
        tab.goto(page.as_uri())
        inner = tab.frame_locator("iframe")
        drawn = inner.locator("path.leaflet-interactive")
        drawn.first.wait_for(state="attached")
        assert drawn.count() == len(found.to_geodataframe())
        drawn.first.hover(force=True)
        inner.locator(".leaflet-tooltip").wait_for()
        assert "onerror" in inner.locator(".leaflet-tooltip").inner_text()
        shown.close()
    assert (asked, said) == ([page.as_uri()], [])


def test_the_stub_is_what_the_declarations_give() -> None:
    import importlib.util

    path = Path(__file__).parents[3] / "docs" / "make_calls_stub.py"
    spec = importlib.util.spec_from_file_location("make_calls_stub", path)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    # Made anew by: python docs/make_calls_stub.py
    assert made.STUB.read_text("utf-8") == made.calls_stub()
