"""Maps of the ground under sites, for their sheets: classes of slope, grades of suitability."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import shapely

from api.expansion.ground import Plot
from api.expansion.mosaic import Laid, lay, mosaic_at
from api.expansion.suitability import judge
from api.expansion.suitability_map import grade_polygons
from api.expansion.terrain import TerrainQuery
from api.workspace.map_layers import mark_of
from api.workspace.needs import GroundNeeds, RasterSource
from geo.errors import PlanningError
from geo.expansion.patches import class_polygons
from geo.measure.crs import GEOGRAPHIC, parse_crs, transform
from geo.raster.terrain import classify_slopes, slope_deg
from layers.expansion.suitability import SuitabilityRule
from layers.rasters.model import RasterVersion
from maps.expansion.ground_words import share_name, slope_range
from maps.figure.model import FigureLayer, MapSheet
from maps.figure.picture import MapPicture
from maps.figure.style import raster_look
from maps.i18n import tr

MOST_DRAWN: Final = 12
"""Sites that are drawn, the first of them; tables hold all."""

_AROUND: Final = 0.35
"""How much of its own size is shown around a site on every side."""
_SIZE_MM: Final = (165.0, 96.0)

Classes = Iterable[tuple[str, str, Sequence[Any]]]
"""Looks, titles and polygons in the grid's CRS."""


def slope_maps(workspace: RasterSource, query: TerrainQuery, lang: str) -> dict[str, MapPicture]:
    """Return a map of slope classes for each of the first sites whose ground is known."""
    return {
        plot.id: _picture(plot, laid, _slopes(laid, query.rule), lang)
        for plot, laid in _windows(workspace, query, reach_m=0.0)
    }


def suitability_maps(
    workspace: GroundNeeds, query: TerrainQuery, lang: str
) -> dict[str, MapPicture]:
    """Return a map of grades and exclusions for each of the first sites; forms do not count."""
    found = {}
    for plot, laid in _windows(workspace, query, reach_m=query.rule.relief_window_m / 2.0):
        try:
            judged = judge(workspace, query.rule, laid, laid.values.known)
        except PlanningError:
            # A layer or raster around the site alone; the answer on the site itself stands.
            continue
        classes: dict[str, list[Any]] = {}
        for name, shape in grade_polygons(judged):
            classes.setdefault(name, []).append(shape)
        named = [
            (_suitability_look(name), share_name(name, lang), classes[name])
            for name in sorted(classes)
        ]
        found[plot.id] = _picture(plot, laid, named, lang)
    return found


def _windows(
    workspace: RasterSource, query: TerrainQuery, *, reach_m: float
) -> Iterator[tuple[Plot, Laid]]:
    """Yield what is known of the ground around sites; what cannot be read is not drawn."""
    for plot in query.plots[:MOST_DRAWN]:
        try:
            mosaic = mosaic_at(workspace, "dem", plot, query.raster_id, reach_m=reach_m)
            around = np.array([_around(plot)], dtype=object)
            yield plot, lay(workspace, mosaic, around, reach_m=reach_m)
        except PlanningError:
            # The sheet says in words what is wrong with this site.
            continue


def _around(plot: Plot) -> Any:  # noqa: ANN401 - a shapely geometry
    west, south, east, north = shapely.bounds(plot.shape)
    wide, high = _AROUND * (east - west), _AROUND * (north - south)
    return shapely.box(west - wide, south - high, east + wide, north + high)


def _slopes(laid: Laid, rule: SuitabilityRule) -> Classes:
    steps = rule.land.slope_deg.upper_bounds
    steep = classify_slopes(laid.derive(slope_deg), steps)
    found: dict[int, list[Any]] = {}
    for code, shape in class_polygons(steep):
        found.setdefault(code, []).append(shape)
    lower, upper = (0.0, *steps), (*steps, None)
    for code in sorted(found):
        title = slope_range(lower[code], upper[code])
        yield raster_look("slope", f"slope_{code + 1}"), title, found[code]


def _suitability_look(name: str) -> str:
    key = "excluded" if name.startswith("excluded:") else name.removeprefix("grade_")
    return raster_look("suitability", key)


def _picture(plot: Plot, laid: Laid, classes: Classes, lang: str) -> MapPicture:
    lonlat, crs = parse_crs(GEOGRAPHIC), laid.layers[0].crs
    layers = [
        FigureLayer(
            look=look,
            title=title,
            geometries=transform(np.array(shapes, dtype=object), crs, lonlat),
        )
        for look, title, shapes in classes
    ]
    site = np.array([plot.shape], dtype=object)
    layers.append(FigureLayer(look="site", title=tr("figure.site", lang), geometries=site))
    sheet = MapSheet(
        lang=lang,
        layers=tuple(layers),
        focus=site,
        size_mm=_SIZE_MM,
        mark=mark_of([version.spec.status for version in laid.telling], lang),
        notes=tuple(note for version in laid.telling for note in _notes(version, lang)),
    )
    return MapPicture(sheet=sheet)


def _notes(version: RasterVersion, lang: str) -> tuple[str, str]:
    """Return which raster is drawn, and of which date it is."""
    title = version.spec.title_zh if lang == "zh" else version.spec.title_en
    used = tr("ground_sheet.raster", lang, title=title, label=version.label)
    date = version.spec.data_date
    if date is None:
        return used, tr("figure.data_date_unstated", lang)
    return used, tr("figure.data_date", lang, date=[str(date)])
