"""The account of a reading: what was found is used, or named with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Final, Protocol

import numpy as np

from layers.errors import EmptyFileError, IllegibleLayerError, ReadError
from layers.model import Ledger, LeftOut, ReadReport
from layers.readers.errors import UnreadableShapesError
from layers.readers.parsed import Parsed
from layers.readers.sheets import Sheet

_BESIDE_PLOTS: Final = frozenset(
    {
        *("is_point", "line_repeated", "line_straight", "kind_beside"),
        *("layer_frozen", "layer_off", "record_deleted", "row_text", "view_not_read"),
    }
)
"""Reasons of what is surely no plot, was read once already, or was put aside by its author."""

CUT_OFF: Final = "service_cut_off"
"""A reason, and the code of an issue in older reports: a service wrote fewer than it has."""

_PLOTS_IN_PARTS: Final = frozenset(
    {
        *("bad_coordinates", "curves_not_read", "kind_not_read", "no_path", "not_finite"),
        *("further_geometry", "no_closed_lines", "other_lines", "link_not_followed"),
        *("part_too_few_points", "part_no_coordinates", "coordinates_beside", CUT_OFF),
        *("paper_space", "table_not_listed", "record_not_indexed", "kml_beside"),
    }
)
"""Reasons by which a part of an element may be ground that was not read."""


class Lost(Protocol):
    """An entry of a ledger, as it is kept or as it is answered."""

    @property
    def reason(self) -> str:
        """The code of why it was left out."""

    @property
    def part(self) -> bool:
        """Whether it is a part of an element that was used."""


Why = tuple[str, dict[str, Any]]
"""The code of a reason, and what its words need."""

_ILLEGIBLE: Final = frozenset(
    {
        *("bad_coordinates", "hole_bad_coordinates", "kind_not_read", "curves_not_read"),
        *("line_open", "no_path", "not_finite", "further_geometry"),
        *("link_not_followed", "block_missing", "bad_record"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The features that go on, with their ids and labels, and entries for the others.

    ``labels`` are what the file calls the features, the ids where it calls them nothing.
    ``elements`` is of how many elements each of the kept ones was made.
    """

    parsed: Parsed
    ids: list[str]
    labels: tuple[str, ...]
    elements: tuple[int, ...]
    left_out: tuple[LeftOut, ...]


def keep(parsed: Parsed, ids: list[str], faults: Mapping[int, str | Why]) -> Kept | None:
    """Leave out the features at some positions, each for its reason; None if none is left.

    The others keep the ids and labels that the file gives them.
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
        left_out_entry(account.unit, labels[at], faults[at], made_of[at]) for at in sorted(faults)
    )
    left_labels, elements = tuple(compress(labels, kept)), tuple(compress(made_of, kept))
    rest = replace(
        parsed,
        geometry=parsed.geometry[kept],
        attributes=parsed.attributes.loc[kept].reset_index(drop=True),
        stated_areas=tuple(compress(parsed.stated_areas, kept)),
        stated_points=tuple(compress(parsed.stated_points, kept)),
        point_numbers=tuple(compress(parsed.point_numbers, kept)),
        account=replace(account, labels=left_labels, made_of=elements),
    )
    return Kept(
        parsed=rest,
        ids=list(compress(ids, kept)),
        labels=left_labels,
        elements=elements,
        left_out=entries,
    )


def keep_fewer(kept: Kept, faults: Mapping[int, str | Why]) -> Kept | None:
    """Leave out more of the features that were kept; None if none is left."""
    if not faults:
        return kept
    fewer = keep(kept.parsed, kept.ids, faults)
    return fewer and replace(fewer, left_out=(*kept.left_out, *fewer.left_out))


def may_be_plot(entry: Lost) -> bool:
    """Tell whether what was left out may be ground that somebody wants to have judged.

    This is the one rule of every reader: where it holds, the whole cannot be told. A line
    that bends may be an outline that was not closed; texts, dimensions, single points and
    straight lines enclose nothing, however they are closed.

    Examples
    --------
    >>> may_be_plot(LeftOut(what="layer", label="a", reason="line_open"))
    True
    >>> may_be_plot(LeftOut(what="placemark", label="b", reason="is_point"))
    False
    """
    if entry.part:
        return entry.reason in _PLOTS_IN_PARTS
    return entry.reason not in _BESIDE_PLOTS


def has_lost_features(report: ReadReport | None) -> bool:
    """Tell whether what was read may be less than what its file held, or should have held."""
    if report is None:
        return False
    entries = report.ledger.left_out if report.ledger else ()
    return any(map(may_be_plot, entries)) or any(one.code == CUT_OFF for one in report.issues)


def left_out_entry(unit: str, label: str, why: str | Why, count: int) -> LeftOut:
    """Return the entry of a feature that is left out."""
    reason, params = (why, {}) if isinstance(why, str) else why
    return LeftOut(what=unit, label=label, reason=reason, count=count, params=params)


def whole(parsed: Parsed, ids: list[str]) -> Kept:
    """Keep every feature."""
    kept = keep(parsed, ids, {})
    assert kept is not None  # noqa: S101 - a file without features was refused
    return kept


def with_files_beside(
    parsed: Parsed, paths: Iterable[str], kml_paths: Iterable[str] = ()
) -> Parsed:
    """Name the files of an archive that could be read, too, and were not.

    ``kml_paths`` are those beside the main file of a KMZ: nobody put them aside.
    """
    beside = (LeftOut(what="file", label=one, reason="lies_beside", part=True) for one in paths)
    kml = (LeftOut(what="file", label=one, reason="kml_beside", part=True) for one in kml_paths)
    return with_entries(parsed, (*beside, *kml))


def with_layers_beside(parsed: Parsed, titles: Iterable[str], what: str = "layer") -> Parsed:
    """Name the layers or sheets of a file that hold something and were not chosen."""
    return with_entries(parsed, entries_beside(titles, what))


def with_entries(parsed: Parsed, entries: Iterable[LeftOut]) -> Parsed:
    """Add what else was left out."""
    left_out = (*parsed.account.left_out, *entries)
    return replace(parsed, account=replace(parsed.account, left_out=left_out))


def entries_beside(titles: Iterable[str], what: str = "layer") -> tuple[LeftOut, ...]:
    """Name layers, sheets or types of features that hold something and were not chosen."""
    return tuple(
        LeftOut(what=what, label=title, reason="layer_beside", part=True)
        for title in sorted(set(titles))
    )


def sheets_beside(sheet: Sheet) -> tuple[LeftOut, ...]:
    """Name the sheets of a workbook that were not chosen, and those without coordinates."""
    without = (
        LeftOut(what="sheet", label=title, reason="sheet_without_coordinates", part=True)
        for title in sorted(sheet.without)
    )
    return (*entries_beside(sheet.beside, "sheet"), *without)


def nothing_read(name: str, left_out: Sequence[LeftOut]) -> ReadError:
    """Return why a file gives nothing: its shapes cannot be read, or it has none."""
    unread = [entry for entry in left_out if entry.reason in _ILLEGIBLE]
    if not unread:
        return EmptyFileError(name=name)
    return UnreadableShapesError(name=name, label=unread[0].label, count=len(unread))


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
    ledger = Ledger(
        unit=account.unit, found=account.found, used=sum(kept.elements), left_out=entries
    )
    if not (lost := ledger.unexplained):
        return ledger
    unknown = LeftOut(what=account.unit, label="", reason="unaccounted", count=lost)
    return replace(ledger, left_out=(*entries, unknown))
