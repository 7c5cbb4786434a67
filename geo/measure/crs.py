"""CGCS2000 reference systems and transformation to and from lon/lat.

Nothing here has a default CRS. A feature's Gauss-Krueger zone follows from its own
longitude, never from the project: the three districts lie in three different zones.
"""

from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.errors import (
    CrsMismatchError,
    MissingCrsError,
    NonFiniteCoordinateError,
    NoTransformationError,
    OtherPlanetError,
    OutsideCrsError,
    UnknownCrsError,
)
from geo.measure.ellipsoid import SEMI_MAJOR_M
from geo.measure.restore import is_areal, keep_valid

GEOGRAPHIC: Final = "EPSG:4490"
"""CGCS2000 longitude and latitude in degrees, here always in the order lon, lat."""

MAX_EDGE_M: Final = 50.0
"""Longest piece of a projected edge after densification.

Between the ends of a 50 m piece, the straight line in lon/lat and that of a
Gauss-Krueger plane enclose less than 0.001 m2 at 30 degrees north: no plot of any size
changes its area by 1e-6. (Pieces of 200 m enclose 0.05 m2, 2e-6 of a plot of that size.)
"""

MAX_LONLAT_EDGE_M: Final = 200.0
"""Longest piece of a lon/lat edge where it is measured in a plane or on the ellipsoid.

At 30 degrees north the chord of a 200 m piece leaves the straight line of a
Gauss-Krueger plane by 0.5 mm: a twentieth of the narrowest contact width in the rules.
"""

METRES_PER_DEGREE: Final = 111_320.0
_EARTHLY: Final = 0.01
_WGS84_LIKE: Final = frozenset({4490, 4326})
ZONES_3: Final = range(25, 46)
ZONES_6: Final = range(13, 24)


@lru_cache(maxsize=256)
def parse_crs(text: str) -> CRS:
    """Return the CRS that a person or a file names.

    Parameters
    ----------
    text : str
        Anything that PROJ understands: ``EPSG:4543``, ``4543``, WKT, a PROJJSON text.

    Raises
    ------
    UnknownCrsError
        The text names nothing. Give an EPSG code.
    """
    try:
        return CRS.from_user_input(int(text) if _is_code(text) else text.strip())
    except CRSError as exc:
        raise UnknownCrsError(crs=text[:80]) from exc


def _is_code(text: str) -> bool:
    stripped = text.strip()
    return stripped.isascii() and stripped.isdecimal()


def crs_name(crs: CRS) -> str:
    """Return ``EPSG:code`` where the CRS has one, else its own name."""
    code = crs.to_epsg(min_confidence=70)
    return f"EPSG:{code}" if code else str(crs.name)


def flat_crs(crs: CRS) -> CRS:
    """Return a CRS without its heights: two axes, or as it is.

    Examples
    --------
    >>> [crs_name(flat_crs(CRS(name))) for name in ("EPSG:4979", "EPSG:32648+5773")]
    ['EPSG:4326', 'EPSG:32648']
    """
    if crs.is_compound:
        return flat_crs(crs.sub_crs_list[0])
    return crs.to_2d() if len(crs.axis_info) > 2 else crs


def require_earth(crs: CRS) -> None:
    """Refuse a CRS of another planet, or of the moon.

    Raises
    ------
    OtherPlanetError
        Its ellipsoid is none of the Earth, whose radii differ by less than 1 % from each other.
    """
    ellipsoid = crs.ellipsoid
    if ellipsoid is None:
        return
    radii_m = (ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre)
    if max(abs(one / SEMI_MAJOR_M - 1.0) for one in radii_m) > _EARTHLY:
        raise OtherPlanetError(crs=crs_name(crs), radius_km=round(radii_m[0] / 1000.0, 1))


def zone_of_longitude(lon_deg: float) -> int:
    """Return the 3-degree zone number of a longitude.

    Zone n has its central meridian at 3n degrees and reaches 1.5 degrees to each side
    (GB/T 17278, national 3-degree zones; zones 25 to 45 cover China).

    Examples
    --------
    >>> zone_of_longitude(102.8), zone_of_longitude(97.85), zone_of_longitude(103.95)
    (34, 33, 35)
    """
    return int(np.floor(lon_deg / 3.0 + 0.5))


