"""Angles with their signs, in lists and tables. Oracle: the same corners as decimal degrees."""

import pytest
import shapely

from layers.errors import BadLineError
from layers.model import ReadOptions
from layers.readers import Source, read_sites

HEADER = "[属性描述]\n坐标系=2000国家大地坐标系\n{unit}[地块坐标]\n4,,1,甲,面,,,,@\n"
# (24.9760, 102.7990) and on: whole tenths of seconds, so that no digit is lost.
CORNERS = [((24, 58, 33.6), (102, 47, 56.4)), ((24, 58, 33.6), (102, 48, 14.4)),
           ((24, 58, 15.6), (102, 48, 14.4)), ((24, 58, 15.6), (102, 47, 56.4))]  # fmt: skip
WAYS = {
    "signs": "{0}°{1}′{2}″", "words": "{0}度{1}分{2}秒", "quotes": "{0}°{1}'{2}\"",
    "colons": "{0}:{1}:{2}", "minutes": "{0}°{3:.6f}′", "degrees": "{4:.8f}°",
}  # fmt: skip


def written(angle: tuple[int, int, float], way: str) -> str:
    degrees, minutes, seconds = angle
    minute = minutes + seconds / 60
    return WAYS[way].format(degrees, minutes, seconds, minute, degrees + minute / 60)


def txt(way: str, unit: str = "", *, ring: str = ",1") -> str:
    rows = (
        f"J{n}{ring},{written(north, way)},{written(east, way)}\n"
        for n, (north, east) in enumerate(CORNERS, 1)
    )
    return HEADER.format(unit=unit) + "".join(rows)


def table(way: str) -> str:
    rows = (
        f"J{n},{written(north, way)},{written(east, way)}\n"
        for n, (north, east) in enumerate(CORNERS, 1)
    )
    return "点号,纬度,经度\n" + "".join(rows)


def read(text: str, name: str = "a.txt"):
    source = Source(name=name, files={name: text.encode()})
    return read_sites(source, ReadOptions(crs="EPSG:4490"), counties=None)


def corners(sites) -> list[tuple[float, float]]:
    ring = shapely.get_exterior_ring(sites.sites.geometries[0])
    return sorted(set(map(tuple, shapely.get_coordinates(ring).round(7).tolist())))


EXPECTED = sorted({(102.799, 24.976), (102.804, 24.976), (102.804, 24.971), (102.799, 24.971)})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("unit", ["", "计量单位=度\n", "计量单位=度分秒\n"])
def test_a_list_of_points_reads_signs(way: str, unit: str) -> None:
    sites = read(txt(way, unit))
    assert corners(sites) == EXPECTED
    assert not [one.code for one in sites.report.issues if one.code.startswith("degrees_")]
    assert sites.sites.doubts == ()


@pytest.mark.parametrize("way", WAYS)
def test_a_table_and_a_list_without_ring_numbers_read_them_too(way: str) -> None:
    assert corners(read(table(way), "a.csv")) == corners(read(txt(way, ring=""))) == EXPECTED


@pytest.mark.parametrize("text", [txt("signs"), table("signs")], ids=["txt", "csv"])
@pytest.mark.parametrize("plain", ["24.971", "24.58156"])
def test_one_number_without_signs_among_others_is_refused(text: str, plain: str) -> None:
    changed = text.replace("24°58′15.6″,102°47′56.4″", f"{plain},102.799")
    assert changed != text
    with pytest.raises(BadLineError) as caught:
        read(changed, "a.txt" if text.startswith("[") else "a.csv")
    assert caught.value.params["line"] == len(text.splitlines())


@pytest.mark.parametrize("angle", ["24°60′15.6″", "24°58′60″", "24.5°58′", "24°x′", "°58′"])
def test_what_is_no_angle_is_refused_by_its_line(angle: str) -> None:
    with pytest.raises(BadLineError) as caught:
        read(txt("signs").replace("24°58′15.6″,102°47′56.4″", f"{angle},102°47′56.4″"))
    assert caught.value.params["line"] == 8
