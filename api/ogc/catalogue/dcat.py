"""The public part of the catalogue as DCAT, for portals of open data that gather such lists.

Only what somebody has called public is in it: the sensitivity of its kind says so, or it is a
published map. Nothing else is named here, not even by number.
"""

from typing import Any, Final

from shapely import box, to_wkt

from api.ogc.catalogue.entries import COLLECTIONS, CatalogueNeeds, shelf
from api.ogc.catalogue.model import Entry, EntryAsset
from api.ogc.catalogue.stac import ROOT, describe, item_path
from api.ogc.visit import Visit
from maps.answers import Title
from maps.i18n import LANGUAGES, tr
from maps.ogc.answers import HTML_TYPE
from maps.ogc.catalogue_answers import JsonLd

_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "geo": "http://www.opengis.net/ont/geosparql#",
}
_PUBLIC: Final = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"


def dcat(workspace: CatalogueNeeds, visit: Visit) -> JsonLd:
    """Return everything that is public, as JSON-LD."""
    entries = [one for name in COLLECTIONS for one in shelf(workspace, name).entries]
    return JsonLd(
        context=dict(_CONTEXT),
        id=visit.href(f"{ROOT}/dcat"),
        title=_in_both("catalogue"),
        description=_in_both("dcat_description"),
        datasets=[_dataset(visit, one) for one in entries if one.is_public],
    )


def _in_both(word: str) -> list[dict[str, Any]]:
    return [{"@language": lang, "@value": tr(f"ogc.{word}", lang)} for lang in LANGUAGES]


def _texts(title: Title) -> list[dict[str, Any]]:
    return [{"@language": lang, "@value": title.text(lang)} for lang in LANGUAGES]


def _dataset(visit: Visit, one: Entry) -> dict[str, Any]:
    said = {
        "@id": visit.href(item_path(one)),
        "@type": "dcat:Dataset",
        "dct:identifier": one.id,
        "dct:title": _texts(one.title),
        "dct:description": [
            {"@language": lang, "@value": describe(one, lang)} for lang in LANGUAGES
        ],
        "dct:provenance": _labelled("dct:ProvenanceStatement", one.source.zh),
        "dct:license": _labelled("dct:LicenseDocument", one.licence),
        "dct:accessRights": {"@id": _PUBLIC},
        "dct:issued": _day(one.created_at.date().isoformat() if one.created_at else None),
        "dct:modified": _day(one.data_date.isoformat() if one.data_date else None),
        "dct:spatial": _place(one),
        "dct:temporal": _period(one),
        "dcat:version": one.number,
        "dcat:spatialResolutionInMeters": one.facts.get("ftzgis:pixel_m"),
        "dcat:distribution": [_distribution(visit, asset) for asset in one.assets],
    }
    return {name: value for name, value in said.items() if value is not None}


def _labelled(kind: str, text: str) -> dict[str, Any] | None:
    return {"@type": kind, "rdfs:label": text} if text else None


def _day(text: str | None) -> dict[str, Any] | None:
    return {"@type": "xsd:date", "@value": text} if text else None


def _place(one: Entry) -> dict[str, Any] | None:
    if one.bounds_lonlat is None:
        return None
    wkt = to_wkt(box(*one.bounds_lonlat), rounding_precision=6)
    return {"@type": "dct:Location", "dcat:bbox": {"@type": "geo:wktLiteral", "@value": wkt}}


def _period(one: Entry) -> dict[str, Any] | None:
    first, last = (_day(day.isoformat()) if day else None for day in one.holds)
    ends = {"dcat:startDate": first, "dcat:endDate": last}
    known = {name: value for name, value in ends.items() if value}
    return {"@type": "dct:PeriodOfTime", **known} if known else None


def _distribution(visit: Visit, asset: EntryAsset) -> dict[str, Any]:
    href = {"@id": visit.href(asset.path, asset.query)}
    media_type = asset.media_type.partition(";")[0]
    said = {
        "@type": "dcat:Distribution",
        "dct:title": _in_both(asset.word),
        "dcat:accessURL": href,
        "dcat:mediaType": {"@id": _MEDIA_TYPES + media_type},
    }
    return said if asset.media_type == HTML_TYPE else {**said, "dcat:downloadURL": href}