def gauss_krueger_code(zone: int, *, prefixed: bool) -> int:
    """Return the EPSG code of a CGCS2000 3-degree Gauss-Krueger zone.

    Parameters
    ----------
    zone : int
        25 to 45; the central meridian is ``3 * zone`` degrees east.
    prefixed : bool
        Whether eastings carry the zone number (false easting ``zone * 1e6 + 5e5``).

    Raises
    ------
    UnknownCrsError
        There is no such zone.

    Examples
    --------
    >>> [gauss_krueger_code(z, prefixed=False) for z in (33, 34, 35)]
    [4542, 4543, 4544]
    >>> [gauss_krueger_code(z, prefixed=True) for z in (33, 34, 35)]
    [4521, 4522, 4523]
    """
    if zone not in ZONES_3:
        raise UnknownCrsError(crs=f"CGCS2000 3-degree zone {zone}")
    return (4513 if prefixed else 4534) + zone - 25


def gauss_krueger_code_6(zone: int, *, prefixed: bool) -> int:
    """Return the EPSG code of a CGCS2000 6-degree zone, 13 to 23.

    Examples
    --------
    >>> gauss_krueger_code_6(18, prefixed=True), gauss_krueger_code_6(18, prefixed=False)
    (4496, 4507)
    """
    if zone not in ZONES_6:
        raise UnknownCrsError(crs=f"CGCS2000 6-degree zone {zone}")
    return (4491 if prefixed else 4502) + zone - 13


def local_plane(lon_deg: float) -> CRS:
    """Return the unprefixed 3-degree Gauss-Krueger plane, in metres, of a longitude."""
    zone = min(max(zone_of_longitude(lon_deg), ZONES_3.start), ZONES_3.stop - 1)
    return _crs(gauss_krueger_code(zone, prefixed=False))


def require_crs(series: gpd.GeoSeries | gpd.GeoDataFrame) -> CRS:
    """Return the CRS of a frame.

    Raises
    ------
    MissingCrsError
        The frame has none. Declare it; nothing is assumed.
    """
    if series.crs is None:
        raise MissingCrsError(name="", proposals=[])
    crs: CRS = series.crs
    return crs


def require_same_crs(
    left: gpd.GeoSeries | gpd.GeoDataFrame, right: gpd.GeoSeries | gpd.GeoDataFrame
) -> CRS:
    """Return the CRS that two frames share.

    Raises
    ------
    CrsMismatchError
        They differ. Transform one of them first.
    """
    ours, theirs = require_crs(left), require_crs(right)
    if ours != theirs:
        raise CrsMismatchError(left=crs_name(ours), right=crs_name(theirs))
    return ours


