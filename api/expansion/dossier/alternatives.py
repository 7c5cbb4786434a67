"""The sites that a proposed one is compared with: a planner's own, or what a search finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from api.check.sites import Asked, check_and_keep
from api.expansion.questions import DossierQuestion, SearchQuery
from api.expansion.search import search_sites
from api.expansion.search_area import Area
from api.workspace.answers import shapes_of
from api.workspace.needs import LayerSource, SiteNeeds
from geo.errors import PlanningError
from geo.expansion.shape import shape_of
from geo.measure.crs import local_plane
from geo.measure.necks import to_plane
from geo.model import Sites
from geo.units import M2_PER_HA
from layers.check.site_limits import leave_out_unjudgeable
from layers.expansion.ground_constraints import NONE
from layers.expansion.siting import siting_terms
from layers.model import ReadOptions, ignore_progress
from maps.check.answers import CheckResult, SiteResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """Names with shapes in EPSG:4490; ``how``: given, found, or none with the reason.

    ``sites`` are those of the check of a file as it was handed in, by the same names.
    """

    shapes: dict[str, shapely.Geometry]
    how: str
    sites: dict[str, SiteResult] = field(default_factory=dict)
    checked: CheckResult | None = None


def find_alternatives(
    workspace: SiteNeeds, proposed: Sites, asked: DossierQuestion
) -> Alternatives:
    """Return a planner's own alternatives, else two of like size that a search finds.

    The search is in the county of the largest proposed site and keeps all hard lines, and the
    constraints that the dossier asks about.

    Raises
    ------
    PlanningError
        The file of alternatives cannot be read.
    """
    if asked.alternatives is not None:
        source = asked.alternatives.source(workspace.limits)
        options = ReadOptions(crs=asked.crs)
        frame = leave_out_unjudgeable(workspace.read_sites(source, options), workspace.site_limits)
        checked = check_and_keep(
            workspace, source, frame, Asked(options=options, nature=asked.nature)
        )
        shapes = _named(frame.sites, proposed)
        return Alternatives(
            shapes=shapes,
            how="given",
            sites=dict(zip(shapes, checked.sites, strict=True)),
            checked=checked,
        )
    area = _county_of(workspace, proposed)
    if area is None:
        return Alternatives(shapes={}, how="no_county")
    try:
        report = search_sites(workspace, area, _like(proposed, asked), ignore_progress)
    except PlanningError:
        return Alternatives(shapes={}, how="not_searched")
    taken = shapely.union_all(proposed.geometries)
    drawn = shapes_of(one.geometry for one in report.candidates)
    free = {
        one.site_id: shape
        for one, shape in zip(report.candidates, drawn, strict=True)
        if not shape.intersects(taken)
    }
    if not free:
        return Alternatives(shapes={}, how="none_found")
    terms = siting_terms()
    apart_m = terms.alternative_apart * float(np.sqrt(proposed.areas_m2.max()))
    names, lie_apart = choose_apart(free, taken, terms.most_alternatives, apart_m)
    return Alternatives(
        shapes={name: free[name] for name in names}, how="found" if lie_apart else "found_near"
    )


def choose_apart(
    shapes: Mapping[str, shapely.Geometry], taken: shapely.Geometry, most: int, apart_m: float
) -> tuple[list[str], bool]:
    """Return up to so many names of shapes that lie apart from what is taken and each other.

    The first in order that do come first; where too few do, the farthest of the others, and
    False beside the names.

    Parameters
    ----------
    shapes, taken : polygons
        EPSG:4490; distances are those of the Gauss-Krueger plane of ``taken``.
    most : int
        How many names.
    apart_m : float
        The least distance.
    """
    plane = local_plane(taken.centroid.x)
    flat = dict(zip(shapes, to_plane(np.array(list(shapes.values())), plane), strict=True))
    chosen, beside = list[str](), list(to_plane(np.array([taken]), plane))
    lie_apart = True
    while flat and len(chosen) < most:
        far_m = {name: float(shapely.distance(one, beside).min()) for name, one in flat.items()}
        name = next((name for name in flat if far_m[name] >= apart_m), None)
        if name is None:
            name, lie_apart = max(flat, key=lambda one: far_m[one]), False
        chosen.append(name)
        beside.append(flat.pop(name))
    return chosen, lie_apart


def named_shapes(sites: Sites) -> dict[str, shapely.Geometry]:
    """Return sites by what they are called; by their ids where two are called the same."""
    names = [name or own for name, own in zip(sites.names, sites.ids, strict=True)]
    keys: Sequence[str] = names if len(set(names)) == len(names) else sites.ids
    return dict(zip(keys, sites.geometries, strict=True))


def _named(sites: Sites, proposed: Sites) -> dict[str, shapely.Geometry]:
    """Return alternatives by names that no proposed site has."""
    taken = named_shapes(proposed)
    return {
        f"{name} (2)" if name in taken else name: shape
        for name, shape in named_shapes(sites).items()
    }


def _like(proposed: Sites, asked: DossierQuestion) -> SearchQuery:
    terms, largest = siting_terms(), int(np.argmax(proposed.areas_m2))
    shape = shape_of(proposed.geometries[largest])
    area_ha = shape.area_m2 / M2_PER_HA
    return SearchQuery(
        least_ha=max(terms.alternative_least * area_ha, 0.01),
        most_ha=terms.alternative_most * area_ha,
        width_m=max(terms.alternative_width * shape.width_m, 1.0),
        constraint_set=asked.constraint_set or (None if asked.constraints else NONE),
        constraints=asked.constraints,
        nature=asked.nature,
    )


def _county_of(workspace: LayerSource, proposed: Sites) -> Area | None:
    largest = proposed.geometries[int(np.argmax(proposed.areas_m2))]
    counties = workspace.counties
    inside = counties[counties.intersects(shapely.point_on_surface(largest))]
    if not len(inside):
        return None
    return Area(name=str(inside["name_zh"].iloc[0]), geometry=inside.geometry.iloc[0])
