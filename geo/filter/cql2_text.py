"""CQL2 text to the tree that CQL2 JSON is.

References
----------
OGC 21-065r2, Common Query Language (CQL2), annex B.
"""

import re
from typing import Any, Final, NamedTuple

from geo.filter.errors import FilterError, refuse, refuse_text
from geo.filter.tree import MOST_DEPTH, Node

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<text>'(?:[^'\\]|''|\\.)*')
  | (?P<quoted>"(?:[^"]|"")+")
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<name>[^\W\d][\w.:]*)
  | (?P<sign><>|<=|>=|[-=<>+*/^%(),])
    """,
    re.VERBOSE,
)
_ESCAPED: Final = re.compile(r"''|\\'")
_COMPARE: Final = ("=", "<>", "<=", ">=", "<", ">")
_SHAPES: Final = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
}
_WORDS: Final = frozenset(
    "AND OR NOT LIKE BETWEEN IN IS NULL TRUE FALSE DIV".split()  # noqa: SIM905 - a list of words
)


class _Token(NamedTuple):
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "name" else self.text


_END: Final = "end"


def parse_cql2_text(text: str) -> Node:
    """Return a filter as its CQL2 JSON tree.

    Raises
    ------
    FilterError
        It is no CQL2 text; names the place.

    Examples
    --------
    >>> parse_cql2_text("a > 1 AND b IS NULL")["op"]
    'and'
    >>> parse_cql2_text("名称 LIKE '东%'")
    {'op': 'like', 'args': [{'property': '名称'}, '东%']}
    """
    reader = _Reader(text)
    tree = reader.either()
    reader.require_end()
    return tree


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise refuse_text(text, at)
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup, match[0], at))
        at = match.end()
    return found


class _Reader:
    """A recursive descent over tokens: one method for each level of binding."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def either(self) -> Node:
        """Read terms joined by OR."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise refuse("filter_deep", "…")
        terms = [self._all()]
        while self._takes("OR"):
            terms.append(self._all())
        self._depth -= 1
        return terms[0] if len(terms) == 1 else {"op": "or", "args": terms}

    def require_end(self) -> None:
        """Refuse what stands after the filter."""
        if self._next.kind != _END:
            raise self._refused()

    @property
    def _next(self) -> _Token:
        if self._at < len(self._tokens):
            return self._tokens[self._at]
        return _Token(_END, "", len(self._text))

    def _all(self) -> Node:
        terms = [self._negated()]
        while self._takes("AND"):
            terms.append(self._negated())
        return terms[0] if len(terms) == 1 else {"op": "and", "args": terms}

    def _negated(self) -> Node:
        count = 0
        while self._takes("NOT"):
            count += 1
        found = self._compared()
        return {"op": "not", "args": [found]} if count % 2 else found

    def _compared(self) -> Node:
        left = self._sum()
        for sign in _COMPARE:
            if self._takes(sign):
                return {"op": sign, "args": [left, self._sum()]}
        if self._takes("IS"):
            negative = self._takes("NOT")
            self._require("NULL")
            return _maybe_not({"op": "isNull", "args": [left]}, negative=negative)
        before = self._at
        negative = self._takes("NOT")
        if self._takes("LIKE"):
            return _maybe_not({"op": "like", "args": [left, self._sum()]}, negative=negative)
        if self._takes("BETWEEN"):
            least = self._sum()
            self._require("AND")
            found = {"op": "between", "args": [left, least, self._sum()]}
            return _maybe_not(found, negative=negative)
        if self._takes("IN"):
            self._require("(")
            return _maybe_not({"op": "in", "args": [left, self._list()]}, negative=negative)
        self._at = before
        return left

    def _sum(self) -> Node:
        found = self._product()
        while (sign := self._taken("+", "-")) is not None:
            found = {"op": sign, "args": [found, self._product()]}
        return found

    def _product(self) -> Node:
        found = self._power()
        while (sign := self._taken("*", "/", "%", "DIV")) is not None:
            found = {"op": sign.lower(), "args": [found, self._power()]}
        return found

    def _power(self) -> Node:
        found = self._signed()
        return {"op": "^", "args": [found, self._signed()]} if self._takes("^") else found

    def _signed(self) -> Node:
        if self._takes("+"):
            return self._one()
        if not self._takes("-"):
            return self._one()
        found = self._one()
        return -found if isinstance(found, (int, float)) else {"op": "*", "args": [-1, found]}

    def _one(self) -> Node:
        token = self._next
        self._at += 1
        if token.kind == "number":
            return _number(token.text)
        if token.kind == "text":
            return _unescaped(token.text)
        if token.kind == "quoted":
            return {"property": token.text[1:-1].replace('""', '"')}
        if token.text == "(":
            found = self.either()
            self._require(")")
            return found
        if token.kind == "name" and token.word in {"TRUE", "FALSE"}:
            return token.word == "TRUE"
        if token.kind == "name" and token.word not in _WORDS:
            return self._named(token)
        self._at -= 1
        raise self._refused()

    def _named(self, token: _Token) -> Node:
        word = token.word
        if word in _SHAPES and self._takes("("):
            return {"type": _SHAPES[word], "coordinates": self._places(_SHAPES[word])}
        if word == "GEOMETRYCOLLECTION" and self._takes("("):
            return {"type": "GeometryCollection", "geometries": self._list()}
        if not self._takes("("):
            return {"property": token.text}
        arguments = self._list()
        if word in {"DATE", "TIMESTAMP"} and len(arguments) == 1:
            return {word.lower(): arguments[0]}
        if word in {"BBOX", "INTERVAL"}:
            return {word.lower(): arguments}
        return {"op": token.text.lower(), "args": arguments}

    def _list(self) -> list[Node]:
        found = [self.either()]
        while self._takes(","):
            found.append(self.either())
        self._require(")")
        return found

    def _places(self, shape: str) -> Any:  # noqa: ANN401 - nested lists
        found = self._nested(0)
        if shape == "Point":
            return found[0]
        if shape == "MultiPoint":
            return [one[0] if isinstance(one[0], list) else one for one in found]
        return found

    def _nested(self, depth: int) -> list[Any]:
        """Read places, or lists of them, up to the closing bracket."""
        if depth > 3:
            raise self._refused()
        found: list[Any] = []
        while True:
            found.append(self._nested(depth + 1) if self._takes("(") else self._place())
            if not self._takes(","):
                self._require(")")
                return found

    def _place(self) -> list[float]:
        numbers: list[float] = []
        while self._next.kind == "number" or self._next.text in {"-", "+"}:
            sign = -1 if self._taken("-", "+") == "-" else 1
            if self._next.kind != "number":
                raise self._refused()
            numbers.append(sign * _number(self._next.text))
            self._at += 1
        if len(numbers) not in {2, 3}:
            raise self._refused()
        return numbers

    def _takes(self, word: str) -> bool:
        return self._taken(word) is not None

    def _taken(self, *words: str) -> str | None:
        token = self._next
        if token.kind in {"sign", "name"} and token.word in words:
            self._at += 1
            return token.word
        return None

    def _require(self, word: str) -> None:
        if not self._takes(word):
            raise self._refused()

    def _refused(self) -> FilterError:
        return refuse_text(self._text, self._next.at)


def _maybe_not(found: Node, *, negative: bool) -> Node:
    return {"op": "not", "args": [found]} if negative else found


def _number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub("'", text[1:-1])
