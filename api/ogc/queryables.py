"""What may be asked of the features of a layer, as JSON Schema (OGC 19-079r2)."""

from typing import Any, Final

from api.ogc.features import holds_days
from api.ogc.names import Named
from api.ogc.selection import ID, property_names
from api.ogc.visit import Visit
from api.workspace.loaded import LoadedLayer
from geo.filter.values import INSTANT, NUMBER, TEXT, TRUTH, as_instants, column_values, kind_of
from maps.ogc.answers import Queryables

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_MOST_CHOICES: Final = 30
_SHAPES: Final = {
    "Point": "point",
    "LineString": "linestring",
    "Polygon": "polygon",
    "MultiPoint": "multipoint",
    "MultiLineString": "multilinestring",
    "MultiPolygon": "multipolygon",
}


def describe_queryables(visit: Visit, asked: Named, loaded: LoadedLayer) -> Queryables:
    """Return the properties of a layer that filters may name, with their kinds."""
    features = loaded.features
    spec = loaded.version.spec
    found: dict[str, dict[str, Any]] = {
        features.geometry.name: {
            "title": visit.word("shape"),
            "x-ogc-role": "primary-geometry",
            "format": f"geometry-{_shape(loaded)}",
        },
        ID: {"title": visit.word("feature_id"), "x-ogc-role": "id", "type": "string"},
    }
    for name in property_names(loaded):
        entry = _property(features[name])
        if entry is not None:
            found[name] = {"title": name, **entry}
    return Queryables.model_validate(
        {
            "$schema": _DRAFT,
            "$id": visit.href(f"{asked.path}/queryables"),
            "title": spec.title_zh if visit.lang == "zh" else spec.title_en,
            "description": visit.word("queryables_note"),
            "properties": found,
        }
    )


def _shape(loaded: LoadedLayer) -> str:
    kinds = set(loaded.features.geom_type.dropna())
    single = _SHAPES.get(next(iter(kinds))) if len(kinds) == 1 else None
    return single or ("polygon" if kinds == {"Polygon", "MultiPolygon"} else "any")


def _property(column: Any) -> dict[str, Any] | None:  # noqa: ANN401 - pandas
    kind = kind_of(column)
    if kind == NUMBER:
        return {"type": "integer" if column.dtype.kind in "iu" else "number"}
    if kind == TRUTH:
        return {"type": "boolean"}
    if kind == INSTANT:
        return {"type": "string", "format": "date" if holds_days(column) else "date-time"}
    if kind != TEXT:
        return None
    if (dates := as_instants(column_values(column))) is not None and dates.known.any():
        days = set(column.dropna().str.len()) <= {0, len("2026-01-31")}
        return {"type": "string", "format": "date" if days else "date-time"}
    choices = sorted(set(column.dropna()))
    few = 0 < len(choices) <= _MOST_CHOICES and len(choices) < len(column)
    return {"type": "string", **({"enum": choices} if few else {})}
