"""XML from strangers: no document type, no entities of its own, bounded depth, no address.

A document type is where entities, external files and their addresses are declared;
neither KML nor GML has one, so it is refused whole.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from layers.errors import DamagedFileError, EncodingUndecidedError, TooComplexError
from layers.readers.encoding import EncodingGuess, decode_text, named_encoding

_MAX_DEPTH: Final = 64
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]*\?>")
_ENCODING: Final = re.compile(rb"""<\?xml\b[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")


def parse_markup(
    name: str, data: bytes, file_format: str, *, declared_encoding: str | None, max_elements: int
) -> tuple[Element, EncodingGuess]:
    """Return the root element; names are ``prefix}local``, or ``local`` without a prefix.

    Prefixes are taken as they stand: many programs forget to declare those of their
    extensions (``gx:``, ``xsi:``), which says nothing against the rest.

    The encoding is declared by the person, or by the XML declaration where the bytes
    agree, or decided from the bytes.

    Raises
    ------
    DamagedFileError, EncodingUndecidedError, TooComplexError
    """
    text, guess = _decoded(name, data, declared_encoding)
    target = _Target(name, max_elements)
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler = target.start
    parser.EndElementHandler = target.end
    parser.CharacterDataHandler = target.text
    parser.StartDoctypeDeclHandler = target.doctype(file_format)
    try:
        declaration = _DECLARATION.match(text)
        body = text[declaration.end() :] if declaration else text
        parser.Parse(body.encode("utf-8", "replace"), True)  # noqa: FBT003
    except expat.ExpatError as exc:
        raise DamagedFileError(name=name, format=file_format) from exc
    return target.builder.close(), guess


def local(element: Element) -> str:
    """Return the name of an element without its prefix."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """Return the children that have one of some local names."""
    return (child for child in element if local(child) in names)


def text_of(element: Element | None) -> str | None:
    """Return the text of an element without the blanks around it, None where there is none."""
    stripped = (element.text or "").strip() if element is not None else ""
    return stripped or None


class _Target:
    """Builds the tree, and counts."""

    def __init__(self, name: str, max_elements: int) -> None:
        self.builder = TreeBuilder()
        self._name = name
        self._depth = 0
        self._left = self._most = max_elements

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._left -= 1
        if self._depth > _MAX_DEPTH:
            raise TooComplexError(name=self._name, what="depth", limit=_MAX_DEPTH)
        if self._left < 0:
            raise TooComplexError(name=self._name, what="elements", limit=self._most)
        kept = {_split(key): value for key, value in attributes.items() if key[:5] != "xmlns"}
        self.builder.start(_split(tag), kept)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self.builder.end(_split(tag))

    def text(self, data: str) -> None:
        self.builder.data(data)

    def doctype(self, file_format: str) -> Any:  # noqa: ANN401 - expat's handler type
        def refuse(*_: object) -> None:
            raise DamagedFileError(name=self._name, format=file_format)

        return refuse


def _split(name: str) -> str:
    return name.replace(":", "}", 1)


def _decoded(name: str, data: bytes, declared: str | None) -> tuple[str, EncodingGuess]:
    stated = _ENCODING.search(data[:200])
    encoding = named_encoding(stated.group(1).decode("ascii")) if stated else None
    if declared is None and encoding not in (None, "UTF-8", "ASCII"):
        try:
            text, guess = decode_text(name, data, encoding)
        except (EncodingUndecidedError, UnicodeDecodeError):
            # What a program writes above its bytes is often only a habit.
            return decode_text(name, data, None)
        return text, EncodingGuess(encoding=guess.encoding, how="xml_declaration", tried=())
    return decode_text(name, data, declared)
