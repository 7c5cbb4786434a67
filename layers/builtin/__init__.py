"""The data that ships: facts, indicative footprints, reference and demonstration layers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from geo.model import Grid
from layers.builtin import demonstration, footprints, ground, parcels, reference
from layers.builtin.makers import MAKERS, Scene
from layers.errors import RuleFileError
from layers.kinds import DEMONSTRATION_FILE, DataFile, builtin_kind_folders, own_kind_folders
from layers.model import LayerFrame, LayerSpec, LayerStatus, Sensitivity
from layers.provenance import canonical_json, digest
from layers.rasters.kinds import raster_kind
from layers.store.catalogue import Kinds, kinds_with, load_kinds
from layers.yaml_text import load_yaml
from layers.zones import Zone
from layers.zones.agreement import layers_of
from layers.zones.errors import ZoneFolderError
from layers.zones.load import DEMONSTRATION

RECIPE_VERSION: Final = "11"
"""Raise it with any change of recipe or data: stores then build a new version."""

_DEMONSTRATION_SOURCE: Final = "由带种子的配方生成，非真实管控线，见区域文件夹的 recipe.yaml"
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


def demonstrations(zone: Zone, own: Path | None) -> tuple[Demonstration, ...]:
    """Return the demonstration layers of all kinds: built-in ones, then a folder's own.

    What the zone's folder says of a kind stands in the place of what ships with the kind. A zone
    without windows has no demonstration layers.

    Raises
    ------
    RuleFileError
        A file is not YAML, lacks a field, has one too many, or names no way of making.
    """
    if not zone.recipe.windows:
        return ()
    kinds = kinds_with(own, zone.region)
    for kind in zone.demonstration:
        if kind not in kinds:
            name = f"{DEMONSTRATION}/{kind}.yaml"
            raise RuleFileError(file=name, field="*", problem="no_such_kind")
    folders = (*builtin_kind_folders(), *own_kind_folders(own))
    said = {
        one.kind: (f"{one.kind}/{DEMONSTRATION_FILE}", one.files[DEMONSTRATION_FILE])
        for one in folders
        if one.kind in kinds and DEMONSTRATION_FILE in one.files
    }
    made = {kind: (name, _text(file, name)) for kind, (name, file) in said.items()}
    made |= {
        kind: (f"{DEMONSTRATION}/{kind}.yaml", text) for kind, text in zone.demonstration.items()
    }
    order = [one.kind for one in folders]
    return tuple(
        _read_demonstration(kind, *made[kind], kinds) for kind in sorted(made, key=order.index)
    )


def _text(file: DataFile, name: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as exc:
        raise RuleFileError(file=name, field="*", problem="not_yaml") from exc


def _read_demonstration(kind: str, name: str, text: str, kinds: Kinds) -> Demonstration:
    try:
        facts = {"kind": kind, "sensitivity": kinds[kind].sensitivity}
        return Demonstration.model_validate({**facts, **load_yaml(text)})
    except (yaml.YAMLError, TypeError) as exc:
        raise RuleFileError(file=name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=name, field=where, problem=first["type"]) from exc


def recipe_version(zone: Zone, own: Path | None) -> str:
    """Return what tells one set of built-in layers from another: the zone's, a folder's own."""
    parts = [zone.sha256]
    if any(DEMONSTRATION_FILE in one.files for one in own_kind_folders(own)):
        parts += [one.model_dump_json() for one in demonstrations(zone, own)]
    return f"{RECIPE_VERSION}-{digest(canonical_json(parts))[:12]}"


def layer_ids(zone: Zone, own: Path | None = None) -> tuple[str, ...]:
    """Return the ids of all layers that a zone brings, and of those of a folder's kinds."""
    return (*layers_of(zone), *(one.layer for one in demonstrations(zone, own)))


def raster_ids(zone: Zone) -> tuple[str, ...]:
    """Return the ids of all rasters that a zone brings."""
    return tuple(zone.rasters)


def build_all(zone: Zone, own: Path | None = None) -> Iterator[BuiltinLayer | BuiltinRaster]:
    """Make every layer and raster that a zone brings, always the same, the cheap ones first.

    ``own`` is a planner's folder of rules, whose kinds may bring demonstration layers too.
    """
    counties = reference.read_counties(zone.region)
    lakes, rivers = reference.read_lakes(zone), reference.read_rivers(zone)
    districts = footprints.districts(zone)
    drawn = {
        "counties": counties,
        "lakes": lakes,
        "rivers": rivers,
        "zone": footprints.whole_zone(zone, districts),
        "districts": districts,
        "bonded_zone": footprints.bonded_zone(zone, districts),
        "linkage_zones": footprints.linkage_zones(zone),
    }
    for layer_id, features in drawn.items():
        if features is not None and len(features):
            yield _layer(zone, layer_id, features)
    if not zone.recipe.windows:
        return
    windows = {name: one.model_dump() for name, one in zone.recipe.windows.items()}
    recipe = {**zone.recipe.demonstration, "windows": windows}
    yield _layer(zone, "demo_parcels", parcels.parcels(recipe, districts))
    lines = demonstration.control_lines(recipe, districts, lakes, counties)
    scene = Scene(lakes=lakes, lines=lines)
    for told in demonstrations(zone, own):
        made = _demonstration(told, scene)
        # Where there is no lake, a layer of what lies round lakes would hold nothing.
        if len(made.frame.features):
            yield made
    real = ground.Reality(lakes=lakes, rivers=rivers, counties=counties)
    yield from _rasters(zone, ground.grounds(recipe, districts, real, lines))


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


def _layer(zone: Zone, layer_id: str, features: gpd.GeoDataFrame) -> BuiltinLayer:
    said = zone.layers[layer_id]
    if said.kind not in load_kinds():
        where = f"{layer_id}.kind"
        raise ZoneFolderError(
            file="layers.yaml", field=where, problem="no_such_kind", given=said.kind
        )
    spec = LayerSpec(
        id=layer_id,
        kind=said.kind,
        title_zh=said.title.zh,
        title_en=said.title.en,
        status=LayerStatus(said.status),
        sensitivity=load_kinds()[said.kind].sensitivity,
        source=said.source,
        licence=said.licence or _OWN_LICENCE,
    )
    return BuiltinLayer(spec=spec, frame=LayerFrame(features=features, coverage=None))


def _rasters(zone: Zone, grounds: Mapping[str, ground.Ground]) -> Iterator[BuiltinRaster]:
    for raster_id, said in zone.rasters.items():
        made = grounds[said.window]
        heights = said.kind == "dem"
        spec = LayerSpec(
            id=raster_id,
            kind=said.kind,
            title_zh=said.title.zh,
            title_en=said.title.en,
            status=LayerStatus.DEMONSTRATION,
            sensitivity=raster_kind(said.kind).sensitivity,
            source=_DEMONSTRATION_SOURCE,
            licence=_OWN_LICENCE,
        )
        grid = made.heights if heights else made.cover
        yield BuiltinRaster(spec=spec, grid=grid, classes=None if heights else ground.CLASSES)
