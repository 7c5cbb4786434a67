"""Whole layers as files. Oracle: the frames that the layers were made of, read back by GDAL."""

import tempfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from starlette.testclient import TestClient

from api.ogc.download import FORMS, download_forms
from api.workspace.workspace import Workspace

MANY = 12_000


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_all_features(
    ogc: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    left = tmp_path / "temporary"
    left.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(left))
    answer = ogc.get("/collections/red_lines/download", params={"f": form})
    assert answer.status_code == 200, answer.text
    suffix = {"shp": "zip", "gdb": "gdb.zip"}.get(form, form)
    assert f'filename="red_lines_v1.{suffix}"' in answer.headers["content-disposition"]
    path = tmp_path / f"red_lines.{suffix}"
    path.write_bytes(answer.content)
    assert list(left.iterdir()) == []  # what was written for the answer is gone
    if form in {"gpkg", "geojson", "fgb", "shp", "gdb"}:
        # Beside the layer a GeoPackage holds its style.
        named = {"layer": "red_lines"} if form == "gpkg" else {}
        assert len(gpd.read_file(path, **named)) == MANY
    elif form == "parquet":
        assert len(gpd.read_parquet(path)) == MANY
    else:
        mark = {"kml": b"<Placemark>", "gml": b"<ft:feature ", "dxf": b"LWPOLYLINE", "csv": b"EPSG:4543",
                "txt": b",@\r\n"}[form]  # fmt: skip
        assert answer.content.count(mark) in {MANY, MANY + 1}, form


def test_links_lead_to_every_form_of_the_version(ogc: TestClient) -> None:
    links = ogc.get("/collections/zones@1").json()["links"]
    found = [one for one in links if one["rel"] == "enclosure"]
    assert len(found) == len(FORMS)
    for one in found:
        answer = ogc.get(one["href"])
        assert answer.status_code == 200, one
        assert answer.headers["content-type"] == one["type"]
        assert "zones_v1." in answer.headers["content-disposition"]


@pytest.mark.parametrize("query", ["f=xlsx", "f=zip", "f=html", "x=1", "f="])
def test_another_form_is_refused(ogc: TestClient, query: str) -> None:
    answer = ogc.get(f"/collections/zones/download?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("kind", "without"),
    [("Polygon", set()), ("Point", {"txt"}), ("Mixed", {"txt", "shp", "gdb"})],
)
def test_forms_that_cannot_hold_a_layer_are_not_offered(
    small_store: Workspace, kind: str, without: set[str]
) -> None:
    version = replace(small_store.store.get("zones", None), geometry_type=kind)
    offered = {form for form, _ in download_forms(version)}
    assert offered == set(FORMS) - without
