"""What the catalogue is asked for: by place, time, words and ids, page by page."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import shapely
from pydantic import BaseModel, ConfigDict, Field

from api.errors import RequestError
from api.ogc.catalogue.entries import COLLECTIONS
from api.ogc.catalogue.model import Entry
from api.ogc.items_question import ItemsAsked, boxes_lonlat, names_of, period_ns
from api.ogc.visit import Asked
from geo.errors import InputError
from geo.filter.spatial import shape_of
from geo.filter.values import instant_ns
from maps.answers import JsonObject

_NUMBERS: Final = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}


class RecordsAsked(Asked):
    """Which entries of a collection are asked for; all without a limit."""

    limit: Annotated[int, Field(ge=1)] | None = None
    after: str | None = None
    bbox: Annotated[str | None, Field(json_schema_extra={"parameter": {"schema": _NUMBERS}})] = None
    datetime: str | None = None
    q: str | None = None
    ids: str | None = None
    type: str | None = None


class SearchAsked(RecordsAsked):
    """The same, over all collections or some of them."""

    collections: str | None = None
    intersects: str | None = None


class SearchBody(BaseModel):
    """The same as JSON, as clients of STAC send it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: Annotated[int, Field(ge=1, strict=True)] | None = None
    after: str | None = None
    bbox: Annotated[list[float], Field(min_length=4, max_length=6)] | None = None
    datetime: str | None = None
    q: list[str] | None = None
    ids: list[str] | None = None
    collections: list[str] | None = None
    intersects: JsonObject | None = None

    def query(self) -> dict[str, str]:
        """Return the same as parameters of an address."""
        said = self.model_dump(exclude_none=True)
        return {name: _as_parameter(value) for name, value in said.items()}


def _as_parameter(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return json.dumps(value) if isinstance(value, dict) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries of a page, how many there are on all, and where the next one begins."""

    entries: tuple[Entry, ...]
    matched: int
    next_after: str | None


def asked_collections(asked: SearchAsked) -> Sequence[str]:
    """Return the collections that are searched.

    Raises
    ------
    RequestError
        There is none of a name.
    """
    named = names_of(asked.collections)
    if named is None:
        return COLLECTIONS
    for name in named:
        if name not in COLLECTIONS:
            raise RequestError(
                field="collections", problem="value", given=name[:40], limit=", ".join(COLLECTIONS)
            )
    return named


def choose(entries: Iterable[Entry], asked: RecordsAsked) -> Page:
    """Return a page of the entries that are asked for, by sort and id.

    What lies nowhere, or of which nobody says when it holds, is in every place and time: it
    must not be missed for what is not known of it (OGC 17-069r4, requirement 24).
    """
    found = sorted(
        (one for one in entries if _fits(one, asked)), key=lambda one: (one.collection, one.id)
    )
    left = [one for one in found if asked.after is None or _key(one) > asked.after]
    shown = left if asked.limit is None else left[: asked.limit]
    more = len(left) > len(shown)
    return Page(
        entries=tuple(shown), matched=len(found), next_after=_key(shown[-1]) if more else None
    )


def _key(one: Entry) -> str:
    return f"{one.collection}/{one.id}"


def _fits(one: Entry, asked: RecordsAsked) -> bool:
    return (
        _is_named(one, names_of(asked.ids))
        and asked.type in {None, "dataset"}
        and _is_about(one, asked.q)
        and _is_in_time(one, asked.datetime)
        and _is_in_place(one, _places(asked))
    )


def _is_named(one: Entry, ids: Sequence[str] | None) -> bool:
    return ids is None or one.id in ids or one.name in ids


def _is_about(one: Entry, words: str | None) -> bool:
    """Tell whether any of the words stands in what is said of an entry (OGC 20-004r1, 8.2)."""
    wanted = names_of(words)
    if wanted is None:
        return True
    said = (one.name, one.title.zh, one.title.en, one.source.zh, one.source.en, one.kind or "")
    text = "\n".join(said).casefold()
    return any(word.casefold() in text for word in wanted)


def _is_in_time(one: Entry, period: str | None) -> bool:
    if period is None:
        return True
    start, end = period_ns(period)
    first, last = one.holds
    begin = None if first is None else instant_ns(first.isoformat())
    until = None if last is None else instant_ns(f"{last.isoformat()}T23:59:59Z")
    return (begin is None or begin <= end) and (until is None or until >= start)


def _places(asked: RecordsAsked) -> tuple[Any, ...]:
    shape = asked.intersects if isinstance(asked, SearchAsked) else None
    if shape is None:
        return boxes_lonlat(ItemsAsked(bbox=asked.bbox))
    if asked.bbox is not None:
        raise RequestError(field="intersects", problem="value", limit="bbox")
    try:
        return (shape_of(json.loads(shape)),)
    except (ValueError, RecursionError, InputError) as exc:
        raise RequestError(field="intersects", problem="value", given=shape[:60]) from exc


def _is_in_place(one: Entry, places: tuple[Any, ...]) -> bool:
    if not places or one.bounds_lonlat is None:
        return True
    own = shapely.box(*one.bounds_lonlat)
    return any(shapely.intersects(own, place) for place in places)
