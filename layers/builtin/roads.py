"""Demonstration roads, lines and points of access: made up, in no way real."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from layers.model import LayerFrame

Look = Mapping[str, Any]
_COLUMNS = ("feature_id", "name", "name_en", "highway", "oneway", "maxspeed", "geometry")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lattice:
    """Corners of a jittered lattice in a plane, shape (rows, columns, 2), and the water."""

    corners: npt.NDArray[np.float64]
    water: Any

    def road(self, *cells: tuple[int, int]) -> Any | None:  # noqa: ANN401 - shapely is untyped
        """Return the road over cells, None where it would run through water."""
        line = shapely.LineString([self.corners[row, column] for row, column in cells])
        return None if shapely.intersects(line, self.water) else line


def road_grid(look: Look, lakes: Any, area: Any) -> LayerFrame:  # noqa: ANN401 - shapely is untyped
    """Return a lattice of streets, an express road beside it, and a piece that nothing joins.

    ``look`` gives centre, seed, size in cells and their side in metres, and the share of streets
    that are left out or one-way. Water is kept free of roads.
    """
    plane, lonlat = local_plane(look["centre"][0]), parse_crs(GEOGRAPHIC)
    (middle,) = transform(np.array([shapely.Point(look["centre"])]), lonlat, plane)
    (water,) = transform(np.array([lakes], dtype=object), lonlat, plane)
    rng = np.random.default_rng(look["seed"])
    steps = (np.arange(look["cells"]) - (look["cells"] - 1) / 2.0) * look["side_m"]
    x, y = np.meshgrid(middle.x + steps, middle.y + steps)
    jitter = rng.uniform(-look["jitter_m"], look["jitter_m"], (*x.shape, 2))
    lattice = _Lattice(corners=np.stack([x, y], axis=-1) + jitter, water=water)
    rows = [*_streets(lattice, look, rng), *_express(lattice, look), *_apart(lattice, look)]
    table = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    shapes = transform(np.array(table.pop("geometry"), dtype=object), plane, lonlat)
    frame = gpd.GeoDataFrame(table, geometry=list(shapes), crs=GEOGRAPHIC)
    return LayerFrame(features=frame, coverage=gpd.GeoSeries([area], crs=GEOGRAPHIC))


def _streets(
    lattice: _Lattice, look: Look, rng: np.random.Generator
) -> Iterator[tuple[object, ...]]:
    cells = range(look["cells"])
    for along, number in product(("row", "column"), cells):
        road_class = _class_of(number)
        zh, en = ("东西", "east-west") if along == "row" else ("南北", "north-south")
        names = f"演示{zh}路{number + 1}", f"Demo {en} road {number + 1}"
        for one, other in pairwise(cells):
            ends = [(number, at) if along == "row" else (at, number) for at in (one, other)]
            dice = rng.random(2)
            line = lattice.road(*ends)
            minor = road_class in {"tertiary", "residential"}
            if line is None or (minor and dice[0] < look["left_out"]):
                continue
            oneway = "yes" if minor and dice[1] < look["one_way"] else "no"
            limit = "60" if road_class == "primary" else None
            own_id = f"road-{along}-{number + 1:02d}-{one + 1:02d}"
            yield own_id, *names, road_class, oneway, limit, line


def _class_of(number: int) -> str:
    if number % 8 == 0:
        return "primary"
    if number % 4 == 0:
        return "secondary"
    return "tertiary" if number % 2 == 0 else "residential"


def _express(lattice: _Lattice, look: Look) -> Iterator[tuple[object, ...]]:
    """Yield two carriageways north of the lattice, with ramps at both ends and in the middle."""
    top, last = look["cells"] - 1, look["cells"] - 1
    stops = (0, last // 2, last)
    ways = (("东行", "eastbound", 600.0, stops), ("西行", "westbound", 640.0, stops[::-1]))
    for zh, en, offset_m, order in ways:
        points = [lattice.corners[top, column] + [0.0, offset_m] for column in order]
        line = shapely.LineString(points)
        names = f"演示高速{zh}", f"Demo motorway {en}"
        yield f"road-express-{offset_m:.0f}", *names, "motorway", "yes", "100", line
        for column, point in zip(order, points, strict=True):
            ramp = shapely.LineString([point, lattice.corners[top, column]])
            own_id = f"road-ramp-{offset_m:.0f}-{column:02d}"
            yield own_id, f"演示匝道{zh}", f"Demo ramp {en}", "motorway_link", "no", None, ramp


def _apart(lattice: _Lattice, look: Look) -> Iterator[tuple[object, ...]]:
    """Yield a few roads east of the lattice that join nothing: data have such pieces."""
    start = lattice.corners[look["cells"] // 2, -1] + [1500.0, 0.0]
    side_m = look["side_m"]
    corners = start + np.array([[0, 0], [side_m, 0], [side_m, side_m], [0, side_m], [0, 0]])
    for number, ends in enumerate(pairwise(corners), start=1):
        line = shapely.LineString(ends)
        yield (
            f"road-apart-{number}",
            "演示断开路段",
            "Demo road apart",
            "unclassified",
            "no",
            None,
            line,
        )


def drawn_shapes(look: Look, area: Any) -> LayerFrame:  # noqa: ANN401 - shapely is untyped
    """Return points or lines that a data file lists: ``name``, ``name_en`` and ``at``."""
    rows = look["shapes"]
    shapes = [
        shapely.Point(row["at"]) if np.ndim(row["at"]) == 1 else shapely.LineString(row["at"])
        for row in rows
    ]
    table = {
        "feature_id": [f"{look['prefix']}-{number}" for number in range(1, len(rows) + 1)],
        "name": [row["name"] for row in rows],
        "name_en": [row["name_en"] for row in rows],
    }
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs=GEOGRAPHIC)
    return LayerFrame(features=frame, coverage=gpd.GeoSeries([area], crs=GEOGRAPHIC))
