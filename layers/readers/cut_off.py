"""Files that say of themselves that the service that wrote them has more features."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from layers.model import LeftOut
from layers.readers.ledger import CUT_OFF

_LIMIT: Final = "exceededTransferLimit"
_MATCHED: Final = ("numberMatched", "totalFeatures")


def rest_of_json(document: Mapping[str, Any], read: int) -> Iterator[LeftOut]:
    """Name what a service left out of a JSON answer that has so many features.

    Esri's services say so by themselves or in properties; those of OGC by a number of
    matches (OGC 17-069r4, clause 7.16) or by a link to the next page.
    """
    properties = document.get("properties")
    said = (document, properties if isinstance(properties, dict) else {})
    stated = [document.get(key) for key in _MATCHED]
    matched = [one for one in stated if isinstance(one, int) and not isinstance(one, bool)]
    links = document.get("links")
    pages = links if isinstance(links, list) else []
    if (
        any(one.get(_LIMIT) is True for one in said)
        or any(count > read for count in matched)
        or any(isinstance(one, dict) and one.get("rel") == "next" for one in pages)
    ):
        yield _rest(max(matched, default=0) - read)


def rest_of_wfs(attributes: Mapping[str, str], read: int) -> Iterator[LeftOut]:
    """Name what a service left out of a collection with these attributes (OGC 09-025r2, 7.7.4)."""
    matched = attributes.get("numberMatched", "")
    count = int(matched) if matched.isdecimal() and len(matched) < 10 else 0
    if count > read or attributes.get("next"):
        yield _rest(count - read)


def _rest(count: int) -> LeftOut:
    return LeftOut(what="rest", label="", reason=CUT_OFF, part=True, count=max(count, 1))
