"""What the public reads of a feature beside its name: which fields of which kind, as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.measure.area import area_lonlat_m2
from layers.readers.sheets import number_of, plain_word
from layers.yaml_text import load_yaml

M2_PER_HA: Final = 10_000.0
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicField:
    """A field of a kind.

    ``form``: ``choice`` (one of few, by which readers filter), ``size`` (hectares as stated),
    ``measured`` (hectares of the outline in the store), ``date``, ``text`` or ``both`` (a text
    in each language). ``columns`` are the properties that a feature carries for it, ``names``
    the headers of each, ``units`` the hectares of one unit by header.
    """

    id: str
    form: str
    columns: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    units: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


def fields_of(kind: str) -> tuple[PublicField, ...]:
    """Return the fields of a kind, in the order in which they are read; most kinds have none."""
    return _fields().get(kind, ())


def columns_of(kind: str) -> tuple[str, ...]:
    """Return the properties that published features of a kind may carry for its fields."""
    return tuple(column for one in fields_of(kind) for column in one.columns)


def all_columns() -> tuple[str, ...]:
    """Return the properties of all kinds, each once."""
    return tuple(dict.fromkeys(column for kind in _fields() for column in columns_of(kind)))


def read_fields(kind: str, features: gpd.GeoDataFrame) -> list[dict[str, str | float]]:
    """Return what each feature says in the fields of its kind; what it does not say is not there.

    Parameters
    ----------
    kind : str
        Of the layer.
    features : GeoDataFrame
        In EPSG:4490, with the attributes that came in.
    """
    fields = fields_of(kind)
    if not fields:
        return [{} for _ in range(len(features))]
    headers: dict[str, Any] = {}
    for name in features.columns:
        if name != features.geometry.name:
            headers.setdefault(plain_word(str(name)), name)
    shapes = features.geometry.to_numpy()
    areal = shapely.get_dimensions(shapes) == 2
    measured = np.zeros(len(shapes))
    measured[areal] = area_lonlat_m2(shapes[areal]) / M2_PER_HA
    return [
        dict(_yield_values(fields, headers, row, float(area_ha)))
        for row, area_ha in zip(features.to_dict("records"), measured, strict=True)
    ]


def _yield_values(
    fields: tuple[PublicField, ...],
    headers: Mapping[str, Any],
    row: Mapping[Any, Any],
    measured_ha: float,
) -> Iterator[tuple[str, str | float]]:
    for one in fields:
        if one.form == "measured":
            if measured_ha > 0.0:
                yield one.id, round(measured_ha, 2)
        elif one.form == "size":
            yield from _size(one, headers, row)
        else:
            for column, names in one.names.items():
                text = _first(names, headers, row)
                if text:
                    yield column, one.values.get(plain_word(text), text)


def _size(
    one: PublicField, headers: Mapping[str, Any], row: Mapping[Any, Any]
) -> Iterator[tuple[str, str | float]]:
    """Return hectares; what is no number stays the text that it is, under a name of its own."""
    for name, unit_ha in one.units.items():
        text = _first((name,), headers, row)
        if text is None:
            continue
        number = number_of(text)
        if number is None or number <= 0.0:
            yield f"{one.id.removesuffix('_ha')}_text", f"{headers[name]}: {text}"
        else:
            yield one.id, round(number * unit_ha, 4)
        return


def _first(
    names: tuple[str, ...], headers: Mapping[str, Any], row: Mapping[Any, Any]
) -> str | None:
    for name in names:
        value = row.get(headers[name]) if name in headers else None
        if value is None or value != value:  # noqa: PLR0124 - not a number differs from itself
            continue
        text = f"{value:g}" if isinstance(value, float | np.floating) else str(value)
        if text.strip():
            return text.strip()[:_LONGEST]
    return None


@cache
def _fields() -> Mapping[str, tuple[PublicField, ...]]:
    path = files("layers.publish").joinpath("publish_data/fields.yaml")
    content = load_yaml(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            kind: tuple(_field(name, said) for name, said in rows.items())
            for kind, rows in content.items()
        }
    )


def _field(name: str, said: Mapping[str, Any]) -> PublicField:
    names = (
        {f"{name}_{lang}": _plain(said[f"names_{lang}"]) for lang in ("zh", "en")}
        if said["form"] == "both"
        else {name: _plain(said.get("names", []))}
    )
    values = {
        plain_word(word): code for code, words in said.get("values", {}).items() for word in words
    }
    units = {
        header: float(one["unit_ha"])
        for one in said.get("units", [])
        for header in _plain(one["names"])
    }
    return PublicField(
        id=name,
        form=said["form"],
        columns=tuple(names),
        names=MappingProxyType(names),
        values=MappingProxyType(values),
        units=MappingProxyType(units),
    )


def _plain(words: list[str]) -> tuple[str, ...]:
    return tuple(map(plain_word, words))
