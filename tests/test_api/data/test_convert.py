"""Files of sites turned into other formats, through both doors.

Oracle: the input itself, read again from what was written; pyproj for the zone.
"""

import io
import json
import zipfile
from pathlib import Path

import pytest
import shapely
from pyproj import Transformer
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from layers.model import ReadOptions
from layers.readers import Source, read_sites, source_from_path

RING = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.945], [102.77, 24.935]]
SITE = {
    "type": "Feature",
    "properties": {"地块名称": "一号地"},
    "geometry": {"type": "Polygon", "coordinates": [RING]},
}


def sites_in(path: Path):
    return read_sites(source_from_path(path), ReadOptions(), counties=None)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "地块.geojson"
    path.write_text(json.dumps(SITE), encoding="utf-8")
    return path


def run(built_store: Path, *arguments: object):
    env = {"FTZGIS_DATA_DIR": str(built_store), "FTZGIS_LANG": "en"}
    return CliRunner().invoke(app, ["convert", *map(str, arguments)], env=env)


@pytest.mark.parametrize("suffix", [".txt", ".gpkg", ".geojson", ".shp", ".zip"])
def test_every_format_reads_back(built_store, site, tmp_path, suffix):
    output = tmp_path / f"写出{suffix}"
    result = run(built_store, site, "-o", output, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["crs"] == ("EPSG:4522" if suffix == ".txt" else "EPSG:4326")
    (again,) = sites_in(output).features.to_crs(4490).geometry
    expected = shapely.Polygon(RING)
    assert again.normalize().equals_exact(expected.normalize(), 1e-8)


def test_a_list_of_boundary_points_for_people(built_store, site, tmp_path):
    output = tmp_path / "a.txt"
    result = run(built_store, site, "-o", output)
    assert result.exit_code == 0
    assert "a.txt" in result.stdout
    text = output.read_bytes().decode("gb18030")
    east, north = Transformer.from_crs(4490, 4522, always_xy=True).transform(102.77, 24.945)
    assert f"J1,1,{north:.3f},{east:.3f}\r\n" in text


def test_another_plane_may_be_asked_for(built_store, site, tmp_path):
    output = tmp_path / "a.txt"
    result = run(built_store, site, "-o", output, "--to-crs", "EPSG:4543", "--json")
    assert json.loads(result.stdout)["crs"] == "EPSG:4543"
    assert sites_in(output).report.crs == "EPSG:4543"
    assert run(built_store, site, "-o", tmp_path / "a.pdf").exit_code == 2
    assert run(built_store, site, "-o", output, "--to-crs", "nonsense").exit_code == 2


def post(client: TestClient, to: str, data: bytes, name: str = "地块.geojson"):
    return client.post(f"/api/v1/convert?format={to}", files={"file": (name, data)})


@pytest.mark.parametrize("to", ["txt", "gpkg", "geojson", "shp"])
def test_over_http(shared_client, to):
    answer = post(shared_client, to, json.dumps(SITE).encode())
    assert answer.status_code == 200, answer.text
    suffix = ".zip" if to == "shp" else f".{to}"
    stated = f"filename*=UTF-8''%E5%9C%B0%E5%9D%97{suffix}"
    assert answer.headers["content-disposition"].endswith(stated)
    sites = read_sites(Source(name="x", files={"x": answer.content}), ReadOptions(), counties=None)
    assert len(sites.features) == 1
    if to == "shp":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert "sites.shp" in archive.namelist()


def test_refusals_over_http(shared_client):
    assert post(shared_client, "dwg", b"{}").status_code == 422
    refused = post(shared_client, "txt", b"AC1032" + bytes(100), "a.dwg")
    assert refused.json()["code"] == "layers.read.closed_drawing"
    assert "DXF" in refused.json()["detail"]
    assert shared_client.post("/api/v1/convert?format=txt", json={}).status_code == 422
