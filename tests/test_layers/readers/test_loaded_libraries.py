"""Reading a file opens no library of the folder that a person stands in.

Oracle: the loader of glibc, which tells every file that it is asked for; and the same run with
the option that names one, in which it tells of it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from layers.model import LayerFrame
from layers.store.geopackage import write_geopackage

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "readers"
NAMES = ("NO", "YES", "ON", "OFF", "TRUE", "FALSE", "0", "1")
READS = """
import sys
from pathlib import Path
from geo.errors import PlanningError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
read = 0
for path in map(Path, sys.argv[1:]):
    source = Source(name=path.name, files={path.name: path.read_bytes()})
    read += len(read_sites(source, ReadOptions(), counties=None).features)
print(read)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks the loader of glibc")


def opened_here(folder: Path, files: list[Path], **extra: str) -> tuple[int, set[str]]:
    """Read files in a process of its own; return how many sites there are, and what was opened."""
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "LD_DEBUG": "files", "LD_LIBRARY_PATH": str(folder),
        **extra,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-P", "-c", READS, *map(str, files)],
        cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    asked = {word.partition("file=")[2] for word in done.stderr.split() if "file=" in word}
    return int(done.stdout), {name for name in NAMES if asked & {name, f"{name}.so"}}


@pytest.mark.slow
def test_no_library_is_opened_by_the_name_of_an_option(tmp_path: Path) -> None:
    import _ctypes

    import geopandas as gpd
    import shapely

    here = tmp_path / "here"
    here.mkdir()
    for name in NAMES:
        for file in (name, f"{name}.so", f"lib{name}.so"):
            shutil.copy(_ctypes.__file__, here / file)
    features = gpd.GeoDataFrame(
        {"feature_id": ["a"]}, geometry=[shapely.box(102, 25, 102.01, 25.01)], crs="EPSG:4490"
    )
    package = tmp_path / "x.gpkg"
    write_geopackage(LayerFrame(features=features, coverage=None), package)
    files = [package, *(GOLDEN / f"sites.{kind}" for kind in ("fgb", "gdb.zip", "gml", "kml"))]
    assert opened_here(here, files) == (9, set())
    # What the oracle tells where a library is named.
    assert opened_here(here, files, OGR_SQLITE_LOAD_EXTENSIONS="NO") == (9, {"NO"})
