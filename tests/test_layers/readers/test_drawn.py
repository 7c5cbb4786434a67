"""Boundaries as they were drawn: every own point, and no other, exactly, with its own number.

Oracle: the ring that was written. Its points part straight edges into equal pieces of any
length, the 50 m of the cuts that reading makes among them.
"""

import io
import json

import ezdxf
import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.check.own_points import added_positions, drop_added
from geo.measure.crs import move_points, parse_crs
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.store.boundary_txt import boundary_txt, list_rings

ORIGIN = {
    "EPSG:4543": (580_000.0, 2_760_000.0),
    "EPSG:4522": (34_580_000.0, 2_760_000.0),
    "EPSG:32648": (270_000.0, 2_760_000.0),
}
LONLAT = parse_crs("EPSG:4490")
MILLIMETRES = st.one_of(st.integers(9_000, 400_000), st.sampled_from([25_000, 50_000, 100_000]))


@st.composite
def drawn_polygons(draw):
    """Parallelograms whose edges are parted into equal steps, some around a hole like them."""
    along = np.array([draw(MILLIMETRES), draw(st.sampled_from([0, 7_000, -33_000]))])
    up = np.array([draw(st.sampled_from([0, 1_000, -9_000])), draw(MILLIMETRES)])
    shape = draw(st.integers(3, 7)), draw(st.integers(3, 6))

    def ring(corner, counts):
        steps = np.repeat([along, up, -along, -up], (*counts, *counts), axis=0)
        return (corner + np.vstack([[0, 0], np.cumsum(steps, axis=0)[:-1]])) / 1000.0

    holes = [ring(along + up, (1, 1))] if draw(st.booleans()) else []
    turned = -1 if draw(st.booleans()) else 1
    return [one[::turned] for one in (ring(np.zeros(2), shape), *holes)]


def closed(ring):
    return [*ring.tolist(), ring[0].tolist()]


def as_geojson(rings, crs):
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [closed(ring) for ring in rings]},
    }
    named = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{crs.replace(':', '::')}"}}
    text = json.dumps({"type": "FeatureCollection", "crs": named, "features": [feature]})
    return {"site.geojson": text.encode()}


def as_txt(rings, _):
    rows = [f"{sum(map(len, rings))},0,D1,一号,面,,,,@"]
    number = 100
    for at, ring in enumerate(rings, start=1):
        names = [f"J{number + step}" for step in range(len(ring))]
        number += len(ring)
        points = zip([*names, names[0]], closed(ring), strict=True)
        rows += [f"{name},{at},{y!r},{x!r}" for name, (x, y) in points]
    return {"site.txt": ("[地块坐标]\n" + "\n".join(rows)).encode()}


def as_table(rings, _):
    rows = ["点号,圈号,X,Y"]
    number = 1
    for at, ring in enumerate(rings, start=1):
        for x, y in closed(ring):
            closing = [x, y] == ring[0].tolist() and rows[-1].split(",")[1] == str(at)
            rows.append(f"{number if not closing else number - len(ring)},{at},{y!r},{x!r}")
            number += not closing
    return {"site.csv": "\n".join(rows).encode()}


def as_dxf(rings, _):
    document = ezdxf.new(units=6)
    hatch = document.modelspace().add_hatch()
    for ring in rings:
        hatch.paths.add_polyline_path(ring.tolist(), is_closed=True)
    out = io.StringIO()
    document.write(out)
    return {"site.dxf": out.getvalue().encode()}


def as_kml(rings, _):
    def text(ring):
        return " ".join(f"{x!r},{y!r}" for x, y in closed(ring))

    sides = ["outer", *["inner"] * (len(rings) - 1)]
    body = "".join(
        f"<{side}BoundaryIs><LinearRing><coordinates>{text(ring)}</coordinates></LinearRing>"
        f"</{side}BoundaryIs>"
        for side, ring in zip(sides, rings, strict=True)
    )
    return {
        "site.kml": (
            '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><Polygon>'
            f"{body}</Polygon></Placemark></Document></kml>"
        ).encode()
    }


@pytest.fixture(scope="module")
def as_shapefile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shp")

    def written(rings, crs):
        polygon = shapely.Polygon(rings[0], rings[1:])
        gpd.GeoDataFrame({"n": [1]}, geometry=[polygon], crs=crs).to_file(folder / "site.shp")
        return {one.name: one.read_bytes() for one in folder.iterdir() if one.suffix != ".cpg"}

    return written


def boundary(files, crs):
    name = next(one for one in files if not one.endswith((".dbf", ".shx", ".prj")))
    options = ReadOptions(crs=None if name.endswith((".kml", ".shp", ".geojson")) else crs)
    frame = read_sites(Source(name=name, files=files), options, counties=None)
    return frame, frame.sites.boundaries[0]


def places(rings):
    return sorted(tuple(xy) for ring in rings for xy in ring.tolist())


def own_places(polygon):
    rings = shapely.get_rings(shapely.get_parts(polygon))
    return places([shapely.get_coordinates(ring)[:-1] for ring in rings])