def to_lonlat(series: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the geometries in EPSG:4490 with every edge kept where it was drawn.

    An edge is a straight line in the plane of the input's CRS. Projected edges are cut
    into equal pieces of at most :data:`MAX_EDGE_M` before the vertices are transformed,
    so that a shared edge stays shared and a long one does not move off its line. Polygons
    that were valid stay valid (see :func:`geo.measure.restore.keep_valid`).
    WGS 84 and CGCS2000 lon/lat are taken as the same, for PROJ knows no shift between
    them: their edges are straight in lon/lat already and stay as they are.

    Raises
    ------
    MissingCrsError
        The series has no CRS.
    NonFiniteCoordinateError
        A coordinate is NaN or infinite.
    NoTransformationError
        PROJ knows no real datum transformation (for example from Xi'an 1980).
    OutsideCrsError
        Coordinates do not fit the CRS (no finite position, or not a lon/lat).
    """
    drawn = lonlat_as_drawn(series)
    values = keep_valid(series.to_numpy(), drawn.to_numpy())
    return gpd.GeoSeries(values, index=series.index, crs=GEOGRAPHIC)


def lonlat_as_drawn(series: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the geometries of :func:`to_lonlat` as rounding left them, not restored.

    A polygon that was valid may cross itself. See there for what is raised.
    """
    crs = require_crs(series)
    values = series.to_numpy()
    _require_finite(values)
    own_lonlat = _modern_lonlat(crs)
    if own_lonlat is None or not crs.is_geographic:
        if crs.is_projected:
            values = _densified(values, MAX_EDGE_M / crs.axis_info[0].unit_conversion_factor)
        values = _transformed(values, crs, own_lonlat or _crs(4490))
    _require_on_globe(values, crs)
    return gpd.GeoSeries(values, index=series.index, crs=GEOGRAPHIC)


def transform(geometries: npt.NDArray[Any], source: CRS, target: CRS) -> npt.NDArray[Any]:
    """Transform vertices, x and y in the order lon/east, lat/north on both sides.

    Polygons that were valid stay valid (see :func:`geo.measure.restore.keep_valid`).

    Raises
    ------
    NoTransformationError
        Only a ballpark transformation is known.
    OutsideCrsError
        A vertex has no position in the target.
    """
    return keep_valid(geometries, _transformed(geometries, source, target))


def _transformed(geometries: npt.NDArray[Any], source: CRS, target: CRS) -> npt.NDArray[Any]:
    transformer = _transformer(source.srs, target.srs)

    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    try:
        moved: npt.NDArray[Any] = shapely.transform(shapely.force_2d(geometries), move)
    except ProjError as exc:
        raise NoTransformationError(source=crs_name(source), target=crs_name(target)) from exc
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise OutsideCrsError(crs=crs_name(source), proposals=[])
    return moved


def move_vertices(geometries: npt.NDArray[Any], source: CRS, target: CRS) -> npt.NDArray[Any]:
    """Transform vertices alone; WGS 84 and CGCS2000 are the same, as in :func:`to_lonlat`.

    Raises
    ------
    NoTransformationError, OutsideCrsError
        See :func:`transform`.
    """
    own, theirs = _modern_lonlat(source), _modern_lonlat(target)
    if own is None or theirs is None:
        return transform(geometries, source, target)
    lonlat = geometries if source.is_geographic else transform(geometries, source, own)
    return lonlat if target.is_geographic else transform(lonlat, theirs, target)


def move_points(geometries: Any, source: CRS, target: CRS) -> Any:  # noqa: ANN401 - one or many
    """Transform every vertex as :func:`move_vertices` does, whatever becomes of the shape.

    None is added and none lost, so that what is known of vertices stays beside them.
    """

    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        moved = move_vertices(shapely.points(xy), source, target)
        return np.asarray(shapely.get_coordinates(moved))

    same = source == target
    return geometries if same else shapely.transform(shapely.force_2d(geometries), move)


def densify_lonlat(geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Cut straight lon/lat edges into pieces of about MAX_LONLAT_EDGE_M at most."""
    return densify(geometries, MAX_LONLAT_EDGE_M / METRES_PER_DEGREE)


def densify(geometries: npt.NDArray[Any], max_length: float) -> npt.NDArray[Any]:
    """Cut edges into equal pieces of at most ``max_length``; polygons ring by ring.

    GEOS runs ``buffer(0)`` on a densified polygon that it finds invalid, which can lose
    a lobe without a word, so polygons never go through its densifier whole. Polygons that
    were valid stay valid: new vertices are rounded, and may lie beside their edge.
    """
    return keep_valid(geometries, _densified(geometries, max_length))


def _densified(geometries: npt.NDArray[Any], max_length: float) -> npt.NDArray[Any]:
    # GEOS refuses to densify a line of one repeated point; there is nothing to cut in it.
    long = shapely.length(geometries) > 0.0
    areal = is_areal(geometries)
    result = geometries.copy()
    result[long & ~areal] = shapely.segmentize(geometries[long & ~areal], max_length)
    if not (long & areal).any():
        return result
    parts, owner = shapely.get_parts(geometries[long & areal], return_index=True)
    owner = owner[~shapely.is_empty(parts)]
    rings, part = shapely.get_rings(parts[~shapely.is_empty(parts)], return_index=True)
    parts = shapely.polygons(_densified(rings, max_length), indices=part)
    multi = shapely.multipolygons(parts, indices=owner)
    single = shapely.get_type_id(geometries[long & areal]) == 3
    result[long & areal] = np.where(single, shapely.get_geometry(multi, 0), multi)
    return result


@lru_cache(maxsize=64)
def _modern_lonlat(crs: CRS) -> CRS | None:
    """Return the lon/lat that a CRS stands on if it is WGS 84 or CGCS2000."""
    own = crs.geodetic_crs
    if own is None or not own.is_geographic:
        return None
    own = own.to_2d()
    same = any(own.equals(_crs(code), ignore_axis_order=True) for code in _WGS84_LIKE)
    return own if same else None


def _require_finite(geometries: npt.NDArray[Any]) -> None:
    xy, owner = shapely.get_coordinates(geometries, return_index=True)
    bad = owner[~np.isfinite(xy).all(axis=1)]
    if len(bad):
        raise NonFiniteCoordinateError(feature=int(bad[0]) + 1)


def _require_on_globe(geometries: npt.NDArray[Any], crs: CRS) -> None:
    xy = shapely.get_coordinates(geometries)
    if len(xy) and (np.abs(xy[:, 0]).max() > 180.0 or np.abs(xy[:, 1]).max() > 90.0):
        raise OutsideCrsError(crs=crs_name(crs), proposals=[])


@lru_cache(maxsize=64)
def _crs(code: int) -> CRS:
    return CRS.from_epsg(code)


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> Transformer:
    # By their texts: a CRS writes itself out as WKT each time that it is hashed.
    try:
        return Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)
    except ProjError as exc:
        raise NoTransformationError(
            source=crs_name(CRS(source)), target=crs_name(CRS(target))
        ) from exc
