"""What the reviewer of maps (审图) will ask of a map, and what is known of it beforehand."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from geo.model import Nature
from layers.model import LayerStatus
from maps.answers import JsonObject
from maps.publish.answers import CheckPoint
from maps.publish.publication import Publication, PublicLayer

_OLD_DAYS: Final = 366
_INSIDE: Final = frozenset({"", "internal", "none", "-"})
"""Words of a licence that allow nobody outside to use a layer."""
_REVIEWED: Final = "GS("
_DOUBTFUL: Final = frozenset({LayerStatus.DEMONSTRATION.value, LayerStatus.INDICATIVE.value})


def review_points(publication: Publication, files: Sequence[str]) -> list[CheckPoint]:
    """Return the questions in the order in which they are asked.

    Parameters
    ----------
    publication : Publication
        All that the map shows and says.
    files : sequence of str
        Names of the files of the bundle.
    """
    return [
        *_identity(publication, files),
        *_ground(publication),
        *_contents(publication),
        _point("documents", "look"),
    ]


def _identity(publication: Publication, files: Sequence[str]) -> Iterator[CheckPoint]:
    number = publication.review_number
    yield _point("review_number", "ok" if number else "missing", number=number or "")
    yield _point("maker", "ok", maker=publication.maker.model_dump())
    days = (date.fromisoformat(publication.law_on) - date.fromisoformat(publication.data_date)).days
    yield _point("data_date", "look" if days > _OLD_DAYS else "ok", day=publication.data_date)
    sheets = [name for name in files if name.endswith(".pdf")]
    yield _point("sheets", "ok" if sheets else "missing", count=len(sheets))


def _ground(publication: Publication) -> Iterator[CheckPoint]:
    counties = [one for one in publication.layers if one.kind == "county"]
    reviewed = counties and all(_REVIEWED in one.source.replace("（", "(") for one in counties)
    if not counties:
        yield _point("no_base_map", "look")
    else:
        sources = sorted({one.source for one in counties})
        yield _point("base_map", "ok" if reviewed else "missing", sources=sources)
        yield _point("national_border", "look")
    yield _point("place_names", "look", count=_names(publication.layers))


def _contents(publication: Publication) -> Iterator[CheckPoint]:
    layers = publication.layers
    moved = {one.id: one.displacement_m for one in layers if one.displacement_m > 0.0}
    exact = [one.id for one in layers if one.displacement_m == 0.0]
    if moved:
        said = [f"{name} {metres:g} m" for name, metres in moved.items()]
        yield _point("generalised", "ok", layers=said)
    if exact:
        yield _point("exact", "look", layers=exact)
    doubtful = [one.id for one in layers if one.status in _DOUBTFUL]
    if doubtful:
        yield _point("doubtful", "look", layers=doubtful)
    inside = [one.id for one in layers if one.licence.strip().lower() in _INSIDE]
    yield _point("licences", "missing" if inside else "ok", layers=inside)
    contacts = [one.id for one in layers if _has_contact(one)]
    if contacts:
        yield _point("contacts", "look", layers=contacts)
    others = sum(table.nature != Nature.FACT for table in publication.densities)
    if others:
        yield _point("targets", "look", count=others)


def _has_contact(layer: PublicLayer) -> bool:
    own = (one["properties"] for one in layer.features["features"])
    return any(name.startswith("contact") for said in own for name in said)


def _names(layers: Sequence[PublicLayer]) -> int:
    own = (one["properties"] for layer in layers for one in layer.features["features"])
    return sum(1 for said in own if said.get("name_zh") or said.get("name"))


def _point(code: str, state: str, **params: object) -> CheckPoint:
    said: JsonObject = params
    return CheckPoint(code=code, state=state, params=said)
