"""What the Web Map Tile Service has: every layer and every raster in use, by address."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from api.data.presentation import titled
from api.data.raster_tiles import is_drawn
from api.ogc.map_tiles import STYLE
from api.ogc.tiles import first_level
from api.ogc.visit import Visit
from api.workspace.needs import ProjectNeeds
from geo.measure.tile_matrix import MOST_LEVEL, TILE_MATRIX_SETS, TileMatrixSet
from layers.model import LayerVersion
from layers.rasters.model import RasterVersion
from maps.i18n import LANGUAGES, tr
from maps.ogc.wmts import Limits, Service, WmtsLayer, capabilities
from maps.style.raster_style import style_names, styles_of

CAPABILITIES: Final = "/wmts/1.0.0/WMTSCapabilities.xml"
_TILE: Final = "{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}"
_RASTER: Final = "raster."


def wmts_capabilities(workspace: ProjectNeeds, visit: Visit) -> str:
    """Return the capabilities; a layer that is no official one says so in its title."""
    layers = [_layer(workspace, visit, version) for version in workspace.store.current()]
    rasters = [_raster(visit, one) for one in workspace.rasters.current() if is_drawn(one)]
    service = Service(
        title=visit.word("title"),
        abstract=visit.word("description"),
        address=visit.href(CAPABILITIES),
    )
    sets = list(TILE_MATRIX_SETS.values())
    return capabilities(service, [*layers, *rasters], sets, MOST_LEVEL)


def _layer(workspace: ProjectNeeds, visit: Visit, version: LayerVersion) -> WmtsLayer:
    firsts = {one.id: first_level(workspace, version, one) for one in TILE_MATRIX_SETS.values()}
    return WmtsLayer(
        id=version.layer_id,
        titles={lang: titled(version, (lang,)) for lang in _languages(visit)},
        abstract=version.spec.source,
        bounds_lonlat=version.bounds_lonlat,
        styles={STYLE: visit.word("style_of_page")},
        template=f"{visit.base}/collections/{version.layer_id}/map/tiles/{_TILE}",
        limits=_limits(version.bounds_lonlat, firsts),
    )


def _raster(visit: Visit, version: RasterVersion) -> WmtsLayer:
    spec, bounds = version.spec, version.facts.bounds_lonlat
    titles = {"zh": spec.title_zh, "en": spec.title_en}
    said = {
        lang: f"{titles[lang]} [{tr(f'statuses.{spec.status}', lang)}]"
        for lang in _languages(visit)
    }
    path = f"/rasters/{version.raster_id}/{{Style}}/map/tiles/"
    firsts = {one.id: one.first for one in TILE_MATRIX_SETS.values()}
    return WmtsLayer(
        id=f"{_RASTER}{version.raster_id}",
        titles=said,
        abstract=spec.source,
        bounds_lonlat=bounds,
        styles={name: style_names(name)[visit.lang] for name in styles_of(spec.kind)},
        template=f"{visit.base}{path}{_TILE}",
        limits=_limits(bounds, firsts),
    )


def _languages(visit: Visit) -> Sequence[str]:
    """Return all languages, that of the visit first: clients show the first title."""
    return sorted(LANGUAGES, key=lambda lang: lang != visit.lang)


def _limits(
    bounds_lonlat: tuple[float, float, float, float], firsts: Mapping[str, int]
) -> dict[str, list[Limits]]:
    return {
        name: [limits_of(bounds_lonlat, TILE_MATRIX_SETS[name], level)
               for level in range(first, MOST_LEVEL + 1)]
        for name, first in firsts.items()
    }  # fmt: skip


def limits_of(
    bounds_lonlat: tuple[float, float, float, float], one: TileMatrixSet, level: int
) -> Limits:
    """Return where tiles of a level are that meet bounds."""
    west, south, east, north = bounds_lonlat
    corners = np.array([[west, north], [east, south]])
    (top, left), (bottom, right) = one.tiles_at(corners, level).tolist()
    return Limits(level=level, rows=(top, bottom), columns=(left, right))
