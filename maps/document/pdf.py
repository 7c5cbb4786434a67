"""A document as PDF, set by typst: no program beside Python, the same bytes every time."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
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
    Picture,
    Section,
    SlowPicture,
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
    given, pictures = _files(document, size_pt)
    with ThreadPoolExecutor(max_workers=1) as beside:
        if any(isinstance(one, SlowPicture) for one in pictures.values()):
            # Typst remembers the text that it has set, and lets go of the interpreter: when the
            # maps are drawn, little is left to do.
            beside.submit(_count_pages, given, pictures)
        drawn = {name: picture.svg() for name, picture in pictures.items()}
    return bytes(_set({**given, **drawn}, typst.compile))


def pages_of(document: Document, size_pt: float) -> int:
    """Return on how many pages a document falls with text of a size; no map is drawn for it."""
    return _count_pages(*_files(document, size_pt))


def _count_pages(given: Mapping[str, bytes], pictures: Mapping[str, Picture]) -> int:
    drawn = {
        name: picture.blank() if isinstance(picture, SlowPicture) else picture.svg()
        for name, picture in pictures.items()
    }
    files = {**given, **drawn}
    return int(json.loads(_set(files, typst.query, selector="<pages>", field="value", one=True)))


def _set(given: Mapping[str, bytes], work: Any, **options: object) -> Any:  # noqa: ANN401 - untyped
    return work(given, font_paths=[str(FONTS)], ignore_system_fonts=True, **options)


def _files(document: Document, size_pt: float) -> tuple[dict[str, bytes], dict[str, Picture]]:
    """Return what typst is given, and by their names the drawings that are still to be made."""
    document = number_blocks(printable(on_paper(document)))
    template = files("maps.document").joinpath("templates", "report.typ").read_bytes()
    pictures = dict[str, Picture]()
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
        "sections": [_section(section, pictures, size_pt) for section in document.sections],
    }
    text = json.dumps(data, ensure_ascii=False).encode("utf-8")
    return {_MAIN: template, "report.json": text}, pictures


def _section(section: Section, pictures: dict[str, Picture], size_pt: float) -> JsonObject:
    width_em = _WIDTHS_PT[section.wide] / (_TABLE_EM * size_pt)
    return {
        "title": section.title,
        "wide": section.wide,
        "blocks": [_block(block, pictures, width_em) for block in section.blocks],
    }


def _block(block: Block, pictures: dict[str, Picture], width_em: float) -> JsonObject:
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
            name = f"figure-{len(pictures) + 1}.svg"
            pictures[name] = block.picture
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
