"""Comments that people pin to cells of a workbook: what they say stands nowhere else."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, iterparse

Comment = tuple[int, int, str]
"""Line from 1, column from 0, and what is said there."""

_ADDRESS: Final = re.compile(r"([A-Z]+)(\d+)")
_AUTHOR: Final = re.compile(r"^[^\n:：]{1,40}[:：]\s*\n")
_KIND: Final = "/comments"


def comments_of(archive: zipfile.ZipFile, sheet_path: str) -> tuple[Comment, ...]:
    """Return the comments of a sheet, without the author's name that spreadsheets put before."""
    folder, name = posixpath.split(sheet_path)
    known = set(archive.namelist())
    relations = f"{folder}/_rels/{name}.rels"
    found: list[Comment] = []
    for relation in _elements(archive, relations, "Relationship") if relations in known else ():
        target = str(relation.get("Target"))
        path = target[1:] if target[:1] == "/" else posixpath.normpath(f"{folder}/{target}")
        if str(relation.get("Type")).endswith(_KIND) and path in known:
            found += _comments(archive, path)
    return tuple(found)


def _comments(archive: zipfile.ZipFile, path: str) -> Iterator[Comment]:
    for comment in _elements(archive, path, "comment"):
        address = _ADDRESS.fullmatch(comment.get("ref", ""))
        text = "".join(one.text or "" for one in comment.iter() if _local(one) == "t")
        text = " ".join(_AUTHOR.sub("", text).split())
        if address and text:
            yield int(address[2]), column_of(address[1]), text


def column_of(letters: str) -> int:
    """Return the position of a column, from 0.

    Examples
    --------
    >>> column_of("A"), column_of("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """Return the letters of a column that is counted from 0.

    Examples
    --------
    >>> letters_of(0), letters_of(27)
    ('A', 'AB')
    """
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def _elements(archive: zipfile.ZipFile, path: str, name: str) -> list[Element]:
    parsed = iterparse(io.BytesIO(archive.read(path)))  # noqa: S314 - read apart, sizes checked
    return [one for _, one in parsed if _local(one) == name]


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
