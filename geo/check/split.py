"""The ground of sites split by the class of the features that it lies in.

Everything is in EPSG:4490 lon/lat, areas are ellipsoidal and in m2. Pieces of a site, with
what is left of it, add up to the site.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from geo.check.control_index import ControlIndex
from geo.measure.area import NOISE_M2, area_lonlat_m2
from geo.measure.restore import polygonal

Class = TypeVar("Class", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Generic[Class]):
    """A site in pieces by class.

    Ground in features of several classes is counted once, for the first feature in order;
    ``shared_m2`` is how much more the features claim together. ``rest`` lies in no feature.
    """

    pieces: Mapping[Class, Any]
    areas_m2: Mapping[Class, float]
    rest: Any
    rest_m2: float
    shared_m2: float


def split_by_class(
    sites: npt.NDArray[Any], features: ControlIndex, classes: Sequence[Class]
) -> list[Split[Class]]:
    """Split each site by the classes of the features that it lies in.

    Parameters
    ----------
    sites : array of Polygon or MultiPolygon, shape (n,)
        Valid, EPSG:4490.
    features : ControlIndex
        Valid polygons; they may overlap each other and need not cover the sites.
    classes : sequence
        The class of each feature.

    Returns
    -------
    list of Split, of length n
        Classes in the order in which features bring them.
    """
    owner, hit = features.tree.query(sites, predicate="intersects")
    order = np.lexsort((hit, owner))
    owner, hit = owner[order], hit[order]
    common = polygonal(shapely.intersection(sites[owner], features.geometries[hit]))
    common_m2 = area_lonlat_m2(common).tolist()
    bounds = np.searchsorted(owner, np.arange(len(sites) + 1)).tolist()
    cuts = [
        _cut_up(
            sites[at],
            [
                _Met(classes[hit[one]], features.geometries[hit[one]], common[one], common_m2[one])
                for one in range(bounds[at], bounds[at + 1])
            ],
        )
        for at in range(len(sites))
    ]
    return _measured(cuts)


@dataclass(frozen=True, slots=True)
class _Met(Generic[Class]):
    """A feature that a site meets, and what it takes of the whole site."""

    class_: Class
    shape: Any
    common: Any
    common_m2: float


@dataclass(frozen=True, slots=True)
class _Cut(Generic[Class]):
    """A site in pieces, not measured yet; ``gross_m2`` counts all ground for each feature."""

    pieces: Mapping[Class, Any]
    rest: Any
    gross_m2: float
    features: int


def _cut_up(site: Any, met: Sequence[_Met[Class]]) -> _Cut[Class]:  # noqa: ANN401
    """Cut what features take out of a site, one class after the other."""
    rest, gross_m2 = site, 0.0
    taken: dict[Class, list[Any]] = {}
    for one in met:
        gross_m2 += one.common_m2
        piece, piece_m2 = one.common, one.common_m2
        if rest is not site:
            piece = _common(rest, one.shape)
            piece_m2 = _area_m2(piece)
        if piece_m2 >= NOISE_M2:
            taken.setdefault(one.class_, []).append(piece)
            rest = _polygons(shapely.difference(rest, one.shape))
    pieces = {name: _polygons(shapely.union_all(own)) for name, own in taken.items()}
    return _Cut(pieces, rest, gross_m2, len(met))


def _measured(cuts: Sequence[_Cut[Class]]) -> list[Split[Class]]:
    """Measure the pieces and the rest of all sites at once."""
    shapes = [shape for cut in cuts for shape in (*cut.pieces.values(), cut.rest)]
    all_m2 = iter(area_lonlat_m2(np.array(shapes, dtype=object)).tolist())
    return [_split(cut, {name: next(all_m2) for name in cut.pieces}, next(all_m2)) for cut in cuts]


def _split(cut: _Cut[Class], areas_m2: Mapping[Class, float], rest_m2: float) -> Split[Class]:
    shared_m2 = cut.gross_m2 - sum(areas_m2.values())
    empty = rest_m2 < NOISE_M2
    return Split(
        pieces=cut.pieces,
        areas_m2=areas_m2,
        rest=shapely.Polygon() if empty else cut.rest,
        rest_m2=0.0 if empty else rest_m2,
        # Twice one square millimetre for each feature is rounding of lon/lat doubles.
        shared_m2=shared_m2 if shared_m2 > 2.0 * NOISE_M2 * max(cut.features, 1) else 0.0,
    )


def taken_areas_m2(
    grounds: npt.NDArray[Any],
    controls: ControlIndex,
    *,
    outside: bool = False,
    within: shapely.Geometry | None = None,
) -> npt.NDArray[np.float64]:
    """Return how much of each ground lies in features, each piece of it counted once.

    Parameters
    ----------
    grounds : array of Polygon or MultiPolygon, shape (n,)
        EPSG:4490; may be empty.
    controls : ControlIndex
        Features of a control layer.
    outside : bool
        What lies in no feature instead.
    within : Polygon or MultiPolygon, optional
        EPSG:4490; what lies beyond it is left out.

    Returns
    -------
    array of float, shape (n,)
        Square metres.
    """
    asked = grounds if within is None else _cut(grounds, within)
    met = _features_met(asked, controls)
    taken = shapely.difference(asked, met) if outside else shapely.intersection(asked, met)
    return area_lonlat_m2(polygonal(taken))


def _features_met(grounds: npt.NDArray[Any], controls: ControlIndex) -> npt.NDArray[Any]:
    """Return for each ground the features that it meets as one shape, empty where there is none."""
    owner, hit = controls.tree.query(grounds, predicate="intersects")
    met = np.full(len(grounds), shapely.Polygon(), dtype=object)
    met[owner] = controls.geometries[hit]
    for at in np.flatnonzero(np.bincount(owner, minlength=len(grounds)) > 1):
        met[at] = shapely.union_all(controls.geometries[hit[owner == at]])
    return met


def _cut(grounds: npt.NDArray[Any], within: shapely.Geometry) -> npt.NDArray[Any]:
    return polygonal(shapely.intersection(grounds, within))


def _common(one: Any, other: Any) -> Any:  # noqa: ANN401 - shapely geometries
    return _polygons(shapely.intersection(one, other))


def _polygons(shape: Any) -> Any:  # noqa: ANN401 - a shapely geometry
    return polygonal(np.array([shape], dtype=object))[0]


def _area_m2(shape: Any) -> float:  # noqa: ANN401 - a shapely geometry
    return float(area_lonlat_m2(np.array([shape], dtype=object))[0])
