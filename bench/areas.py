"""Ellipsoidal areas: the kernel and the closed form beside Geod, EPSG:6933 and the series."""

import numpy as np
import shapely
from pyproj import Geod, Transformer

from bench import made_up
from bench.overlap import EXTENT
from bench.table import Row, cpu_s, shown
from geo.kernel.pairs import polygon_areas
from geo.kernel.ragged import from_shapely
from geo.measure.area import area_lonlat_m2, national_area_lonlat_m2
from geo.measure.ellipsoid import FLATTENING, SEMI_MAJOR_M


def run(count: int) -> None:
    shapes = shapely.orient_polygons(made_up.parcels(count, EXTENT, seed=1))
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    ragged = from_shapely(shapes)
    polygon_areas(ragged, ellipsoidal=True)
    kernel_s, areas = cpu_s(lambda: polygon_areas(ragged, ellipsoidal=True), 5)
    geod = Geod(a=SEMI_MAJOR_M, rf=1.0 / FLATTENING)
    to_equal = Transformer.from_crs("EPSG:4490", "EPSG:6933", always_xy=True)

    def equal_area() -> np.ndarray:
        moved = shapely.transform(
            shapes, lambda xy: np.column_stack(to_equal.transform(xy[:, 0], xy[:, 1]))
        )
        return shapely.area(moved)

    contestants = {
        "closed form, numpy, from shapely": lambda: area_lonlat_m2(shapes),
        "national series, numpy, 200 m pieces": lambda: national_area_lonlat_m2(shapes),
        "EPSG:6933 by pyproj, shapely.area": equal_area,
        "pyproj.Geod (geodesic edges)": lambda: np.array(
            [geod.geometry_area_perimeter(shape)[0] for shape in shapes]
        ),
        "planar shapely.area, for scale": lambda: shapely.area(shapes),
    }
    what = f"area, {vertices:,} vertices"
    note = f"{1e9 * kernel_s / vertices:.0f} ns a vertex"
    shown([Row(what=what, who="kernel", seconds=kernel_s, note=note)], kernel_s)
    for who, work in contestants.items():
        seconds, found = cpu_s(work)
        note = (
            "" if "planar" in who else f"differs by {np.abs(found / areas - 1).max():.1e} at most"
        )
        shown([Row(what=what, who=who, seconds=seconds, note=note)], kernel_s)
    if np.abs(area_lonlat_m2(shapes) / areas - 1).max() > 1e-12:
        raise SystemExit("the closed form and the kernel disagree")
