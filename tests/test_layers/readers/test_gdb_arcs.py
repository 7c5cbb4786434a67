"""Arcs of a File Geodatabase. Oracle: the area of a circle; the file is written by ogr2ogr."""

import io
import math
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from layers.model import ReadOptions
from layers.readers import Source, read_sites

RADIUS_DEG = 0.005
CIRCLE = (
    "CURVEPOLYGON (CIRCULARSTRING (102.77 24.935, 102.775 24.94, 102.78 24.935, "
    "102.775 24.93, 102.77 24.935))"
)


@pytest.mark.skipif(not shutil.which("ogr2ogr"), reason="gdal-bin writes the file")
def test_a_circle_of_a_geodatabase_is_not_cut_to_its_chords(tmp_path: Path) -> None:
    table, home = tmp_path / "c.csv", tmp_path / "c.gdb"
    table.write_text(f'id,geom\n1,"{CIRCLE}"\n', encoding="utf-8")
    subprocess.run(
        ["ogr2ogr", "-f", "OpenFileGDB", str(home), str(table), "-oo", "GEOM_POSSIBLE_NAMES=geom",
         "-a_srs", "EPSG:4490", "-nlt", "CURVEPOLYGON"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in home.iterdir():
            archive.write(path, f"c.gdb/{path.name}")
    source = Source(name="c.gdb.zip", files={"c.gdb.zip": packed.getvalue()})
    (shape,) = read_sites(source, ReadOptions(), counties=None).features.geometry
    # A square of chords would hold 2 / pi of it.
    assert shape.area == pytest.approx(math.pi * RADIUS_DEG**2, rel=2e-3)
