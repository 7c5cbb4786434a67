"""Where a raster file lies: an upright transform, and a CRS that all answers can work in."""

from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from pyproj import CRS

from geo.errors import (
    CrsMismatchError,
    MissingCrsError,
    NoTransformationError,
    OutsideCrsError,
    TurnedGridError,
)
from geo.measure.crs import GEOGRAPHIC, crs_name, flat_crs, require_earth, to_lonlat
from geo.model import Grid
from geo.raster.grid import into_grid, pixel_size_m, require_degrees
from layers.model import Issue, Severity
from layers.rasters._gdal import rasterio
from layers.rasters.errors import NoGeotransformError
from layers.readers.named_crs import parse_named_crs

_HAIR: Final = 1e-3
"""Pixels by which a rotation may move the far end of a raster: rounding, not a turn."""
_NEAR: Final = 0.05
"""Pixels by which two ways to the same place may differ."""
_POINTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A transform without turn and a CRS of two axes; ``how`` the CRS was found.

    ``height_unit``: unit of a third axis that the file's CRS has. GDAL says it of every band.
    """

    transform: Affine
    crs: CRS
    how: str
    height_unit: str | None
    issues: tuple[Issue, ...]


def place_of(file: Any, told_crs: str | None, name: str, *, measured: bool) -> Place:  # noqa: ANN401
    """Return where an open raster lies.

    A third axis is dropped, for heights are values here; an issue names it. ``measured``:
    lengths of its pixels will be needed, not only their areas.

    Raises
    ------
    NoGeotransformError, TurnedGridError
        Nothing places its pixels, or they are turned against the axes.
    MissingCrsError, CrsMismatchError
        Neither the file nor the person says its CRS, or they say different ones.
    OtherPlanetError, NotLonLatError, NoTransformationError, OutsideCrsError, DistortedPlaneError
        Answers could not work in its CRS, there.
    """
    transform = _upright(file, name)
    whole, how = _crs(file, told_crs, name)
    require_earth(whole)
    crs = flat_crs(whole)
    frame = Grid(
        values=np.broadcast_to(np.float32(0), (file.height, file.width)),
        transform=transform,
        crs=crs,
        nodata=None,
        unit="",
    )
    if measured and (crs.is_geographic or crs.is_projected):
        pixel_size_m(frame)
    _require_reached(frame)
    return Place(
        transform=transform,
        crs=crs,
        how=how,
        height_unit=whole.axis_info[2].unit_name if len(whole.axis_info) > 2 else None,
        issues=_third_axis(whole),
    )


def _upright(file: Any, name: str) -> Affine:  # noqa: ANN401 - rasterio is untyped
    """Return the transform without what rounding has turned."""
    step = file.transform
    if not all(map(isfinite, step)) or step.determinant == 0.0 or _unplaced(file):
        raise NoGeotransformError(name=name, why="points" if file.gcps[0] else "unplaced")
    turned = abs(step.b) * file.height > _HAIR * abs(step.a)
    if turned or abs(step.d) * file.width > _HAIR * abs(step.e):
        raise TurnedGridError
    return Affine(step.a, 0.0, step.c, 0.0, step.e, step.f)


def _unplaced(file: Any) -> bool:  # noqa: ANN401 - rasterio is untyped
    """Tell whether coordinates only count pixels, from the upper or the lower corner."""
    step = file.transform
    counted = abs(step.a) == 1.0 and abs(step.e) == 1.0 and not (step.b or step.d)
    return counted and step.c == 0.0 and step.f in (0.0, file.height)


def _crs(file: Any, told_crs: str | None, name: str) -> tuple[CRS, str]:  # noqa: ANN401
    own = CRS.from_wkt(file.crs.to_wkt()) if file.crs else None
    told = parse_named_crs(told_crs) if told_crs else None
    if own is not None and told is not None and own != told and flat_crs(own) != told:
        raise CrsMismatchError(left=crs_name(own), right=crs_name(told))
    if own is not None:
        return own, "geotiff"
    if told is not None:
        return told, "declared"
    raise MissingCrsError(name=name, proposals=[])


def _third_axis(crs: CRS) -> tuple[Issue, ...]:
    heights = crs.sub_crs_list[1:] if crs.is_compound else []
    names = [one.name for one in heights] if heights else [crs.name]
    if len(crs.axis_info) < 3:
        return ()
    code = "raster_height_crs" if heights else "raster_ellipsoidal_heights"
    return (Issue(code=code, severity=Severity.WARNING, params={"crs": ", ".join(names)}),)


def _require_reached(frame: Grid) -> None:
    """Refuse a raster to which sites cannot be brought, before a pixel of it is read.

    Held together are three ways between its pixels and longitude and latitude: ours there,
    ours back, and GDAL's, by which rasters are laid onto each other.
    """
    name = crs_name(frame.crs)
    if not (frame.crs.is_geographic or frame.crs.is_projected):
        raise NoTransformationError(source=name, target=GEOGRAPHIC)
    own = _spread_points(frame)
    lonlat = to_lonlat(gpd.GeoSeries(shapely.points(own), crs=frame.crs)).to_numpy()
    require_degrees(frame.crs, own, shapely.get_coordinates(lonlat))
    back = shapely.get_coordinates(into_grid(lonlat, frame))
    if not _same(own, back, frame):
        raise OutsideCrsError(crs=name, proposals=[])
    if not _same(own, _by_gdal(shapely.get_coordinates(lonlat), frame.crs), frame):
        raise NoTransformationError(source=name, target=GEOGRAPHIC)


def _spread_points(frame: Grid) -> npt.NDArray[np.float64]:
    """Return centres of pixels all over a grid, in its CRS."""
    rows, columns = frame.shape
    across, down = np.meshgrid(*(np.linspace(0.5, n - 0.5, _POINTS) for n in (columns, rows)))
    step = frame.transform
    return np.column_stack([(step.c + across * step.a).ravel(), (step.f + down * step.e).ravel()])


def _by_gdal(lonlat: npt.NDArray[np.float64], crs: CRS) -> npt.NDArray[np.float64]:
    moved = rasterio.warp.transform(GEOGRAPHIC, crs.to_wkt(), *lonlat.T.tolist())
    return np.column_stack(moved[:2])


def _same(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64], frame: Grid) -> bool:
    pixels = (left - right) / (frame.transform.a, frame.transform.e)
    return bool((np.abs(pixels) <= _NEAR).all())
