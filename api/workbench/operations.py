"""Operations of looking at the ground, declared once for both doors."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from api.operation import Call, FileAnswer, Names, Nothing, Question, operation
from maps.workbench.answers import Identified, Measured, PlaceList
from maps.workbench.basemaps_answers import BasemapList

MOST_POINTS = 10_000
_MAPS = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


def _numbers(value: object) -> object:
    """Return numbers that a person parted by commas, also the full-width one."""
    return value.replace("，", ",").split(",") if isinstance(value, str) else value


Point = Annotated[tuple[float, float], BeforeValidator(_numbers)]
Bounds = Annotated[tuple[float, float, float, float], BeforeValidator(_numbers)]


class FindQuestion(Question):
    """A name, or coordinates in any of the ways that planners write."""

    q: str


class IdentifyQuestion(Question):
    """A position, how far lines and points may be, and which layers are asked."""

    lon: float
    lat: float
    tolerance_m: float = 0.0
    layers: Names | None = None


class MeasureQuestion(Question):
    """A line, or a ring whose last point is not repeated, in lon/lat."""

    points: Annotated[tuple[Point, ...], Field(max_length=MOST_POINTS)]
    closed: bool = False


class FigureQuestion(Question):
    """Which map is wanted; without bounds it shows all of the sites, else of the layers."""

    layers: Annotated[Names, Field(max_length=40)] = ()
    bounds_lonlat: Bounds | None = None
    check_id: str | None = None
    title: str | None = None
    paper: Literal["A4", "A3"] = "A4"
    upright: bool = False
    maker: str | None = None
    review_number: str | None = None


@operation(
    "find", "GET /api/v1/places", arguments=("q",), text="maps.workbench.document:places_document"
)
def find(call: Call, asked: FindQuestion) -> PlaceList:
    """Find places by name, lon/lat, degrees-minutes-seconds or Gauss-Krueger metres."""
    from api.workbench.find_places import find_places

    return find_places(call.workspace, asked.q)


@operation(
    "identify",
    "GET /api/v1/identify",
    arguments=("lon", "lat"),
    text="maps.workbench.document:identified_document",
)
def identify(call: Call, asked: IdentifyQuestion) -> Identified:
    """Return the features at a position, and which layers say nothing there."""
    from api.workbench.identify import Spot
    from api.workbench.identify import identify as look

    spot = Spot(lon_deg=asked.lon, lat_deg=asked.lat, tolerance_m=asked.tolerance_m)
    return look(call.workspace, spot, asked.layers)


@operation(
    "measure",
    "POST /api/v1/measure",
    arguments=("points",),
    text="maps.workbench.document:measured_document",
)
def measure(_: Call, asked: MeasureQuestion) -> Measured:
    """Measure a line or a ring on the CGCS2000 ellipsoid."""
    from api.workbench.identify import measure as measured

    return measured(asked.points, closed=asked.closed)


@operation("figure", "POST /api/v1/figures", forms=_MAPS, heavy=True)
def figure(call: Call, asked: FigureQuestion) -> FileAnswer:
    """Draw a map for print: true scale, legend, grid, north arrow, CRS, data date, foot."""
    from api.workbench.figure import FigureWish, build_figure

    said = asked.model_dump(exclude={"layers"})
    wish = FigureWish(layer_ids=asked.layers, form=call.form, lang=call.lang, **said)
    return FileAnswer(
        name=f"map.{call.form}",
        data=build_figure(call.workspace, wish),
        media_type=_MAPS[call.form],
    )


@operation(
    "map",
    "GET /api/v1/map",
    "POST /api/v1/map",
    forms={"html": "text/html; charset=utf-8"},
    task="map",
    answers_later=True,
)
def single_file(call: Call, _: Nothing) -> FileAnswer:
    """Write the map as one self-contained file that opens without a server."""
    from api.workbench.build_map import build_single_file

    data = build_single_file(call.workspace, call.lang).encode("utf-8")
    return FileAnswer(name="map.html", data=data, media_type="text/html; charset=utf-8")


@operation("basemaps", "GET /api/v1/basemaps", text="maps.workbench.document:basemaps_document")
def basemaps(call: Call, _: Nothing) -> BasemapList:
    """List the configured base maps; none unless an office configures them."""
    from api.workbench.basemaps import list_basemaps

    return list_basemaps(call.workspace)


OPERATIONS = (find, identify, measure, figure, single_file, basemaps)
