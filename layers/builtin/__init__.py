"""The data that ships: facts, indicative footprints, reference and demonstration layers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from geo.model import Grid
from layers.builtin import demonstration, footprints, ground, parcels, reference
from layers.builtin.makers import MAKERS, Scene
from layers.errors import RuleFileError
from layers.kinds import DEMONSTRATION_FILE, KindFolder, builtin_kind_folders, own_kind_folders
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity
from layers.provenance import canonical_json, digest
from layers.rasters.kinds import raster_kind
from layers.store.catalogue import Kinds, kinds_with, load_kinds
from layers.yaml_text import load_yaml

RECIPE_VERSION: Final = "10"
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


class Demonstration(BaseModel):
    """A kind's ``demonstration.yaml``: how the layer is made that stands for it at first."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: str
    sensitivity: Sensitivity
    layer: str
    title: dict[Literal["zh", "en"], str]
    make: str
    with_: dict[str, Any] = Field(alias="with")

    @field_validator("make")
    @classmethod
    def _is_known(cls, make: str) -> str:
        if make not in MAKERS:
            raise ValueError("no such way of making")
        return make


def demonstrations(own: Path | None) -> tuple[Demonstration, ...]:
    """Return the demonstration layers of all kinds: built-in ones, then a folder's own.

    Raises
    ------
    RuleFileError
        A file is not YAML, lacks a field, has one too many, or names no way of making.
    """
    kinds = kinds_with(own)
    folders = (*builtin_kind_folders(), *own_kind_folders(own))
    return tuple(
        _read_demonstration(one, kinds) for one in folders if DEMONSTRATION_FILE in one.files
    )


def _read_demonstration(folder: KindFolder, kinds: Kinds) -> Demonstration:
    file = folder.files[DEMONSTRATION_FILE]
    name = f"{folder.kind}/{DEMONSTRATION_FILE}"
    try:
        said = load_yaml(file.read_text(encoding="utf-8"))
        facts = {"kind": folder.kind, "sensitivity": kinds[folder.kind].sensitivity}
        return Demonstration.model_validate({**facts, **said})
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as exc:
        raise RuleFileError(file=name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=name, field=where, problem=first["type"]) from exc


def recipe_version(own: Path | None) -> str:
    """Return what tells one set of built-in layers from another, a folder's own among them."""
    if not any(DEMONSTRATION_FILE in one.files for one in own_kind_folders(own)):
        return RECIPE_VERSION
    added = [one.model_dump(mode="json") for one in demonstrations(own)]
    return f"{RECIPE_VERSION}-{digest(canonical_json(added))[:12]}"


def layer_ids(own: Path | None = None) -> tuple[str, ...]:
    """Return the ids of all built-in layers, and of those that a folder's kinds bring."""
    return (*_data("layers.yaml"), *(one.layer for one in demonstrations(own)))


def raster_ids() -> tuple[str, ...]:
    """Return the ids of all built-in rasters."""
    return tuple(_data("rasters.yaml"))


def build_all(own: Path | None = None) -> Iterator[BuiltinLayer | BuiltinRaster]:
    """Make every built-in layer and raster, always the same, the cheap ones first.

    ``own`` is a planner's folder of rules, whose kinds may bring demonstration layers too.
    """
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
    scene = Scene(lakes=lakes, lines=lines)
    for told in demonstrations(own):
        yield _demonstration(told, scene)
    real = ground.Reality(lakes=lakes, rivers=rivers, counties=counties)
    yield from _rasters(ground.grounds(recipe, districts, real, lines))


def _demonstration(told: Demonstration, scene: Scene) -> BuiltinLayer:
    spec = LayerSpec(
        id=told.layer,
        kind=told.kind,
        title_zh=told.title["zh"],
        title_en=told.title["en"],
        status=LayerStatus.DEMONSTRATION,
        sensitivity=told.sensitivity,
        source=_DEMONSTRATION_SOURCE,
        licence=_OWN_LICENCE,
    )
    return BuiltinLayer(spec=spec, frame=MAKERS[told.make](scene, told.with_))


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
    content: Mapping[str, Any] = load_yaml(text)
    return content
