"""The tree of a filter: that of CQL2 JSON, which CQL2 text is turned into."""

from typing import Any, Final, TypeAlias

from geo.filter.errors import refuse

Node: TypeAlias = Any
"""A number, a text, a truth value, or a mapping as CQL2 JSON writes it."""

MOST_DEPTH: Final = 40
"""How deep filters may be nested; deeper ones are written to break a program."""


def require_shallow(tree: Node) -> None:
    """Refuse a tree that is nested too deeply.

    Raises
    ------
    FilterError
        It is deeper than :data:`MOST_DEPTH` operations.
    """
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > 2 * MOST_DEPTH:
            raise refuse("filter_deep", "…")
        level = [
            child
            for node in level
            for child in (
                node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
            )
        ]


def properties_of(tree: Node) -> set[str]:
    """Return the names of the properties that a filter asks for.

    Examples
    --------
    >>> sorted(properties_of({"op": "=", "args": [{"property": "b"}, {"property": "a"}]}))
    ['a', 'b']
    """
    found: set[str] = set()
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            if isinstance(node.get("property"), str):
                found.add(node["property"])
            todo += node.values()
        elif isinstance(node, list):
            todo += node
    return found
