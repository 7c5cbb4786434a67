"""Maps for print. Oracles: pixels measured on the PNG, PROJ for the ground, the SVG's text."""

import io
import threading

import matplotlib as mpl
import numpy as np
import pytest
import shapely
from PIL import Image
from pyproj import Transformer

from maps.figure.extent import extent_of
from maps.figure.lettering import legible, wrap_text
from maps.figure.model import A3_MM, A4_MM, FigureLayer, MapSheet
from maps.figure.picture import MapPicture

TO_LONLAT = Transformer.from_crs(4543, 4490, always_xy=True)
RED = (225, 29, 72)


def ground_square(east_m: float, north_m: float, side_m: float) -> np.ndarray:
    """A square of the plane of zone 34, given in lon/lat."""
    box = shapely.box(east_m, north_m, east_m + side_m, north_m + side_m)
    return np.array(
        [shapely.transform(box, lambda xy: np.column_stack(TO_LONLAT.transform(*xy.T)))],
        dtype=object,
    )


def a_sheet(lang: str = "zh", **options: object) -> MapSheet:
    square = ground_square(578_000.0, 2_760_000.0, 80.0)
    site = FigureLayer(look="conflict", title="地块", geometries=square, names=("地块甲",))
    line = FigureLayer(look="ecological_red_line", title="生态保护红线", geometries=square[:0])
    return MapSheet(lang=lang, layers=(line, site), focus=square, **options)


def pixels(sheet: MapSheet, dpi: float) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(MapPicture(sheet=sheet).png(dpi))).convert("RGB"))


def test_a_length_on_paper_is_the_length_on_the_ground_at_the_printed_scale() -> None:
    # 10 pixels a millimetre; 80 m at 1:1000 are 80 mm. Pure roles have an even colour.
    sheet = a_sheet()
    assert extent_of(sheet, (118.0, 105.0)).denominator == 1000.0
    image = pixels(sheet, 254.0).astype(int)
    tinted = (np.abs(image - np.array([238, 140, 164])).sum(axis=2) < 60).sum(axis=1)
    assert np.percentile(tinted[tinted > 300], 90) == pytest.approx(800, abs=8)


@pytest.mark.parametrize(
    ("ground_m", "denominator"),
    [(80.0, 1000.0), (150.0, 2000.0), (190.0, 2500.0), (800.0, 10_000.0)],
)
def test_the_scale_is_the_largest_usual_one_that_holds_the_focus(
    ground_m: float, denominator: float
) -> None:
    # By hand: a frame of 100 mm at 1:1000 shows 100 m; 24 % of margin leave 80.6 m.
    focus = ground_square(578_000.0, 2_760_000.0, ground_m)
    sheet = MapSheet(lang="zh", layers=(), focus=focus)
    assert extent_of(sheet, (100.0, 100.0)).denominator == denominator


def test_the_focus_is_in_the_middle_of_the_frame() -> None:
    extent = extent_of(a_sheet(), (118.0, 105.0))
    west, south, east, north = extent.bounds_m
    assert ((west + east) / 2.0, (south + north) / 2.0) == pytest.approx(
        (578_040.0, 2_760_040.0), abs=0.01
    )
    assert extent.plane.to_epsg() == 4543


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size_mm", [(165.0, 112.0), A4_MM, A3_MM])
def test_the_same_sheet_gives_the_same_bytes_in_every_form(
    lang: str, size_mm: tuple[float, float]
) -> None:
    sheet = a_sheet(lang, size_mm=size_mm, title="图", mark="演示数据", foot=("审图号：",))
    picture = MapPicture(sheet=sheet)
    assert picture.svg() == picture.svg()
    assert picture.png(60.0) == picture.png(60.0)
    assert picture.pdf() == picture.pdf()


def test_the_png_has_the_size_of_the_sheet() -> None:
    height, width, _ = pixels(a_sheet(size_mm=A4_MM), 100.0).shape
    assert (width, height) == pytest.approx((1169, 827), abs=1)


def test_a_map_asks_for_nothing_from_outside_and_holds_no_script() -> None:
    svg = MapPicture(sheet=a_sheet(mark="演示数据")).svg().decode("utf-8")
    assert "<script" not in svg
    assert "<image" not in svg
    assert [part for part in svg.split("href=")[1:] if not part.startswith('"#')] == []


def test_a_mark_is_seen_across_the_map() -> None:
    plain, marked = pixels(a_sheet(), 60.0), pixels(a_sheet(mark="演示数据"), 60.0)
    changed = (plain != marked).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert np.ptp(columns) > 0.3 * plain.shape[1]
    assert np.ptp(rows) > 0.2 * plain.shape[0]


@pytest.mark.parametrize("name", ["$x^2$", "\\frac{1", "😀 地块", "<b>&amp;", "𠮷骉" * 40, "a\nb"])
def test_any_name_is_drawn_and_none_is_a_formula(name: str) -> None:
    # Warnings are errors: a missing character or a broken formula would end this test.
    square = ground_square(578_000.0, 2_760_000.0, 80.0)
    layer = FigureLayer(look="site", title=name, geometries=square, names=(name,))
    assert MapPicture(sheet=MapSheet(lang="zh", layers=(layer,), focus=square)).svg()


def test_unknown_characters_become_boxes() -> None:
    assert legible("甲😀\n乙") == "甲□\n乙"


def test_no_line_is_wider_than_asked() -> None:
    text = "CGCS2000 高斯-克吕格 3° 带投影，中央经线 102°E（EPSG:4543） " + "x" * 50
    lines = wrap_text(text, 16)
    widths = [sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in lines]
    assert max(widths) <= 17  # a closing mark may hang over
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_drawing_leaves_no_trace_in_matplotlib() -> None:
    # The backend is looked up when somebody asks for it, here the comparison itself.
    def settings() -> dict[str, object]:
        return {name: mpl.rcParams[name] for name in mpl.rcParams if name != "backend"}

    before = settings()
    MapPicture(sheet=a_sheet()).svg()
    assert settings() == before


def test_threads_draw_the_same() -> None:
    drawn: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: drawn.append(MapPicture(sheet=a_sheet()).svg()))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(drawn)) == 1
    assert len(drawn) == 3
