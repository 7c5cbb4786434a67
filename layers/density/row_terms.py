"""What a table says of its figures besides them, row by row: time, source, quality, notes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from layers.density.amounts import is_absent
from layers.density.records import Table
from layers.density.statistics.dictionary import Dictionary, load_dictionary
from layers.density.statistics.layout import year_of
from layers.density.statistics.periods import FACT, FULL_YEAR, UNCLEAR, Period
from layers.density.statistics.remarks import (
    leaves_open,
    narrow_period,
    period_of_title,
    read_remark,
)
from layers.readers.sheets import Cell, plain_word

_REPORTED: Final = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What must travel with the figures of a row.

    ``year`` is None where no year is told, or several; ``period`` and ``months`` are those
    of an :class:`~layers.density.statistics.model.Observation`: ``unclear`` where nothing
    tells the time, or what tells it is not understood. ``notes`` stand as in the table.
    """

    year: int | None = None
    period: str = UNCLEAR
    months: str = ""
    quality: str = _REPORTED
    source: str = ""
    notes: tuple[str, ...] = ()

    def of_column(self, period: Period | None) -> "Terms":
        """Return the terms of a figure whose heading names a time, a plan or an estimate."""
        if period is None:
            return self
        own = replace(period, year=period.year or self.year)
        nature_only = own.kind == FULL_YEAR and not period.year and own.nature != FACT
        if nature_only and self.period not in (UNCLEAR, FULL_YEAR):
            # 计划 above the figures of a first quarter: no fact, and no year.
            return replace(self, period=own.nature)
        return replace(self, year=own.year, period=own.stored_kind, months=own.months)


def terms_of(table: Table) -> list[Terms]:
    """Return the terms of each row of a table, in its order."""
    dictionary = load_dictionary()
    title = period_of_title(table.titles, dictionary)
    headers = dict.fromkeys(header for record in table.records for header in record.cells)
    spoken = [header for header in headers if _role(header, dictionary)]
    known: dict[tuple[Cell, ...], Terms] = {}
    found = []
    for record in table.records:
        # Most rows of a table say the same.
        key = tuple(record.cells.get(header) for header in spoken)
        if key not in known:
            cells = dict(zip(spoken, key, strict=True))
            known[key] = _terms(table, cells, title, dictionary)
        found.append(known[key])
    return found


def is_term(header: str) -> bool:
    """Tell whether a column says something of the figures beside it, and is none itself."""
    return _role(header, load_dictionary()) is not None


def is_total(name: str) -> bool:
    """Tell whether a row adds up others: it is no firm and no zone."""
    return plain_word(name) in load_dictionary().words["totals"]


def _terms(
    table: Table, cells: Mapping[str, Cell], title: Period | None, dictionary: Dictionary
) -> Terms:
    said = _texts_by_role(cells, dictionary)
    source = "; ".join(said["source"])
    quality = "; ".join(filter(None, (*said["quality"], table.quality)))
    notes = [*said["note"], *table.notes]
    period, unread = _stated(cells, title, dictionary)
    for text in (*notes, *said["quality"], source):
        remark = read_remark(text, dictionary)
        unread += [text] if remark.is_open else []
        for one in remark.periods:
            narrowed = narrow_period(period or _any_time(one), one)
            unread += [] if narrowed else [text]
            period = narrowed or period
    plain = period and period.stored_kind == FULL_YEAR and not period.says_whole
    if plain or period is None:
        years = [period.year or 0] if period else [0]
        unread += [text for text in table.names if leaves_open(text, years, dictionary)]
    return _with_time(
        period if not unread else None,
        Terms(
            year=period.year if period else None,
            quality=quality or _REPORTED,
            source=source or table.name,
            notes=tuple(dict.fromkeys((*notes, *unread))),
        ),
    )


def _with_time(period: Period | None, terms: Terms) -> Terms:
    if period is None or (period.year is None and period.stored_kind == FULL_YEAR):
        return terms
    return replace(terms, year=period.year, period=period.stored_kind, months=period.months)


def _any_time(said: Period) -> Period:
    """Return a time that a remark may narrow: nothing else tells one."""
    return Period(year=said.year, kind=FULL_YEAR)


def _stated(
    cells: Mapping[str, Cell], title: Period | None, dictionary: Dictionary
) -> tuple[Period | None, list[str]]:
    """Return the time that a row states, more closely as the title says it; and what is unread."""
    found: list[Period] = []
    for header, cell in cells.items():
        if _role(header, dictionary) != "period" or is_absent(cell):
            continue
        period = year_of(cell, dictionary)
        if period is None:
            return None, [f"{header}: {cell}"]
        found.append(period)
    if not found:
        return title, []
    if len({(one.year, one.kind, one.months, one.nature) for one in found}) > 1:
        return None, [" / ".join(str(cells[head]) for head in _heads(cells, "period", dictionary))]
    return (narrow_period(found[0], title) if title else found[0]) or found[0], []


def _heads(cells: Iterable[str], role: str, dictionary: Dictionary) -> list[str]:
    return [header for header in cells if _role(header, dictionary) == role]


def _texts_by_role(cells: Mapping[str, Cell], dictionary: Dictionary) -> dict[str, Sequence[str]]:
    return {
        role: [
            str(cells[header]).strip()
            for header in _heads(cells, role, dictionary)
            if not is_absent(cells[header])
        ]
        for role in ("source", "quality", "note")
    }


def _role(header: str, dictionary: Dictionary) -> str | None:
    role = dictionary.roles.get(plain_word(header))
    return role if role in ("period", "source", "quality", "note") else None
