"""Rasters that once gave a calm wrong number or stopped the store: each with its right answer."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.workspace.workspace import Workspace

CASES = Path(__file__).parents[2] / "golden" / "cases" / "rasters"
SITE = json.loads((CASES / "site.geojson").read_text(encoding="utf-8"))
KINDS = {
    "dem": {"kind": "dem", "unit": "m"},
    "landcover": {"kind": "land_cover", "classes": "esa_worldcover"},
    "grade": {"kind": "geohazard", "unit": "grade"},
}
WHOLE = (1925.0, 1966.25, 2007.5)
"""By hand: columns 10 to 43 and rows 10 to 43 of 1900 + 2 column + row / 2, entered exactly."""


@pytest.fixture
def send(client: TestClient):
    def post(name: str, **said: object):
        known = {
            "id": name.removesuffix(".tif").replace("-", "_"),
            "title": "自有",
            "source": "test",
        }
        fields = {**known, **KINDS[name.partition("_")[0]], **said}
        file = {"file": (name, (CASES / name).read_bytes())}
        lang = fields.pop("lang", "zh")
        return client.post(
            "/api/v1/rasters", files=file, data=fields, headers={"accept-language": lang}
        )

    return post


def ground(client: TestClient) -> dict:
    answer = client.post("/api/v1/terrain", json=SITE)
    assert answer.status_code == 200, answer.text
    return answer.json()["sites"][0]["ground"]


def says(client: TestClient, heights: tuple[float, float, float], slope: float) -> None:
    """The ground of the site, and suitability answers beside it."""
    found = ground(client)
    elevation = found["elevation_m"]
    assert (elevation["least"], elevation["mean"], elevation["most"]) == pytest.approx(
        heights, abs=0.01
    )
    assert found["slope_deg"]["mean"] == pytest.approx(slope, abs=0.01)
    assert found["outside_ha"] == found["unknown_ha"] == 0.0
    assert client.post("/api/v1/suitability", json=SITE).status_code == 200


REFUSED = {
    "dem_complex64.tif": ("layers.rasters.complex", "complex64"),
    "dem_no_geotransform.tif": ("layers.rasters.no_geotransform", "dem_no_geotransform.tif"),
    "dem_geostationary.tif": ("geo.grid.distorted", " %"),
    "landcover_float_10p6.tif": ("layers.rasters.fractional", "10.6"),
    "landcover_int32_65546.tif": ("layers.rasters.strange_class", "65546"),
    "landcover_int16_m9999.tif": ("layers.rasters.strange_class", "-9999"),
    "grade_2p5.tif": ("layers.rasters.fractional", "2.5"),
    "dem_float_min_undeclared.tif": ("layers.rasters.implausible", "-3.40"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_words(send, workspace: Workspace, name: str) -> None:
    code, words = REFUSED[name]
    for lang in ("zh", "en"):
        answer = send(name, lang=lang)
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] == code
        if lang == "en":
            assert words in answer.json()["detail"]
    assert all(one.spec.status == "demonstration" for one in workspace.rasters.current())


def test_words_of_a_raster_without_place_say_why(send) -> None:
    found = send("dem_no_geotransform.tif", lang="en").json()["detail"]
    assert "no geotransform" in found


def test_a_third_axis_is_dropped_and_named(send, client: TestClient) -> None:
    answer = send("dem_compound_4326_5773.tif")
    assert answer.status_code == 201, answer.text
    assert answer.json()["raster"]["crs"] == "EPSG:4326"
    (issue,) = answer.json()["read_report"]["issues"]
    assert issue["params"] == {"crs": "EGM96 height"}
    says(client, WHOLE, 4.18)


def test_a_rotation_of_rounding_is_none(send, client: TestClient) -> None:
    assert send("dem_rotation_1e-18.tif").status_code == 201
    says(client, WHOLE, 4.18)


def test_a_plane_of_utm_answers(send, client: TestClient) -> None:
    # Second method: shares of pixels by shapely's own intersections, and GDAL's rasterize with
    # all_touched, of the site moved by pyproj: columns 9 to 39, 1923.5 to 2000 m.
    assert send("dem_utm48.tif").status_code == 201
    says(client, (1923.5, 1962.344, 2000.0), 3.93)


@pytest.mark.parametrize("nodata", ["-3.402823466e+38", "-3.4028235e+38", "-3.4028234663852886e38"])
def test_nodata_equals_in_the_type_of_the_file(send, client: TestClient, nodata: str) -> None:
    answer = send("dem_float_min_undeclared.tif", nodata=nodata)
    assert answer.status_code == 201, answer.text
    assert answer.json()["raster"]["least"] >= 1900.0


def test_nodata_outside_the_type_is_refused(send) -> None:
    said = {"nodata": "55537", "lang": "en"}
    answer = send("landcover_int16_m9999.tif", **said)
    assert answer.status_code == 422
    assert answer.json()["code"] == "layers.rasters.nodata_type"
    assert "55537" in answer.json()["detail"]
    for never in ("nan", "0.5", "1e300"):
        assert send("landcover_int16_m9999.tif", nodata=never).status_code == 422
    assert send("landcover_int16_m9999.tif", nodata="-9999").status_code == 201


def asked(answer, code: str) -> dict:
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["code"] == "layers.rasters.concerns"
    (concern,) = problem["params"]["concerns"]
    assert concern["code"] == code
    assert "accept" in problem["detail"]
    return concern["params"]


def test_a_unit_that_the_band_contradicts_is_asked_about(send, client: TestClient) -> None:
    for lang in ("zh", "en"):
        found = asked(send("dem_band_unit_ft.tif", lang=lang), "band_unit")
        assert found == {"found": "ft", "unit": "m"}
    accepted = send("dem_band_unit_ft.tif", accept="true")
    assert accepted.status_code == 201, accepted.text
    assert [one["code"] for one in accepted.json()["concerns"]] == ["band_unit"]
    right = send("dem_band_unit_ft.tif", unit="ft")
    assert right.status_code == 201
    assert right.json()["concerns"] == []
    says(client, WHOLE, 4.18)


def test_a_collar_of_zeros_is_asked_about(send, client: TestClient, workspace: Workspace) -> None:
    # By hand: 15 columns of 60 pixels; the highest of column 15 is 1900 + 30 + 59 / 2.
    found = asked(send("dem_zero_collar.tif"), "zero_collar")
    assert found == {"count": 900, "beside_m": 1959.5}
    assert send("dem_zero_collar.tif", nodata="0").status_code == 201
    elevation = ground(client)
    # By hand: column 15 of row 10; the raster itself begins at 1930.
    assert workspace.rasters.get("dem_zero_collar").facts.least == 1930.0
    assert elevation["elevation_m"]["least"] == 1935.0
    assert elevation["elevation_m"]["most"] == 2007.5
    assert elevation["slope_deg"]["mean"] == pytest.approx(4.18, abs=0.01)


def test_what_was_confirmed_is_kept(send, workspace: Workspace) -> None:
    assert send("dem_zero_collar.tif", accept="true").status_code == 201
    kept = workspace.rasters.get("dem_zero_collar").report
    assert [one.code for one in kept.concerns] == ["zero_collar"]


def test_two_rasters_side_by_side_are_one(send, client: TestClient) -> None:
    for name in ("dem_west.tif", "dem_east.tif"):
        assert send(name).status_code == 201
    says(client, WHOLE, 4.18)
    found = ground(client)
    assert found["slope_deg"]["least"] == found["slope_deg"]["most"]
    assert {found["raster"]["label"], *(one["label"] for one in found["others"])} == {
        "dem_west@1", "dem_east@1",
    }  # fmt: skip
    (suited,) = client.post("/api/v1/suitability", json=SITE).json()["sites"]
    assert {share["id"] for share in suited["shares"]}.isdisjoint({"unknown", "outside"})
