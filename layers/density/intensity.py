"""The evaluation of a development zone's land as data: quantities, formulas, ideals, types."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from geo.density.intensity import Better, Ratio
from layers.density.amounts import Amount, amount_of, is_absent
from layers.density.quantities import (
    TEXT,
    Column,
    QuantityWords,
    amount_fault,
    behind_number,
    quantity_words,
)
from layers.density.row_terms import RowTerms, Terms
from layers.density.stacked_headings import TableWords
from layers.readers.sheets import Cell
from layers.yaml_text import load_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneIndicator:
    """A rate or intensity: its formula, unit, goal, weight in the goal and ideal values.

    ``ideal`` maps a profile (hi-tech, economic-technological, bonded) to the value to
    reach; empty where none is known, and then the indicator is told but not scored.
    ``stated`` is the quantity by which a record may state the value itself.
    """

    id: str
    name_zh: str
    name_en: str
    goal: str
    weight: float
    ratio: Ratio
    unit: str
    better: Better
    ideal: Mapping[str, float]
    stated: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A profile or goal; ``approvals`` are what approval types fall under a profile."""

    id: str
    name_zh: str
    name_en: str
    weight: float
    approvals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRule:
    """By which shares of built land a zone is industrial, or of city and industry."""

    industrial_share_above_pct: float
    residential_share_from_pct: float
    industrial_approvals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that the evaluation rests on."""

    indicators: tuple[ZoneIndicator, ...]
    goals: Mapping[str, Named]
    profiles: Mapping[str, Named]
    types: TypeRule
    citation: Mapping[str, str]
    scheme: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRecord:
    """Quantities of one zone, in the units of the data file; texts apart.

    ``unread`` are the fields whose value could not be taken, with the reason as a code.
    ``terms`` are those of the row, ``of_quantities`` those of each figure.
    """

    quantities: Mapping[str, float | None]
    texts: Mapping[str, str]
    unread: tuple[tuple[str, str], ...]
    terms: Terms
    of_quantities: Mapping[str, Terms]


@cache
def load_evaluation() -> Evaluation:
    """Return the evaluation that ships."""
    content = _yaml("evaluation.yaml")
    return Evaluation(
        indicators=tuple(_indicator(name, entry) for name, entry in content["indicators"].items()),
        goals=_named(content["goals"]),
        profiles=_named(content["profiles"]),
        types=TypeRule(
            industrial_share_above_pct=content["types"]["industrial_share_above_pct"],
            residential_share_from_pct=content["types"]["residential_share_from_pct"],
            industrial_approvals=tuple(content["types"]["industrial_approvals"]),
        ),
        citation=MappingProxyType(content["citation"]),
        scheme=MappingProxyType(content["scheme"]),
    )


def profile_of(approval: str | None, evaluation: Evaluation) -> str | None:
    """Return the column of ideal values for an approval type; None if it is not known."""
    if not approval:
        return None
    for profile in evaluation.profiles.values():
        if any(matches_approval(approval, known) for known in profile.approvals):
            return profile.id
    return None


def matches_approval(approval: str, known: str) -> bool:
    """Tell whether an approval type is a known one: codes exactly, words anywhere in it."""
    return approval == known or (not known.isdigit() and known in approval)


def record_of(row: Mapping[str, Cell], terms: RowTerms) -> ZoneRecord:
    """Return the quantities of one row, by field name or header; other fields are left.

    A unit of measure may stand in brackets behind a header; without one the official
    layout's unit holds. ``terms`` are those of the row; a header or a cell may narrow them.
    """
    words = _words()
    columns = {head: column for head in row if (column := words.column(head))}
    times = Counter(column.name for column in columns.values())
    quantities: dict[str, float | None] = {}
    of_quantities: dict[str, Terms] = {}
    texts: dict[str, str] = {}
    unread: list[tuple[str, str]] = []
    for header, column in columns.items():
        cell = row[header]
        if column.unit == TEXT:
            if cell is not None:
                texts[column.name] = f"{cell:g}" if isinstance(cell, float) else str(cell)
            continue
        if is_absent(cell):
            continue
        found, measures = amount_of(cell), words.measures[column.unit]
        fault = amount_fault(found, column, measures) or _impossible(found, column.name)
        if times[column.name] > 1:
            # Of 税收 and 2023年税收 neither may stand for the other.
            fault = "repeated_column"
        factor = None if found is None else behind_number(found, column, measures)
        if fault is not None or found is None or factor is None:
            unread.append((header, fault or "not_a_number"))
            continue
        quantities[column.name] = found.value * factor
        of_quantities[column.name] = terms.of_figure(header, column, found)
    return ZoneRecord(
        quantities=quantities,
        texts=texts,
        unread=tuple(unread),
        terms=terms.whole,
        of_quantities=of_quantities,
    )


def _impossible(found: Amount | None, name: str) -> str | None:
    """Tell of land, floors and people below zero; taxes may be paid back."""
    below = found is not None and found.value < 0.0 and "tax" not in name
    return "negative" if below else None


def headings_of(headers: Iterable[str]) -> dict[str, str]:
    """Return the headings of a table by the quantity that they name."""
    return {column.name: head for head in headers if (column := _words().column(head))}


def assumed_measures(headers: Iterable[str]) -> list[tuple[str, str]]:
    """Return headings in words that state no unit of measure, with the one that is assumed.

    Fields of the official layout have its unit.
    """
    columns = ((header, _words().column(header)) for header in headers)
    return [
        (header, column.unit)
        for header, column in columns
        if column and column.assumed and column.unit != TEXT and not header.isascii()
    ]


def is_quantity_header(header: str) -> bool:
    """Tell whether a header is one of the evaluation's quantities."""
    return column_of(header) is not None


