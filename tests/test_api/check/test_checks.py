"""Checks over HTTP: the contract, the words of refusals, and what is never clear."""

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from pyproj import Geod
from starlette.testclient import TestClient

from layers.readers._gdal import pyogrio

URL = "/api/v1/checks"


GEOD = Geod(a=6378137.0, rf=298.257222101)


KIND = "ecological_red_line"


RING = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.945]]


def site(*rings: list[list[float]], **properties: object) -> dict:
    coordinates = [[*ring, ring[0]] for ring in rings]
    geometry = {"type": "Polygon", "coordinates": coordinates}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


def geodesic_m2(geometry: dict) -> float:
    """Area by GeographicLib of a densified polygon, every ring oriented."""
    shape = shapely.segmentize(shapely.geometry.shape(geometry), 0.001)
    parts = [shapely.orient_polygons(part) for part in shapely.get_parts(shape)]
    return sum(GEOD.geometry_area_perimeter(part)[0] for part in parts)


def finding_of(answer: dict, kind: str = KIND) -> dict:
    return next(f for f in answer["sites"][0]["findings"] if f["kind"] == kind)


def kept(folder: Path) -> set[str]:
    return {path.name for path in (folder / "checks").glob("*")}


def test_a_check_answers_all_that_the_contract_says(shared_client: TestClient) -> None:
    answer = shared_client.post(URL, json=site(RING, name="甲")).json()
    assert answer["verdict"] == "conflict"
    assert answer["sites"][0]["name"] == "甲"
    assert answer["basis"][0]["status"] == "demonstration"
    finding = finding_of(answer)
    assert finding["layer_id"] == "demo_ecological_red_line"
    assert (finding["layer_version"], finding["layer_status"]) == (1, "demonstration")
    assert finding["reasons"] == ["overlap"]
    assert finding["citation"]["number"] == "自然资发〔2022〕142号"
    assert finding["nearest_m"] == 0.0
    assert finding["coverage_pct"] == pytest.approx(100.0)
    assert set(answer["read_report"]) >= {"sha256", "format", "crs", "crs_how", "issues"}
    assert set(answer["record"]) >= {"inputs", "layers", "rules_sha256", "software"}


def test_areas_are_those_of_geographiclib_and_parts_sum_to_the_finding(
    shared_client: TestClient,
) -> None:
    answer = shared_client.post(f"{URL}?geometry=true", json=site(RING)).json()
    result, finding = answer["sites"][0], finding_of(answer)
    assert result["area_m2"] == pytest.approx(geodesic_m2(result["geometry"]), rel=1e-8)
    assert result["area_mu"] == pytest.approx(result["area_m2"] * 3 / 2000, rel=1e-12)
    parts = finding["parts"]
    assert sum(p["area_m2"] for p in parts) == pytest.approx(finding["overlap_area_m2"], rel=1e-12)
    for part in parts:
        # Coordinates in the answer are rounded to 1 mm.
        assert part["area_m2"] == pytest.approx(geodesic_m2(part["geometry"]), rel=1e-5)
    share = 100 * finding["overlap_area_m2"] / result["area_m2"]
    assert finding["share_pct"] == pytest.approx(share, rel=1e-12)


def test_geometry_comes_only_when_asked_for(shared_client: TestClient) -> None:
    answer = shared_client.post(URL, json=site(RING)).json()
    assert answer["sites"][0]["geometry"] is None
    assert all(part["geometry"] is None for part in finding_of(answer)["parts"])


def test_the_same_check_has_the_same_id_and_can_be_read_again(shared_client: TestClient) -> None:
    first = shared_client.post(URL, json=site(RING)).json()
    second = shared_client.post(URL, json=site(RING)).json()
    moved = [[x + 1e-6, y] for x, y in RING]
    assert first["id"] == second["id"]
    assert shared_client.post(URL, json=site(moved)).json()["id"] != first["id"]
    assert shared_client.get(f"{URL}/{first['id']}").json() == first


