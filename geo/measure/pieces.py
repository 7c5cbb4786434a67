"""How much there is to measure: edges by the pieces that they are cut into."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import MAX_EDGE_M, MAX_LONLAT_EDGE_M, METRES_PER_DEGREE, require_crs


def cut_counts(polygons: gpd.GeoSeries) -> npt.NDArray[np.int64]:
    """Return how many pieces the edges of polygons are cut into where they are measured.

    Parameters
    ----------
    polygons : GeoSeries of Polygon or MultiPolygon
        With a CRS; projected edges count by :data:`geo.crs.MAX_EDGE_M`, others by
        :data:`geo.crs.MAX_LONLAT_EDGE_M`.

    Raises
    ------
    MissingCrsError
        The series has no CRS.

    Examples
    --------
    Sides of 1 km and 25 m, each twice, in metres and in degrees:

    >>> plot = shapely.box(500000, 2760000, 501000, 2760025)
    >>> cut_counts(gpd.GeoSeries([plot], crs="EPSG:4543")).tolist()
    [42]
    >>> degrees = shapely.transform(plot, lambda xy: xy / 111_320.0)
    >>> cut_counts(gpd.GeoSeries([degrees], crs="EPSG:4490")).tolist()
    [12]
    """
    crs = require_crs(polygons)
    longest = MAX_LONLAT_EDGE_M / METRES_PER_DEGREE
    if crs.is_projected:
        longest = MAX_EDGE_M / crs.axis_info[0].unit_conversion_factor
    parts, owner = shapely.get_parts(polygons.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    # A little less, so that an edge of exactly the longest piece is one of them.
    pieces = np.ceil(np.hypot(*np.diff(xy, axis=0)[joined].T) / longest - 1e-9)
    of_edge = owner[part[ring[:-1][joined]]]
    return np.bincount(of_edge, np.maximum(pieces, 1), len(polygons)).astype(np.int64)
