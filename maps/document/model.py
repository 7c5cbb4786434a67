"""What a document is made of, whatever its form: sections of texts, tables and figures.

An answer is turned into these values once (``maps/<room>/document.py``) and then printed as
terminal text, CSV, XLSX, Word, PDF or HTML, so that no two forms can say different things.
All words are already in the reader's language.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

from maps.answers import Basis
from maps.document.cells import Cell, Column, Tag, Tone
from maps.i18n import tr

_LONGEST: Final = 4_000
_MOST_NAMED: Final = 4
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff0-\uffff\ud800-\udfff]"
)
"""What XML cannot hold, and what turns or hides the text around it."""

Role: TypeAlias = Literal["body", "notice", "basis", "citation", "quote", "small", "item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; ``id`` names its sheet in XLSX, which tables of one id share.

    ``total`` is a last row. Its numbers must be what the numbers above add up to as they
    are printed (see :func:`geo.units.rounded_to_total`): in XLSX they are live sums. A
    table without a caption is data: its sheet begins with the head and can be filtered.

    ``given`` are numbers that the formulas of the rows start from, each with its own column
    for name and form; they stand above the table, one a line. Of more than ``most_rows`` rows
    paper and terminals show those alone and say how many are left out; XLSX and CSV have all.
    Rows that differ in the column ``joined`` alone are one row there, which lists its texts.
    """

    id: str
    caption: str | None
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: str | None = None
    given: tuple[tuple[Column, Cell], ...] = ()
    most_rows: int | None = None
    joined: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names with values, one a line; a name says the unit of a number."""

    id: str
    caption: str | None
    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A text.

    ``role``: ``body``, ``notice`` (framed), ``basis`` (framed: what it rests on is not
    official), ``citation`` (source or law), ``quote`` (to be copied), ``small`` (a note) or
    ``item`` (one of a list).
    """

    text: str
    role: Role = "body"
    tone: Tone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading inside a section, one level below the section's own."""

    text: str


class Picture(Protocol):
    """A drawing in both forms; the same call gives the same bytes."""

    def svg(self) -> bytes:
        """Return the drawing as SVG that asks for nothing from outside."""

    def png(self) -> bytes:
        """Return the drawing as PNG in print resolution."""


@runtime_checkable
class SlowPicture(Picture, Protocol):
    """A drawing that takes its time: text can be set around its size before it is there."""

    def blank(self) -> bytes:
        """Return an SVG of the drawing's size with nothing on it, in no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """The columns of a table that a figure shows as bars, one for each row.

    In a workbook the figure is a chart over these cells: whoever changes one changes it.
    ``table`` is the table's id, ``names`` and ``values`` are keys of its columns; several
    names stand side by side.
    """

    table: str
    names: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing with its caption; ``alt`` says in words what it shows.

    ``charted`` is what a workbook makes of it; without it a workbook leaves it out.
    """

    caption: str
    alt: str
    picture: Picture
    width_mm: float = 165.0
    charted: Charted | None = None


Block: TypeAlias = Heading | Paragraph | Facts | Table | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A chapter; ``wide``: its tables need a page in landscape.

    ``id`` is how an office's template names it, empty where none can.
    """

    title: str
    blocks: tuple[Block, ...]
    wide: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The front page: what the report says in one word, and about what.

    ``lines`` stand above the word: what must be said by itself, each with its own tag.
    """

    lines: tuple[tuple[str, Tag], ...]
    conclusion: Tag
    summary: str
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]


FieldTexts: TypeAlias = Mapping[str, str | list[str]]
"""What the fields of an office's template are filled with: a text, or a list of texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document; without a cover it begins at once, as a sheet.

    ``title`` may be empty where a terminal or a workbook needs none.

    ``mark`` is printed at the head of every page, for example that it rests on
    demonstration data; ``foot`` at the foot, for example the id of the check.
    """

    lang: str
    title: str
    subtitle: str | None = None
    mark: str | None = None
    foot: str = ""
    cover: Cover | None = None
    sections: tuple[Section, ...] = ()


