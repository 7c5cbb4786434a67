"""Where the sites of a report lie: values that its tables are made from."""

from dataclasses import dataclass

from maps.check.finding import Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The ground of one part of a site in one county; ``county`` is None outside all of them."""

    site: str
    part: int
    county: str | None
    area: Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a ring: lon/lat in degrees, easting and northing in metres."""

    number: str
    ring: int
    lon_deg: float
    lat_deg: float
    east_m: float
    north_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PointList:
    """The points of a site, or of the ground that a control line takes of it."""

    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedGround:
    """Ground of a site that lies in two control lines at once."""

    site: str
    line: str
    other: str
    area_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the sites of a report lie.

    ``lists`` are in the plane named ``crs``; they are empty where the sites lie in several
    planes or have more points (``point_count`` in all) than a report lists. ``own_numbers``:
    the file gives its points numbers. ``is_old``: the check was kept without the boundaries as
    they were drawn, and points may be listed that nobody drew.
    """

    places: tuple[Place, ...]
    point_count: int
    crs: str | None = None
    lists: tuple[PointList, ...] = ()
    own_numbers: bool = False
    is_old: bool = False
    shared: tuple[SharedGround, ...] = ()
