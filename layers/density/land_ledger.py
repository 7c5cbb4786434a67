"""Promises of standard land and the yearly figures of its parcels, from two tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from layers.density.amounts import amount_of, is_absent
from layers.density.quantities import (
    TEXT,
    Column,
    QuantityWords,
    amount_fault,
    behind_number,
    quantity_words,
)
from layers.density.records import Record, Table
from layers.density.refusals import Problem, cell_address, refusal_of
from layers.density.row_terms import Declared, TableTerms, Terms
from layers.density.stacked_headings import TableWords
from layers.density.statistics.periods import FULL_YEAR
from layers.density.total_rows import row_name, total_kind
from layers.readers.sheets import Cell
from layers.yaml_text import load_yaml

PROMISES: Final = ("investment", "output", "tax", "energy")
_DAY: Final = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What was agreed of one parcel: amounts a mu, energy an output; what is absent is not."""

    parcel: str
    firm: str | None
    tenure: str | None
    start: date | None
    deadline: date | None
    term_months: int | None
    land_mu: float | None
    amounts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """Figures of one parcel in a year; only facts of a whole year are in ``amounts``."""

    parcel: str
    year: int
    amounts: Mapping[str, float]
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTable:
    """Rows of one of the two tables, and what must be confirmed before they count.

    ``sums`` are rows that add up others, and are no parcel.
    """

    promises: tuple[Promise, ...] = ()
    figures: tuple[YearFigures, ...] = ()
    questions: tuple[Problem, ...] = ()
    not_facts: tuple[Problem, ...] = ()
    sums: tuple[Problem, ...] = ()


def is_promise_table(headers: Sequence[str]) -> bool:
    """Tell whether headers are those of promises."""
    known = {column.name for head in headers if (column := _words("promises").column(head))}
    return "parcel" in known and len(known) > 1


def _is_ledger_table(headers: Sequence[str]) -> bool:
    known = {column.name for head in headers if (column := _words("figures").column(head))}
    return is_promise_table(headers) or ("parcel" in known and len(known) > 1)


def _is_ledger_heading(header: str) -> bool:
    return any(_words(of).column(header) is not None for of in ("promises", "figures"))


LEDGER_TABLE: Final = TableWords(is_table=_is_ledger_table, knows=_is_ledger_heading)
"""Promises or yearly figures of parcels."""


def promises_of(table: Table, declared: Declared) -> LedgerTable:
    """Return the promises of a table, one for each parcel.

    Raises
    ------
    StatisticsTableError
        A number or a date is none, a parcel stands twice or has no name.
    """
    reading = _Reading(table, "promises", declared)
    found = [promise for record in table.records if (promise := _promise(reading, record))]
    _require_once(reading, [(one.parcel,) for one in found])
    reading.require_sound()
    return LedgerTable(promises=tuple(found), questions=reading.questions, sums=tuple(reading.sums))


def figures_of(table: Table, declared: Declared) -> LedgerTable:
    """Return the yearly figures of a table.

    What is planned, estimated, preliminary or of a part of a year is no figure of the year: it is
    left out and named.

    Raises
    ------
    StatisticsTableError
        A number is none, no year is told, or a parcel stands twice for a year.
    """
    reading = _Reading(table, "figures", declared)
    found = [row for record in table.records if (row := _year_figures(reading, record))]
    _require_once(reading, [(one.parcel, str(one.year)) for one in found])
    reading.require_sound()
    return LedgerTable(
        figures=tuple(found),
        questions=reading.questions,
        not_facts=tuple(reading.not_facts),
        sums=tuple(reading.sums),
    )


