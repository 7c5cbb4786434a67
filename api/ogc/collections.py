"""Layers as collections of the OGC interfaces."""

from typing import Final

from pyproj import CRS

from api.ogc.download import download_links
from api.ogc.names import Named, all_named
from api.ogc.visit import Visit
from api.workspace.needs import LayerSource
from geo.measure.crs import parse_crs
from geo.measure.crs_uri import CRS84, OFFERED_CODES, epsg_uri, uri_of
from layers.model import LayerVersion
from maps.i18n import tr
from maps.ogc.answers import (
    GEOJSON_TYPE,
    HTML_TYPE,
    SCHEMA_TYPE,
    Collection,
    Collections,
    Extent,
    Link,
    SpatialExtent,
    TemporalExtent,
)
from maps.style.qml import MEDIA_TYPE as QML_TYPE
from maps.style.sld import MEDIA_TYPE as SLD_TYPE

_OFFERED: Final = (CRS84, *(epsg_uri(code) for code in OFFERED_CODES))

_TILESETS: Final = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
_MAP_TILESETS: Final = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map"


def collections(workspace: LayerSource, visit: Visit) -> Collections:
    """Return all layers at the version in use."""
    return Collections(
        links=visit.own_links(),
        collections=[
            describe_collection(workspace, visit, one, listed=True) for one in all_named(workspace)
        ],
    )


def describe_collection(
    workspace: LayerSource, visit: Visit, asked: Named, *, listed: bool = False
) -> Collection:
    """Return what is said of a layer; ``listed`` among others, else as a document of its own."""
    version, spec = asked.version, asked.version.spec
    title = spec.title_zh if visit.lang == "zh" else spec.title_en
    return Collection(
        id=asked.id,
        title=f"{title} ({asked.fixed_id})" if asked.pinned else title,
        description=_description(visit, version),
        attribution=spec.source or None,
        license=spec.licence or None,
        extent=_extent(version),
        crs=list(supported_uris(version)),
        storage_crs=storage_uri(version),
        version=version.number,
        status=spec.status,
        withdrawn=is_withdrawn(workspace, version),
        feature_count=version.feature_count,
        data_date=spec.data_date.isoformat() if spec.data_date else None,
        precision_m=spec.precision_m,
        links=[*([] if listed else visit.own_links()), *_links(visit, asked, listed=listed)],
    )


def is_withdrawn(workspace: LayerSource, version: LayerVersion) -> bool:
    """Whether somebody has withdrawn a version, and nobody restored it."""
    standing = workspace.store.memory.standing()
    return standing.is_withdrawn((version.layer_id, version.number))


def supported_uris(version: LayerVersion) -> tuple[str, ...]:
    """Return the addresses of the reference systems that a version is answered in."""
    return tuple(dict.fromkeys((*_OFFERED, storage_uri(version))))


def storage_uri(version: LayerVersion) -> str:
    """Return the address of the CRS that a version is stored in.

    CGCS2000 lon/lat where EPSG has no code for it: that is what it is then answered in.
    """
    return uri_of(storage_crs(version)) or epsg_uri(4490)


def storage_crs(version: LayerVersion) -> CRS:
    """Return the CRS that a version is stored in, as far as its name tells."""
    known = version.crs.startswith("EPSG:")
    return parse_crs(version.crs if known else "EPSG:4490")


def _description(visit: Visit, version: LayerVersion) -> str:
    status = tr(f"statuses.{version.spec.status}", visit.lang)
    return visit.word(
        "layer_description",
        status=status,
        source=version.spec.source,
        version=version.number,
        count=version.feature_count,
    )


def _extent(version: LayerVersion) -> Extent:
    spec = version.spec
    begin, end = (one.isoformat() if one else None for one in (spec.valid_from, spec.valid_to))
    since = None if begin is None else f"{begin}T00:00:00Z"
    until = None if end is None else f"{end}T23:59:59Z"
    return Extent(
        spatial=SpatialExtent(bbox=[list(version.bounds_lonlat)], crs=CRS84),
        temporal=TemporalExtent(interval=[(since, until)]) if since or until else None,
    )


def _links(visit: Visit, asked: Named, *, listed: bool) -> list[Link]:
    path, version = asked.path, asked.version
    found = [
        visit.link("items", f"{path}/items", GEOJSON_TYPE, "items"),
        visit.link("items", f"{path}/items", HTML_TYPE, "items"),
        visit.link(
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            f"{path}/queryables",
            SCHEMA_TYPE,
            "queryables",
        ),
        visit.link(_TILESETS, f"{path}/tiles", title="tiles"),
        visit.link(_MAP_TILESETS, f"{path}/map/tiles", title="map_tiles"),
        visit.link("style", f"{path}/styles/maplibre", title="style"),
        visit.link("style", f"{path}/styles/qml", QML_TYPE, "style_qml"),
        visit.link("style", f"{path}/styles/sld", SLD_TYPE, "style_sld"),
        visit.link(
            "version-history", f"/api/v1/layers/{version.layer_id}/versions", title="versions"
        ),
    ]
    found += download_links(visit, asked)
    if listed:
        found.insert(0, visit.link("self", path, title="this_collection"))
    if not asked.pinned:
        found.append(visit.link("canonical", asked.fixed_path, title="this_version"))
    else:
        found.append(
            visit.link("latest-version", f"/collections/{version.layer_id}", title="in_use")
        )
    return found
