"""Answers in Python's hands: as values, tables, frames, a map, a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

import geopandas as gpd
import pandas as pd
from pydantic import BaseModel
from shapely.geometry import shape
from typing_extensions import override

from api.operation import FileAnswer
from geo.check.verdict import gravity
from maps.answers import Answer
from maps.i18n import tr
from maps.page.shapes_map import Shape, render_shapes_map

A = TypeVar("A", bound=Answer)

_CRS: Final = "EPSG:4490"
_GEOMETRY: Final = "geometry"
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_TOLD: Final = ("verdict", "status", "id")
"""Fields that a short description of an answer shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFile:
    """A file that an operation made."""

    name: str
    data: bytes

    def save(self, path: str | Path) -> Path:
        """Write the file; a folder takes it under its own name."""
        where = Path(path)
        where = where / self.name if where.is_dir() else where
        where.write_bytes(self.data)
        return where

    @override
    def __repr__(self) -> str:
        return f"<{self.name}, {len(self.data)} bytes>"


class Result(Generic[A]):
    """An answer; its fields are attributes of the result, too.

    Attributes
    ----------
    answer : Answer
        The answer itself, the same as over HTTP.
    """

    def __init__(self, answer: A, *, lang: str, make_file: Callable[[str], FileAnswer]) -> None:
        self.answer = answer
        self._lang = lang
        self._make_file = make_file

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a field of the answer
        return getattr(self.answer, name)

    @override
    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *type(self.answer).model_fields})

    def to_geodataframe(self, name: str | None = None) -> gpd.GeoDataFrame:
        """Return everything in the answer that has a place, a row each, in EPSG:4490.

        With a name only what stands in lists of that name: ``sites``, ``parts``.
        ``of`` says where in the answer a row stands, such as ``sites[0].findings[2].parts[0]``;
        the other columns are its own plain values and, with the name of what it belongs to
        before them, those of what it lies in: ``site_verdict`` beside the area of a part.

        Raises
        ------
        ValueError
            There is no such place in the answer; a check has some with ``geometry=True``.
        """
        rows = [row for row in _places(self.answer) if name in {None, _last_list(row["of"])}]
        if not rows:
            raise ValueError("the answer holds no place; where it can, ask with geometry=True")
        shapes = [shape(row.pop(_GEOMETRY)) for row in rows]
        return gpd.GeoDataFrame(rows, geometry=shapes, crs=_CRS)

    def to_dataframe(self, name: str | None = None) -> pd.DataFrame:
        """Return a list of the answer as a table; the only or first one if no name is given.

        Raises
        ------
        KeyError
            The answer has no such list.
        """
        lists = {
            key: value
            for key, value in self.answer
            if isinstance(value, (list, tuple)) and value and isinstance(value[0], BaseModel)
        }
        if name is None and lists:
            name = next(iter(lists))
        if name not in lists:
            raise KeyError(name)
        return pd.json_normalize([row.model_dump(mode="json") for row in lists[name]])

    def save(self, path: str | Path) -> Path:
        """Write the answer in the form that the suffix names: xlsx, csv, pdf, geojson ...

        Raises
        ------
        Refused
            The answer has no such form; says which it has.
        """
        where = Path(path)
        where.write_bytes(self._make_file(where.suffix.lower().removeprefix(".")).data)
        return where

    @override
    def __repr__(self) -> str:
        said = {name: getattr(self.answer, name, None) for name in _TOLD}
        told = ", ".join(f"{name}={value}" for name, value in said.items() if value is not None)
        counted = {name: len(value) for name, value in self.answer if isinstance(value, list)}
        lists = ", ".join(f"{count} {name}" for name, count in counted.items() if count)
        return f"<{type(self.answer).__name__}: {'; '.join(one for one in (told, lists) if one)}>"

    def _repr_html_(self) -> str | None:
        """Show what has a place on a folium map that asks nobody for anything."""
        rows = sorted(_places(self.answer), key=_drawing_place)
        return render_shapes_map([_shape(row, self._lang) for row in rows]) if rows else None


def _places(
    answer: BaseModel, where: str = "", label: str = "", around: Mapping[str, Any] = _NOTHING
) -> Iterator[dict[str, Any]]:
    """Yield a row for every part of an answer that has a geometry, the outermost first."""
    plain = dict(_plain_values(answer))
    geometry = getattr(answer, _GEOMETRY, None)
    if geometry is not None:
        yield {"of": where or "answer", **around, **plain, _GEOMETRY: geometry}
    if label:
        around = {**around, **{f"{label}_{name}": value for name, value in plain.items()}}
    for name, value in answer:
        if isinstance(value, BaseModel):
            yield from _places(value, f"{where}.{name}".lstrip("."), name, around)
        elif isinstance(value, (list, tuple)):
            for number, one in enumerate(value):
                if isinstance(one, BaseModel):
                    place = f"{where}.{name}[{number}]".lstrip(".")
                    yield from _places(one, place, name.removesuffix("s"), around)


def _plain_values(answer: BaseModel) -> Iterator[tuple[str, object]]:
    """Yield the plain values, and those of a group such as ``printed`` as ``printed_m2``."""
    for name, value in answer:
        if _is_plain(value):
            yield name, value
        elif isinstance(value, BaseModel) and all(_is_plain(one) for _, one in value):
            yield from ((f"{name}_{key}", one) for key, one in value)


def _last_list(where: str) -> str:
    return where.rpartition(".")[2].partition("[")[0]


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _drawing_place(row: dict[str, Any]) -> tuple[int, int]:
    """Return what sorts rows so that the inner ones and the graver ones lie above."""
    verdict = _verdict(row)
    return row["of"].count("."), -gravity(verdict) if verdict else 0


def _verdict(row: dict[str, Any]) -> str | None:
    """Return the verdict of a row, or that of what it lies in."""
    told = (row[name] for name in reversed(row) if name.endswith("verdict"))
    return next(filter(None, told), None)


def _shape(row: dict[str, Any], lang: str) -> Shape:
    """Return a row as the map shows it."""
    verdict = _verdict(row)
    named = (row.get(name) for name in ("name", "site_name", "site_id", "layer_id", "of"))
    area_m2 = row.get("area_m2")
    text = [next(str(one) for one in named if one)]
    if verdict is not None:
        text.append(tr(f"verdicts.{verdict}", lang))
    if area_m2 is not None:
        text.append(f"{area_m2:,.2f} m²")
    return Shape(geometry=row[_GEOMETRY], verdict=verdict, text=" · ".join(text))