def _has_any_quantity(headers: Sequence[str]) -> bool:
    return _words().has_any(headers)


ZONE_TABLE: Final = TableWords(is_table=_has_any_quantity, knows=is_quantity_header)


def column_of(header: str) -> Column | None:
    """Return the quantity of a header with its unit of measure; None if it is not known."""
    return _words().column(header)


def zone_headers() -> list[str]:
    """Return the first field of every quantity: those of the official layout where it has one.

    Any other says its unit of measure.
    """
    entries = _yaml("quantities.yaml")["quantities"].values()
    measures = _yaml("quantities.yaml")["measures"]
    return [_template_header(entry["fields"][0], entry["unit"], measures) for entry in entries]


def _template_header(field: str, unit: str, measures: Mapping[str, Mapping[str, float]]) -> str:
    if field.isascii() or unit == TEXT:
        return field
    return f"{field}（{next(name for name, times in measures[unit].items() if times == 1.0)}）"


@cache
def _words() -> QuantityWords:
    return quantity_words(_yaml("quantities.yaml"))


def _indicator(name: str, entry: Mapping[str, Any]) -> ZoneIndicator:
    return ZoneIndicator(
        id=name,
        name_zh=entry["zh"],
        name_en=entry["en"],
        goal=entry["goal"],
        weight=entry["weight"],
        ratio=Ratio(
            numerator=tuple(entry["numerator"]),
            denominator=tuple(entry["denominator"]),
            factor=entry["factor"],
        ),
        unit=entry["unit"],
        better=Better(entry["better"]),
        ideal=MappingProxyType(entry["ideal"] or {}),
        stated=entry.get("stated"),
    )


def _named(entries: Mapping[str, Any]) -> Mapping[str, Named]:
    return MappingProxyType(
        {
            name: Named(
                id=name,
                name_zh=entry["zh"],
                name_en=entry["en"],
                weight=entry.get("weight", 0.0),
                approvals=tuple(entry.get("approvals", ())),
            )
            for name, entry in entries.items()
        }
    )


def _yaml(name: str) -> dict[str, Any]:
    text = files("layers.density").joinpath(f"intensity_data/{name}").read_text(encoding="utf-8")
    content: dict[str, Any] = load_yaml(text)
    return content