@pytest.mark.parametrize("crs", ORIGIN)
@pytest.mark.parametrize("form", ["geojson", "txt", "table", "dxf", "shapefile"])
@given(rings=drawn_polygons())
@settings(max_examples=8, deadline=None)
def test_every_own_point_is_kept_exactly_and_no_other(as_shapefile, form, crs, rings) -> None:
    if crs == "EPSG:32648" and form in ("txt", "table"):
        return
    moved = [ring + np.array(ORIGIN[crs]) for ring in rings]
    write = {"geojson": as_geojson, "txt": as_txt, "table": as_table, "dxf": as_dxf}
    frame, own = boundary(write.get(form, as_shapefile)(moved, crs), crs)
    assert own_places(own.polygon) == places(moved)
    assert parse_crs(own.crs) == parse_crs(crs)
    # In lon/lat all of them stand among those that were added.
    read = {tuple(xy) for xy in shapely.get_coordinates(frame.sites.geometries[0]).round(8)}
    lonlat = move_points(own.polygon, parse_crs(own.crs), LONLAT)
    assert read >= {tuple(xy) for xy in shapely.get_coordinates(lonlat).round(8)}


@pytest.mark.parametrize("form", [as_geojson, as_kml])
@given(rings=drawn_polygons())
@settings(max_examples=8, deadline=None)
def test_every_own_point_in_degrees_is_kept_exactly(form, rings) -> None:
    drawn = [np.round(np.array([102.7, 24.9]) + ring * 1e-5, 9) for ring in rings]
    frame, own = boundary(form(drawn, "EPSG:4490"), None)
    assert own_places(own.polygon) == places(drawn) == own_places(frame.sites.geometries[0])


@pytest.mark.parametrize("write", [as_txt, as_table])
@given(rings=drawn_polygons())
@settings(max_examples=15, deadline=None)
def test_a_list_of_points_comes_out_as_it_went_in(write, rings) -> None:
    """Number, ring, northing and easting of every point, in the order of the file."""
    moved = [ring + np.array(ORIGIN["EPSG:4522"]) for ring in rings]
    frame, own = boundary(write(moved, "EPSG:4522"), "EPSG:4522")
    text = boundary_txt(frame.features, numbers=[own.numbers]).decode("gb18030")
    start = next(at for at, row in enumerate(text.splitlines()) if row.endswith("@")) + 1
    found = [row.split(",") for row in text.splitlines()[start:]]
    (body,) = write(moved, "EPSG:4522").values()
    sent = [row.split(",") for row in body.decode().splitlines() if row.count(",") == 3]
    sent = [row for row in sent if row[1].isdecimal()]
    assert [(n, r, float(y), float(x)) for n, r, y, x in found] == [
        (n, r, float(y), float(x)) for n, r, y, x in sent
    ]


@given(rings=drawn_polygons())
@settings(max_examples=15, deadline=None)
def test_points_without_numbers_are_all_listed_and_numbered_through(rings) -> None:
    moved = [ring + np.array(ORIGIN["EPSG:4543"]) for ring in rings]
    _, own = boundary(as_geojson(moved, "EPSG:4543"), None)
    crs, ((*listed,),) = list_rings(gpd.GeoSeries([own.polygon], crs=own.crs), [own.numbers])
    assert crs == parse_crs("EPSG:4543")
    assert places([ring.xy for ring in listed]) == places(moved)
    count = sum(map(len, rings))
    assert [n for ring in listed for n in ring.numbers] == [f"J{n + 1}" for n in range(count)]


def test_a_ring_that_is_mended_keeps_the_numbers_of_its_points() -> None:
    """By hand: a figure eight J1 to J4 whose edges cross at (50, 50)."""
    eight = np.array([(0, 0), (100, 100), (100, 0), (0, 100)]) + np.array(ORIGIN["EPSG:4522"])
    _, own = boundary(as_txt([eight], None), "EPSG:4522")
    found = {
        number: (x - 34_580_000.0, y - 2_760_000.0)
        for number, (x, y) in zip(
            own.numbers, shapely.get_coordinates(own.polygon).tolist(), strict=True
        )
    }
    assert found == {
        "J100": (0, 0), "J101": (100, 100), "J102": (100, 0), "J103": (0, 100), "": (50, 50)
    }  # fmt: skip
    _, (rings,) = list_rings(gpd.GeoSeries([own.polygon], crs=own.crs), [own.numbers])
    named = [number for ring in rings for number in ring.numbers]
    assert sorted(named) == ["J100", "J101", "J102", "J103", "J104", "J105"]


def test_a_part_keeps_its_corners_and_loses_what_reading_added() -> None:
    """By hand: 1,000 x 600 m, cut at 50 m; a part takes the west up to x = 350 m.

    Its corners lie where reading has added points, and stay.
    """
    plane = parse_crs("EPSG:4543")
    drawn = np.array([(0, 0), (1000, 0), (1000, 600), (0, 600)]) + np.array(ORIGIN["EPSG:4543"])
    frame, own = boundary(as_geojson([drawn], "EPSG:4543"), None)
    added = added_positions(frame.sites.geometries[0], own)
    assert len(added) == 2 * (19 + 11)
    west = np.array([(x, 0) for x in range(0, 351, 50)] + [(x, 600) for x in range(350, -1, -50)])
    flat = shapely.Polygon(west + np.array(ORIGIN["EPSG:4543"]))
    left = drop_added(move_points(flat, plane, LONLAT), added, plane)
    corners = shapely.get_coordinates(left)[:-1] - np.array(ORIGIN["EPSG:4543"])
    np.testing.assert_allclose(corners, [(0, 0), (350, 0), (350, 600), (0, 600)], atol=1e-6)
