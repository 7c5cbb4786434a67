"""What was understood of a table of zones or firms, before anything is computed with it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.density.evaluation.schemes import known_schemes
from api.density.import_statistics import findings_of
from api.density.intensity import read_zone_table
from api.density.permu import PermuRequest, read_firm_table
from api.density.qualifiers import qualifiers_of_terms
from api.workspace.answers import ledger_out
from api.workspace.needs import DensityNeeds, ZoneNeeds
from layers.density.firm_records import FirmTable
from layers.density.intensity import column_of
from layers.density.permu import load_firm_words, scheme_of
from layers.density.quantities import Column
from layers.density.refusals import Problem
from layers.density.row_terms import Terms
from layers.density.zone_records import ZoneTable
from layers.model import ReadOptions
from layers.readers import Source
from maps.density.evaluated_answers import ColumnRead, EvaluatedPreview, FigureRead

MOST_ROWS: Final = 300
"""Figures that a preview shows."""

_Known = Callable[[str], Column | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A zone or firm as it was read."""

    line: int
    name: str | None
    quantities: Mapping[str, float | None]
    of_quantities: Mapping[str, Terms]


def preview_zones(
    workspace: ZoneNeeds, source: Source, options: ReadOptions, nature: str | None
) -> EvaluatedPreview:
    """Return what an evaluation of development zones would compute with.

    Raises
    ------
    NoKnownFieldError, StatisticsTableError, PlanningError
        As :func:`layers.density.zone_records.read_zone_records`.
    """
    table = read_zone_table(workspace, source, options, nature)
    rows = [
        _Row(
            line=line,
            name=zone.texts.get("name") or zone.texts.get("code"),
            quantities=zone.quantities,
            of_quantities=zone.of_quantities,
        )
        for (zone, _), line in zip(table.zones, table.lines, strict=True)
    ]
    return _preview("zones", source, table, rows, column_of).model_copy(
        update={"not_taken": findings_of([*_not_taken(table)])}
    )


def preview_firms(
    workspace: DensityNeeds, source: Source, options: ReadOptions, request: PermuRequest
) -> EvaluatedPreview:
    """Return what a scoring of firms would compute with.

    Raises
    ------
    UnknownSchemeError, SchemeFileError, StatisticsTableError, PlanningError
        As :func:`api.density.permu.evaluate_firms`.
    """
    scheme = scheme_of(known_schemes(workspace), request.scheme)
    table = read_firm_table(workspace, source, options, scheme, request)
    rows = [
        _Row(
            line=firm.line,
            name=firm.name,
            quantities=firm.quantities,
            of_quantities=firm.of_quantities,
        )
        for firm in table.firms
    ]
    return _preview("firms", source, table, rows, load_firm_words().quantities.column)


def _preview(
    what: str, source: Source, table: ZoneTable | FirmTable, rows: Sequence[_Row], known: _Known
) -> EvaluatedPreview:
    heads = {name: head for head, name in table.columns.items()}
    units = {name: column.unit for name, head in heads.items() if (column := known(head))}
    figures = [one for row in rows for one in _figures(row, heads, units)]
    counts = Counter(one.quantity for one in figures)
    return EvaluatedPreview(
        what=what,
        source_name=source.name,
        source_sha256=source.sha256,
        records=len(rows),
        figures=len(figures),
        columns=[
            ColumnRead(heading=head, quantity=name, unit=units.get(name, ""), figures=counts[name])
            for head, name in table.columns.items()
        ],
        rows=figures[:MOST_ROWS],
        unread=list(table.unread),
        not_taken=[],
        left_out=findings_of(table.left_out),
        questions=findings_of(table.questions),
        ledger=ledger_out(table.ledger),
    )


def _figures(row: _Row, heads: Mapping[str, str], units: Mapping[str, str]) -> Iterator[FigureRead]:
    for name, value in row.quantities.items():
        if value is not None and name in heads:
            yield FigureRead(
                line=row.line,
                name=row.name,
                heading=heads[name],
                quantity=name,
                value=value,
                unit=units[name],
                qualifiers=qualifiers_of_terms(row.of_quantities[name]),
            )


def _not_taken(table: ZoneTable) -> Iterator[Problem]:
    for (zone, _), line in zip(table.zones, table.lines, strict=True):
        for heading, why in zone.unread:
            yield Problem(line=line, column=heading, code=why, text=heading)
