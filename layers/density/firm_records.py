"""Firms and their land from a table or a layer: every row that does not fit is named."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from layers.density.amounts import amount_of, is_absent
from layers.density.permu import FirmWords, load_firm_words
from layers.density.quantities import TEXT, Column, amount_fault, behind_number
from layers.density.records import Record, Table
from layers.density.refusals import Problem, cell_address, refusal_of
from layers.density.row_peers import PeerRow, ask_about_rows
from layers.density.row_terms import Declared, RowTerms, TableTerms, Terms, is_term
from layers.density.stacked_headings import TableWords
from layers.density.total_rows import TotalRows, row_name, total_kind
from layers.model import Ledger
from layers.readers.sheets import Cell, plain_word, split_mark

_SEVERAL: Final = re.compile(r"[、;；,，|]")
_LAND: Final = "land_mu"
_MAY_BE_NEGATIVE: Final = frozenset({"tax", "added", "income"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """One row: a firm, what it reports in the units of the dictionary, and its land.

    A quantity that is not reported is absent. ``parcels`` are ids or names of parcels;
    ``shape`` is the row's own polygon in EPSG:4490 where it comes from a layer. ``terms``
    are those of the row, ``of_quantities`` those of each figure.
    """

    line: int
    name: str
    group: str
    district: str | None
    parcels: tuple[str, ...]
    ungraded: bool
    quantities: Mapping[str, float]
    shape: Any | None
    terms: Terms
    of_quantities: Mapping[str, Terms]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmTable:
    """All firms of a file.

    ``unread`` are headers that the dictionary does not know; ``questions`` must be
    confirmed before anything is computed: a unit of measure that nobody stated.
    ``left_out`` are rows that are no firm, ``unseen`` what the workbook
    hides and was read; ``ledger`` accounts for the elements of a layer.
    """

    firms: tuple[Firm, ...]
    columns: Mapping[str, str]
    unread: tuple[str, ...]
    questions: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()
    unseen: tuple[Problem, ...] = ()
    ledger: Ledger | None = None


@dataclass(slots=True)
class _Reading:
    words: FirmWords
    columns: Mapping[str, Column]
    groups: frozenset[str]
    places: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)
    totals: TotalRows = field(init=False)
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Hold sums by the headings of the table."""
        headings = {column.name: head for head, column in self.columns.items()}
        self.totals = TotalRows(headings=headings)

    def fault(self, line: int, column: str | None, code: str, text: object = None) -> None:
        shown = None if text is None else str(text)[:80]
        at = self.places.get(column or "")
        cell = None if at is None else cell_address(line, at)
        problem = Problem(line=line, column=column, code=code, text=shown, cell=cell)
        self.problems.append(problem)

    def header(self, name: str) -> str | None:
        return next((head for head, column in self.columns.items() if column.name == name), None)


def _is_firm_table(headers: Sequence[str]) -> bool:
    """Tell whether headers are those of a table of firms: a name, and some quantity."""
    words = load_firm_words().quantities
    known = {column.name for header in headers if (column := words.column(header))}
    return "name" in known and len(known) > 1


def _is_firm_heading(header: str) -> bool:
    return load_firm_words().quantities.column(header) is not None


FIRM_TABLE: Final = TableWords(is_table=_is_firm_table, knows=_is_firm_heading)


def firms_of(table: Table, groups: frozenset[str], declared: Declared | None = None) -> FirmTable:
    """Return the firms of a file.

    Parameters
    ----------
    table : Table
        From :func:`layers.density.records.read_records`.
    groups : frozenset of str
        Groups that the scheme knows.
    declared : Declared, optional
        What is known of the table besides it.

    Raises
    ------
    StatisticsTableError
        Rows that do not fit; nothing is taken. A number that is none, a firm named twice,
        an unknown group or unit of measure, land below zero, no land and no parcel.
    """
    words = load_firm_words()
    records = table.records
    headers = list(dict.fromkeys(header for record in records for header in record.cells if header))
    columns = {head: column for head in headers if (column := words.quantities.column(head))}
    reading = _Reading(words=words, columns=columns, groups=groups, places=table.places)
    _check_columns(reading, table.repeated)
    reading.problems += table.faults
    terms = TableTerms(table, declared or Declared())
    firms: list[Firm | None] = []
    if not reading.problems:
        firms = [_firm(reading, record, terms) for record in records]
    if reading.problems:
        raise refusal_of(table.name, reading.problems)
    return FirmTable(
        firms=tuple(firm for firm in firms if firm),
        columns={head: column.name for head, column in columns.items()},
        unread=tuple(head for head in headers if head not in columns and not is_term(head)),
        left_out=tuple(reading.totals.left_out),
        unseen=table.unseen,
        ledger=table.ledger,
        questions=(
            *table.unseen,
            *table.questions,
            *terms.questions,
            *reading.totals.questions,
            *_assumed_measures(columns, firms),
            *_far_from_others(columns, firms),
        ),
    )


