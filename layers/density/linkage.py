"""Units beside the three districts, by data: linkage zones, expansion areas and blocks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from layers.density.statistics.builtin import load_units
from layers.density.statistics.model import PlanningUnit
from layers.density.statistics.unit_names import unit_names
from layers.model import LayerVersion
from layers.readers.field_names import read_names
from layers.readers.sheets import plain_word
from layers.yaml_text import load_yaml
from layers.zones import Zone

KIND: Final = "linkage_zone"
LINKAGE_LEVELS: Final = ("park", "expansion", "block")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageUnit:
    """A unit that no total of the zone counts, and what is known of its grant.

    ``unit.layer`` and ``unit.drawn_as`` name the features that draw it. ``twice`` are further
    layers that draw it too: which outline holds is not known then, and it has no boundary.
    """

    unit: PlanningUnit
    batch: str | None
    since: str | None
    document: str | None
    source: str | None
    twice: tuple[str, ...] = ()


def linkage_units(
    zone: Zone, layers: Iterable[tuple[LayerVersion, gpd.GeoDataFrame]]
) -> tuple[LinkageUnit, ...]:
    """Return the linkage zones that a zone names, and every unit that a layer of the kind draws.

    Parameters
    ----------
    zone : Zone
        Its units and their names.
    layers : iterable of LayerVersion and GeoDataFrame
        The layers of the kind that count, with their features in EPSG:4490. Points show where
        a zone is and bound nothing.

    Notes
    -----
    A feature is a known unit by its id or one of its names; any other is a unit of its own,
    ``layer/feature``. Several features of one unit in one layer draw it together.
    """
    known = load_units(zone)
    found = {
        unit_id: LinkageUnit(
            unit=known[unit_id],
            batch=one.batch,
            since=one.since,
            document=one.document,
            source=one.source,
        )
        for unit_id, one in zone.batches.items()
    }
    for version, features in layers:
        for drawn in _drawn_units(zone, version, features):
            before = found.get(drawn.unit.id)
            found[drawn.unit.id] = _joined(before, drawn) if before else drawn
    return tuple(found.values())


def boundary_of(features: gpd.GeoDataFrame, unit: PlanningUnit) -> shapely.Geometry | None:
    """Return the features that draw a unit as one shape, None where none of them is there.

    They are those with its id or, where no feature has it, with its name: official layers know
    no ids of ours.
    """
    drawing = features["feature_id"].astype(str).isin(unit.feature_ids).to_numpy()
    if not drawing.any():
        drawing = _named_as(features, unit)
    shapes = features.geometry[drawing].to_numpy()
    areas = shapes[_polygons(shapes)]
    if len(areas) < 2:
        # What is one shape is measured as it stands: a union may move its vertices.
        return areas[0] if len(areas) else None
    return shapely.union_all(areas)


def _named_as(features: gpd.GeoDataFrame, unit: PlanningUnit) -> npt.NDArray[np.bool_]:
    own = {plain_word(unit.name_zh), plain_word(unit.name_en)}
    named = (map(plain_word, one or ()) for one in read_names(features))
    return np.array([not own.isdisjoint(names) for names in named], dtype=bool)


def _joined(before: LinkageUnit, drawn: LinkageUnit) -> LinkageUnit:
    """Return a unit with what a layer says of it; drawn by two layers it has no boundary."""
    said = replace(
        before,
        batch=drawn.batch or before.batch,
        since=drawn.since or before.since,
        document=drawn.document or before.document,
        source=drawn.source or before.source,
    )
    first = before.unit.layer
    if before.twice or first not in (None, drawn.unit.layer):
        layers = dict.fromkeys((*before.twice, first or "", drawn.unit.layer or ""))
        bare = replace(before.unit, layer=None, boundary_since=None, drawn_as=())
        return replace(said, unit=bare, twice=tuple(filter(None, layers)))
    features = tuple(dict.fromkeys((*before.unit.drawn_as, *drawn.unit.drawn_as)))
    since = before.unit.boundary_since if first else drawn.unit.boundary_since
    unit = replace(before.unit, layer=drawn.unit.layer, boundary_since=since, drawn_as=features)
    return replace(said, unit=unit)


def _drawn_units(
    zone: Zone, version: LayerVersion, features: gpd.GeoDataFrame
) -> Iterator[LinkageUnit]:
    words = _words()
    columns = {plain_word(str(name)): name for name in features.columns}
    at = {
        role: next((columns[name] for name in names if name in columns), None)
        for role, names in words["columns"].items()
    }
    areal = _polygons(features.geometry.to_numpy())
    for row, title in zip(
        features[areal].to_dict("records"), _titles(features[areal]), strict=True
    ):
        said = {role: _text(row.get(name)) if name else None for role, name in at.items()}
        feature_id = str(row["feature_id"])
        known = _known_unit(zone, said["unit"], title)
        unit = _unit_of(version, known, feature_id, title, said)
        yield LinkageUnit(
            unit=unit,
            batch=said["batch"],
            since=said["since"],
            document=said["document"],
            source=version.spec.source,
        )


def _titles(features: gpd.GeoDataFrame) -> list[tuple[str, str] | None]:
    return read_names(features.drop(columns=features.geometry.name))


def _unit_of(
    version: LayerVersion,
    known: PlanningUnit | None,
    feature_id: str,
    title: tuple[str, str] | None,
    said: Mapping[str, str | None],
) -> PlanningUnit:
    stated = version.spec.valid_from or version.spec.data_date
    since = _year(said["since"]) or (stated.year if stated else None)
    drawn: dict[str, Any] = {
        "layer": version.layer_id, "boundary_since": since, "drawn_as": (feature_id,),
    }  # fmt: skip
    if known is not None:
        return replace(known, **drawn)
    label = title or (feature_id, feature_id)
    return PlanningUnit(
        id=f"{version.layer_id}/{said['unit'] or feature_id}",
        level=_words()["roles"].get(plain_word(said["role"] or ""), "park"),
        name_zh=label[0],
        name_en=label[1],
        **drawn,
    )


def _known_unit(
    zone: Zone, unit_id: str | None, title: tuple[str, str] | None
) -> PlanningUnit | None:
    """Return the linkage zone of an id or name; districts are drawn elsewhere."""
    names = unit_names(zone)
    for text in filter(None, (unit_id, *(title or ()))):
        found = names.get(plain_word(text))
        if found and found in zone.batches:
            return load_units(zone)[found]
    return None


def _year(text: str | None) -> int | None:
    year = (text or "")[:4]
    return int(year) if year.isdecimal() and len(year) == 4 else None


def _text(value: object) -> str | None:
    if value is None or value != value:  # noqa: PLR0124 - not a number differs from itself
        return None
    return (f"{value:g}" if isinstance(value, float) else str(value)).strip() or None


def _polygons(shapes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    areal = shapely.get_dimensions(shapes) == 2
    return np.asarray(areal)


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    path = files("layers.density").joinpath("statistics_data/linkage.yaml")
    content = load_yaml(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            "columns": {
                role: [plain_word(name) for name in names]
                for role, names in content["columns"].items()
            },
            "roles": {
                plain_word(word): role for role, words in content["roles"].items() for word in words
            },
        }
    )
