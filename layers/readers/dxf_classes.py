"""Drawings made by hand or by small programs: entities without the marks of their class.

Since R13 the data of an entity stand under marks of its class (group code 100). R12 has none,
and who writes a light polyline into a drawing of R12 leaves them out: no library reads it then.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_CLASSES: Final = {
    "LWPOLYLINE": "AcDbPolyline",
    "SPLINE": "AcDbSpline",
    "HATCH": "AcDbHatch",
    "MTEXT": "AcDbMText",
}
"""Entities that are not understood without their marks, and the mark of each."""

_OF_ENTITY: Final = frozenset({"5", "6", "8", "48", "60", "62", "67", "102", "330", "370", "420"})
"""Group codes that any entity may have, before those of its class."""

_UTF8: Final = "AC1021"
"""The first release whose texts are UTF-8: R2007."""

_CODE_PAGE: Final = (("9", "$DWGCODEPAGE"), ("3", "ANSI_1252"))
"""Ignored from R2007 on, and still asked for."""

_Tag = tuple[str, str]


def with_class_marks(text: str) -> str:
    r"""Return a drawing with the marks of entities that have none, as one of R2007 or later.

    Older releases know no marks, and keep texts in the code page of some machine.

    Examples
    --------
    >>> made = with_class_marks("0\nMTEXT\n8\nA\n1\nx\n0\nEOF\n").split()
    >>> made[-12:]
    ['0', 'MTEXT', '8', 'A', '100', 'AcDbEntity', '100', 'AcDbMText', '1', 'x', '0', 'EOF']
    >>> made[made.index("$ACADVER") + 2]
    'AC1021'
    """
    lines = text.lstrip("\ufeff").splitlines()
    while lines and not lines[0].strip():
        lines.pop(0)
    tags = list(zip((code.strip() for code in lines[::2]), lines[1::2], strict=False))
    starts = [at for at, (code, _) in enumerate(tags) if code == "0"]
    whole = list(tags[: starts[0]]) if starts else tags
    for first, last in pairwise([*starts, len(tags)]):
        whole += _marked(tags[first:last])
    return "".join(f"{code}\n{value}\n" for code, value in _as_utf8(whole))


def _as_utf8(tags: list[_Tag]) -> list[_Tag]:
    """Return the tags with a version whose texts are UTF-8."""
    at = next((n for n, tag in enumerate(tags) if tag[1].strip() == "$ACADVER"), None)
    if at is None or at + 1 >= len(tags):
        header = [("0", "SECTION"), ("2", "HEADER"), ("9", "$ACADVER"), ("1", _UTF8)]
        return [*header, *_CODE_PAGE, ("0", "ENDSEC"), *tags]
    version = tags[at + 1][1].strip()
    return [*tags[: at + 1], ("1", max(version, _UTF8)), *_CODE_PAGE, *tags[at + 2 :]]


def _marked(entity: list[_Tag]) -> Iterator[_Tag]:
    mark = _CLASSES.get(entity[0][1].strip())
    if mark is None or any(code == "100" for code, _ in entity):
        yield from entity
        return
    own = next(
        (at for at, (code, _) in enumerate(entity[1:], 1) if code not in _OF_ENTITY), len(entity)
    )
    yield from entity[:own]
    yield from (("100", "AcDbEntity"), ("100", mark))
    yield from entity[own:]