def test_the_same_bytes_declared_otherwise_are_another_check(
    shared_client: TestClient, tmp_path: Path
) -> None:
    # Two tables of one file, and one ring that is shifted two ways.
    path = tmp_path / "two.gpkg"
    for east, name in ((102.77, "a"), (102.78, "b")):
        shape = [shapely.box(east, 24.93, east + 0.01, 24.94)]
        frame = gpd.GeoDataFrame({"n": [name]}, geometry=shape, crs="EPSG:4490")
        pyogrio.write_dataframe(frame, path, layer=name, append=path.exists())
    tables = {"file": ("two.gpkg", path.read_bytes())}
    ring = {"file": ("a.geojson", json.dumps(site(RING)).encode())}
    answers = [
        shared_client.post(URL, files=files, data=data).json()
        for files, data in (
            (tables, {"layer": "a"}),
            (tables, {"layer": "b"}),
            (ring, {"datum": "gcj02"}),
            (ring, {"datum": "bd09"}),
        )
    ]
    assert len({answer["id"] for answer in answers}) == 4
    for answer in answers:
        assert shared_client.get(f"{URL}/{answer['id']}").json() == answer


@pytest.mark.parametrize("unknown", ["0123456789abcdef0123", "nothing", "..%2f..%2fsecret"])
def test_an_unknown_check_is_404(shared_client: TestClient, unknown: str) -> None:
    answer = shared_client.get(f"{URL}/{unknown}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def shapefile(folder: Path, crs: str | None = "EPSG:4543") -> dict[str, bytes]:
    plane = gpd.GeoDataFrame(
        {"名称": ["甲"]}, geometry=[shapely.Polygon(RING)], crs="EPSG:4490"
    ).to_crs("EPSG:4543")
    pyogrio.write_dataframe(plane, folder / "site.shp", encoding="UTF-8")
    found = {path.name: path.read_bytes() for path in folder.glob("site.*")}
    return found if crs else {name: data for name, data in found.items() if ".prj" not in name}


def test_loose_parts_and_a_zip_of_a_shapefile_give_the_areas_of_the_drawn_site(
    shared_client: TestClient, tmp_path: Path
) -> None:
    # Second method: the same ring in lon/lat; in the plane its edges are straight elsewhere.
    files = shapefile(tmp_path)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"数据/{name}", data)
    loose = shared_client.post(URL, files=[("file", item) for item in files.items()]).json()
    zipped = shared_client.post(URL, files={"file": ("site.zip", packed.getvalue())}).json()
    drawn = shared_client.post(URL, json=site(RING)).json()
    assert loose["read_report"]["crs"] == "EPSG:4543"
    area = drawn["sites"][0]["area_m2"]
    assert loose["sites"][0]["area_m2"] == pytest.approx(area, rel=1e-6)
    assert zipped["sites"][0]["area_m2"] == loose["sites"][0]["area_m2"]


def test_a_missing_crs_is_proposed_and_can_be_declared(
    shared_client: TestClient, tmp_path: Path
) -> None:
    files = [("file", item) for item in shapefile(tmp_path, crs=None).items()]
    refused = shared_client.post(URL, files=files)
    assert refused.status_code == 422
    assert refused.json()["code"] == "geo.crs.missing"
    proposals = [proposal["crs"] for proposal in refused.json()["params"]["proposals"]]
    assert "EPSG:4543" in proposals
    taken = shared_client.post(URL, files=files, data={"crs": "EPSG:4543"})
    assert taken.json()["read_report"]["crs_how"] == "declared"


def geojson(coordinates: object, kind: str = "Polygon") -> bytes:
    return json.dumps({"type": kind, "coordinates": coordinates}).encode()


