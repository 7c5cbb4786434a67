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
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Box = tuple[float, float, float, float]
"""West, south, east, north in the version's CRS; NaN where there is no geometry."""

_NOWHERE: Final = (math.nan,) * 4
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What is shown of a tree: how many leaves it has, and branches without their leaves.

    ``branches`` stand in the order in which a walk from the first leaf meets them.
    """

    count: int
    branches: tuple[Branch, ...]


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


def prune(leaves: Sequence[Branch], shown: Sequence[int]) -> Pruned:
    """Return what must stand beside some leaves for the root to follow from them."""
    level, wanted = _Level(leaves), np.array(sorted(shown), dtype=np.int64)

    def walk(first: int, last: int) -> Iterator[Branch]:
        at = int(np.searchsorted(wanted, first))
        if at == len(wanted) or wanted[at] >= last:
            yield level.branch(first, last)
        elif last - first > 1:
            middle = _middle(first, last)
            yield from walk(first, middle)
            yield from walk(middle, last)

    branches = tuple(walk(0, len(leaves))) if leaves else ()
    return Pruned(count=len(leaves), branches=branches)


def grown_root(shown: Mapping[int, Branch], pruned: Pruned) -> Branch:
    """Return the root that follows from the leaves shown and the branches beside them.

    Raises
    ------
    ValueError
        Branches are missing or left over, or a leaf stands beyond the tree.
    """
    wanted = np.array(sorted(shown), dtype=np.int64)
    if len(wanted) and not 0 <= wanted[0] <= wanted[-1] < pruned.count:
        raise ValueError("a leaf beyond the tree")
    rest = iter(pruned.branches)

    def walk(first: int, last: int) -> Branch:
        at = int(np.searchsorted(wanted, first))
        if at == len(wanted) or wanted[at] >= last:
            found = next(rest, None)
            if found is None:
                raise ValueError("a branch is missing")
            return found
        if last - first == 1:
            return shown[first]
        middle = _middle(first, last)
        return _joined(walk(first, middle), walk(middle, last))

    whole = walk(0, pruned.count) if pruned.count > 0 else root(())
    if next(rest, None) is not None:
        raise ValueError("a branch too many")
    return whole


def meets(box: Box, other: Box) -> bool:
    """Tell whether two boxes share a point; one without a place meets none."""
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]


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


def branch_to_json(branch: Branch) -> list[Any]:
    """Return a branch as JSON values."""
    box = [None if math.isnan(value) else value for value in branch.box]
    return [box, branch.inner.hex()]


def branch_from_json(row: Sequence[Any]) -> Branch:
    """Return a branch from JSON values.

    Raises
    ------
    ValueError, TypeError
        They are none.
    """
    box, inner = row
    west, south, east, north = (math.nan if value is None else float(value) for value in box)
    return Branch(box=(west, south, east, north), inner=bytes.fromhex(inner))
