"""The account of a reading: what was found is used, or named with the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

import numpy as np

from layers.errors import IllegibleLayerError
from layers.model import Ledger, LeftOut
from layers.readers.parsed import Parsed

_ILLEGIBLE: Final = frozenset(
    {"bad_coordinates", "hole_bad_coordinates", "kind_not_read", "curves_not_read"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The features that go on, with their ids and labels, and entries for the others.

    ``labels`` are what the file calls the features, the ids where it calls them nothing.
    ``used`` is the number of elements that the kept ones were made of.
    """

    parsed: Parsed
    ids: list[str]
    labels: tuple[str, ...]
    used: int
    left_out: tuple[LeftOut, ...]


def keep(parsed: Parsed, ids: list[str], faults: Mapping[int, str]) -> Kept | None:
    """Leave out the features at some positions, each for its reason; None if none is left.

    The others keep the ids that the file gives them.
    """
    count = len(parsed.geometry)
    account = parsed.account
    labels = tuple(own or id_ for own, id_ in zip(account.labels or ids, ids, strict=True))
    made_of = account.made_of or (1,) * count
    kept = np.ones(count, dtype=bool)
    kept[list(faults)] = False
    if not kept.any():
        return None
    entries = tuple(
        LeftOut(what=account.unit, label=labels[at], reason=faults[at], count=made_of[at])
        for at in sorted(faults)
    )
    rest = replace(
        parsed,
        geometry=parsed.geometry[kept],
        attributes=parsed.attributes.loc[kept].reset_index(drop=True),
        stated_areas=tuple(compress(parsed.stated_areas, kept)),
    )
    return Kept(
        parsed=rest,
        ids=list(compress(ids, kept)),
        labels=tuple(compress(labels, kept)),
        used=sum(compress(made_of, kept)),
        left_out=entries,
    )


def whole(parsed: Parsed, ids: list[str]) -> Kept:
    """Keep every feature."""
    kept = keep(parsed, ids, {})
    assert kept is not None  # noqa: S101 - a file without features was refused
    return kept


def require_legible(name: str, parsed: Parsed) -> None:
    """Refuse a layer of which something could not be read: it may be the line that matters.

    Raises
    ------
    IllegibleLayerError
        With the first such element and the reason.
    """
    for entry in parsed.account.left_out:
        if entry.reason in _ILLEGIBLE:
            raise IllegibleLayerError(
                name=name, what=entry.what, label=entry.label, reason=entry.reason
            )


def ledger_of(kept: Kept, lost_parts: Iterable[LeftOut]) -> Ledger:
    """Return the account; what neither the parser nor the pipeline can explain is said too."""
    account = kept.parsed.account
    entries = (*account.left_out, *kept.left_out, *lost_parts)
    ledger = Ledger(unit=account.unit, found=account.found, used=kept.used, left_out=entries)
    if not (lost := ledger.unexplained):
        return ledger
    unknown = LeftOut(what=account.unit, label="", reason="unaccounted", count=lost)
    return replace(ledger, left_out=(*entries, unknown))