def sheet_of(
    title: str,
    blocks: tuple[Block, ...],
    *,
    lang: str,
    subtitle: str | None = None,
    mark: str | None = None,
    foot: str = "",
) -> Document:
    """Return a sheet of one subject.

    Parameters
    ----------
    title, subtitle : str
        What the sheet is about, in the reader's language, as all other texts.
    blocks : tuple of Block
        Paragraphs, facts, tables and figures, in the order of print.
    lang : str
        ``zh`` or ``en``: of hyphenation and of the few words that are added.
    mark : str, optional
        What must not be overlooked: that data are for demonstration, or a target.
    foot : str
        Source and date, at the foot of the page.
    """
    section = Section(title="", blocks=blocks)
    return Document(
        lang=lang,
        title=title,
        subtitle=subtitle,
        mark=mark,
        foot=foot,
        cover=None,
        sections=(section,),
    )


Value = TypeVar("Value")


def printable(value: Value) -> Value:
    r"""Return a document, or a part of one, with every text fit to be printed.

    Names come from anybody's files: control characters, such as turn the direction of
    writing, are left out, and endless texts are cut.

    Examples
    --------
    >>> printable(Heading(text="A\x00\u202eB")).text
    'AB'
    """
    return _printable(value)  # type: ignore[no-any-return]


def _printable(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(value, str):
        text = _UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    if isinstance(value, tuple):
        return tuple(_printable(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and not _draws(value):
        fields = {f.name: _printable(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value


def _draws(value: object) -> bool:
    return hasattr(value, "svg") and hasattr(value, "png")


def number_blocks(document: Document) -> Document:
    """Return a document with its tables and figures numbered, and unless a sheet its chapters."""
    counts = {"table": 0, "figure": 0}

    def caption(kind: str, text: str) -> str:
        counts[kind] += 1
        return tr(f"report.numbered_{kind}", document.lang, number=counts[kind], text=text)

    def count(blocks: tuple[Block, ...], chapter: int) -> Iterator[Block]:
        headings = 0
        for block in blocks:
            if isinstance(block, Heading) and document.cover:
                headings += 1
                yield Heading(text=f"{chapter}.{headings} {block.text}")
            elif isinstance(block, (Table, Facts)) and block.caption:
                yield dataclasses.replace(block, caption=caption("table", block.caption))
            elif isinstance(block, Figure):
                yield dataclasses.replace(block, caption=caption("figure", block.caption))
            else:
                yield block

    sections = tuple(
        dataclasses.replace(
            section,
            title=f"{chapter} {section.title}" if document.cover else section.title,
            blocks=tuple(count(section.blocks, chapter)),
        )
        for chapter, section in enumerate(document.sections, start=1)
    )
    return dataclasses.replace(document, sections=sections)


def basis_blocks(basis: Iterable[Basis], lang: str) -> tuple[Paragraph, ...]:
    """Return a warning for each status of what an answer rests on that is not official."""
    return tuple(
        Paragraph(text=basis_text(one, lang), role="basis", tone="conflict") for one in basis
    )


def basis_text(one: Basis, lang: str) -> str:
    """Return a warning that names the gravest of the layers it speaks of, and counts them all."""
    names = [title.text(lang) for title in one.titles] or one.layer_ids
    listed = tr("report.list_mark", lang).join(names[:_MOST_NAMED])
    if len(names) > _MOST_NAMED:
        listed += tr("report.and_more", lang, count=len(one.layer_ids))
    return tr("report.basis_notice", lang, warning=tr(f"basis.{one.status}", lang), layers=listed)


def qualifiers(document: Document) -> tuple[str, ...]:
    """Return what must stand beside every number of a document: its mark and its basis."""
    said = (
        block.text
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Paragraph) and block.role == "basis"
    )
    return tuple(dict.fromkeys(filter(None, (document.mark, *said))))
