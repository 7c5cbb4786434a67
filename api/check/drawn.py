"""Boundaries as they were drawn: into results of checks, and out of those that were kept."""

import json
from collections.abc import Sequence
from typing import Final

import shapely

from api.workspace.answers import shapes_of
from geo.model import Boundary, Sites
from layers.provenance import canonical_json, digest
from maps.answers import JsonObject
from maps.check.answers import DrawnBoundary, SiteResult

BOUNDARIES: Final = "boundaries_sha256"
"""Among the parameters of a record; older ones were kept without it, and without boundaries."""


def drawn_boundary(sites: Sites, at: int) -> DrawnBoundary | None:
    """Return the boundary of a site as it was drawn, None where nobody drew it."""
    if not sites.boundaries:
        return None
    own = sites.boundaries[at]
    drawn: JsonObject = json.loads(shapely.to_geojson(own.polygon))
    return DrawnBoundary(crs=own.crs, geometry=drawn, numbers=list(own.numbers))


def boundary_of(site: SiteResult) -> Boundary | None:
    """Return the boundary that a result keeps; None of checks from before it was kept."""
    if site.boundary is None:
        return None
    (polygon,) = shapes_of([site.boundary.geometry])
    return Boundary(polygon=polygon, crs=site.boundary.crs, numbers=tuple(site.boundary.numbers))


def boundaries_sha256(results: Sequence[SiteResult]) -> str:
    """Return what binds the drawn boundaries to the record of a check."""
    rows = [one.boundary and one.boundary.model_dump(mode="json") for one in results]
    return digest(canonical_json(rows))
