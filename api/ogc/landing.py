"""The root of the interfaces, and what of the standards is kept."""

from typing import Final

from api.ogc.visit import Visit
from api.ogc.wmts import CAPABILITIES
from maps.ogc.answers import (
    HTML_TYPE,
    OPENAPI_TYPE,
    Conformance,
    Landing,
)

_SPEC: Final = "http://www.opengis.net/spec/"
_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/"
CONFORMS_TO: Final = tuple(
    _SPEC + one
    for one in (
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-common-2/1.0/conf/collections",
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-1/1.0/conf/html",
        "ogcapi-features-1/1.0/conf/oas30",
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "ogcapi-tiles-1/1.0/conf/core",
        "ogcapi-tiles-1/1.0/conf/tileset",
        "ogcapi-tiles-1/1.0/conf/tilesets-list",
        "ogcapi-tiles-1/1.0/conf/geodata-tilesets",
        "ogcapi-tiles-1/1.0/conf/mvt",
        "ogcapi-tiles-1/1.0/conf/png",
        "ogcapi-processes-1/1.0/conf/core",
        "ogcapi-processes-1/1.0/conf/ogc-process-description",
        "ogcapi-processes-1/1.0/conf/json",
        "ogcapi-processes-1/1.0/conf/html",
        "ogcapi-processes-1/1.0/conf/oas30",
        "ogcapi-processes-1/1.0/conf/job-list",
        "ogcapi-processes-1/1.0/conf/dismiss",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/cql2-json",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/accent-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-functions",
        "cql2/1.0/conf/basic-spatial-functions-plus",
        "cql2/1.0/conf/spatial-functions",
        "cql2/1.0/conf/temporal-functions",
        "cql2/1.0/conf/property-property",
        "cql2/1.0/conf/arithmetic",
    )
)


def landing(visit: Visit) -> Landing:
    """Return the root document."""
    return Landing(
        title=visit.word("title"),
        description=visit.word("description"),
        links=[
            *visit.own_links(),
            visit.link("service-desc", "/api", OPENAPI_TYPE, "api_document"),
            visit.link("service-desc", "/openapi.json", "application/json", "api_whole"),
            visit.link("service-doc", "/api", HTML_TYPE, "api_page"),
            visit.link("help", "/docs/", HTML_TYPE, "guides"),
            visit.link("conformance", "/conformance", title="conformance"),
            visit.link(
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
                "/tileMatrixSets",
                title="tile_matrix_sets",
            ),
            visit.link("service-meta", CAPABILITIES, "application/xml", "wmts"),
            visit.link(f"{_REL}processes", "/processes", title="processes"),
            visit.link(f"{_REL}job-list", "/jobs", title="jobs"),
            visit.link("data", "/collections", title="collections"),
            visit.link(
                "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog",
                "/catalogue",
                title="catalogue",
            ),
        ],
    )


def conformance() -> Conformance:
    """Return what of the standards is kept."""
    return Conformance(conforms_to=list(CONFORMS_TO))
