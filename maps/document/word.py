"""A document as a Word document: headings, real tables, page numbers, fonts of Chinese print."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

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
from maps.document.word_style import (
    BRAND,
    CELL_STYLE,
    HEADS,
    QUIET,
    add_bookmark,
    add_field,
    add_link,
    bar_left,
    keep_row,
    repeat_row,
    rule_table,
    set_font,
    set_page,
    set_styles,
    shade_cell,
    shade_paragraph,
)
from maps.document.workbook import without_clock
from maps.i18n import tr

_MOST_TOGETHER: Final = 8
"""Tables up to so many rows are kept on one page."""
_FACT_SHARE: Final = 0.26
_CELL_EM_MM: Final = 8.5 / 72.0 * 25.4
"""An em of the text in cells, see ``word_style``."""
_LONG_AGO: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - python-docx takes no zone
_DOTS: Final = (WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
_RIGHT: Final = (WD_TAB_ALIGNMENT.RIGHT,)
_CLEARED: Final = (WD_TAB_ALIGNMENT.CLEAR,)
_PLAIN: Final = Column(title="")
_CENTRE: Final = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def docx_of(content: Document) -> bytes:
    """Return a document as a Word document; equal reports give equal bytes.

    Fonts are named and not embedded: 宋体 and 黑体 are on every Chinese Windows, and other
    systems have their stand-ins.
    """
    content = number_blocks(printable(on_paper(content)))
    writer = WordWriter(content)
    writer.begin()
    writer.front()
    for number, section in enumerate(content.sections, start=1):
        writer.section(section, number)
    written = io.BytesIO()
    writer.document.save(written)
    return without_clock(written.getvalue())


class WordWriter:
    """Writes blocks to the end of a document, in the width of the page at hand.

    A document of somebody's own keeps its pages and styles.
    """

    def __init__(self, content: Document, own: Any = None) -> None:  # noqa: ANN401 - half typed
        self.document: Any = docx.Document() if own is None else own
        self._content = content
        self._tones = tones()
        self._own = own is not None
        self._wide = False
        last: Any = self.document.sections[-1]
        self._width_mm = (last.page_width - last.left_margin - last.right_margin) / Mm(1)

    def begin(self) -> None:
        """Set styles, page, head and foot of a document of ours."""
        content = self._content
        set_styles(self.document, content.lang)
        said = self.document.core_properties
        said.title, said.author, said.comments = content.title, "", ""
        said.language = content.lang
        said.created = said.modified = _LONG_AGO
        first = self.document.sections[0]
        self._width_mm = set_page(first, wide=False)
        first.different_first_page_header_footer = content.cover is not None
        self._head_and_foot(first)

    def front(self) -> None:
        """Write the front page and the contents, or the title of a sheet."""
        content = self._content
        if content.cover is None:
            self._big(content.title, 20.0)
            if content.subtitle:
                self._text(content.subtitle, size_pt=11.5, colour=QUIET)
            return
        self._text(
            tr("report.brand", content.lang), colour=QUIET
        ).paragraph_format.space_before = Pt(48)
        self._big(content.title, 26.0)
        if content.subtitle:
            self._text(content.subtitle, size_pt=14.0)
        cover = content.cover
        self._facts(Facts(id="", caption=None, rows=cover.lines))
        colour = self._tones[cover.conclusion.tone]
        conclusion = self._framed(cover.conclusion.text, colour, "F7F7F7")
        set_font(conclusion.runs[0], HEADS, 18.0, colour)
        self._framed(cover.summary, colour, "F7F7F7")
        for notice in cover.notices:
            self._framed(notice, self._tones["conflict"], "FBF0EF")
        self._facts(Facts(id="", caption=None, rows=cover.facts))
        self._contents()

    def notice(self, text: str) -> Any:  # noqa: ANN401 - an element of Word
        """Write a framed notice and return its element."""
        return self._framed(text, self._tones["conflict"], "FBF0EF")._p

    def section(self, section: Section, number: int | None) -> None:
        """Write a chapter; ``number`` names the bookmark that the contents point at, if any."""
        if section.wide != self._wide and not self._own:
            self._turn(wide=section.wide)
        if section.title:
            heading = self.document.add_heading(section.title, level=1)
            if number is not None:
                add_bookmark(heading, f"chapter{number}", number)
        for block in section.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self.document.add_heading(block.text, level=2)
            case Paragraph():
                self._paragraph(block)
            case Facts():
                self._facts(block)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)

    def _paragraph(self, block: Paragraph) -> None:
        if block.role in ("notice", "basis"):
            self._framed(block.text, self._tones[block.tone or "warning"], "FAF6EE")
        elif block.role == "quote":
            self._framed(block.text, BRAND, "EFF4F7")
        elif block.role == "item":
            self.document.add_paragraph(block.text, style="List Bullet")
        elif block.role in ("small", "citation"):
            self._text(block.text, size_pt=9.0, colour=QUIET)
        else:
            self._text(block.text)

    def _facts(self, facts: Facts) -> None:
        if facts.caption:
            self._caption(facts.caption)
        shares = (_FACT_SHARE, 1.0 - _FACT_SHARE)
        grid = self._grid(len(facts.rows), shares)
        for cells, (name, value) in zip(grid, facts.rows, strict=True):
            self._fill(cells[0], name, colour=BRAND)
            shade_cell(cells[0], "F2F5F7")
            self._fill_cell(cells[1], value, _PLAIN)
        self._gap()

    def _table(self, table: Table) -> None:
        if table.caption:
            self._caption(table.caption)
        shares = column_shares(table, self._width_mm / _CELL_EM_MM)
        lines = [*table.rows, *([table.total] if table.total else [])]
        grid = self._grid(len(lines) + 1, shares)
        for cell, column in zip(grid[0], table.columns, strict=True):
            self._fill(cell, column.head, colour=BRAND, bold=True, right=column.right)
            shade_cell(cell, "EAF0F4")
        repeat_row(grid[0][0]._tc.getparent())
        for at, line in enumerate(lines):
            last = table.total is not None and at == len(table.rows)
            self._row(grid[at + 1], line, table, total=last)
        if table.note:
            self._text(table.note, size_pt=8.5, colour=QUIET)
        self._gap()

    def _row(
        self, cells: Sequence[_Cell], line: Sequence[Cell], table: Table, *, total: bool
    ) -> None:
        for cell, value, column in zip(cells, line, table.columns, strict=True):
            if not (total and value is None):
                self._fill_cell(cell, value, column, bold=total)

    def _figure(self, figure: Figure) -> None:
        width = Mm(min(figure.width_mm, self._width_mm))
        picture = self.document.add_picture(io.BytesIO(figure.picture.png()), width=width)
        picture._inline.docPr.set("descr", figure.alt)
        paragraph = self.document.paragraphs[-1]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        self._caption(figure.caption, below=True)

    def _grid(self, rows: int, shares: Sequence[float]) -> list[list[_Cell]]:
        """Add a table and return its cells; python-docx would look each of them up anew."""
        table = self.document.add_table(rows, len(shares))
        table.autofit = False
        rule_table(table)
        widths = [Mm(self._width_mm * share) for share in shares]
        for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
            column.w = width
        grid = []
        for row in table._tbl.tr_lst:
            keep_row(row)
            cells = [_Cell(cell, table) for cell in row.tc_lst]
            for cell, width in zip(cells, widths, strict=True):
                cell.width = width
                cell.vertical_alignment = _CENTRE
            grid.append(cells)
        # A paragraph in a row keeps the whole row with the next: a short table stays on one page,
        # and of a long one neither the first row nor the last stands alone.
        for cells in grid[:-1] if rows <= _MOST_TOGETHER else (*grid[:2], grid[-2]):
            cells[0].paragraphs[0].paragraph_format.keep_with_next = True
        return grid

    def _fill_cell(self, cell: _Cell, value: Cell, column: Column, *, bold: bool = False) -> None:
        tag = tag_of(value)
        colour = self._tones[tag.tone] if tag else None
        bold = bold or tag is not None
        self._fill(cell, shown(value, column), colour=colour, bold=bold, right=column.right)

    def _fill(
        self,
        cell: _Cell,
        text: str,
        *,
        colour: str | None = None,
        bold: bool = False,
        right: bool = False,
    ) -> None:
        paragraph = cell.paragraphs[0]
        # The style by its id: python-docx would search for it, cell by cell.
        paragraph._p.style = CELL_STYLE
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(text)
        if bold:
            run.font.bold = True
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())

    def _text(self, text: str, *, size_pt: float | None = None, colour: str | None = None) -> Any:  # noqa: ANN401
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(text)
        if size_pt:
            run.font.size = Pt(size_pt)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
        return paragraph

    def _big(self, text: str, size_pt: float) -> None:
        set_font(self._text(text).runs[0], HEADS, size_pt, BRAND)

    def _framed(self, text: str, colour: str, ground: str) -> Any:  # noqa: ANN401
        paragraph = self._text(text)
        bar_left(paragraph, colour)
        shade_paragraph(paragraph, ground)
        form = paragraph.paragraph_format
        form.left_indent, form.space_before, form.space_after = Mm(3), Pt(2), Pt(4)
        return paragraph

    def _caption(self, text: str, *, below: bool = False) -> None:
        paragraph = self.document.add_paragraph(text, style="Caption")
        paragraph.paragraph_format.keep_with_next = not below
        if below:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _gap(self) -> None:
        self._text("", size_pt=4.0).paragraph_format.space_after = Pt(0)

    def _contents(self) -> None:
        """Add the contents: links now, and a field that Word can count pages for."""
        self.document.add_page_break()
        self._big(tr("report.contents", self._content.lang), 16.0)
        for number, section in enumerate(self._content.sections, start=1):
            paragraph = self.document.add_paragraph()
            add_link(paragraph, section.title, f"chapter{number}")
            paragraph.add_run("\t")
            stop = paragraph.paragraph_format.tab_stops
            stop.add_tab_stop(Mm(self._width_mm), *_DOTS)
            add_field(paragraph, f"PAGEREF chapter{number} \\h", "")
        self.document.add_page_break()

    def _turn(self, *, wide: bool) -> None:
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        self._width_mm = set_page(section, wide=wide)
        self._wide = wide
        for part in (section.header, section.footer):
            part.is_linked_to_previous = False
        self._head_and_foot(section)

    def _head_and_foot(self, section: Any) -> None:  # noqa: ANN401
        """Write title and mark above, what the content is of and the page below."""
        right = Mm(self._width_mm)
        head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
        for paragraph in (head, foot):
            for stop in list(paragraph.style.paragraph_format.tab_stops):
                paragraph.paragraph_format.tab_stops.add_tab_stop(stop.position, *_CLEARED)
            paragraph.paragraph_format.tab_stops.add_tab_stop(right, *_RIGHT)
        head.add_run(self._content.title)
        if self._content.mark:
            mark = head.add_run(f"\t{self._content.mark}")
            mark.font.color.rgb = RGBColor.from_string(self._tones["conflict"].lstrip("#").upper())
        foot.add_run(f"{self._content.foot}\t")
        add_field(foot, "PAGE", "1")
        foot.add_run(" / ")
        add_field(foot, "NUMPAGES", "1")
