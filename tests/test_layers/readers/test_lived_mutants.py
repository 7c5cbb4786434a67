"""Small changes of readers that no other test noticed. Oracle in each by hand."""

import geopandas as gpd
import pytest
import shapely

from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.encoding import decode_text
from layers.readers.html_table import read_html_tables
from layers.readers.sheets import read_sheet
from layers.readers.shift import is_conclusive, shift_limits
from layers.readers.source import DEFAULT_LIMITS

SQUARE = [(2_766_000, 500_000), (2_766_100, 500_000), (2_766_100, 500_100), (2_766_000, 500_100)]


def read(name: str, files: dict[str, bytes], **options: str):
    return read_sites(Source(name=name, files=files), ReadOptions(**options), counties=None)


@pytest.mark.parametrize("first", ["", "1"])
def test_an_empty_ring_number_is_that_of_the_outline(first: str) -> None:
    rings = [first, "1", "1", "1"]
    rows = "".join(
        f"J{n},{ring},{north},{east}\n"
        for n, (ring, (north, east)) in enumerate(zip(rings, SQUARE, strict=True), 1)
    )
    text = f"[地块坐标]\n4,1.0,1,甲,面,,,,@\n{rows}"
    sites = read("a.txt", {"a.txt": text.encode()}, crs="EPSG:4543")
    assert sites.report.ledger.left_out == ()
    # Ellipsoidal area of a square of 100 m of the plane, beside its meridian.
    assert sites.sites.areas_m2[0] == pytest.approx(10_000, rel=1e-3)


def test_the_members_of_a_shapefile_are_those_of_its_own_name(tmp_path) -> None:
    for name, shift in (("a", 0.0), ("b", 0.1)):
        shape = shapely.box(102.77 + shift, 24.93, 102.775 + shift, 24.935)
        gpd.GeoDataFrame({"n": [name]}, geometry=[shape], crs=4490).to_file(
            tmp_path / f"{name}.shp"
        )
    files = {path.name: path.read_bytes() for path in sorted(tmp_path.iterdir())}
    for name in ("a", "b"):
        assert read("z.zip", files, layer=name).features["n"].tolist() == [name]


def test_a_merged_cell_of_a_page_spans_the_columns_that_it_says() -> None:
    (table,) = read_html_tables(
        "<table><tr><td>a<td colspan=3>b<td>c<tr><td>1<td>2<td>3<td>4<td>5</table>"
    )
    assert table.merged == ((0, 1, 0, 3),)
    sheet = read_sheet(
        "a.xls", b"<html><table><tr><td>a<td colspan=3>b<td>c<tr><td>1<td>2<td>3<td>4<td>5</table>",
        sheet=None, declared_encoding="UTF-8", limits=DEFAULT_LIMITS,
    )  # fmt: skip
    assert sheet.fill_merged()[0] == ("a", "b", "b", "b", "c")
    # Down only: what lies beside the first cell stays empty.
    assert sheet.fill_merged(down_only=True)[0] == ("a", "b", None, None, "c")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3, 4, 2), True),
        ((4, 4, 0), False),
        ((3, 3, 0), False),
        ((2, 4, 3), False),
        ((3, 4, 3), True),
    ],
)
def test_a_whole_layer_abroad_is_shifted_only_if_it_comes_home(counts, expected) -> None:
    """As it is, shifted back and shifted twice: all are at home only without the shift."""
    assert is_conclusive(4, counts, shift_limits(), whole=True) is expected


def test_times_come_in_as_they_are_written(tmp_path) -> None:
    path = tmp_path / "a.gpkg"
    shape = shapely.box(102.77, 24.93, 102.775, 24.935)
    frame = gpd.GeoDataFrame({"at": ["2024-01-02T03:04:05"]}, geometry=[shape], crs=4490)
    frame["at"] = frame["at"].astype("datetime64[ms]")
    frame.to_file(path)
    found = read("a.gpkg", {"a.gpkg": path.read_bytes()}).features["at"].iloc[0]
    assert isinstance(found, str)
    assert found.startswith("2024-01-02T03:04:05")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "gb18030", "utf-8"])
@pytest.mark.parametrize("marked", [True, False])
def test_a_text_is_decoded_without_its_mark(encoding: str, marked: bool) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-8": b"\xef\xbb\xbf"}
    # All of it Chinese: nothing but the mark tells UTF-16.
    written = "地块坐标成果表点号" * 4
    if encoding in ("utf-16-le", "utf-16-be") and not marked:
        written = "J1,2755000,584000\n" * 4
    data = (marks.get(encoding, b"") if marked else b"") + written.encode(encoding)
    text, guess = decode_text("a.txt", data, "GB18030" if encoding == "gb18030" else None)
    assert text == written
    assert (guess.encoding or "").upper().startswith(encoding.upper()[:5])
