"""The data that ships: facts, indicative footprints, reference and demonstration layers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import geopandas as gpd
import yaml

from geo.model import Grid
from layers.builtin import demonstration, footprints, ground, parcels, reference
from layers.builtin.surroundings import surroundings
from layers.model import LayerFrame, LayerSpec, LayerStatus
from layers.rasters.kinds import raster_kind
from layers.store.catalogue import load_kinds

RECIPE_VERSION: Final = "5"
"""Raise it with any change of recipe or data: stores then build a new version."""

_DEMONSTRATION_SOURCE: Final = (
    "由带种子的配方生成，非真实管控线，见 layers/builtin/data/recipe.yaml"
)
_OWN_LICENCE: Final = "Apache-2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinLayer:
    """One layer of the data that ships."""

    spec: LayerSpec
    frame: LayerFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinRaster:
    """One raster of the data that ships; ``classes`` names its dictionary, if it has one."""

    spec: LayerSpec
    grid: Grid
    classes: str | None


def layer_ids() -> tuple[str, ...]:
    """Return the ids of all built-in layers."""
    return tuple(_data("layers.yaml"))


def raster_ids() -> tuple[str, ...]:
    """Return the ids of all built-in rasters."""
    return tuple(_data("rasters.yaml"))


def build_all() -> Iterator[BuiltinLayer | BuiltinRaster]:
    """Make every built-in layer and raster, always the same, the cheap ones first."""
    recipe, places = _data("recipe.yaml"), _data("places.yaml")
    counties, lakes = reference.read_counties(), reference.read_lakes()
    yield _layer("counties", counties)
    yield _layer("lakes", lakes)
    rivers = reference.read_rivers()
    yield _layer("rivers", rivers)
    districts = footprints.districts(recipe, places)
    yield _layer("zone", footprints.zone(districts))
    yield _layer("districts", districts)
    yield _layer("bonded_zone", footprints.bonded_zone(recipe, districts))
    yield _layer("linkage_zones", footprints.linkage_zones(places))
    yield _layer("demo_parcels", parcels.parcels(recipe, districts))
    lines = demonstration.control_lines(recipe, districts, lakes, counties)
    belts, around = demonstration.lake_belts(recipe, lakes)
    # Where the other lines speak and there is no lake, the belts say that there is none.
    spoken = gpd.GeoSeries([*around, *lines.coverage], crs=around.crs)
    yield _layer("demo_lake_belts", belts, spoken)
    yield _layer("demo_ecological_red_line", lines.red_line, lines.coverage)
    yield _layer("demo_permanent_basic_farmland", lines.farmland, lines.coverage)
    yield _layer("demo_urban_development_boundary", lines.development_boundary, lines.coverage)
    yield _layer("demo_basin_farmland", lines.basin_farmland, lines.coverage)
    others = surroundings(recipe, lines.windows, lakes)
    yield _layer("demo_nature_reserves", others.reserves, others.coverage)
    yield _layer("demo_water_sources", others.water_sources, others.coverage)
    yield _layer("demo_key_wetlands", others.wetlands, others.coverage)
    yield _layer("demo_environmental_units", others.units, others.coverage)
    real = ground.Reality(lakes=lakes, rivers=rivers, counties=counties)
    yield from _rasters(ground.grounds(recipe, districts, real, lines))


def _layer(
    layer_id: str, features: gpd.GeoDataFrame, coverage: gpd.GeoSeries | None = None
) -> BuiltinLayer:
    said = _data("layers.yaml")[layer_id]
    spec = LayerSpec(
        id=layer_id,
        kind=said["kind"],
        title_zh=said["title"]["zh"],
        title_en=said["title"]["en"],
        status=LayerStatus(said["status"]),
        sensitivity=load_kinds()[said["kind"]].sensitivity,
        source=said.get("source", _DEMONSTRATION_SOURCE),
        licence=said.get("licence", _OWN_LICENCE),
    )
    return BuiltinLayer(spec=spec, frame=LayerFrame(features=features, coverage=coverage))


def _rasters(grounds: Mapping[str, ground.Ground]) -> Iterator[BuiltinRaster]:
    for raster_id, said in _data("rasters.yaml").items():
        made = grounds[said["window"]]
        heights = said["kind"] == "dem"
        spec = LayerSpec(
            id=raster_id,
            kind=said["kind"],
            title_zh=said["title"]["zh"],
            title_en=said["title"]["en"],
            status=LayerStatus.DEMONSTRATION,
            sensitivity=raster_kind(said["kind"]).sensitivity,
            source=_DEMONSTRATION_SOURCE,
            licence=_OWN_LICENCE,
        )
        grid = made.heights if heights else made.cover
        yield BuiltinRaster(spec=spec, grid=grid, classes=None if heights else ground.CLASSES)


def _data(name: str) -> Mapping[str, Any]:
    text = files("layers.builtin").joinpath("data", name).read_text(encoding="utf-8")
    content: Mapping[str, Any] = yaml.safe_load(text)
    return content
