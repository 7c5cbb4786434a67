"""Projects as documents: lists, one project, its versions."""

from collections.abc import Iterable, Iterator, Mapping

from layers.expansion.ranking_sets import criteria_sets
from maps.answers import Title
from maps.document.cells import Cell, Column
from maps.document.faults import damaged_blocks
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.document.withdrawals import steps_blocks
from maps.i18n import tables, tr
from maps.workbench.projects_answers import (
    ProjectFile,
    ProjectHistory,
    ProjectList,
    ProjectOut,
    ProjectResult,
    ProjectSaved,
)
from maps.workbench.tasks_answers import TaskList


def projects_document(answer: ProjectList, lang: str) -> Document:
    """Return all projects as a table."""
    rows = (
        (one.id, one.title, one.version, one.saved_at, one.sites, one.results)
        for one in answer.projects
    )
    names = ("id", "title", "version", "saved_at", "sites", "results")
    told = [(f"{one.id} {one.title}", one.withdrawals) for one in answer.projects]
    more = (*damaged_blocks(answer.damaged, lang), *steps_blocks(told, lang))
    return sheet_of("", (_table(names, rows, lang), *more), lang=lang)


def project_document(answer: ProjectOut, lang: str) -> Document:
    """Return a project: sites, alternatives, results, notes."""
    return sheet_of(answer.content.title, tuple(_project_blocks(answer, lang)), lang=lang)


def saved_document(answer: ProjectSaved, lang: str) -> Document:
    """Return which version a change became."""
    key = "projects.saved" if answer.created else "projects.same"
    text = tr(key, lang, id=answer.id, version=answer.version)
    return sheet_of("", (Paragraph(text=text),), lang=lang)


def history_document(answer: ProjectHistory, lang: str) -> Document:
    """Return the versions of a project as a table."""
    rows = (
        (one.number, tr(f"projects.action_{one.action}", lang), one.shows, one.saved_at, one.title)
        for one in answer.versions
    )
    names = ("version", "action", "shows", "saved_at", "title")
    count = {"count": answer.count, "shown": len(answer.versions)}
    blocks = (
        _table(names, rows, lang),
        Paragraph(text=tr("projects.versions_shown", lang, **count)),
        *damaged_blocks(answer.damaged, lang),
    )
    return sheet_of("", blocks, lang=lang)


def tasks_document(answer: TaskList, lang: str) -> Document:
    """Return the tasks of a project as a table, and those that are not kept here."""
    rows = (
        (
            one.id,
            tables(lang)["task_kinds"].get(one.kind, one.kind),
            tr(f"task_statuses.{one.status}", lang),
            one.created_at,
            ", ".join(one.files),
        )
        for one in answer.tasks
    )
    blocks: list[Block] = [_table(("id", "kind", "status", "at", "files"), rows, lang)]
    if answer.missing:
        text = tr("projects.tasks_missing", lang, ids=answer.missing)
        blocks.append(Paragraph(text=text, role="notice"))
    return sheet_of("", tuple(blocks), lang=lang)


def _project_blocks(answer: ProjectOut, lang: str) -> Iterator[Block]:
    said = {"id": answer.id, "version": answer.version, "newest": answer.newest}
    yield Paragraph(text=tr("projects.at_version", lang, **said))
    content = answer.content
    if content.notes:
        yield Paragraph(text=content.notes)
    if content.area is not None:
        name = content.area.name or content.area.county or tr("projects.drawn_area", lang)
        yield Paragraph(text=tr("projects.area", lang, name=name))
    if content.sites:
        yield _table(("id", "name"), ((one.id, one.name) for one in content.sites), lang)
    if content.alternatives:
        rows = ((one.name, ", ".join(one.site_ids), one.note) for one in content.alternatives)
        yield _table(("alternative", "sites", "note"), rows, lang)
    if content.weights:
        yield Paragraph(text=tr("projects.weights", lang, list=_weights(content.weights, lang)))
    if content.files:
        yield _table(("file", "bytes"), map(_file_row, content.files), lang)
    if unkept := [one.name for one in content.files if one.data is None]:
        text = tr("projects.files_unkept", lang, names=unkept)
        yield Paragraph(text=text, tone="warning")
    if content.results:
        yield _table(
            ("kind", "title", "said", "at", "id"),
            (_result_row(one, lang) for one in content.results),
            lang,
        )
    if answer.missing:
        text = tr("projects.missing", lang, names=answer.missing)
        yield Paragraph(text=text, tone="warning")


def _weights(weights: Mapping[str, float], lang: str) -> list[str]:
    """Return own weights by the names of the criteria that ship; others by their ids."""
    shipped = {
        name: one for found in criteria_sets().values() for name, one in found.criteria.items()
    }
    names = {
        name: Title(zh=one.name_zh, en=one.name_en).text(lang) for name, one in shipped.items()
    }
    return [f"{names.get(name, name)} {weight:g}" for name, weight in weights.items()]


def _file_row(one: ProjectFile) -> tuple[Cell, ...]:
    return one.name, one.size_bytes


def _result_row(one: ProjectResult, lang: str) -> tuple[Cell, ...]:
    said = "; ".join(f"{name}: {value}" for name, value in one.said.items())
    words = tables(lang)["verdicts" if one.what == "check" else "task_kinds"]
    # A file of another release may know kinds that have no words here.
    return words.get(one.kind, one.kind), one.title, said, one.at, one.id


def _table(names: Iterable[str], rows: Iterable[tuple[Cell, ...]], lang: str) -> Table:
    columns = tuple(Column(title=tr(f"projects.col_{name}", lang)) for name in names)
    return Table(id=columns[0].title, caption=None, columns=columns, rows=tuple(rows))
