"""The catalogue as STAC, whose items are records of OGC API Records at the same time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from shapely import box
from shapely.geometry import mapping

from api.ogc.catalogue.entries import (
    COLLECTIONS,
    CatalogueNeeds,
    entry,
    shelf,
)
from api.ogc.catalogue.model import Entry, EntryAsset, Shelf
from api.ogc.catalogue.question import Page, RecordsAsked, SearchAsked, asked_collections, choose
from api.ogc.visit import Visit
from layers.model import LayerStatus
from maps.answers import JsonObject
from maps.i18n import tr
from maps.ogc.answers import GEOJSON_TYPE, HTML_TYPE, OPENAPI_TYPE, Link
from maps.ogc.catalogue_answers import (
    JSONLD_TYPE,
    StacAsset,
    StacCatalog,
    StacCollection,
    StacCollections,
    StacExtent,
    StacItem,
    StacItems,
    StacSpatial,
    StacTemporal,
)

ROOT: Final = "/catalogue"
_STAC: Final = "https://api.stacspec.org/v1.0.0/"
_OGC: Final = "http://www.opengis.net/spec/"
_RECORD: Final = f"{_OGC}ogcapi-records-1/1.0/conf/record-core"
CONFORMS_TO: Final = (
    *(_STAC + one for one in ("core", "collections", "ogcapi-features", "item-search")),
    f"{_OGC}ogcapi-features-1/1.0/conf/core",
    f"{_OGC}ogcapi-features-1/1.0/conf/geojson",
    f"{_OGC}ogcapi-features-1/1.0/conf/oas30",
    _RECORD,
    f"{_OGC}ogcapi-records-1/1.0/conf/record-core-query-parameters",
    f"{_OGC}ogcapi-records-1/1.0/conf/json",
)
_EXTENSIONS: Final = {
    "file:": "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "proj:": "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "version": "https://stac-extensions.github.io/version/v1.2.0/schema.json",
}
_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)


def catalog(visit: Visit) -> StacCatalog:
    """Return the root of the catalogue."""
    return StacCatalog(
        id="ftzgis",
        title=visit.word("catalogue"),
        description=visit.word("catalogue_description"),
        conforms_to=list(CONFORMS_TO),
        links=[
            *visit.own_links(),
            _root(visit),
            visit.link("data", f"{ROOT}/collections", title="catalogue_sorts"),
            visit.link("conformance", f"{ROOT}/conformance", title="conformance"),
            *_search_links(visit),
            visit.link("service-desc", "/api", OPENAPI_TYPE, "api_document"),
            visit.link("service-doc", "/api", HTML_TYPE, "api_page"),
            visit.link("alternate", f"{ROOT}/dcat", JSONLD_TYPE, "dcat"),
            *[visit.link("child", collection_path(one), title=one) for one in COLLECTIONS],
        ],
    )


def _search_links(visit: Visit) -> list[Link]:
    one = visit.link("search", f"{ROOT}/search", GEOJSON_TYPE, "search")
    return [one.model_copy(update={"method": method}) for method in ("GET", "POST")]


def collection_path(collection: str) -> str:
    """Return the address of a collection under the root."""
    return f"{ROOT}/collections/{collection}"


def item_path(one: Entry) -> str:
    """Return the address of an entry under the root."""
    return f"{collection_path(one.collection)}/items/{one.id}"


def _root(visit: Visit) -> Link:
    return visit.link("root", ROOT, title="catalogue")


def collections(workspace: CatalogueNeeds, visit: Visit) -> StacCollections:
    """Return all sorts of things that have versions."""
    found = [describe_collection(visit, one, shelf(workspace, one)) for one in COLLECTIONS]
    return StacCollections(collections=found, links=[*visit.own_links(), _root(visit)])


def describe_collection(visit: Visit, name: str, found: Shelf) -> StacCollection:
    """Return what is said of a sort."""
    boxes = [one.bounds_lonlat for one in found.entries if one.bounds_lonlat is not None]
    west, south, east, north = zip(*(boxes or [_WORLD]), strict=True)
    begin = [one.holds[0] for one in found.entries]
    until = [one.holds[1] for one in found.entries]
    path = collection_path(name)
    return StacCollection(
        id=name,
        title=visit.word(name),
        description=visit.word(f"{name}_description"),
        extent=StacExtent(
            spatial=StacSpatial(bbox=[[min(west), min(south), max(east), max(north)]]),
            temporal=StacTemporal(interval=[(_first(begin), _last(until))]),
        ),
        item_count=len(found.entries),
        lost=list(found.lost),
        links=[
            visit.link("self", path, title=name),
            _root(visit),
            visit.link("parent", ROOT, title="catalogue"),
            visit.link("items", f"{path}/items", GEOJSON_TYPE, "records"),
        ],
    )


def _first(days: Sequence[date | None]) -> str | None:
    """Return the first of all days; open where one of them is not known."""
    known = [one for one in days if one is not None]
    return f"{min(known).isoformat()}T00:00:00Z" if known and len(known) == len(days) else None


def _last(days: Sequence[date | None]) -> str | None:
    known = [one for one in days if one is not None]
    return f"{max(known).isoformat()}T23:59:59Z" if known and len(known) == len(days) else None


def find_items(
    workspace: CatalogueNeeds, visit: Visit, names: Sequence[str], asked: RecordsAsked
) -> StacItems:
    """Return the entries of some collections that are asked for."""
    shelves = [shelf(workspace, one) for one in names]
    page = choose([one for found in shelves for one in found.entries], asked)
    return StacItems(
        features=[item(visit, one) for one in page.entries],
        links=[*_page_links(visit, page), _root(visit)],
        number_matched=page.matched,
        number_returned=len(page.entries),
        lost=[name for found in shelves for name in found.lost],
    )


def search(workspace: CatalogueNeeds, visit: Visit, asked: SearchAsked) -> StacItems:
    """Return what is asked for from all collections, or from those that are named."""
    return find_items(workspace, visit, asked_collections(asked), asked)


def _page_links(visit: Visit, page: Page) -> list[Link]:
    found = visit.own_links(GEOJSON_TYPE)
    if page.next_after is not None:
        kept = [(name, value) for name, value in visit.query if name != "after"]
        href = visit.href(visit.path, [*kept, ("after", page.next_after)])
        title = visit.word("next_page")
        found.append(Link(href=href, rel="next", type=GEOJSON_TYPE, title=title))
    return found


def find_item(workspace: CatalogueNeeds, visit: Visit, collection: str, item_id: str) -> StacItem:
    """Return an entry; raises as :func:`api.ogc.catalogue.entries.entry`."""
    return item(visit, entry(workspace, collection, item_id))


def item(visit: Visit, one: Entry) -> StacItem:
    """Return an entry as a STAC item that is a record."""
    properties = _properties(visit, one)
    assets = {asset.key: _asset(visit, asset) for asset in one.assets}
    used = [*properties, *(name for asset in one.assets for name in asset.facts)]
    return StacItem(
        stac_extensions=[
            address
            for prefix, address in _EXTENSIONS.items()
            if any(name.startswith(prefix) for name in used)
        ],
        conforms_to=[_RECORD],
        id=one.id,
        collection=one.collection,
        geometry=None if one.bounds_lonlat is None else dict(mapping(box(*one.bounds_lonlat))),
        bbox=None if one.bounds_lonlat is None else list(one.bounds_lonlat),
        time=_record_time(one),
        properties=properties,
        links=_item_links(visit, one),
        assets=assets,
    )


def _item_links(visit: Visit, one: Entry) -> list[Link]:
    found = [
        visit.link("self", item_path(one), GEOJSON_TYPE, "record"),
        _root(visit),
        visit.link("parent", collection_path(one.collection), title=one.collection),
        visit.link("collection", collection_path(one.collection), title=one.collection),
        visit.link(
            "latest-version",
            f"{collection_path(one.collection)}/items/{one.name}",
            GEOJSON_TYPE,
            "in_use",
        ),
    ]
    if one.history is not None:
        found.append(visit.link("version-history", one.history, title="versions"))
    return found


def _asset(visit: Visit, asset: EntryAsset) -> StacAsset:
    return StacAsset.model_validate(
        {
            "href": visit.href(asset.path, asset.query),
            "type": asset.media_type,
            "title": visit.word(asset.word),
            "roles": list(asset.roles),
            **asset.facts,
        }
    )


def _properties(visit: Visit, one: Entry) -> dict[str, Any]:
    """Return what is said of an entry; what nobody has said is left out."""
    times = _times(one)
    said = {
        "type": "dataset",
        "title": one.title.text(visit.lang),
        "description": describe(one, visit.lang),
        "language": {"code": visit.lang},
        "keywords": [one.kind] if one.kind else None,
        "license": "other" if one.licence else None,
        "rights": one.licence or None,
        "created": one.created_at.isoformat() if one.created_at else None,
        "version": one.number,
        "deprecated": one.withdrawn,
        "ftzgis:status": one.status,
        "ftzgis:kind": one.kind,
        "ftzgis:sensitivity": one.sensitivity,
        "ftzgis:source": one.source.text(visit.lang) or None,
        "ftzgis:precision_m": one.precision_m,
        "ftzgis:data_date": one.data_date.isoformat() if one.data_date else None,
        "ftzgis:valid_from": one.holds[0].isoformat() if one.holds[0] else None,
        "ftzgis:valid_to": one.holds[1].isoformat() if one.holds[1] else None,
        **one.facts,
    }
    return {name: value for name, value in said.items() if value is not None} | times


def describe(one: Entry, lang: str) -> str:
    """Return the sentence that says how far an entry can be relied on."""
    status = tr(f"statuses.{one.status}", lang) if one.status else tr("ogc.no_status", lang)
    said = tr("ogc.record_description", lang, status=status, source=one.source.text(lang) or "—")
    if one.status in {LayerStatus.DEMONSTRATION, LayerStatus.INDICATIVE}:
        said += tr("ogc.no_evidence", lang)
    return said + (tr("ogc.withdrawn_note", lang) if one.withdrawn else "")


def _times(one: Entry) -> dict[str, Any]:
    """Return the time that STAC demands, and by ``ftzgis:time_basis`` what it is the time of."""
    first, last = one.holds
    if one.data_date is not None:
        return {"datetime": _at(one.data_date), "ftzgis:time_basis": "data_date"}
    if first is not None and last is not None:
        ends = {"start_datetime": _at(first), "end_datetime": f"{last.isoformat()}T23:59:59Z"}
        return {"datetime": None, **ends, "ftzgis:time_basis": "validity"}
    if first is not None:
        return {"datetime": _at(first), "ftzgis:time_basis": "valid_from"}
    stored = one.created_at or datetime.min.replace(tzinfo=UTC)
    text = stored.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"datetime": text, "ftzgis:time_basis": "stored"}


def _at(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _record_time(one: Entry) -> JsonObject | None:
    first, last = one.holds
    if first is not None or last is not None:
        return {
            "interval": [first.isoformat() if first else "..", last.isoformat() if last else ".."]
        }
    return {"date": one.data_date.isoformat()} if one.data_date else None
