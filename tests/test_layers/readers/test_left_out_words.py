"""What was not read is said in the person's language, with its layer and the way out.

Oracle: the words that each of these must have, by hand.
"""

import ast
import io
import re
from pathlib import Path

import ezdxf
import geopandas as gpd
import pytest
import shapely

import layers
from api.workspace.answers import report_out
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from maps.document.reading import ledger_sum, left_out_text
from maps.i18n import LANGUAGES, tr

RING = [(102.77, 24.93), (102.78, 24.93), (102.78, 24.94), (102.77, 24.94), (102.77, 24.93)]
XY = " ".join(f"{x},{y}" for x, y in RING)
AREA = (
    f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{XY}</coordinates></LinearRing>"
    "</outerBoundaryIs></Polygon>"
)
LINE = f"<LineString><coordinates>{XY}</coordinates></LineString>"
OPEN = f"<LineString><coordinates>{' '.join(XY.split()[:-1])}</coordinates></LineString>"
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


def placemark(name: str, shape: str) -> str:
    return f"<Placemark><name>{name}</name>{shape}</Placemark>"


def said(data: bytes, **options: str) -> dict[str, list[str]]:
    source = Source(name="a", files={"a": data})
    ledger = report_out(read_sites(source, ReadOptions(**options), counties=None).report).ledger
    return {
        lang: [ledger_sum(ledger, lang), *(left_out_text(one, lang) for one in ledger.left_out)]
        for lang in LANGUAGES
    }


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (LINE, {"zh": ["红线", "闭合", "转为面"], "en": ["红线", "closed", "polygon"]}),
        (OPEN, {"zh": ["红线", "是线"], "en": ["红线", "is a line"]}),
        (
            f"<MultiGeometry>{AREA}{LINE.replace('102.7', '102.6')}</MultiGeometry>",
            {"zh": ["红线", "线", "改为面"], "en": ["红线", "lines beside", "polygons"]},
        ),
    ],
    ids=["closed", "open", "beside an area"],
)
def test_closed_lines_of_kml(shape: str, words: dict[str, list[str]]) -> None:
    data = KML.format(placemark("地块", AREA) + placemark("红线", shape)).encode()
    for lang, texts in said(data).items():
        for word in words[lang]:
            assert word in texts[1], (lang, texts)


def drawing() -> bytes:
    made = ezdxf.new("R2010")
    for layer, dx in (("用地", 0), ("红线", 500)):
        ring = [(580_000 + dx + x, 2_764_000 + y) for x, y in ((0, 0), (90, 0), (90, 90), (0, 90))]
        made.modelspace().add_lwpolyline(ring, close=True, dxfattribs={"layer": layer})
    stream = io.StringIO()
    made.write(stream)
    return stream.getvalue().encode()


def geopackage(folder: Path) -> bytes:
    path = folder / "a.gpkg"
    frame = gpd.GeoDataFrame({"n": ["甲"]}, geometry=[shapely.Polygon(RING)], crs=4490)
    for layer in ("用地", "红线"):
        frame.to_file(path, layer=layer)
    return path.read_bytes()


@pytest.mark.parametrize("form", ["dxf", "gpkg"])
def test_layers_that_were_not_chosen(form: str, tmp_path: Path) -> None:
    data, crs = (drawing(), "EPSG:4543") if form == "dxf" else (geopackage(tmp_path), "EPSG:4490")
    texts = said(data, layer="用地", crs=crs)
    assert [text for text in texts["zh"][1:] if "红线" in text and "未读入" in text]
    assert [text for text in texts["en"][1:] if '"红线"' in text and "not read" in text]
    assert "整个未读入" in texts["zh"][0]
    assert "not read at all: 1" in texts["en"][0]


def test_every_reason_in_the_readers_has_words_in_both_languages() -> None:
    """Reasons stand in the source as the argument ``reason`` of an entry; each has words."""
    found = set()
    for path in Path(next(iter(layers.__path__)), "readers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "reason":
                consts = [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant)]
                found |= {one for one in consts if isinstance(one, str) and "_" in one}
    assert {"coordinates_beside", "no_points", "lies_beside"} <= found
    for lang in LANGUAGES:
        for reason in sorted(found):
            words = tr(f"left_out.{reason}", lang, found="x", crs="x", text="x", lon=1, lat=1,
                       bounds="x", area_m2=1, least_m2=1)  # fmt: skip
            assert not re.search(r"left_out\.|\{", words), (lang, reason)
