"""Marks of footnotes: which a text carries, and which part of a note each of them begins."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MARK: Final = r"(?:\*+|\u203b+|\u2020+|[\u00b9\u00b2\u00b3\u2070-\u2079\u2460-\u2473])"
_MARKS: Final = rf"{_MARK}(?:[\s、,，和及]*{_MARK})*"
_BEGINNING: Final = re.compile(rf"(?:^|(?<=[\s;；。,，、:：(（注带有标]))(?P<marks>{_MARKS})")
_INTRODUCES: Final = re.compile(
    r"[\s;；。,，、:：(（]*(?:注|备注|说明|附注)?[\s:：(（]*[带有标注]*"
)
_NUMBERED: Final = re.compile(
    r"^\s*(?:(?:注|备注|说明|附注|notes?)\s*[:：])?\s*(?:[(（]?\d{1,2}[)）.、．](?!\d))?\s*", re.I
)
"""What may stand before the first mark of a note and says nothing itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A note, or the part of one that its marks begin; without marks it is of the whole table.

    ``text`` is as printed, ``says`` what it says without its marks.
    """

    line: int
    marks: tuple[str, ...]
    text: str
    says: str


def marks_in(text: str) -> tuple[str, ...]:
    """Return the marks that stand in a text; ** is another mark than *.

    Examples
    --------
    >>> marks_in("①②"), marks_in("500**")
    (('①', '②'), ('**',))
    """
    return tuple(dict.fromkeys(re.findall(_MARK, text)))


def is_only_marks(text: str) -> bool:
    """Tell whether a text says nothing but which footnotes hold."""
    return re.fullmatch(_MARKS, text.strip()) is not None


def split_notes(notes: Iterable[tuple[int, str]]) -> tuple[Footnote, ...]:
    """Return notes, with their lines, part by part: each mark begins one of its own.

    Examples
    --------
    >>> [(one.marks, one.says) for one in split_notes([(9, "来源：海关；①为目标")])]
    [((), '来源：海关'), (('①',), '为目标')]
    """
    return tuple(part for line, note in notes for part in _parts_of(line, note))


def _parts_of(line: int, note: str) -> list[Footnote]:
    found = list(_BEGINNING.finditer(note))
    if not found:
        return [Footnote(line=line, marks=(), text=note, says=_NUMBERED.sub("", note))]
    head = note[: found[0].start()]
    introduces = _INTRODUCES.fullmatch(head) is not None
    parts = [] if introduces else [
        Footnote(line=line, marks=(), text=head.rstrip(" ;；，,"), says=head.rstrip(" ;；，,"))
    ]  # fmt: skip
    if introduces and len(found) == 1:
        return [_part(line, note, found[0]["marks"], note[found[0].end() :])]
    ends = [one.start() for one in found[1:]] + [len(note)]
    for one, end in zip(found, ends, strict=True):
        parts.append(_part(line, note[one.start() : end], one["marks"], note[one.end() : end]))
    return parts


def _part(line: int, text: str, marks: str, says: str) -> Footnote:
    return Footnote(
        line=line,
        marks=marks_in(marks),
        text=text.rstrip(" ;；，,"),
        says=says.strip(" ;；，,:：)）"),
    )
