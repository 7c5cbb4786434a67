"""Areas of polygons, ring by ring."""

from geo.kernel.jit import compile_lazily
from geo.kernel.ragged import Floats, Ragged
from geo.kernel.series import fill_ellipsoid, fill_plane, mean_below, series_room


@compile_lazily
def fill_areas(polygons: Ragged, areas: Floats, ellipsoidal: bool) -> None:  # noqa: FBT001
    """Write the area of every feature, its rings with their signs."""
    means = series_room()
    for feature in range(len(polygons.features) - 1):
        areas[feature] = polygon_area(polygons, feature, means, ellipsoidal)


@compile_lazily
def polygon_area(polygons: Ragged, at: int, means: Floats, ellipsoidal: bool) -> float:  # noqa: FBT001
    """Return the area of one feature; ``means`` is room for a series."""
    total = 0.0
    for ring in range(polygons.features[at], polygons.features[at + 1]):
        total += ring_area(polygons, ring, means, ellipsoidal)
    return total


@compile_lazily
def ring_area(polygons: Ragged, ring: int, means: Floats, ellipsoidal: bool) -> float:  # noqa: FBT001
    """Return the signed area of a ring: the ground below its edges, westward ones positive."""
    xy, start, stop = polygons.xy, polygons.rings[ring], polygons.rings[ring + 1]
    if stop - start < 4:
        return 0.0
    south, north = xy[start, 1], xy[start, 1]
    for at in range(start, stop):
        south, north = min(south, xy[at, 1]), max(north, xy[at, 1])
    degree = fill_ellipsoid(south, north - south, means) if ellipsoidal else fill_plane(means)
    total = 0.0
    for at in range(start, stop - 1):
        low, high = xy[at, 1] - south, xy[at + 1, 1] - south
        total += (xy[at, 0] - xy[at + 1, 0]) * mean_below(low, high, means, degree)
    return total
