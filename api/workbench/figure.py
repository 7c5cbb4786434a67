"""A printed map of chosen layers and ground: for a wall, a plan, an annex."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from api.workspace.answers import shapes_of
from api.workspace.loaded import LoadedLayer
from api.workspace.map_layers import credits_of, drawn_layer, in_drawing_order, mark_of
from api.workspace.needs import CheckSource
from api.workspace.output import write_whole
from geo.errors import InputError
from layers.model import Sensitivity
from maps.answers import Written
from maps.figure.model import A3_MM, A4_MM, FigureLayer, MapSheet
from maps.figure.picture import MapPicture, visible_box_lonlat
from maps.i18n import tr

FORMS: Final[Mapping[str, Callable[[MapPicture], bytes]]] = {
    "pdf": MapPicture.pdf,
    "png": MapPicture.png,
    "svg": MapPicture.svg,
}
PAPERS: Final[Mapping[str, tuple[float, float]]] = {"A4": A4_MM, "A3": A3_MM}
_LONGEST: Final = 120
_LEAST_DEG: Final = 1e-5
_MOST_DEG: Final = 40.0
_GREATEST_LAT_DEG: Final = 85.0
_LEAST_GROUND_M: Final = 100.0


class FigureWishError(InputError):
    """A map cannot be drawn as it is asked for. Params: ``field``, ``allowed``."""

    code = "api.figure.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureWish:
    """Which map is wanted.

    ``bounds_lonlat`` is (west, south, east, north) in EPSG:4490; None shows all of the
    check's sites, or else all of the layers. ``check_id`` adds the sites of a past check.
    ``review_number`` is the map review number (审图号) that the map was given, None where it
    has none: then the sheet keeps a blank for it.
    """

    layer_ids: tuple[str, ...]
    form: str
    lang: str
    title: str | None = None
    bounds_lonlat: tuple[float, float, float, float] | None = None
    check_id: str | None = None
    paper: str = "A4"
    upright: bool = False
    maker: str | None = None
    review_number: str | None = None


def write_figure(workspace: CheckSource, wish: FigureWish, output: Path) -> Written:
    """Write a printed map, whole or not at all."""
    return write_whole(output, build_figure(workspace, wish))


def build_figure(workspace: CheckSource, wish: FigureWish) -> bytes:
    """Return a printed map; the same store and wish give the same bytes.

    Raises
    ------
    FigureWishError
        Form, paper or bounds are none, or nothing to show is named.
    UnknownLayerError, UnknownCheckError
        There is no such layer or check.
    """
    _require_sound(wish)
    loaded = in_drawing_order(
        workspace.load(workspace.store.get(layer_id)) for layer_id in wish.layer_ids
    )
    sites = _sites(workspace, wish)
    sheet = _sheet(wish, loaded, sites)
    box = shapely.box(*visible_box_lonlat(sheet))
    layers = [drawn_layer(one, box, wish.lang) for one in loaded]
    return FORMS[wish.form](MapPicture(sheet=replace(sheet, layers=(*layers, *sites))))


def _sheet(wish: FigureWish, loaded: list[LoadedLayer], sites: tuple[FigureLayer, ...]) -> MapSheet:
    wide, high = PAPERS[wish.paper]
    specs = [one.version.spec for one in loaded]
    return MapSheet(
        lang=wish.lang,
        layers=(),
        focus=_focus(wish, loaded, sites),
        title=_short(wish.title) or tr("figure.untitled", wish.lang),
        size_mm=(high, wide) if wish.upright else (wide, high),
        least_width_m=_LEAST_GROUND_M,
        margin=0.0 if wish.bounds_lonlat else 0.08,
        mark=mark_of((spec.status for spec in specs), wish.lang),
        notes=tuple(_notes(loaded, wish.lang)),
        foot=tuple(_foot(wish, specs)),
    )


def _notes(loaded: list[LoadedLayer], lang: str) -> list[str]:
    """Return as of when the layers are, and the sources that must be named."""
    dates = sorted(
        {str(one.version.spec.data_date) for one in loaded if one.version.spec.data_date}
    )
    dated = tr("figure.data_date", lang, date=dates)
    return [dated if dates else tr("figure.data_date_unstated", lang), *credits_of(loaded, lang)]


def _foot(wish: FigureWish, specs: list[Any]) -> list[str]:
    """Return what a sheet says below the map, the map review number first."""
    blank = tr("figure.blank", wish.lang)
    number, maker = _short(wish.review_number) or blank, _short(wish.maker) or blank
    lines = [
        tr("figure.review_number", wish.lang, number=number),
        tr("figure.maker", wish.lang, maker=maker),
    ]
    public = all(spec.sensitivity is Sensitivity.PUBLIC for spec in specs)
    last = "figure.disclaimer" if public and not wish.check_id else "figure.internal"
    return ["    ".join(lines), tr(last, wish.lang)]


def _focus(wish: FigureWish, loaded: list[LoadedLayer], sites: tuple[FigureLayer, ...]) -> Any:  # noqa: ANN401 - an array of shapely geometries
    if wish.bounds_lonlat:
        return np.array([shapely.box(*wish.bounds_lonlat)], dtype=object)
    if sites:
        return sites[0].geometries
    boxes = [shapely.box(*one.version.bounds_lonlat) for one in loaded]
    return np.array(boxes, dtype=object)


def _sites(workspace: CheckSource, wish: FigureWish) -> tuple[FigureLayer, ...]:
    if wish.check_id is None:
        return ()
    sites = workspace.archive.get(wish.check_id).sites
    shapes = shapes_of(site.geometry for site in sites)
    return (
        FigureLayer(
            look="site",
            title=tr("figure.site", wish.lang),
            geometries=shapes,
            names=tuple(site.name or site.site_id for site in sites),
            all_named=True,
        ),
    )


def _require_sound(wish: FigureWish) -> None:
    for field, value, allowed in (("form", wish.form, FORMS), ("paper", wish.paper, PAPERS)):
        if value not in allowed:
            raise FigureWishError(field=field, allowed=list(allowed))
    if not wish.layer_ids and wish.check_id is None:
        raise FigureWishError(field="layers", allowed=["1+"])
    if wish.bounds_lonlat is not None and not _is_ground(wish.bounds_lonlat):
        raise FigureWishError(field="bounds_lonlat", allowed=["west < east", "south < north"])


def _is_ground(bounds_lonlat: tuple[float, float, float, float]) -> bool:
    """Tell whether bounds are a piece of ground that a plane can show."""
    if not all(map(math.isfinite, bounds_lonlat)):
        return False
    west, south, east, north = bounds_lonlat
    on_globe = west >= -180.0 and east <= 180.0 and max(-south, north) <= _GREATEST_LAT_DEG
    sizes = (east - west, north - south)
    return on_globe and all(_LEAST_DEG <= size <= _MOST_DEG for size in sizes)


def _short(text: str | None) -> str | None:
    return text.strip()[:_LONGEST] or None if text else None
