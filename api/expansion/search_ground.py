"""The ground of a search: the area in its plane, and the constraints that lie on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from api.check.hard_lines import HardLines, find_common_coverage, hard_lines
from api.expansion.cell_ground import (
    CellGround,
    elevations_over,
    gentle_ground,
    ground_of_cells,
)
from api.expansion.constraints.constrained_ground import lay_slope
from api.expansion.constraints.ground_terms import (
    GroundTermsNeeds,
    LaidConstraint,
    LaidTerms,
    terms_of_ground,
)
from api.expansion.cut_lines import AreaCuts, cuts_in
from api.expansion.questions import SearchQuery
from api.expansion.search_area import Area, polygons_of
from api.workspace.needs import GroundNeeds
from geo.check.nearest import grown_bounds
from geo.expansion.free_ground import Constraint
from geo.expansion.soft_ground import ShareLimit
from geo.expansion.suitability import UNKNOWN
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.measure.necks import to_plane
from geo.measure.restore import polygonal
from geo.raster.errors import AreaTooSmallError, CellTooWideError, TooManyCellsError
from geo.raster.isolines import ground_up_to, known_ground
from geo.raster.lattice import Lattice, lattice_over
from geo.units import M2_PER_HA
from layers.expansion.siting import SitingTerms, siting_terms
from layers.rasters.model import RasterVersion

OWN_GROUND: Final = "ground."
UNTOLD_GROUND: Final = "untold."
"""Begin the names of what is taken by constraints on ground, or because nobody can tell of it."""
_CIRCLE: Final = 64
"""Corners of a quarter of a circle of a distance: the circle loses 0.02 % of its area."""
_KEPT: Final = 1.02
"""GEOS draws outlines around shapes to a hundredth of their distance; all of it is to be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGround:
    """The area of a search in its plane, with everything that is laid over it."""

    plane: CRS
    area: Area
    flat: shapely.Geometry
    hard: HardLines
    cells: CellGround | None
    districts: npt.NDArray[Any]
    lakes: npt.NDArray[Any]
    places: npt.NDArray[Any]
    margin_m: float
    terms: LaidTerms
    cuts: AreaCuts

    def limits(self) -> list[tuple[LaidConstraint, ShareLimit]]:
        """Return of which ground a parcel may take at most a share, in the plane."""
        return [
            (one, ShareLimit(soft=shapely.union_all(self.flat_of(one)), most=most_pct / 100.0))
            for one in self.terms.constraints
            if (most_pct := one.said.at_most_pct) is not None
        ]

    def flat_of(self, one: LaidConstraint) -> npt.NDArray[Any]:
        """Return the ground of a constraint within the area, in the plane."""
        features = one.laid.features
        if features is None:
            return np.array([], dtype=object)
        near = features.geometries[features.tree.query(self.area.geometry, predicate="intersects")]
        flat = to_plane(near, self.plane)
        if not one.said.ground.outside:
            return flat
        return np.array([shapely.difference(self.flat, shapely.union_all(flat))], dtype=object)


def lay_ground(
    workspace: GroundTermsNeeds, area: Area, query: SearchQuery, terms: SitingTerms
) -> SearchGround:
    """Return an area with everything that is laid over it.

    Raises
    ------
    SearchError
        Cells of heights are too many or too large for the width, or the area too small.
    """
    if (
        float(area_lonlat_m2(np.array([area.geometry], dtype=object))[0])
        < query.least_ha * M2_PER_HA
    ):
        raise AreaTooSmallError(least_ha=query.least_ha)
    plane = local_plane(area.geometry.centroid.x)
    (flat,) = to_plane(np.array([area.geometry], dtype=object), plane)
    # A margin is kept from lines beyond the area, too.
    hard = hard_lines(workspace, shapely.box(*grown_bounds(area.geometry.bounds, terms.reach_m)))
    asked = terms_of_ground(workspace, query)
    hard = replace(
        hard, lines=tuple(one for one in hard.lines if one.rule.kind not in asked.opened)
    )
    cells = _cells(workspace, area, query, terms, asked)
    known = [line.version.spec.precision_m for line in hard.lines]
    return SearchGround(
        plane=plane,
        area=area,
        flat=flat,
        hard=hard,
        cells=cells,
        districts=to_plane(polygons_of(workspace, "district"), plane),
        lakes=to_plane(polygons_of(workspace, "lake"), plane),
        places=np.array([(one.lon, one.lat) for one in query.places]).reshape(-1, 2),
        margin_m=terms.margin_for(max((p for p in known if p is not None), default=None)),
        terms=_with_slopes(asked, cells),
        cuts=AreaCuts()
        if query.most_ha is None
        else cuts_in(workspace, area, plane, cells, terms.contour_interval_m),
    )


def _with_slopes(terms: LaidTerms, cells: CellGround | None) -> LaidTerms:
    """Return the constraints with steep ground as the cells of the search have it.

    What is trimmed by an outline is then measured by the same one.
    """
    return replace(terms, constraints=tuple(_with_slope(one, cells) for one in terms.constraints))


