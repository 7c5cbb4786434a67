"""The items of a layer as they are answered: page by page, or all in one stream."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from api.errors import RequestError
from api.ogc.collections import supported_uris
from api.ogc.features import Shown, feature_texts, shown
from api.ogc.items_question import (
    FeatureAsked,
    ItemsAsked,
    answered_crs,
    names_of,
)
from api.ogc.names import Named
from api.ogc.selection import Selection, property_names, select_features
from api.ogc.visit import Visit
from api.workspace.loaded import LoadedLayer
from api.workspace.needs import LayerFiles, LayerSource
from layers.errors import NotFoundError
from maps.answers import JsonObject
from maps.ogc.answers import GEOJSON_TYPE, HTML_TYPE, Feature, FeatureCollection, Link

ROWS_OF_A_PAGE: Final = 100
"""Features of an HTML page that asks for no number; JSON without one holds all."""


class UnknownFeatureError(NotFoundError):
    """A layer version has no such feature. Params: ``layer_id``, ``version``, ``feature_id``."""

    code = "api.ogc.unknown_feature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Features that were asked for, with the links that lead on."""

    named: Named
    uri: str
    selection: Selection
    shown: Shown
    links: list[Link]

    def text(self, time_stamp: str) -> Iterator[str]:
        """Yield the collection as GeoJSON."""
        head = FeatureCollection(
            time_stamp=time_stamp,
            number_matched=self.selection.matched,
            number_returned=len(self.selection.rows),
            links=self.links,
            features=[],
        ).model_dump_json(by_alias=True, exclude_none=True)
        yield head.removesuffix("]}")
        yield from feature_texts(self.shown)
        yield "]}"


def find_items(
    workspace: LayerFiles, visit: Visit, named: Named, asked: ItemsAsked, filters: Mapping[str, str]
) -> Items:
    """Return the features that a request asks for.

    Raises
    ------
    RequestError, FilterError, UnknownCrsError
        A parameter cannot be used.
    """
    uri = answered_crs(asked.crs, supported_uris(named.version))
    loaded = workspace.load(named.version)
    if visit.html and asked.limit is None:
        asked = asked.model_copy(update={"limit": ROWS_OF_A_PAGE})
    selection = select_features(loaded, asked, filters, most=workspace.settings.max_features)
    properties = _chosen_properties(loaded, asked.properties)
    found = shown(workspace, loaded, selection.rows, uri, properties)
    links = _links(visit, named, selection)
    return Items(named=named, uri=uri, selection=selection, shown=found, links=links)


def find_feature(
    workspace: LayerSource, visit: Visit, named: Named, feature_id: str, asked: FeatureAsked
) -> tuple[Feature, str]:
    """Return a feature, and the address of the CRS that it is answered in.

    Raises
    ------
    UnknownFeatureError
        There is none of this id.
    UnknownCrsError
        The layer is not answered in the CRS.
    """
    uri = answered_crs(asked.crs, supported_uris(named.version))
    loaded = workspace.load(named.version)
    row = loaded.rows.get(feature_id)
    if row is None:
        raise UnknownFeatureError(
            layer_id=named.version.layer_id,
            version=named.version.number,
            feature_id=feature_id[:80],
        )
    found = shown(workspace, loaded, np.array([row]), uri, None)
    feature = Feature.model_validate_json("".join(feature_texts(found)))
    links = [
        *visit.own_links(GEOJSON_TYPE),
        visit.link("collection", named.path, title="this_collection"),
    ]
    return feature.model_copy(update={"links": links}), uri


def plain_rows(items: Items) -> list[JsonObject]:
    """Return the properties of features."""
    return items.shown.records(0, len(items.selection.rows))


def _chosen_properties(loaded: LoadedLayer, text: str | None) -> list[str] | None:
    names = names_of(text)
    known = property_names(loaded)
    for name in names or ():
        if name not in known:
            raise RequestError(field="properties", problem="unknown_property", given=name[:40])
    return names


def _links(visit: Visit, named: Named, selection: Selection) -> list[Link]:
    """Return the links of a page.

    Those to other pages name the version, so that pages of one reading never mix two.
    """
    links = [
        *visit.own_links(GEOJSON_TYPE),
        visit.link("collection", named.path, title="this_collection"),
    ]
    if selection.next_offset is not None and selection.limit is not None:
        links.append(_page_link(visit, named, "next", selection.next_offset, selection.limit))
    if selection.previous is not None:
        begin, limit = selection.previous
        links.append(_page_link(visit, named, "prev", begin, limit))
    return links


def _page_link(visit: Visit, named: Named, rel: str, offset: int, limit: int) -> Link:
    kept = [(name, value) for name, value in visit.query if name not in {"offset", "limit"}]
    query = [*kept, ("limit", str(limit)), ("offset", str(offset))]
    return Link(
        href=visit.href(f"{named.fixed_path}/items", query),
        rel=rel,
        type=HTML_TYPE if visit.html else GEOJSON_TYPE,
        title=visit.word(f"{rel}_page"),
    )
