"""Which features a filter chooses: the tree of CQL2 over the columns of a frame.

A comparison with a missing value is unknown, and what is unknown is not chosen, nor is its
contrary (three-valued logic, as in SQL and CQL2).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np

from geo.filter.errors import refuse
from geo.filter.spatial import SPATIAL, Place, spatial_truth
from geo.filter.temporal import TEMPORAL, Period, relate_periods
from geo.filter.tree import Node, require_shallow
from geo.filter.values import (
    INSTANT,
    NUMBER,
    TEXT,
    TRUTH,
    Array,
    Truth,
    Values,
    as_instants,
    column_values,
    interval_ns,
    literal,
)

_COMPARE: Final[Mapping[str, Callable[[Array, Array], Any]]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}
_ARITHMETIC: Final[Mapping[str, Callable[[Array, Array], Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "%": np.fmod,
    "^": np.power,
    "div": lambda left, right: np.trunc(np.true_divide(left, right)),
}
FUNCTIONS: Final = ("casei", "accenti")


def select_rows(features: gpd.GeoDataFrame, tree: Node, place: Place) -> Array:
    """Return which features a filter chooses.

    Parameters
    ----------
    features : GeoDataFrame
        Attributes and shapes, in lon/lat (EPSG:4490).
    tree : Node
        The filter as CQL2 JSON.
    place : callable
        Moves shapes of the filter into lon/lat.

    Returns
    -------
    ndarray of bool
        One for each feature, in their order.

    Raises
    ------
    FilterError
        It asks for a property that there is not, compares what cannot be compared, or is no
        filter.

    Examples
    --------
    >>> from shapely import Point
    >>> three = gpd.GeoDataFrame({"a": [1.0, None, 3.0]}, geometry=[Point(0, 0)] * 3)
    >>> select_rows(three, {"op": ">", "args": [{"property": "a"}, 2]}, lambda shape: shape)
    array([False, False,  True])
    """
    require_shallow(tree)
    found = _Evaluation(features, place).truth(tree)
    return np.broadcast_to(found.true, (len(features),)).copy()


class _Evaluation:
    def __init__(self, features: gpd.GeoDataFrame, place: Place) -> None:
        self._features = features
        self._place = place

    def truth(self, node: Node) -> Truth:
        """Return of which features a predicate holds."""
        if not isinstance(node, Mapping) or "op" not in node:
            return self._plain_truth(node)
        op, args = _operation(node)
        if op in {"and", "or"}:
            return self._joined(op, args)
        if op == "not":
            return self.truth(*_counted(args, 1, node)).negated()
        if op in _COMPARE:
            return self._compared(op, *_counted(args, 2, node))
        return self._named(op, args, node)

    def _named(self, op: str, args: list[Node], node: Node) -> Truth:
        if op in SPATIAL:
            shapes = _counted(args, 2, node)
            return spatial_truth(op, self._features.geometry, shapes, self._place)
        if op in TEMPORAL:
            first, second = (self._period(one) for one in _counted(args, 2, node))
            return relate_periods(op, first, second)
        match op:
            case "isnull":
                return self._is_null(*_counted(args, 1, node))
            case "like":
                return self._like(*_counted(args, 2, node))
            case "between":
                value, least, most = _counted(args, 3, node)
                return self._compared(">=", value, least).and_(self._compared("<=", value, most))
            case "in":
                return self._in(*_counted(args, 2, node))
        raise refuse("filter_operation", op)

    def _plain_truth(self, node: Node) -> Truth:
        found = self.values(node)
        if found.kind != TRUTH:
            raise refuse("filter_no_truth", node)
        return Truth(true=found.data & found.known, known=found.known)

    def _joined(self, op: str, args: list[Node]) -> Truth:
        if not args:
            raise refuse("filter_arguments", op)
        found = self.truth(args[0])
        for one in args[1:]:
            more = self.truth(one)
            found = found.and_(more) if op == "and" else found.or_(more)
        return found

    def _compared(self, op: str, left: Node, right: Node) -> Truth:
        first, second = self.values(left), self.values(right)
        first, second = _as_dates(first, second), _as_dates(second, first)
        _require_alike(first, second, left, right)
        if first.kind == TRUTH and op not in {"=", "<>"}:
            raise refuse("filter_kinds", f"{_shown(left)} {op} {_shown(right)}")
        known = first.known & second.known
        true = np.asarray(_COMPARE[op](first.data, second.data), dtype=bool)
        return Truth(true=true & known, known=known)

    def _is_null(self, node: Node) -> Truth:
        name = node.get("property") if isinstance(node, Mapping) else None
        if name == self._features.geometry.name:
            missing = self._features.geometry.isna().to_numpy()
        else:
            missing = self.values(node).missing
        return Truth(true=missing, known=np.ones_like(missing))

    def _like(self, value: Node, pattern: Node) -> Truth:
        texts, wanted = self.values(value), self.values(pattern)
        if texts.kind != TEXT or wanted.kind != TEXT or wanted.data.ndim:
            raise refuse("filter_like", f"{_shown(value)} LIKE {_shown(pattern)}")
        matching = re.compile(like_pattern(str(wanted.data)), re.DOTALL).fullmatch
        true = np.frompyfunc(lambda text: matching(text) is not None, 1, 1)(texts.data)
        return Truth(true=np.asarray(true, dtype=bool) & texts.known, known=texts.known)

    def _in(self, value: Node, choices: Node) -> Truth:
        if not isinstance(choices, list) or not choices:
            raise refuse("filter_arguments", "in")
        found = self._compared("=", value, choices[0])
        for one in choices[1:]:
            found = found.or_(self._compared("=", value, one))
        return found

    def values(self, node: Node) -> Values:
        """Return the values of an expression."""
        if not isinstance(node, Mapping):
            return literal(node)
        if "property" in node:
            return self._property(node["property"])
        if "op" not in node:
            return literal(node)
        op, args = _operation(node)
        if op in _ARITHMETIC:
            return self._calculated(op, *_counted(args, 2, node))
        if op in FUNCTIONS:
            return self._folded(op, *_counted(args, 1, node))
        found = self.truth(node)
        return Values(kind=TRUTH, data=found.true, missing=~found.known)

    def _property(self, name: object) -> Values:
        names = [one for one in self._features.columns if one != self._features.geometry.name]
        if name not in names:
            raise refuse("filter_property", name)
        return column_values(self._features[name])

    def _calculated(self, op: str, left: Node, right: Node) -> Values:
        first, second = self.values(left), self.values(right)
        if first.kind != NUMBER or second.kind != NUMBER:
            raise refuse("filter_kinds", f"{_shown(left)} {op} {_shown(right)}")
        with np.errstate(all="ignore"):
            data = _ARITHMETIC[op](first.data.astype(float), second.data.astype(float))
        missing = first.missing | second.missing | ~np.isfinite(data)
        return Values(kind=NUMBER, data=np.asarray(data), missing=missing)

    def _folded(self, op: str, node: Node) -> Values:
        found = self.values(node)
        if found.kind != TEXT:
            raise refuse("filter_kinds", f"{op}({_shown(node)})")
        fold = str.casefold if op == "casei" else _without_accents
        data = np.frompyfunc(fold, 1, 1)(found.data)
        return Values(kind=TEXT, data=np.asarray(data, dtype=object), missing=found.missing)

    def _period(self, node: Node) -> Period:
        if isinstance(node, Mapping) and set(node) == {"interval"}:
            ends = node["interval"]
            if not isinstance(ends, list) or len(ends) != 2:
                raise refuse("filter_date", node)
            if all(isinstance(end, str) for end in ends):
                first, last = interval_ns(*ends)
                return Period(
                    start=np.array(first),
                    end=np.array(last),
                    known=np.ones((), dtype=bool),
                )
            start, end = (self._end(one, first=at == 0) for at, one in enumerate(ends))
            return Period(start=start.data, end=end.data, known=start.known & end.known)
        found = self._instants(node)
        return Period(start=found.data, end=found.data, known=found.known)

    def _end(self, node: Node, *, first: bool) -> Values:
        """Return one end of an interval, where the other is a property."""
        if isinstance(node, str):
            ends = interval_ns(node, "..") if first else interval_ns("..", node)
            at = np.array(ends[0] if first else ends[1])
            return Values(kind=INSTANT, data=at, missing=np.zeros((), dtype=bool))
        return self._instants(node)

    def _instants(self, node: Node) -> Values:
        found = self.values(node)
        dates = found if found.kind == INSTANT else as_instants(found)
        if dates is None:
            raise refuse("filter_date", _shown(node))
        return dates


def like_pattern(pattern: str) -> str:
    r"""Return a LIKE pattern as a regular expression that needs no long search.

    ``%`` is any text, ``_`` any character, ``\`` takes the meaning from the next one. What
    stands between two ``%`` is looked for once: the leftmost place is as good as any other.

    Examples
    --------
    >>> [bool(re.fullmatch(like_pattern(one), "东川区")) for one in ("东%区", "东_", "%川%")]
    [True, False, True]
    """
    pieces, piece, escaped = [], "", False
    for character in pattern:
        if escaped or character not in "%_\\":
            piece, escaped = piece + re.escape(character), False
        elif character == "\\":
            escaped = True
        elif character == "_":
            piece += "."
        else:
            pieces.append(piece)
            piece = ""
    first, *rest = [*pieces, piece]
    if not rest:
        return first
    middle = "".join(f"(?>.*?{one})" for one in rest[:-1] if one)
    return f"{first}{middle}.*{rest[-1]}"


def _operation(node: Mapping[str, Any]) -> tuple[str, list[Node]]:
    op, args = node["op"], node.get("args")
    if not isinstance(op, str) or not isinstance(args, list):
        raise refuse("filter_arguments", op)
    return op.lower(), args


def _counted(args: list[Node], count: int, node: Mapping[str, Any]) -> list[Node]:
    if len(args) != count:
        raise refuse("filter_arguments", node["op"])
    return args


def _as_dates(found: Values, other: Values) -> Values:
    """Return texts as instants where they are dates and are compared with one."""
    return (as_instants(found) if other.kind == INSTANT else None) or found


def _require_alike(first: Values, second: Values, left: Node, right: Node) -> None:
    if first.kind != second.kind:
        raise refuse("filter_kinds", f"{_shown(left)}, {_shown(right)}")


def _shown(node: Node) -> str:
    """Return a part of a filter as a person wrote it, about."""
    if isinstance(node, Mapping):
        return str(node.get("property", node.get("op", next(iter(node.values()), ""))))
    return repr(node)


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(one for one in parts if not unicodedata.combining(one))
