"""A tree of digests over features and their boxes: a few of them prove what all of them are.

Every node holds the box of all below it and the digest of its halves; its own digest is of
both. Who knows the root, and is shown some features whole and of every other branch the box
and the digest, can tell that the features belong to the version, and that nothing else of it
comes near a place: a branch whose box does so has not been left out.

References
----------
R. C. Merkle, A digital signature based on a conventional encryption function, 1987; the shape
of the tree and the prefixes of leaves and nodes are those of RFC 6962, section 2.1; boxes in
the digests as in F. Li et al., Dynamic authenticated index structures, 2006.
"""

import hashlib
import math
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Box = tuple[float, float, float, float]
"""West, south, east, north in the version's CRS; NaN where there is no geometry."""

_NOWHERE: Final = (math.nan,) * 4
_DIGEST_BYTES: Final = 32
_GRID: Final = 65_535.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A part of a tree: the box of all features in it, and the digest of what is in it."""

    box: Box
    inner: bytes

    @property
    def digest(self) -> bytes:
        """What the node above rests on."""
        return hashlib.sha256(_packed(self.box) + self.inner).digest()


Opened: TypeAlias = "int | Branch | tuple[Opened, Opened]"
"""What is shown of a tree: the number of a leaf, a branch shut, or its two halves."""


def leaf(data: bytes, box: Box) -> Branch:
    """Return the leaf of a feature."""
    return Branch(box=box, inner=hashlib.sha256(b"\x00" + data).digest())


def spatial_order(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return an order in which neighbours follow each other (Morton); ties keep theirs."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2.0
    known = np.isfinite(centres).all(axis=1)
    code = np.zeros(len(boxes), dtype=np.uint64)
    if known.any():
        least, most = centres[known].min(axis=0), centres[known].max(axis=0)
        span = np.where(most > least, most - least, 1.0)
        cells = np.floor((centres[known] - least) / span * _GRID).astype(np.uint64)
        for bit in range(16):
            for axis in (0, 1):
                bits = (cells[:, axis] >> np.uint64(bit)) & np.uint64(1)
                code[known] |= bits << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")


def root(leaves: Sequence[Branch]) -> Branch:
    """Return the branch that is the whole tree."""
    if not leaves:
        return Branch(box=_NOWHERE, inner=hashlib.sha256(b"").digest())
    level = _Level(leaves)
    return level.branch(0, len(leaves))


def opened(leaves: Sequence[Branch], wanted: Callable[[Box], bool]) -> Opened:
    """Return a tree of at least one leaf, opened wherever a box is wanted."""
    level = _Level(leaves)

    def walk(first: int, last: int) -> Opened:
        branch = level.branch(first, last)
        if not wanted(branch.box):
            return branch
        if last - first == 1:
            return first
        middle = _middle(first, last)
        return walk(first, middle), walk(middle, last)

    return walk(0, len(leaves))


def root_of(tree: Opened, leaves: Mapping[int, Branch]) -> Branch:
    """Return the root that follows from what is shown of a tree, with its leaves by number."""
    if isinstance(tree, tuple):
        left, right = tree
        return _joined(root_of(left, leaves), root_of(right, leaves))
    return tree if isinstance(tree, Branch) else leaves[tree]


def hidden_branches(tree: Opened) -> Iterator[Branch]:
    """Return the branches that are not shown."""
    if isinstance(tree, tuple):
        for half in tree:
            yield from hidden_branches(half)
    elif isinstance(tree, Branch):
        yield tree


class _Level:
    """Branches of a tree by their span, each computed once."""

    def __init__(self, leaves: Sequence[Branch]) -> None:
        self._leaves = leaves
        self._known: dict[tuple[int, int], Branch] = {}

    def branch(self, first: int, last: int) -> Branch:
        if last - first == 1:
            return self._leaves[first]
        if (first, last) not in self._known:
            middle = _middle(first, last)
            joined = _joined(self.branch(first, middle), self.branch(middle, last))
            self._known[first, last] = joined
        return self._known[first, last]


def _joined(left: Branch, right: Branch) -> Branch:
    inner = hashlib.sha256(b"\x01" + left.digest + right.digest).digest()
    return Branch(box=_around(left.box, right.box), inner=inner)


def _around(one: Box, other: Box) -> Box:
    if not math.isnan(sum(one) + sum(other)):
        (west, south, east, north), (w, s, e, n) = one, other
        return min(west, w), min(south, s), max(east, e), max(north, n)

    def outer(choose: Callable[..., float], at: int) -> float:
        known = [value for value in (one[at], other[at]) if not math.isnan(value)]
        return choose(known) if known else math.nan

    return outer(min, 0), outer(min, 1), outer(max, 2), outer(max, 3)


def _middle(first: int, last: int) -> int:
    """Return where a span parts: the left half is the largest power of two below its length."""
    return first + (1 << (last - first - 1).bit_length() - 1)


def _packed(box: Box) -> bytes:
    # One NaN and one zero: there are several of each, and they are equal.
    return struct.pack("<4d", *(math.nan if math.isnan(value) else value + 0.0 for value in box))


def tree_to_json(tree: Opened) -> Any:  # noqa: ANN401 - JSON values
    """Return what is shown of a tree as JSON: a number, a box and a digest, or two of them."""
    if isinstance(tree, Branch):
        box = [None if math.isnan(value) else value for value in tree.box]
        return {"box": box, "sha256": tree.inner.hex()}
    return tree if isinstance(tree, int) else [tree_to_json(half) for half in tree]


def tree_from_json(kept: Any) -> Opened:  # noqa: ANN401 - JSON values
    """Return what is shown of a tree from JSON.

    Raises
    ------
    KeyError, RecursionError, TypeError, ValueError
        It is no tree.
    """
    if isinstance(kept, list):
        left, right = kept
        return tree_from_json(left), tree_from_json(right)
    if isinstance(kept, dict):
        west, south, east, north = (
            math.nan if value is None else float(value) for value in kept["box"]
        )
        inner = bytes.fromhex(kept["sha256"])
        if len(inner) != _DIGEST_BYTES:
            raise ValueError("no digest")
        return Branch(box=(west, south, east, north), inner=inner)
    return int(kept)