class _Reading:
    """A table being read, and what does not fit."""

    def __init__(self, table: Table, of: str, declared: Declared) -> None:
        self.table, self.words = table, _words(of)
        headers = dict.fromkeys(head for record in table.records for head in record.cells if head)
        self.columns: dict[str, Column] = {
            head: column for head in headers if (column := self.words.column(head))
        }
        self.problems = list(table.faults)
        self.not_facts: list[Problem] = []
        self.sums: list[Problem] = []
        self.terms = TableTerms(table, declared)
        names = [column.name for column in self.columns.values()]
        for head, column in self.columns.items():
            if column.times is None:
                self.fault(table.header_line, head, "unknown_measure", head)
            if names.count(column.name) > 1:
                self.fault(table.header_line, head, "repeated_column")

    @property
    def questions(self) -> tuple[Problem, ...]:
        """What a person must confirm: units of measure that nobody states, and what is unclear."""
        assumed = [
            Problem(line=0, column=head, code="measure_assumed", text=column.unit)
            for head, column in self.columns.items()
            if column.assumed
        ]
        guessed = [one for one in self.sums if one.code == "total_row_guessed"]
        of_table = (*self.table.unseen, *self.table.questions, *self.terms.questions)
        return (*of_table, *guessed, *assumed)

    def fault(self, line: int, head: str | None, code: str, text: object = None) -> None:
        at = self.table.places.get(head or "")
        cell = None if at is None else cell_address(line, at)
        shown = None if text is None else str(text)[:80]
        self.problems.append(Problem(line=line, column=head, code=code, text=shown, cell=cell))

    def require_sound(self) -> None:
        if self.problems:
            raise refusal_of(self.table.name, self.problems)

    def text(self, record: Record, name: str) -> str | None:
        cell = self.cell(record, name)
        if is_absent(cell):
            return None
        return f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()

    def parcel(self, record: Record) -> str | None:
        return row_name(self.text(record, "parcel") or "", record.cells.values()) or None

    def is_sum(self, record: Record, parcel: str | None) -> bool:
        """Tell whether a row adds up others or is a part of one; it is named as left out."""
        kind = total_kind(parcel or "")
        if kind is None:
            return False
        self.sums.append(Problem(line=record.line, column=None, code=kind, text=parcel))
        return True

    def cell(self, record: Record, name: str) -> Cell:
        head = next((head for head, one in self.columns.items() if one.name == name), None)
        return record.cells.get(head) if head else None

    def day(self, record: Record, name: str) -> date | None:
        """Return a date; one that cannot be read is a fault, never none."""
        cell = self.cell(record, name)
        if is_absent(cell):
            return None
        if isinstance(cell, date):
            return cell.date() if isinstance(cell, datetime) else cell
        matched = _DAY.match(str(cell).strip())
        try:
            if matched:
                return date(*(int(one) for one in matched.groups()))
        except ValueError:
            pass
        head = next(head for head, one in self.columns.items() if one.name == name)
        self.fault(record.line, head, "not_a_date", cell)
        return None

    def amounts(self, record: Record) -> Iterator[tuple[str, str, float, Any]]:
        """Yield heading, name, value in the kept unit, and the amount as it stands."""
        for head, column in self.columns.items():
            cell = record.cells.get(head)
            if column.unit == TEXT or column.times is None or is_absent(cell):
                continue
            measures = self.words.measures[column.unit]
            found = amount_of(cell)
            fault = amount_fault(found, column, measures)
            if found is None or fault:
                self.fault(record.line, head, fault or "not_a_number", cell)
            elif found.value < 0.0 and column.name != "tax":
                self.fault(record.line, head, "negative", cell)
            elif (times := behind_number(found, column, measures)) is not None:
                yield head, column.name, found.value * times, found


def _promise(reading: _Reading, record: Record) -> Promise | None:
    parcel = reading.parcel(record)
    if reading.is_sum(record, parcel):
        return None
    amounts = {name: value for _, name, value, _ in reading.amounts(record)}
    if parcel is None:
        reading.fault(record.line, None, "no_unit")
        return None
    term, land = amounts.pop("term_years", None), amounts.pop("land_mu", None)
    return Promise(
        parcel=parcel,
        firm=reading.text(record, "firm"),
        tenure=reading.text(record, "tenure"),
        start=reading.day(record, "start"),
        deadline=reading.day(record, "deadline"),
        term_months=None if term is None else round(12 * term),
        land_mu=land,
        amounts=amounts,
    )


def _year_figures(reading: _Reading, record: Record) -> YearFigures | None:
    parcel = reading.parcel(record)
    if reading.is_sum(record, parcel):
        return None
    terms = reading.terms.of_row(record)
    if parcel is None or terms.whole.year is None:
        reading.fault(record.line, None, "no_unit" if parcel is None else "no_period")
        return None
    amounts = {}
    for head, name, value, found in reading.amounts(record):
        said = terms.of_figure(head, reading.columns[head], found)
        if said.period == FULL_YEAR and said.year == terms.whole.year:
            amounts[name] = value
        else:
            text = " ".join(filter(None, (parcel, str(said.year or ""), head)))
            problem = Problem(line=record.line, column=head, code=said.period, text=text)
            reading.not_facts.append(problem)
    return YearFigures(parcel=parcel, year=terms.whole.year, amounts=amounts, terms=terms.whole)


def _require_once(reading: _Reading, keys: Sequence[tuple[str, ...]]) -> None:
    for key in sorted({one for one in keys if keys.count(one) > 1})[:20]:
        reading.fault(reading.table.header_line, None, "repeated_parcel", " ".join(key))


@cache
def _words(of: str) -> QuantityWords:
    path = files("layers.density").joinpath("permu_data/land_ledger.yaml")
    content = load_yaml(path.read_text(encoding="utf-8"))
    return quantity_words({"measures": content["measures"], "quantities": content[of]})
