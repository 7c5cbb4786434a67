"""Errors of the planning product: a code and parameters, never prose.

Words live in ``maps/locales``; the HTTP status and the exit code live in ``api``.
"""

from typing import Any, ClassVar


class PlanningError(Exception):
    """Root of every error that a user can be told about.

    Subclasses set ``code`` (``package.topic.problem``, unique) and are one per
    remedy. ``params`` is JSON-ready and fills the placeholders of the worded message.
    """

    code: ClassVar[str] = "geo.planning.failed"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __reduce__(self) -> tuple[Any, ...]:  # type: ignore[explicit-override]
        """Travel between processes with the parameters."""
        return _rebuilt, (type(self), self.params)


def _rebuilt(kind: type[PlanningError], params: dict[str, object]) -> PlanningError:
    return kind(**params)


class InputError(PlanningError):
    """The caller's data or arguments cannot be used; nothing was computed or stored."""

    code = "geo.input.invalid"


class MissingCrsError(InputError):
    """Coordinates came without a reference system. ``params["proposals"]`` may help."""

    code = "geo.crs.missing"


class UnknownCrsError(InputError):
    """The given CRS text names no reference system."""

    code = "geo.crs.unknown"


class CrsMismatchError(InputError):
    """Two inputs that must share a CRS do not."""

    code = "geo.crs.mismatch"


class OutsideCrsError(InputError):
    """Coordinates do not fit the CRS that they are said to be in."""

    code = "geo.crs.outside"


class NoTransformationError(InputError):
    """No datum transformation between two CRSs is known. Params: ``source``, ``target``."""

    code = "geo.crs.no_transformation"


class OtherPlanetError(InputError):
    """A CRS is of another planet. Params: ``crs``, ``radius_km``."""

    code = "geo.crs.other_planet"


class NotLonLatError(InputError):
    """A CRS counts no degrees of longitude from Greenwich and of latitude. Params: ``crs``."""

    code = "geo.crs.not_lonlat"


class AxisOrderError(InputError):
    """Coordinates look like (lat, lon) where (lon, lat) was expected."""

    code = "geo.crs.axis_order"


class NonFiniteCoordinateError(InputError):
    """A coordinate is NaN or infinite."""

    code = "geo.geometry.not_finite"


class NotComputableError(InputError):
    """GEOS fails on a shape although it is valid. Params: ``incident``."""

    code = "geo.geometry.not_computable"


class NotPolygonalError(InputError):
    """A geometry is not a polygon where an area is needed."""

    code = "geo.geometry.not_polygonal"


class EmptyGeometryError(InputError):
    """A geometry is missing, empty or has no area."""

    code = "geo.geometry.empty"


class AvoidanceError(InputError):
    """What is asked of an avoidance is no length or area. Params: ``field``, ``value``."""

    code = "geo.avoidance.terms"


class GridMismatchError(InputError):
    """Two grids do not lie on the same pixels. Params: ``left``, ``right``."""

    code = "geo.grid.mismatch"


class GridUnitError(InputError):
    """A grid's values are in another unit than is needed. Params: ``needed``, ``found``."""

    code = "geo.grid.unit"


class TurnedGridError(InputError):
    """A grid's rows do not run along the axes of its CRS."""

    code = "geo.grid.turned"


class DistortedPlaneError(InputError):
    """Lengths in the grid's CRS are far from lengths on the ground. Params: ``crs``, ``pct``."""

    code = "geo.grid.distorted"


class NoGridOverlapError(InputError):
    """A site and a grid have no ground in common. Params: ``site``, ``raster``."""

    code = "geo.grid.no_overlap"


class AllNoDataError(InputError):
    """A grid says nothing about a site. Params: ``site``, ``raster``."""

    code = "geo.grid.all_nodata"


class CoarseGridError(InputError):
    """Pixels are too wide for a site. Params: ``site``, ``pixel_m``, ``width_m``, ``least``."""

    code = "geo.grid.too_coarse"


class NarrowSiteError(InputError):
    """A site is narrower than one pixel. Params: ``site``, ``pixel_m``, ``width_m``."""

    code = "geo.grid.site_within_pixel"


class BinaryGeometryError(InputError):
    """Bytes of a geometry are no sound polygon. Params: ``feature``, counted from 1."""

    code = "geo.wkb.unsound"
