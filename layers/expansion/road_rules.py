"""How layers of roads are read as a network: classes, speeds, one-way streets, as data."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.errors import RuleFileError
from layers.readers.field_names import plain_name
from layers.yaml_text import load_yaml

_DATA: Final = "access_data"
_ROADS_FILE: Final = "roads.yaml"
_DESTINATIONS_FILE: Final = "destinations.yaml"
_KMH_PER_MPH: Final = 1.609344
_LIMIT: Final = re.compile(r"^(\d+(?:\.\d+)?)(km/h|kmh|kph|公里/小时|mph)?$")
_LINES: Final = ("LineString", "MultiLineString")
_NO_LIMIT: Final = frozenset({"none", "signals", "variable", "walk"})

_Kmh = Annotated[float, Field(gt=0, le=400, allow_inf_nan=False)]
_Metres = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Class(_File):
    kmh: _Kmh
    enter: bool = True
    oneway: bool = False
    names: tuple[str, ...] = ()


class _Fields(_File):
    class_: tuple[str, ...] = Field(alias="class")
    oneway: tuple[str, ...]
    limit: tuple[str, ...]
    junction: tuple[str, ...]
    name: tuple[str, ...]
    name_en: tuple[str, ...] = ()


class _OneWay(_File):
    forward: tuple[str, ...]
    backward: tuple[str, ...]
    both: tuple[str, ...]


class RoadRules(_File):
    """Classes with their speeds and what else makes a network of lines; see the file."""

    fields: _Fields
    classes: dict[str, _Class]
    other: _Class
    closed: tuple[str, ...]
    oneway: _OneWay
    roundabouts: tuple[str, ...]
    connection_kmh: _Kmh
    snap_m: _Metres
    belt_m: _Metres
    minutes: tuple[Annotated[float, Field(gt=0, le=600)], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadLines:
    """Lines that vehicles travel, of one layer or several, and what was not taken as it stood.

    ``left_out`` counts features by class that are closed to vehicles, ``not_lines`` those without
    a line. ``unlisted`` counts classes that the rules do not list, the empty text for none;
    ``unread`` texts of fields that were not understood, by field. ``names`` are in Chinese and in
    English; a name of one language stands for both.
    """

    lines: npt.NDArray[Any]
    names: tuple[tuple[str, str] | None, ...]
    speed_kmh: npt.NDArray[np.float64]
    way: npt.NDArray[np.int64]
    enterable: npt.NDArray[np.bool_]
    left_out: Mapping[str, int]
    not_lines: int
    unlisted: Mapping[str, int]
    unread: Mapping[tuple[str, str], int]


def load_road_rules(folder: Path | None) -> RoadRules:
    """Return the rules that ship, or those of a data folder's ``access/roads.yaml``.

    Raises
    ------
    RuleFileError
        The file is not YAML, lacks a field, or has one too many.
    """
    own = folder / _ROADS_FILE if folder else None
    if own is not None and own.is_file():
        return _read(own)
    return _builtin()


@cache
def _builtin() -> RoadRules:
    return _read(files("layers.expansion").joinpath(_DATA, _ROADS_FILE))


def _read(file: Traversable | Path) -> RoadRules:
    try:
        return RoadRules.model_validate(load_yaml(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise RuleFileError(file=file.name, field="*", problem="not_yaml") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "*"
        raise RuleFileError(file=file.name, field=where, problem=first["type"]) from exc


@cache
def destinations() -> Mapping[str, Literal["road", "straight"]]:
    """Return the kinds that sites shall be near to, and by which way each is reached."""
    text = files("layers.expansion").joinpath(_DATA, _DESTINATIONS_FILE).read_text(encoding="utf-8")
    return MappingProxyType(load_yaml(text))


def read_roads(layers: Sequence[gpd.GeoDataFrame], rules: RoadRules) -> RoadLines:
    """Return the roads of layers in EPSG:4490 as lines of a network.

    Parameters
    ----------
    layers : sequence of GeoDataFrame
        Each with fields of its own.
    rules : RoadRules
        See :func:`load_road_rules`.
    """
    reader = _Reader(rules)
    rows = [row for layer in layers for row in reader.read(layer)]
    lines = np.empty(len(rows), dtype=object)
    lines[:] = [row.line for row in rows]
    return RoadLines(
        lines=lines,
        names=tuple(row.name for row in rows),
        speed_kmh=np.array([row.kmh for row in rows], dtype=np.float64),
        way=np.array([row.way for row in rows], dtype=np.int64),
        enterable=np.array([row.enter for row in rows], dtype=bool),
        left_out=reader.left_out,
        not_lines=reader.not_lines,
        unlisted=reader.unlisted,
        unread=reader.unread,
    )


class _Row(NamedTuple):
    line: Any
    name: tuple[str, str] | None
    kmh: float
    way: int
    enter: bool


class _Reader:
    """Reads layer by layer, and counts what was not taken as it stood."""

    def __init__(self, rules: RoadRules) -> None:
        self._rules = rules
        self._classes = {
            plain_name(name): (own_id, one)
            for own_id, one in rules.classes.items()
            for name in (own_id, *one.names)
        }
        self._closed = frozenset(map(plain_name, rules.closed))
        self._ways = {
            plain_name(text): way
            for way, texts in (
                (1, rules.oneway.forward),
                (-1, rules.oneway.backward),
                (0, rules.oneway.both),
            )
            for text in texts
        }
        self.left_out: Counter[str] = Counter()
        self.unlisted: Counter[str] = Counter()
        self.unread: Counter[tuple[str, str]] = Counter()
        self.not_lines = 0

    def read(self, layer: gpd.GeoDataFrame) -> list[_Row]:
        """Return the roads for vehicles of one layer."""
        fields = self._rules.fields
        columns = (fields.class_, fields.oneway, fields.limit, fields.junction)
        texts = [_texts(layer, names) for names in columns]
        names = _names(_texts(layer, fields.name), _texts(layer, fields.name_en))
        found = (self._row(*row) for row in zip(layer.geometry, *texts, names, strict=True))
        return [row for row in found if row is not None]

    def _row(
        self,
        shape: Any,  # noqa: ANN401 - shapely is untyped
        said: str,
        oneway: str,
        limit: str,
        junction: str,
        name: tuple[str, str] | None,
    ) -> _Row | None:
        if shape is None or shape.geom_type not in _LINES or shapely.is_empty(shape):
            self.not_lines += 1
            return None
        if plain_name(said) in self._closed:
            self.left_out[said] += 1
            return None
        _, road = self._classes.get(plain_name(said), (None, None))
        if road is None:
            self.unlisted[said] += 1
            road = self._rules.other
        way = self._way(oneway, junction, road)
        kmh = self._kmh(limit, road)
        return _Row(line=shape, name=name, kmh=kmh, way=way, enter=road.enter)

    def _way(self, oneway: str, junction: str, road: _Class) -> int:
        if not oneway:
            return int(road.oneway or junction.lower() in self._rules.roundabouts)
        way = self._ways.get(plain_name(oneway))
        if way is None:
            self.unread["oneway", oneway] += 1
            return 0
        return way

    def _kmh(self, limit: str, road: _Class) -> float:
        """Return the limit that is stated, else the speed of the class; a stated 0 is none."""
        plain = limit.lower().replace(" ", "")
        if not plain or plain in _NO_LIMIT:
            return road.kmh
        match = _LIMIT.match(plain)
        if match is None:
            self.unread["maxspeed", limit] += 1
            return road.kmh
        kmh = float(match[1]) * (_KMH_PER_MPH if match[2] == "mph" else 1.0)
        return kmh or road.kmh


def _names(own: Sequence[str], english: Sequence[str]) -> list[tuple[str, str] | None]:
    pairs = zip(own, english, strict=True)
    return [(name or en, en or name) if name or en else None for name, en in pairs]


def _texts(layer: gpd.GeoDataFrame, names: Sequence[str]) -> list[str]:
    """Return the text of each feature in the first field that a layer has; empty without one."""
    wanted = list(map(plain_name, names))
    own = {plain_name(str(column)): column for column in reversed(list(layer.columns))}
    column = next((own[name] for name in wanted if name in own), None)
    if column is None:
        return [""] * len(layer)
    return ["" if pd.isna(value) else _text(value) for value in layer[column]]


def _text(value: object) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()