BAD = {
    "empty file": ({"a.geojson": b""}, "layers.read.empty"),
    "text renamed": ({"a.shp": b"no shapes here"}, "layers.read.unknown_format"),
    "lon/lat swapped": ({"a.json": geojson([[[24.9, 102.7], [24.95, 102.7], [24.95, 102.75], [24.9, 102.7]]])}, "geo.crs.axis_order"),
    "zero area": ({"a.json": geojson([[[102.7, 24.9], [102.71, 24.9], [102.7, 24.9], [102.7, 24.9]]])}, "geo.geometry.empty"),
    "points": ({"a.json": geojson([102.7, 24.9], "Point")}, "geo.geometry.not_polygonal"),
    "NaN": ({"a.json": b'{"type":"Polygon","coordinates":[[[102.7,24.9],[NaN,24.9],[102.7,24.95],[102.7,24.9]]]}'}, "geo.geometry.not_finite"),
    "a pointer to a file of the server": ({"a.geojson": b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'}, "layers.read.unknown_format"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bad_input_is_refused_in_words_and_nothing_is_kept(
    client: TestClient, own_store: Path, case: str, lang: str
) -> None:
    files, code = BAD[case]
    before = kept(own_store)
    answer = client.post(
        URL, files=[("file", item) for item in files.items()], headers={"accept-language": lang}
    )
    body = answer.json()
    assert answer.status_code == 422
    assert body["code"] == code
    assert body["type"] == f"urn:ftzgis:{code}"
    assert any("\u4e00" <= char <= "\u9fff" for char in body["detail"]) == (lang == "zh")
    assert kept(own_store) == before


def test_a_shapefile_without_its_companions_is_named(
    shared_client: TestClient, tmp_path: Path
) -> None:
    files = shapefile(tmp_path)
    answer = shared_client.post(URL, files={"file": ("site.shp", files["site.shp"])}).json()
    assert answer["code"] == "layers.read.incomplete_shapefile"
    assert set(answer["params"]["missing"]) == {".shx", ".dbf"}


def test_a_self_crossing_ring_is_repaired_and_the_change_is_said(shared_client: TestClient) -> None:
    # By hand: the two lobes of the figure eight cancel as drawn.
    bow = [[102.7, 24.9], [102.71, 24.91], [102.71, 24.9], [102.7, 24.91]]
    answer = shared_client.post(URL, json=site(bow)).json()
    (issue,) = answer["read_report"]["issues"]
    assert issue["code"] == "geometry_repaired"
    assert issue["params"]["area_before_m2"] == pytest.approx(0.0, abs=100.0)
    assert issue["params"]["area_after_m2"] == pytest.approx(answer["sites"][0]["area_m2"])


def test_declared_gcj02_is_converted_and_said(shared_client: TestClient) -> None:
    files = {"file": ("a.geojson", json.dumps(site(RING)).encode())}
    answer = shared_client.post(URL, files=files, data={"datum": "gcj02"}).json()
    codes = {issue["code"]: issue["params"] for issue in answer["read_report"]["issues"]}
    assert 350.0 < codes["datum_converted"]["max_shift_m"] < 380.0


def test_a_body_over_the_limit_is_413_in_words(client: TestClient, own_store: Path) -> None:
    before = kept(own_store)
    answer = client.post(URL, files={"file": ("big.zip", b"0" * (60 * 1024 * 1024))})
    assert answer.status_code == 413
    assert answer.json()["code"] == "layers.read.too_large"
    assert kept(own_store) == before


def test_a_form_without_a_file_and_a_wrong_datum_are_named(shared_client: TestClient) -> None:
    answer = shared_client.post(URL, files={"other": ("a", b"x")}).json()
    assert (answer["code"], answer["params"]["field"]) == ("api.request.invalid", "file")
    files = {"file": ("a.geojson", json.dumps(site(RING)).encode())}
    answer = shared_client.post(URL, files=files, data={"datum": "mars"}).json()
    assert answer["params"]["field"] == "datum"


@pytest.mark.parametrize(
    ("nature", "outcome"),
    [("ordinary_industry", "avoid"), ("border_works", "approval"), (None, "undetermined")],
)
def test_the_nature_of_the_project_decides_what_follows(
    shared_client: TestClient, nature: str | None, outcome: str
) -> None:
    # The same ground three times: the overlap is the same, the outcome is not.
    query = {"nature": nature} if nature else {}
    answer = shared_client.post(URL, json=site(RING), params=query).json()
    finding = finding_of(answer)
    assert (finding["verdict"], finding["decision"]["outcome"]) == ("conflict", outcome)
    assert answer["nature"] == nature
    bare = shared_client.post(URL, json=site(RING)).json()
    assert finding["overlap_area_m2"] == finding_of(bare)["overlap_area_m2"]
    assert (answer["id"] == bare["id"]) == (nature is None)


def test_an_unknown_nature_is_refused(shared_client: TestClient) -> None:
    answer = shared_client.post(URL, json=site(RING), params={"nature": "magic"})
    assert (answer.status_code, answer.json()["code"]) == (422, "layers.natures.unknown")
    offered = shared_client.get("/api/v1/natures").json()["natures"]
    assert {one["id"] for one in offered} == set(answer.json()["params"]["known"])
