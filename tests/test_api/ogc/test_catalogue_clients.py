"""pystac, pystac-client, OWSLib and rdflib read the catalogue of a real server, and rasterio a
raster by ranges. Oracle: what the store says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import rasterio

from api.workspace.workspace import Workspace
from layers.builtin import RECIPE_VERSION
from layers.model import Sensitivity

HERE = Path(__file__).parent / "clients"

pytestmark = pytest.mark.slow


def run(*command: object, **more: object) -> str:
    done = subprocess.run(
        [str(one) for one in command], capture_output=True, encoding="utf-8", check=False,
        timeout=300, **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.interop
def test_stac_and_dcat_readers_find_everything(
    served_whole, workspace: Workspace, interop: Path
) -> None:
    said = json.loads(run(interop, HERE / "stac_client.py", served_whole.url))
    layers = {f"{one.layer_id}@{one.number}" for one in workspace.store.current()}
    rasters = {one.label for one in workspace.rasters.current()}
    assert said["collections"] == ["layers", "rasters", "statistics", "publications"]
    assert set(said["items"]) == layers | rasters | {f"built-in@{RECIPE_VERSION}"}
    assert said["paged"] == said["items"]
    assert sorted(said["near"]) == ["demo_cover_kunming@1", "demo_dem_kunming@1"]
    assert said["asset"] == f"{served_whole.url}/rasters/demo_dem_kunming@1.tif"
    assert said["status"] == "demonstration"
    assert said["records"] == said["collections"]
    assert said["matched"] == 1
    assert said["public"] == sorted(
        f"{one.layer_id}@{one.number}"
        for one in workspace.store.current()
        if one.spec.sensitivity is Sensitivity.PUBLIC
    )
    assert said["files"] >= 10 * len(said["public"])


READ = """
import json, sys
import rasterio
from rasterio.windows import Window
with rasterio.open(sys.argv[1]) as file:
    part = file.read(1, window=Window(500, 500, 8, 8))
    print(json.dumps({"values": part.tolist(), "crs": file.crs.to_epsg(), "tiled": file.is_tiled,
                      "overviews": file.overviews(1)}))
"""


def test_rasterio_reads_a_part_by_ranges(served_whole, workspace: Workspace) -> None:
    # A process of its own: in the product's, GDAL has no drivers that open addresses.
    version = workspace.rasters.get("demo_dem_kunming")
    address = f"{served_whole.url}/rasters/{version.label}.tif"
    env = {"CPL_VSIL_NETWORK_STATS_ENABLED": "YES", "CPL_VSIL_SHOW_NETWORK_STATS": "YES",
           "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "NO_PROXY": "127.0.0.1"}  # fmt: skip
    answer, _, stats = run(sys.executable, "-P", "-c", READ, address, env=env).partition("\n")
    said = json.loads(answer)
    with rasterio.open(version.path) as file:
        assert said["values"] == file.read(1, window=((500, 508), (500, 508))).tolist()
        assert said["crs"] == file.crs.to_epsg()
    assert said["tiled"] is True
    assert said["overviews"]
    got = json.loads(stats[stats.index("{") :])["methods"]["GET"]
    assert 0 < got["downloaded_bytes"] < version.path.stat().st_size / 4


@pytest.mark.interop
def test_the_python_of_the_guide_runs(served_whole, interop: Path, tmp_path: Path) -> None:
    text = (HERE.parents[3] / "docs" / "ogc.md").read_text("utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.S)
    # What the product has goes first, and what is installed apart after it.
    apart = str(next(interop.parents[1].glob("lib/*/site-packages")))
    block = block.replace("http://127.0.0.1:8000", served_whole.url)
    script = tmp_path / "guide.py"
    script.write_text(f"import sys\nsys.path.append({apart!r})\n{block}", encoding="utf-8")
    run(sys.executable, "-P", script, env={"NO_PROXY": "127.0.0.1"})