def _assumed_measures(
    columns: Mapping[str, Column], firms: Sequence[Firm | None]
) -> Iterator[Problem]:
    """Yield a question for each heading that states no unit of measure and has figures."""
    for head, column in columns.items():
        if column.assumed and any(column.name in firm.quantities for firm in firms if firm):
            yield Problem(line=0, column=head, code="measure_assumed", text=column.unit)


def _far_from_others(columns: Mapping[str, Column], firms: Sequence[Firm | None]) -> list[Problem]:
    """Return a question for each firm with a figure far from those of the others."""
    rows = [
        PeerRow(line=firm.line, name=firm.name, figures=firm.quantities) for firm in firms if firm
    ]
    headings = {column.name: head for head, column in columns.items()}
    return ask_about_rows(rows, headings, _LAND)


def _check_columns(reading: _Reading, repeated: frozenset[str]) -> None:
    names: set[str] = set()
    for header, column in reading.columns.items():
        if column.times is None:
            reading.fault(1, header, "unknown_measure", header)
        if column.name in names or header in repeated:
            reading.fault(1, header, "repeated_column")
        names.add(column.name)
    if len(reading.groups) > 1 and "group" not in names:
        reading.fault(1, None, "no_group_column")


def _firm(reading: _Reading, record: Record, table: TableTerms) -> Firm | None:
    name = row_name(_name(reading, record), record.cells.values())
    if total_kind(name):
        _take_total(reading, record, name)
        return None
    terms = table.of_row(record)
    texts, quantities, of_quantities = _cells(reading, record, terms)
    reading.totals.add(quantities)
    if not name:
        reading.fault(record.line, reading.header("name"), "no_firm")
        return None
    before = reading.seen.setdefault(plain_word(name), record.line)
    if before != record.line:
        reading.fault(record.line, reading.header("name"), "repeated_firm", before)
    group = _group(reading, record.line, texts.get("group"))
    parcels = tuple(filter(None, map(str.strip, _SEVERAL.split(texts.get("parcel", "")))))
    if "land_mu" in quantities and not quantities["land_mu"] > 0.0:
        land = reading.header("land_mu")
        reading.fault(record.line, land, "not_positive", record.cells.get(land or ""))
    if "land_mu" not in quantities and not parcels and record.shape is None:
        reading.fault(record.line, reading.header("land_mu"), "no_land", name)
    return Firm(
        line=record.line,
        name=name,
        group=group,
        district=texts.get("district"),
        parcels=parcels,
        ungraded=texts.get("ungraded", "").casefold() in reading.words.yes,
        quantities=quantities,
        shape=record.shape,
        terms=terms.whole,
        of_quantities=of_quantities,
    )


def _take_total(reading: _Reading, record: Record, name: str) -> None:
    """Hold a row of sums against the rows above it; what is no number there says nothing."""
    stated = {}
    for header, column in reading.columns.items():
        found = None if column.unit == TEXT else amount_of(record.cells.get(header))
        if found and column.times and not found.measure and found.relation == "=":
            stated[column.name] = found.value * column.times
    reading.totals.take(record.line, name, stated)


def _name(reading: _Reading, record: Record) -> str:
    header = reading.header("name")
    cell = record.cells.get(header) if header else None
    # What a footnote says of a firm stays with its figures; its name has no mark.
    return "" if is_absent(cell) else split_mark(_text(cell))[0]


def _cells(
    reading: _Reading, record: Record, terms: RowTerms
) -> tuple[dict[str, str], dict[str, float], dict[str, Terms]]:
    """Return the texts of a row, its quantities, and what qualifies each of these."""
    texts: dict[str, str] = {}
    quantities: dict[str, float] = {}
    of_quantities: dict[str, Terms] = {}
    for header, column in reading.columns.items():
        cell = record.cells.get(header)
        if is_absent(cell):
            # What is not reported is no zero.
            continue
        if column.unit == TEXT:
            texts[column.name] = _text(cell)
            continue
        found = amount_of(cell)
        fault = amount_fault(found, column, reading.words.quantities.measures[column.unit])
        if found is None or fault:
            told = found.measure if found and fault == "other_measure" else cell
            reading.fault(record.line, header, fault or "not_a_number", told)
            continue
        times = behind_number(found, column, reading.words.quantities.measures[column.unit])
        if found.value < 0.0 and column.name not in _MAY_BE_NEGATIVE:
            reading.fault(record.line, header, "negative", cell)
        elif times is not None:
            quantities[column.name] = found.value * times
            of_quantities[column.name] = terms.of_figure(header, column, found)
    return texts, quantities, of_quantities


def _group(reading: _Reading, line: int, text: str | None) -> str:
    if text is None and len(reading.groups) == 1:
        return next(iter(reading.groups))
    group = reading.words.groups.get(plain_word(text)) if text else None
    if group not in reading.groups:
        code = "unknown_group" if text else "no_group"
        reading.fault(line, reading.header("group"), code, text)
    return group or ""


def _text(cell: Cell | object) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()
