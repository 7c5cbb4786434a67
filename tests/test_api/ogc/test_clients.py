"""Programs of other makers ask the server for real: ogctests, GDAL of the system and of pyogrio,
geopandas, OWSLib, @camptocamp/ogc-client. What they need is installed once, by lock files with
hashes, apart from the product; without a package index the tests are skipped with that reason."""

import base64
import io
import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image

from geo.measure.tile_matrix import TILE_MATRIX_SETS
from layers.rasters._gdal import rasterio

HERE = Path(__file__).parent / "clients"
ROOT = Path(__file__).parents[3]
MANY = 12_000

pytestmark = [pytest.mark.slow, pytest.mark.interop]


def run(*command: object, **more: Any) -> str:
    done = subprocess.run(
        [str(one) for one in command], capture_output=True, encoding="utf-8", check=False,
        timeout=300, **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_ogctests_passes_all_checks_of_features(served, interop: Path, tmp_path: Path) -> None:
    report = tmp_path / "ogctests.xml"
    run(interop, HERE / "ogctests_run.py", served.url, "features/core", report)
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - its own report
    counts = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": 29, "failures": 0, "errors": 0, "skipped": 0}


@pytest.mark.parametrize("page_size", [1000, 5000])
def test_gdal_of_the_system_reads_all_features(served, tmp_path: Path, page_size: int) -> None:
    if shutil.which("ogr2ogr") is None:
        pytest.skip("GDAL's programs are not installed: apt-get install gdal-bin")
    target = tmp_path / "red.gpkg"
    run(
        "ogr2ogr",
        "-f",
        "GPKG",
        "-oo",
        f"PAGE_SIZE={page_size}",
        target,
        f"OAPIF:{served.url}",
        "red_lines",
    )
    said = run("ogrinfo", "-ro", "-so", target, "red_lines")
    assert f"Feature Count: {MANY}" in said
    assert "名称" in said
    assert "批准日期: Date" in said or "批准日期: DateTime" in said


READ = """
import json, sys
import geopandas as gpd
url, many = sys.argv[1], int(sys.argv[2])
by_oapif = gpd.read_file(f"OAPIF:{url}", layer="red_lines")
by_address = gpd.read_file(f"{url}/collections/red_lines/items")
zones = gpd.read_file(f"OAPIF:{url}/collections/zones@1")
print(json.dumps({
    "counts": [len(by_oapif), len(by_address), len(zones)],
    "crs": by_oapif.crs.to_epsg(),
    "west_south_m": by_oapif.total_bounds[:2].tolist(),
    "names": sorted(set(by_oapif["名称"].dropna())),
    "areas_m2": by_oapif.area.round(3).unique().tolist(),
}))
"""


def test_geopandas_reads_all_features_in_the_crs_of_the_file(served) -> None:
    # A process of its own: in the product's, GDAL has no drivers that open addresses.
    said = json.loads(run(sys.executable, "-P", "-c", READ, served.url, MANY))
    assert said["counts"] == [MANY, MANY, 2]
    assert said["crs"] == 4543
    assert said["west_south_m"] == [500_000.0, 2_760_000.0]
    assert said["areas_m2"] == [100.0]
    assert said["names"] == [f"地块{n}" for n in range(7)]


def test_owslib_finds_reads_and_executes(served, interop: Path) -> None:
    said = json.loads(run(interop, HERE / "owslib_client.py", f"{served.url}/"))
    assert {"red_lines", "zones", "former"} <= set(said["collections"])
    assert said["matched"] == MANY
    assert said["items"] == [f"红线-{n}" for n in range(2, 7)]
    assert said["one"] == "红线-7"
    assert "面积" in said["queryables"]
    assert said["api"].startswith("3.0")
    assert "check" in said["processes"]
    # Half of 10.1 km by 11.1 km.
    assert said["measured"]["area_m2"] == pytest.approx(56e6, rel=0.01)


def test_ogc_client_finds_and_reads(served, npm_packages: Path) -> None:
    said = json.loads(run("node", npm_packages / "ogc_client.mjs", f"{served.url}/"))
    assert {"red_lines", "zones", "former"} <= set(said["collections"])
    assert said["items"] == [f"红线-{n}" for n in range(2, 7)]
    assert said["storageCrs"].endswith("/4543")
    assert "面积" in said["queryables"]
    assert "red_lines" in said["tiles"]


def test_owslib_finds_layers_and_fetches_tiles_by_wmts(served, interop: Path) -> None:
    one = TILE_MATRIX_SETS["CGCS2000Quad"]
    ((row, column),) = one.tiles_at(np.array([[102.72, 24.905]]), 14).tolist()
    address = f"{served.url}/wmts/1.0.0/WMTSCapabilities.xml"
    place = ("CGCS2000Quad", 14, row, column)
    said = json.loads(run(interop, HERE / "wmts_client.py", address, "zones", *place))
    assert {"red_lines", "zones", "former"} <= set(said["layers"])
    assert said["sets"] == ["CGCS2000Quad", "WebMercatorQuad"]
    assert said["bounds"] == pytest.approx([102.70, 24.90, 102.75, 24.91])
    picture = Image.open(io.BytesIO(base64.b64decode(said["tile"])))
    assert picture.size == (256, 256)
    assert picture.getextrema()[3] == (0, 255)


def test_gdal_reads_the_map_by_wmts(served, tmp_path: Path) -> None:
    if shutil.which("gdal_translate") is None:
        pytest.skip("GDAL's programs are not installed: apt-get install gdal-bin")
    source = (
        f"WMTS:{served.url}/wmts/1.0.0/WMTSCapabilities.xml,layer=zones,tilematrixset=CGCS2000Quad"
    )
    target = tmp_path / "zones.tif"
    done = subprocess.run(
        ["gdal_translate", "-q", "-projwin", "102.69", "24.92", "102.76", "24.89",
         "-outsize", "700", "300", source, target],
        capture_output=True, encoding="utf-8", check=False, timeout=120, cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    with rasterio.open(target) as file:
        assert file.crs.to_epsg() == 4490
        alpha = file.read(4)
    # The west edge of the second square, 102.72: 3 hundredths of a degree from the west.
    assert alpha[140:160, 295:305].max(axis=1).min() > 100
    assert alpha[:90].max() == 0


def test_answers_are_what_the_contract_says(served_whole, interop: Path, tmp_path: Path) -> None:
    # Of all methods, more examples and longer: see CONTRIBUTING.md.
    run(
        interop.with_name("schemathesis"), "--config-file", HERE / "schemathesis.toml",
        "run", f"{served_whole.url}/openapi.json",
        "--include-method", "GET", "--phases", "examples,coverage", "--max-examples", "1",
        "--request-timeout", "20", "--seed", "1", "--no-color",
        cwd=tmp_path,
    )  # fmt: skip


REFUSED = {
    # Nothing is fetched from the network, and no official layer has come in.
    "post_rasters_fetch": 422,
    "post_replacement_make": 422,
    "post_replacement_verify": 422,
    # No map waits for a second person, and a template has a name of its own.
    "post_publications_confirm": 404,
    "post_publications_drop": 404,
    "post_publications_keep": 422,
    # Nobody signs in, and no targets have come in.
    "get_session": 401,
    "delete_session": 401,
    "post_session": 401,
    "post_password": 401,
    "get_statement": 422,
    # Its own fault: two names of one class become one (additionalProperties of JSON schema).
    "get_queryables": 0,
}


def test_a_client_that_is_generated_calls_every_operation(
    served_whole, interop: Path, tmp_path: Path
) -> None:
    with urlopen(f"{served_whole.url}/openapi.json", timeout=60) as answer:  # noqa: S310 - our own
        contract = json.load(answer)
    operations = [one for methods in contract["paths"].values() for one in methods.values()]
    kinds = {kind for one in operations for answer in one["responses"].values()
             for kind in answer.get("content", {})}  # fmt: skip
    files = {kind: "application/octet-stream" for kind in kinds
             if not kind.startswith("text/") and "json" not in kind}  # fmt: skip
    (tmp_path / "contract.json").write_text(json.dumps(contract), "utf-8")
    (tmp_path / "how.json").write_text(
        json.dumps({"literal_enums": True, "content_type_overrides": files}), "utf-8"
    )
    said = run(
        interop.with_name("openapi-python-client"), "generate", "--meta", "none", "--path",
        tmp_path / "contract.json", "--output-path", tmp_path / "generated", "--config",
        tmp_path / "how.json", cwd=tmp_path,
    )  # fmt: skip
    assert "WARNING" not in said
    answers = json.loads(run(interop, HERE / "generated_client.py", served_whole.url, tmp_path))
    assert len(answers) == len(operations)
    wrong = {name: answer for name, answer in answers.items() if not 200 <= answer["status"] < 308}
    assert {name: answer["status"] for name, answer in wrong.items()} == REFUSED, wrong
