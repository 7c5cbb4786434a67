"""A document as PDF, set by typst: no program beside Python, the same bytes every time."""

import dataclasses
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst

from maps.answers import JsonObject
from maps.document.cells import Cell, Column, shown, tag_of
from maps.document.column_shares import column_shares
from maps.document.model import (
    Block,
    Document,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Section,
    Table,
    number_blocks,
    printable,
)
from maps.document.paper import on_paper
from maps.document.tones import tones
from maps.i18n import tr

FONTS: Final = Path(str(files("maps").joinpath("fonts")))
REPORT_PT: Final = 10.5
"""Text of a document: the size 五号 of Chinese print."""

_WIDTHS_PT: Final = {False: 470.0, True: 739.0}
"""Of a table on an upright page and on one across, as ``report.typ`` has its margins."""
_TABLE_EM: Final = 0.84
"""Text of a table in ems of the document's, as in ``report.typ``."""
_REGIONS: Final = {"zh": "cn", "en": "gb"}
_MAIN: Final = "main.typ"
_PLAIN: Final = Column(title="")


def pdf_of(document: Document, size_pt: float = REPORT_PT) -> bytes:
    """Return a document as PDF in A4; equal reports give equal bytes.

    Texts go to typst as strings of a JSON file beside the drawings, and it is given no
    other file and no network: whatever a name says, it is printed and not obeyed.
    """
    return bytes(_set(_files(document, size_pt), typst.compile))


def pages_of(document: Document, size_pt: float) -> int:
    """Return on how many pages a document falls with text of a size."""
    found = _set(
        _files(document, size_pt), typst.query, selector="<pages>", field="value", one=True
    )
    return int(json.loads(found))


def _set(given: dict[str, bytes], work: Any, **options: object) -> Any:  # noqa: ANN401 - untyped
    return work(given, font_paths=[str(FONTS)], ignore_system_fonts=True, **options)


def _files(document: Document, size_pt: float) -> dict[str, bytes]:
    document = number_blocks(printable(on_paper(document)))
    template = files("maps.document").joinpath("templates", "report.typ").read_bytes()
    given = {_MAIN: template}
    data = {
        "size": size_pt,
        "lang": document.lang,
        "region": _REGIONS[document.lang],
        "brand": tr("report.brand", document.lang),
        "contents": tr("report.contents", document.lang),
        "tones": dict(tones()),
        "title": document.title,
        "subtitle": document.subtitle,
        "mark": document.mark,
        "foot": document.foot,
        "cover": dataclasses.asdict(document.cover) if document.cover else None,
        "sections": [_section(section, given, size_pt) for section in document.sections],
    }
    given["report.json"] = json.dumps(data, ensure_ascii=False).encode("utf-8")
    return given


def _section(section: Section, given: dict[str, bytes], size_pt: float) -> JsonObject:
    width_em = _WIDTHS_PT[section.wide] / (_TABLE_EM * size_pt)
    return {
        "title": section.title,
        "wide": section.wide,
        "blocks": [_block(block, given, width_em) for block in section.blocks],
    }


def _block(block: Block, given: dict[str, bytes], width_em: float) -> JsonObject:
    match block:
        case Heading():
            return {"type": "heading", "text": block.text}
        case Paragraph():
            return {"type": "paragraph", **dataclasses.asdict(block)}
        case Facts():
            rows = [[name, _cell(value, _PLAIN)] for name, value in block.rows]
            return {"type": "facts", "caption": block.caption, "rows": rows}
        case Table():
            return {"type": "table", **_table(block, width_em)}
        case Figure():
            name = f"figure-{len(given)}.svg"
            given[name] = block.picture.svg()
            said = {"caption": block.caption, "alt": block.alt, "width_mm": block.width_mm}
            return {"type": "figure", "file": name, **said}


def _table(table: Table, width_em: float) -> JsonObject:
    shares = column_shares(table, width_em)
    return {
        "caption": table.caption,
        "note": table.note,
        "columns": [
            {"title": column.head, "share": share, "number": column.right}
            for column, share in zip(table.columns, shares, strict=True)
        ],
        "rows": [list(_cells(row, table)) for row in table.rows],
        "total": list(_cells(table.total, table)) if table.total else None,
    }


def _cells(row: tuple[Cell, ...], table: Table) -> Iterator[str | dict[str, str]]:
    for cell, column in zip(row, table.columns, strict=True):
        yield _cell(cell, column)


def _cell(cell: Cell, column: Column) -> str | dict[str, str]:
    text, tag = shown(cell, column), tag_of(cell)
    return {"text": text, "tone": tag.tone} if tag else text
