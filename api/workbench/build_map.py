"""The map as a served page and as one file."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.data.browse_layers import Window, features_of, list_layers
from api.density.land import DensityQuery, density_table, density_years, list_indicators
from api.density.plan_monitor import plan_monitor
from api.workspace.answers import short_name
from api.workspace.needs import DensityNeeds, LayerSource
from api.workspace.output import write_whole
from layers.store.shown_kinds import ShownKind, own_shown_kinds
from layers.zones.agreement import layers_of
from maps.answers import Written
from maps.data.answers import LayerList
from maps.page.page_config import PageConfig

if TYPE_CHECKING:
    from maps.page.page import Page


def served_page(workspace: LayerSource, lang: str, *, accounts: bool = False) -> "Page":
    """Return the page in a language; layers and values are fetched by its scripts."""
    config = replace(_config(workspace, lang, None), accounts=accounts)
    return _page(config, own_shown_kinds())


def write_single_file(workspace: DensityNeeds, lang: str, output: Path) -> Written:
    """Write the map as one file, whole or not at all."""
    return write_whole(output, build_single_file(workspace, lang).encode("utf-8"))


def build_single_file(workspace: DensityNeeds, lang: str) -> str:
    """Return one HTML document with all layers and densities inside."""
    from maps.page.single_file import render_single_file  # noqa: PLC0415 - see _page

    listed = list_layers(workspace)
    kept = [one for one in listed.layers if not one.withdrawn]
    layers = LayerList(layers=kept, lost=listed.lost)
    indicators = list_indicators(workspace)
    window = Window(bounds_lonlat=None, limit=workspace.settings.max_features)
    queries = [
        DensityQuery(indicator=option.id, year=year.year, denominator=denominator)
        for option in indicators.indicators
        for year in option.years
        for denominator in year.denominators
    ]
    embedded: dict[str, Any] = {
        "layers": layers.model_dump(mode="json"),
        "features": {layer.id: features_of(workspace, layer.id, window) for layer in layers.layers},
        "indicators": indicators.model_dump(mode="json"),
        "densities": [density_table(workspace, query).model_dump(mode="json") for query in queries],
        "density_years": [
            density_years(workspace, *pair).model_dump(mode="json")
            for pair in dict.fromkeys((query.indicator, query.denominator) for query in queries)
        ],
        "plan": plan_monitor(workspace).model_dump(mode="json"),
    }
    return render_single_file(_config(workspace, lang, embedded))


@lru_cache(maxsize=8)
def _page(config: PageConfig, own: tuple[ShownKind, ...]) -> "Page":  # noqa: ARG001 - the key
    # folium costs every start 0.3 s, and only the first page needs it.
    from maps.page.page import render_page  # noqa: PLC0415

    return render_page(config)


def _config(workspace: LayerSource, lang: str, embedded: dict[str, Any] | None) -> PageConfig:
    """Return a page's configuration; the first view shows the zone and its linkage zones."""
    # A view says nothing of what counts: a page must open where these were withdrawn, too.
    zone = workspace.zone
    shown = [name for name in ("zone", "linkage_zones") if name in layers_of(zone)]
    boxes = [workspace.store.versions(name)[0].bounds_lonlat for name in shown]
    west, south, east, north = zip(*boxes, strict=True)
    bounds = (min(west), min(south), max(east), max(north))
    return PageConfig(lang=lang, zone=short_name(zone), bounds_lonlat=bounds, embedded=embedded)
