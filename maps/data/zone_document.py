"""A zone's folder as a document."""

from maps.data.zone_answers import ZoneCheck, ZoneFault
from maps.document.cells import Cell, Column
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.i18n import tr
from maps.refusals import problem_text


def zone_document(answer: ZoneCheck, lang: str) -> Document:
    """Return all that is wrong with a zone's folder, or what the zone is."""
    blocks = _sound(answer, lang) if answer.sound else _faults(answer, lang)
    return sheet_of("", blocks, lang=lang)


def _faults(answer: ZoneCheck, lang: str) -> tuple[Block, ...]:
    count = tr("zones.faults", lang, folder=answer.folder, count=len(answer.faults))
    rows = tuple((one.file, _place(one), _problem(one, lang)) for one in answer.faults)
    more = "zones.all_found" if answer.compared else "zones.not_compared"
    return (
        Paragraph(text=count),
        _table("faults", ("file", "place", "problem"), rows, lang),
        Paragraph(text=tr(more, lang)),
    )


def _place(one: ZoneFault) -> str:
    return f"{one.field} = {one.given}" if one.given else one.field


def _problem(one: ZoneFault, lang: str) -> str:
    return problem_text(one.problem, one.limit, lang)


def _sound(answer: ZoneCheck, lang: str) -> tuple[Block, ...]:
    name, region = (one.text(lang) if one else "" for one in (answer.name, answer.region))
    units = tuple(
        (
            one.id,
            tr(f"zones.level_{one.level}", lang),
            one.name.text(lang),
            tr("zones.no_area", lang) if one.approved_km2 is None else f"{one.approved_km2:g}",
        )
        for one in answer.units
    )
    kinds = tuple((one.id, one.name.text(lang)) for one in answer.kinds)
    own = [one.name.text(lang) for one in answer.kinds if one.own]
    brought = [*answer.layers, *answer.rasters]
    return (
        Paragraph(
            text=tr("zones.sound", lang, folder=answer.folder, name=name, id=answer.id,
                    region=region)
        ),
        _table("units", ("id", "level", "name", "area"), units, lang),
        _table("kinds", ("id", "name"), kinds, lang),
        Paragraph(text=tr("zones.own_kinds", lang, names=own) if own
                  else tr("zones.no_own_kinds", lang)),
        Paragraph(text=tr("zones.brings", lang, names=brought)),
        Paragraph(text=tr("zones.start", lang, folder=answer.folder)),
    )  # fmt: skip


def _table(
    id_: str, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], lang: str
) -> Table:
    heads = tuple(
        Column(title=tr(f"zones.col_{one}", lang), align="right" if one == "area" else None)
        for one in columns
    )
    return Table(id=tr(f"zones.{id_}_table", lang), caption=None, columns=heads, rows=rows)
