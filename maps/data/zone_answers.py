"""Answer about a zone's folder: all that is wrong with it, or what the zone is."""

from pydantic import Field

from maps.answers import Answer, Title


class ZoneFault(Answer):
    """Something in a zone's folder that is not as it must be."""

    file: str = Field(examples=["areas.csv"])
    field: str = Field(description="Line and name of the field; `*` is the whole file.")
    problem: str = Field(examples=["missing", "unknown_unit"])
    given: str
    limit: str | None = None


class ZoneUnit(Answer):
    """A unit of the zone; `approved_km2` is null where no approved area is stated."""

    id: str
    level: str = Field(examples=["zone", "district", "park", "province"])
    name: Title
    approved_km2: float | None


class ZoneKind(Answer):
    """A kind of layers that is known in the zone; `own` where the folder brings it."""

    id: str
    name: Title
    own: bool


class ZoneCheck(Answer):
    """A zone's folder, as a start would find it.

    With faults it says no more. `compared` is false where a file is wrong by itself: what one
    file says against another, and what is made from them, is not known before that is mended.
    """

    folder: str
    sound: bool
    compared: bool
    faults: list[ZoneFault]
    id: str | None = None
    name: Title | None = None
    region: Title | None = None
    units: tuple[ZoneUnit, ...] = ()
    kinds: tuple[ZoneKind, ...] = ()
    layers: tuple[str, ...] = ()
    rasters: tuple[str, ...] = ()
