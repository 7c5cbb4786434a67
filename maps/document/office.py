"""A document in an office's own Word template: fields filled, chapters put in their places.

A template is a Word file with fields in double braces. A field of a text stands anywhere; the
field of a chapter stands in a paragraph of its own, and the chapter takes its place, in the
styles of the template where it has them.
"""

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from geo.errors import InputError
from maps.document.model import Document, FieldTexts, Section, number_blocks, printable
from maps.document.paper import on_paper
from maps.document.word import WordWriter
from maps.document.word_style import ensure_styles
from maps.document.workbook import without_clock

CHAPTER: Final = "chapter_"
"""How the fields of chapters begin; what follows is the id of the section."""
ALL_CHAPTERS: Final = "chapters"
NOTICES: Final = "notices"
_MARK: Final = "\u27e6{}\u27e7"
_BROKEN: Final = (
    zipfile.BadZipFile,
    PackageNotFoundError,
    etree.XMLSyntaxError,
    # What the expressions in fields may raise when they are worked out.
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class BrokenTemplateError(InputError):
    """A file is no Word template, or its fields cannot be read. Params: ``name``, ``problem``."""

    code = "maps.template.broken"


class UnknownFieldError(InputError):
    """A template names fields that there are none of. Params: ``name``, ``fields``, ``known``."""

    code = "maps.template.unknown_field"


class ChapterPlaceError(InputError):
    """The field of a chapter does not stand in a paragraph alone. Params: ``name``, ``field``."""

    code = "maps.template.chapter_place"


def fill_template(
    name: str,
    template: bytes,
    fields: FieldTexts,
    content: Document,
    *,
    chosen: Collection[str],
) -> bytes:
    """Return a template with its fields filled and the chapters of a document in place.

    Parameters
    ----------
    name : str
        What the template is called in errors.
    template : bytes
        A Word file.
    fields : mapping
        Texts and lists of texts by the names of fields; those of chapters follow from
        ``content``.
    content : Document
        Whose sections have ids. Its mark is written above every page, and its notices where
        the template has no field for them: a template cannot hide what a result rests on.
    chosen : collection of str
        Ids of the chapters that an office knows of, and leaves out by not naming them. All
        others keep their place after the chapter before them.

    Raises
    ------
    BrokenTemplateError, UnknownFieldError, ChapterPlaceError
        The template cannot be used.
    """
    content = number_blocks(printable(on_paper(content)))
    chapters: dict[str, tuple[Section, ...]] = {
        f"{CHAPTER}{one.id}": (one,) for one in content.sections
    }
    chapters[ALL_CHAPTERS] = content.sections
    known = {**fields, **{field: _MARK.format(field) for field in chapters}}
    filled, asked = _render(name, template, printable_fields(known))
    writer = WordWriter(content, docx.Document(io.BytesIO(filled)))
    ensure_styles(writer.document)
    if ALL_CHAPTERS not in asked:
        _mark_others(writer.document, [one.id for one in content.sections], asked, chosen)
    _place_chapters(name, writer, chapters)
    if NOTICES not in asked and content.cover is not None:
        _put_first(writer, content.cover.notices)
    _write_mark(writer.document, content.mark)
    written = io.BytesIO()
    writer.document.save(written)
    return without_clock(written.getvalue())


def printable_fields(fields: FieldTexts) -> FieldTexts:
    """Return fields with every text fit to be printed."""
    return {
        name: [printable(one) for one in value] if isinstance(value, list) else printable(value)
        for name, value in fields.items()
    }


def _render(name: str, template: bytes, known: FieldTexts) -> tuple[bytes, frozenset[str]]:
    """Return a template with its fields filled, and which fields it asks for."""
    work = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        opened = DocxTemplate(io.BytesIO(template))
        asked = frozenset(opened.get_undeclared_template_variables(jinja_env=work))
        if unknown := sorted(asked - known.keys()):
            raise UnknownFieldError(name=name, fields=unknown, known=sorted(known))
        opened.render(dict(known), jinja_env=work, autoescape=True)
        written = io.BytesIO()
        opened.save(written)
    except TemplateError as exc:
        raise BrokenTemplateError(name=name, problem=str(exc)[:200]) from exc
    except _BROKEN as exc:
        raise BrokenTemplateError(name=name, problem=type(exc).__name__) from exc
    return written.getvalue(), asked


def _mark_others(
    document: Any,  # noqa: ANN401 - python-docx
    ids: Sequence[str],
    asked: Collection[str],
    chosen: Collection[str],
) -> None:
    """Give chapters of which no template can know a place after, or before, their neighbours."""
    marked = {one.text.strip(): one for one in document.paragraphs}
    marks = {_MARK.format(f"{CHAPTER}{one}") for one in ids}
    first = next((one for text, one in marked.items() if text in marks), None)
    last = None
    for field in (f"{CHAPTER}{one}" for one in ids):
        if field in asked:
            last = marked.get(_MARK.format(field), last)
        elif field.removeprefix(CHAPTER) not in chosen:
            found = document.add_paragraph(_MARK.format(field))
            if last is not None:
                last._p.addnext(found._p)
            elif first is not None:
                first._p.addprevious(found._p)
            last = found


def _place_chapters(
    name: str, writer: WordWriter, chapters: Mapping[str, tuple[Section, ...]]
) -> None:
    """Put each chapter in the place of the paragraph that holds its field."""
    body = writer.document.element.body
    for paragraph in list(body.iter(qn("w:p"))):
        text = "".join(paragraph.itertext(qn("w:t")))
        for field, sections in chapters.items():
            mark = _MARK.format(field)
            if mark not in text:
                continue
            if text.strip() != mark or paragraph.getparent() is not body:
                raise ChapterPlaceError(name=name, field=field)
            for element in _written(writer, sections):
                paragraph.addprevious(element)
            body.remove(paragraph)


def _written(writer: WordWriter, sections: tuple[Section, ...]) -> Iterator[Any]:
    """Write sections to the end of a document and yield the elements that this adds."""
    body = writer.document.element.body
    before = set(body)
    for section in sections:
        writer.section(section, None)
    yield from [one for one in body if one not in before]


def _put_first(writer: WordWriter, notices: tuple[str, ...]) -> None:
    first = writer.document.element.body[0]
    for notice in notices:
        first.addprevious(writer.notice(notice))


def _write_mark(document: Any, mark: str | None) -> None:  # noqa: ANN401 - python-docx
    """Write above every page that a result rests on data that is not official."""
    if mark is None:
        return
    for section in document.sections:
        heads = [section.header]
        if section.different_first_page_header_footer:
            heads.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            heads.append(section.even_page_header)
        for head in heads:
            head.is_linked_to_previous = False
            head.paragraphs[0].insert_paragraph_before(mark)
