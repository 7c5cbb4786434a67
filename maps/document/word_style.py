"""What Word needs below the surface: fonts for both scripts, fields, borders, bookmarks."""

from typing import Any, Final

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

CELL_STYLE: Final = "Cell"
BODY: Final = ("Times New Roman", "宋体")
HEADS: Final = ("Arial", "黑体")
BRAND: Final = "0F3D5C"
QUIET: Final = "52606D"
INK: Final = "1F2933"
LINE: Final = "C3CCD4"
A4_MM: Final = (210.0, 297.0)
MARGIN_MM: Final = 22.0

_AFTER_PARAGRAPH_SHADING: Final = ("w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
_LANGS: Final = {"zh": "zh-CN", "en": "en-GB"}
_HEADINGS_PT: Final = {"Heading 1": 16.0, "Heading 2": 13.0}
_OWN_PT: Final = {**_HEADINGS_PT, "Caption": 9.5, "List Bullet": 10.5, CELL_STYLE: 8.5}


def set_styles(document: Document, lang: str) -> None:
    """Give the styles their fonts and colours; those of the theme would win over ours."""
    normal = document.styles["Normal"]
    set_font(normal, BODY, 10.5, INK)
    normal.paragraph_format.line_spacing = 1.35
    normal.paragraph_format.space_after = Pt(5)
    for name, size_pt in _HEADINGS_PT.items():
        style = document.styles[name]
        set_font(style, HEADS, size_pt, BRAND)
        style.font.bold = True
        style.paragraph_format.space_before = Pt(14)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.keep_with_next = True
    caption = document.styles["Caption"]
    set_font(caption, HEADS, 9.5, BRAND)
    caption.font.bold = False
    caption.paragraph_format.space_before = Pt(8)
    caption.paragraph_format.space_after = Pt(3)
    cell = document.styles.add_style(CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = normal
    set_font(cell, BODY, 8.5, INK)
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(1.5)
    cell.paragraph_format.line_spacing = 1.1
    for name in ("Header", "Footer"):
        set_font(document.styles[name], BODY, 8.5, QUIET)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US" if lang == "zh" else _LANGS[lang])
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(language)


def ensure_styles(document: Document) -> None:
    """Add the styles that our blocks use and a document of somebody's own does not have."""
    known = {style.name for style in document.styles}
    for name, size_pt in _OWN_PT.items():
        if name in known:
            continue
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        heading = name in _HEADINGS_PT
        set_font(style, HEADS if heading else BODY, size_pt, BRAND if heading else INK)
        style.paragraph_format.keep_with_next = heading


def set_font(style: Any, fonts: tuple[str, str], size_pt: float, colour: str) -> None:  # noqa: ANN401
    """Set the fonts of a style or a run, for Latin and for Chinese characters."""
    latin, chinese = fonts
    style.font.name = latin
    style.font.size = Pt(size_pt)
    style.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
    properties = style.element.get_or_add_rPr()
    named = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        named.attrib.pop(qn(f"w:{theme}"), None)
    named.set(qn("w:eastAsia"), chinese)


def set_page(section: Any, *, wide: bool) -> float:  # noqa: ANN401 - python-docx is untyped
    """Make a section A4, upright or wide, and return the width of its text in mm."""
    short, long = A4_MM
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    width, height = (long, short) if wide else (short, long)
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    return width - 2.0 * MARGIN_MM


def add_field(paragraph: Any, instruction: str, shown: str) -> None:  # noqa: ANN401
    """Add a field such as PAGE, with what it shows until it is counted anew."""
    for kind, text in (("begin", None), (None, instruction), ("separate", None)):
        run = paragraph.add_run()
        if kind:
            run._r.append(_field_mark(kind))
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)
    paragraph.add_run(shown)
    paragraph.add_run()._r.append(_field_mark("end"))


def add_bookmark(paragraph: Any, name: str, number: int) -> None:  # noqa: ANN401
    """Make a paragraph the target of links."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:name"), name)
    for element in (start, end):
        element.set(qn("w:id"), str(number))
        paragraph._p.append(element)


def add_link(paragraph: Any, text: str, bookmark: str) -> None:  # noqa: ANN401
    """Add a link to a bookmark of the same document."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


def shade_paragraph(paragraph: Any, colour: str) -> None:  # noqa: ANN401
    """Fill the ground of a paragraph with a colour."""
    _place(paragraph._p.get_or_add_pPr(), _shading(colour), _AFTER_PARAGRAPH_SHADING)


def shade_cell(cell: Any, colour: str) -> None:  # noqa: ANN401
    """Fill a cell with a colour."""
    _place(cell._tc.get_or_add_tcPr(), _shading(colour), ("w:noWrap", "w:tcMar", "w:vAlign"))


def bar_left(paragraph: Any, colour: str) -> None:  # noqa: ANN401
    """Draw a bar at the left of a paragraph."""
    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    _set(left, val="single", sz="18", space="6", color=colour.lstrip("#").upper())
    borders.append(left)
    after = ("w:shd", *_AFTER_PARAGRAPH_SHADING)
    _place(paragraph._p.get_or_add_pPr(), borders, after)


def rule_table(table: Any) -> None:  # noqa: ANN401
    """Give a table thick lines above and below, thin ones between rows, narrow margins."""
    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (
        ("top", "12", BRAND),
        ("bottom", "12", BRAND),
        ("insideH", "4", LINE),
    ):
        line = OxmlElement(f"w:{side}")
        _set(line, val="single", sz=size, space="0", color=colour)
        borders.append(line)
    _place(table._tbl.tblPr, borders, ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        # 1 mm, so that long numbers stay on one line.
        margin = OxmlElement(f"w:{side}")
        _set(margin, w="57", type="dxa")
        margins.append(margin)
    _place(table._tbl.tblPr, margins, ("w:tblLook",))


def repeat_row(row: Any) -> None:  # noqa: ANN401
    """Repeat a row, given its element, at the head of every page."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_row(row: Any) -> None:  # noqa: ANN401
    """Do not let a row, given its element, break over two pages."""
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _shading(colour: str) -> Any:  # noqa: ANN401
    shading = OxmlElement("w:shd")
    _set(shading, val="clear", color="auto", fill=colour.lstrip("#").upper())
    return shading


def _place(properties: Any, element: Any, before: tuple[str, ...]) -> None:  # noqa: ANN401
    """Put an element where the format wants it: Word refuses files with another order."""
    properties.insert_element_before(element, *before)


def _field_mark(kind: str) -> Any:  # noqa: ANN401
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if kind == "begin":
        # Word counts such a field when it opens the file, and asks nobody.
        mark.set(qn("w:dirty"), "true")
    return mark


def _set(element: Any, **attributes: str) -> None:  # noqa: ANN401
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
