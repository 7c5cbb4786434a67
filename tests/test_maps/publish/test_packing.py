"""Packed coordinates. Oracle: what goes in comes out, to the last bit."""

import json

import shapely
from hypothesis import given
from hypothesis import strategies as st

from maps.publish.packing import pack, unpack

NUMBER = st.integers(-180_000_000, 180_000_000).map(lambda value: value / 1_000_000)
LINE = st.lists(st.tuples(NUMBER, NUMBER).map(list), min_size=2, max_size=6)
SHAPE = st.one_of(
    st.tuples(NUMBER, NUMBER).map(lambda at: {"type": "Point", "coordinates": list(at)}),
    LINE.map(lambda line: {"type": "LineString", "coordinates": line}),
    st.lists(LINE, min_size=1, max_size=3).map(
        lambda lines: {"type": "MultiLineString", "coordinates": lines}
    ),
    st.lists(st.lists(LINE, min_size=1, max_size=2), min_size=1, max_size=2).map(
        lambda areas: {"type": "MultiPolygon", "coordinates": areas}
    ),
)


@given(SHAPE)
def test_what_is_packed_comes_out_unchanged(shape: dict[str, object]) -> None:
    collection = {"type": "FeatureCollection", "features": [{"id": "a", "geometry": shape}]}
    assert unpack(json.loads(json.dumps(pack(collection)))) == collection


def test_an_area_is_steps_from_its_first_corner() -> None:
    square = json.loads(shapely.to_geojson(shapely.box(102.0, 25.0, 102.5, 25.5)))
    (feature,) = pack({"features": [{"geometry": square}]})["features"]
    # Half a degree up, half a degree west, and so on round.
    assert feature["geometry"]["steps"] == [
        [102500000, 25000000, 0, 500000, -500000, 0, 0, -500000, 500000, 0]
    ]
