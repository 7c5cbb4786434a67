"""Take a planner's table of statistics in, whole or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import PurePath
from typing import Final

from api.density.figure_rows import figure_rows, replaced_figures
from api.density.questions import TableQuestion
from api.workspace.answers import steps_out
from api.workspace.needs import Clock, DensityNeeds, StatisticsSource
from layers.density.refusals import Problem, question_of
from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.model import PlanningUnit
from layers.density.statistics.plausible import (
    approved_km2,
    ask_about_areas,
    ask_about_values,
)
from layers.density.statistics.replacing import (
    Replacement,
    ask_about_dropped,
    ask_about_replaced,
    find_replacements,
    held_figures,
)
from layers.density.statistics.store import StatisticsVersion, content_sha256
from layers.density.statistics.table import TableOptions, TableValues, read_table
from layers.density.statistics.totals import parts_of
from layers.density.statistics.unit_names import unit_names
from layers.errors import DamagedVersionError, UnknownFormatError
from layers.model import LayerVersion
from layers.readers import Source
from layers.readers.field_names import read_names
from layers.readers.sheets import plain_word, read_sheet
from layers.store.withdrawals import DamagedWithdrawalError
from maps.density.statistics_answers import (
    PreviewRow,
    ReplacedFigure,
    TableFinding,
    TableImport,
    TableList,
    TableOut,
    TablePreview,
)

MOST_PREVIEWED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRequest:
    """A table and what a person says about it.

    ``units_layer``: the rows are features of this layer (parcels, blocks), by feature id
    or name; None: they are the zone's own units. ``sheet`` and ``encoding`` as needed.
    ``accept``: what is asked about has been confirmed.
    """

    dataset: str
    options: TableOptions
    sheet: str | None = None
    encoding: str | None = None
    units_layer: str | None = None
    accept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTable:
    """A table that was understood, and what must be confirmed before it is stored."""

    source: Source
    request: TableRequest
    values: TableValues
    brought: Mapping[str, PlanningUnit]
    replacements: tuple[Replacement, ...]
    questions: tuple[Problem, ...]


def read_statistics(workspace: DensityNeeds, source: Source, request: TableRequest) -> ReadTable:
    """Read a table and hold it against what is known; store nothing.

    Raises
    ------
    StatisticsTableError
        Rows that do not fit.
    PlanningError
        The file cannot be read, or there is no such layer.
    """
    table, brought = _read(workspace, source, request)
    held = workspace.readable_statistics
    units = {**held.units, **brought}
    values, areas = table.observations, table.areas
    replacements = find_replacements(values, areas, held_figures(workspace.zone, held.versions))
    former = next((one for one in held.versions if one.dataset == request.dataset), None)
    return ReadTable(
        source=source,
        request=request,
        values=table,
        brought=brought,
        replacements=tuple(replacements),
        questions=(
            *table.questions,
            *ask_about_replaced(replacements, request.dataset, units),
            *ask_about_dropped(values, areas, former, units),
            *ask_about_values(values, held.observations, units, approved_km2(held.areas)),
            *ask_about_areas(areas, held.areas, units),
        ),
    )


def store_statistics(workspace: DensityNeeds, table: ReadTable) -> TableImport:
    """Store a table that was read as the newest version of its data set.

    Raises
    ------
    StatisticsQuestionError
        Something must be confirmed and was not; nothing is stored.
    """
    if table.questions and not table.request.accept:
        raise question_of(table.source.name, table.questions)
    version, created = workspace.tables.put(_version(workspace, table))
    return TableImport(
        table=table_out(workspace, version),
        created=created,
        header_line=table.values.header_line,
        columns=dict(table.values.columns),
        replaced=len(table.replacements),
        replacements=_replaced(workspace, table),
        rows=_rows(workspace, table),
        remarks=findings_of(table.values.remarks),
        confirmed=findings_of(table.questions),
        notes=list(table.values.notes),
    )


def table_request(asked: TableQuestion) -> TableRequest:
    """Return what a person says of a table as its reader takes it."""
    options = TableOptions(
        source=asked.source,
        quality=asked.quality,
        year=asked.year,
        cny_per_usd=asked.cny_per_usd,
        rate_source=asked.rate_source,
        ignore=asked.ignore,
        nature=asked.nature,
    )
    return TableRequest(
        dataset=asked.dataset,
        options=options,
        sheet=asked.layer,
        encoding=asked.encoding,
        units_layer=asked.units_layer,
        accept=asked.accept,
    )


def preview_statistics(
    workspace: DensityNeeds, source: Source, request: TableRequest
) -> TablePreview:
    """Return what an import would take in, and store nothing.

    Raises
    ------
    StatisticsTableError
        Rows that do not fit.
    PlanningError
        The file cannot be read, or there is no such layer.
    """
    return preview_of(workspace, read_statistics(workspace, source, request))


def preview_of(workspace: StatisticsSource, table: ReadTable) -> TablePreview:
    """Return a table that was read as an answer."""
    return TablePreview(
        source_name=table.source.name,
        header_line=table.values.header_line,
        columns=dict(table.values.columns),
        values=len(table.values.observations),
        areas=len(table.values.areas),
        replaced=len(table.replacements),
        replacements=_replaced(workspace, table),
        rows=_rows(workspace, table),
        questions=findings_of(table.questions),
        remarks=findings_of(table.values.remarks),
        notes=list(table.values.notes),
    )


def _rows(workspace: StatisticsSource, table: ReadTable) -> list[PreviewRow]:
    values = table.values.observations[:MOST_PREVIEWED]
    areas = table.values.areas[:MOST_PREVIEWED]
    return figure_rows([*values, *areas], _units_of(workspace, table), table.replacements)


def _replaced(workspace: StatisticsSource, table: ReadTable) -> list[ReplacedFigure]:
    found = [one for one in table.replacements if one.differs][:MOST_PREVIEWED]
    return replaced_figures(found, _units_of(workspace, table))


def _units_of(workspace: StatisticsSource, table: ReadTable) -> Mapping[str, PlanningUnit]:
    return {**workspace.readable_statistics.units, **table.brought}


def findings_of(problems: Sequence[Problem]) -> list[TableFinding]:
    """Return places of a table with what is to be said of them, as an answer."""
    return [
        TableFinding(line=one.line, column=one.column, code=one.code, text=one.text, cell=one.cell)
        for one in problems
    ]


def list_tables(workspace: StatisticsSource) -> TableList:
    """Return the version in use of every imported data set; of one without any, the newest."""
    store, shown, damaged = workspace.tables, list[StatisticsVersion](), list[str]()
    for name in store.datasets():
        damaged += store.damaged(name)
        used = _number_in_use(workspace, name)
        shown += [one for one in store.history(name) if used in (one.number, None)][-1:]
    shown.sort(key=lambda version: version.created_at)
    return _table_list(workspace, shown, damaged)


def table_history(workspace: StatisticsSource, dataset: str) -> TableList:
    """Return all versions of a data set, oldest first.

    Raises
    ------
    UnknownLayerError
        There is no such data set.
    """
    store = workspace.tables
    return _table_list(workspace, store.history(dataset), store.damaged(dataset))


def _table_list(
    workspace: StatisticsSource, versions: Iterable[StatisticsVersion], damaged: Sequence[str]
) -> TableList:
    """Return versions as a list; of which nobody can tell whether they were withdrawn are none."""
    found = []
    for version in versions:
        # It is among the damaged by the name of what was said of it.
        with suppress(DamagedWithdrawalError):
            found.append(table_out(workspace, version))
    return TableList(tables=found, damaged=list(damaged))


def _number_in_use(workspace: StatisticsSource, dataset: str) -> int | None:
    """Return which version counts; None where all were withdrawn or nobody can tell."""
    try:
        version = workspace.tables.in_use(dataset)
    except (DamagedVersionError, DamagedWithdrawalError):
        return None
    return version.number if version else None


def table_out(workspace: StatisticsSource, version: StatisticsVersion) -> TableOut:
    """Return a version as an answer."""
    return TableOut(
        dataset=version.dataset,
        version=version.number,
        created_at=version.created_at.isoformat(),
        source_name=version.source_name,
        source_sha256=version.source_sha256,
        content_sha256=version.content_sha256,
        values=len(version.observations),
        areas=len(version.areas),
        years=sorted({value.year for value in version.observations}),
        indicators=sorted({value.indicator for value in version.observations}),
        in_use=_number_in_use(workspace, version.dataset) == version.number,
        withdrawals=steps_out(workspace.tables.steps_of(version)),
    )


def _read(
    workspace: DensityNeeds, source: Source, request: TableRequest
) -> tuple[TableValues, Mapping[str, PlanningUnit]]:
    if len(source.files) != 1:
        raise UnknownFormatError(name=source.name, supported=["CSV", "XLSX", "HTML"])
    (data,) = source.files.values()
    reader = partial(read_sheet, sheet=request.sheet, declared_encoding=request.encoding)
    # Anybody's bytes: read where they can do no harm.
    sheet = workspace.read_apart(
        source.name, partial(reader, limits=workspace.limits), source.name, data
    )
    known, units = _units(workspace, request.units_layer)
    # The name of a file is a hint of its time; its suffix says nothing.
    name, today = PurePath(source.name).stem, workspace.now().date()
    options = replace(request.options, file_name=name, today=today)
    return read_table(sheet, options, load_dictionary(), known, parts_of(workspace.zone)), units


def _version(workspace: Clock, table: ReadTable) -> StatisticsVersion:
    values, areas = table.values.observations, table.values.areas
    used = {value.unit_id for value in values} | {area.unit_id for area in areas}
    brought = tuple(unit for unit_id, unit in sorted(table.brought.items()) if unit_id in used)
    return StatisticsVersion(
        dataset=table.request.dataset,
        number=0,
        created_at=workspace.now(),
        source_name=table.source.name,
        source_sha256=table.source.sha256,
        observations=values,
        areas=areas,
        units=brought,
        content_sha256=content_sha256(values, areas, brought),
    )


def _units(
    workspace: StatisticsSource, layer_id: str | None
) -> tuple[Callable[[str], str | None], Mapping[str, PlanningUnit]]:
    """Return how names become unit ids, and the units that a layer brings."""
    if layer_id is None:
        linkage = [one.unit for one in workspace.linkage]
        named = workspace.zone.units
        own = {unit.id: unit for unit in map(_undrawn, linkage) if unit.id not in named}
        names = {plain_word(name): unit.id for unit in own.values()
                 for name in (unit.id, unit.name_zh, unit.name_en)}  # fmt: skip
        names |= unit_names(workspace.zone)
        return lambda text: names.get(plain_word(text)), own
    version = workspace.store.get(layer_id)
    features = workspace.load(version).features
    since = _since(version)
    titles = read_names(features)
    units, names, twice = {}, {}, set()
    for feature_id, title in zip(features["feature_id"].astype(str), titles, strict=True):
        unit_id = f"{layer_id}/{feature_id}"
        label = title[0] if title else feature_id
        units[unit_id] = PlanningUnit(
            id=unit_id, level=layer_id, layer=layer_id, boundary_since=since,
            name_zh=label, name_en=label,
        )  # fmt: skip
        if plain_word(label) in names:
            twice.add(plain_word(label))
        names[plain_word(label)] = unit_id
    # A name that two features bear names neither; ids come last, for they are certain.
    certain = {name: unit for name, unit in names.items() if name not in twice}
    certain |= {plain_word(unit.feature_ids[0]): unit_id for unit_id, unit in units.items()}
    return lambda text: certain.get(plain_word(text)), units


def _undrawn(unit: PlanningUnit) -> PlanningUnit:
    """Return a unit as figures keep it: what draws it is said by the layers of the day."""
    return replace(unit, layer=None, boundary_since=None, drawn_as=())


def _since(version: LayerVersion) -> int | None:
    """Return the first year that a layer's boundaries hold for, as far as it is stated."""
    stated: date | None = version.spec.valid_from or version.spec.data_date
    return stated.year if stated else None
