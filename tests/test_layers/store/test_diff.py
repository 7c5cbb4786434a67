"""What changed between two versions, on squares made by hand."""

import geopandas as gpd
import pytest
import shapely

from geo.measure.area import ellipsoidal_area_m2
from layers.store.diff import compare


def frame(rows: dict[str, tuple[float, str]]) -> gpd.GeoDataFrame:
    """Squares of 0.01 degrees at a longitude, with a use."""
    squares = [shapely.box(lon, 25.0, lon + 0.01, 25.01) for lon, _ in rows.values()]
    return gpd.GeoDataFrame(
        {"feature_id": list(rows), "use": [use for _, use in rows.values()]},
        geometry=squares,
        crs="EPSG:4490",
    )


def test_added_removed_moved_and_renamed_are_told_apart() -> None:
    old = frame({"a": (102.0, "x"), "b": (102.1, "x"), "c": (102.2, "x"), "d": (102.3, "x")})
    new = frame({"a": (102.0, "x"), "c": (102.25, "x"), "d": (102.3, "y"), "e": (102.4, "x")})
    found = compare(old, new)
    assert [(one.feature_id, one.change) for one in found.changes] == [
        ("b", "removed"),
        ("e", "added"),
        ("c", "moved"),
        ("d", "renamed"),
    ]
    assert found.same_count == 1
    assert found.changes[3].attributes == ("use",)
    # Second method: the area function on the one square.
    expected = float(ellipsoidal_area_m2(old.geometry.iloc[[1]]).iloc[0])
    assert found.changes[0].area_before_m2 == pytest.approx(expected)
    assert found.changes[0].area_after_m2 is None


def test_a_renumbered_file_is_renamed_and_not_replaced() -> None:
    found = compare(frame({"1": (102.0, "x")}), frame({"9": (102.0, "x")}))
    (change,) = found.changes
    assert (change.change, change.attributes) == ("renamed", ("feature_id",))


def test_another_reference_system_moves_nothing() -> None:
    # Property: the same ground in a Gauss-Krueger plane and back is the same ground.
    old = frame({"a": (102.0, "x"), "b": (102.1, "x")})
    plane = old.set_geometry(
        gpd.GeoSeries(shapely.segmentize(old.geometry.to_numpy(), 0.0003), crs="EPSG:4490")
    )
    there_and_back = plane.to_crs("EPSG:4543").to_crs("EPSG:4490")
    assert compare(plane, there_and_back).changes == ()


def test_comparing_the_other_way_swaps_added_and_removed() -> None:
    old, new = frame({"a": (102.0, "x")}), frame({"b": (102.2, "x")})
    there = {(c.feature_id, c.change) for c in compare(old, new).changes}
    back = {(c.feature_id, c.change) for c in compare(new, old).changes}
    swap = {"added": "removed", "removed": "added"}
    assert there == {(name, swap[change]) for name, change in back}