def _with_slope(one: LaidConstraint, cells: CellGround | None) -> LaidConstraint:
    above_deg = one.said.ground.slope_above_deg
    if above_deg is None:
        return one
    if cells is None:
        return replace(one, laid=replace(one.laid, reason="no_terrain"))
    lattice = cells.lattice
    known = known_ground(lattice, ~np.isnan(cells.slope_deg))
    gentle = gentle_ground(cells, above_deg, siting_terms().cell_m)
    steep = shapely.difference(shapely.union_all(known), shapely.union_all(gentle))
    laid = lay_slope(
        one.said.ground,
        _lonlat_parts(steep, lattice.plane),
        _lonlat_parts(shapely.union_all(known), lattice.plane),
        cells.used,
    )
    return replace(one, laid=laid)


def _lonlat_parts(shape: shapely.Geometry, plane: CRS) -> npt.NDArray[Any]:
    parts = shapely.get_parts(polygonal(np.array([shape], dtype=object)))
    solid: npt.NDArray[Any] = parts[~shapely.is_empty(parts)]
    return transform(solid, plane, parse_crs(GEOGRAPHIC)) if len(solid) else solid


def _cells(
    workspace: GroundNeeds,
    area: Area,
    query: SearchQuery,
    terms: SitingTerms,
    ground: LaidTerms,
) -> CellGround | None:
    """Return slope and grade of the area; None where nobody asks and no heights are at hand."""
    steep = any(one.said.ground.slope_above_deg is not None for one in ground.bounding)
    asked = steep or query.slope_deg is not None or query.grade is not None
    elevations = elevations_over(workspace, area.geometry)
    if not asked and not elevations:
        return None
    try:
        lattice = _lattice(area, elevations, query, terms)
    except TooManyCellsError:
        if asked:
            raise
        return None
    if asked and query.width_m < terms.cells_across * lattice.cell_m:
        raise CellTooWideError(cell_m=lattice.cell_m, limit=terms.cells_across)
    # Values run from centre to centre: those around the area count for its edge.
    return ground_of_cells(
        workspace, lattice.extend(1), area.geometry, graded=query.grade is not None
    )


def _lattice(
    area: Area, elevations: Sequence[RasterVersion], query: SearchQuery, terms: SitingTerms
) -> Lattice:
    """Return cells as fine as the heights; larger ones, if asked for, where these are too many."""
    finest = min((one.facts.pixel_m for one in elevations), default=terms.cell_m)
    cell_m = max(finest, terms.cell_m)
    try:
        return lattice_over(area.geometry, cell_m)
    except TooManyCellsError:
        if query.cell_m is None or query.cell_m <= cell_m:
            raise
        return lattice_over(area.geometry, query.cell_m)


def constraints_on(ground: SearchGround, query: SearchQuery) -> Iterator[Constraint]:
    """Yield what ground must keep: cheap and certain constraints first."""
    stated = find_common_coverage(ground.hard.kinds)
    if stated is not None:
        yield Constraint(reason="unstated", shapes=to_plane(stated, ground.plane), inside=True)
    yield Constraint(reason="existing", shapes=ground.districts)
    yield Constraint(reason="water", shapes=ground.lakes)
    for line in ground.hard.lines:
        forbidden = to_plane(line.forbidden, ground.plane)
        yield Constraint(reason=line.id, shapes=_around(forbidden, _KEPT * ground.margin_m))
    yield from _own_constraints(ground)
    if ground.cells is not None:
        yield from _cell_constraints(ground.cells, query)
    if query.district_km is not None:
        near = _around(ground.districts, 1000.0 * query.district_km)
        yield Constraint(reason="district", shapes=near, inside=True)
    if query.place_km is not None and len(ground.places):
        points = to_plane(shapely.points(ground.places), ground.plane)
        near = _around(points, 1000.0 * query.place_km)
        yield Constraint(reason="place", shapes=near, inside=True)


def _own_constraints(ground: SearchGround) -> Iterator[Constraint]:
    """Yield the ground of hard constraints of one's own, and that of which nobody can tell."""
    for one in ground.terms.hard:
        taken = ground.flat_of(one)
        known = [taken, to_plane(one.laid.told.geometries, ground.plane)] if one.laid.told else []
        shapes = np.concatenate([*known, np.array([], dtype=object)])
        if known or one.laid.reason:
            yield Constraint(reason=f"{UNTOLD_GROUND}{one.id}", shapes=shapes, inside=True)
        yield Constraint(reason=f"{OWN_GROUND}{one.id}", shapes=taken)


def _cell_constraints(cells: CellGround, query: SearchQuery) -> Iterator[Constraint]:
    if query.slope_deg is not None:
        known = known_ground(cells.lattice, ~np.isnan(cells.slope_deg))
        yield Constraint(reason="slope_unknown", shapes=known, inside=True)
        gentle = gentle_ground(cells, query.slope_deg, siting_terms().cell_m)
        yield Constraint(reason="slope", shapes=gentle, inside=True)
    if query.grade is not None and cells.grade is not None:
        known = known_ground(cells.lattice, cells.grade != UNKNOWN)
        yield Constraint(reason="grade_unknown", shapes=known, inside=True)
        good = ground_up_to(cells.lattice, np.where(cells.grade > query.grade, 1.0, 0.0), 0.5)
        yield Constraint(reason="grade", shapes=good, inside=True)


def _around(shapes: npt.NDArray[Any], distance_m: float) -> npt.NDArray[Any]:
    grown: npt.NDArray[Any] = shapely.buffer(shapes, distance_m, quad_segs=_CIRCLE)
    return grown
