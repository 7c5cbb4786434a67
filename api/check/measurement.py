"""What control layers measure to be to many sites at once: overlap, distance, coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from api.check.controls import Control, KindControls
from geo.check.control_index import ControlIndex
from geo.check.coverage import Coverage, coverages_of
from geo.check.nearest import nearest_distances_m
from geo.check.overlay import find_touching, outsides, overlaps
from geo.check.precision import overlap_intervals_m2
from geo.check.verdict import is_covered
from geo.measure.outlines import Outlines
from geo.measure.restore import polygonal
from geo.model import Overlap, Reason, Relation, Sites

# A layer whose time is over, or has not come, says nothing where others speak of it all.
_OUT_OF_TIME: Final = frozenset({Reason.LAYER_EXPIRED, Reason.LAYER_NOT_YET_VALID})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one layer was measured to be to a site; all None where it could not be read.

    ``inside_m2`` is the ground of the site in the layer's features, ``interval_m2`` what
    the overlap may be, were both layers' coordinates off at their worst.
    """

    touched: Overlap | None = None
    inside_m2: float | None = None
    interval_m2: tuple[float, float] | None = None
    nearest_m: float | None = None
    unclassified: bool = False


def coverages(sites: Sites, kind: KindControls) -> Sequence[Coverage | None]:
    """Return how much of each site the layers of a kind speak about; None: unstated."""
    return _coverages(sites, kind.stated)


def own_coverages(
    sites: Sites, kind: KindControls, control: Control, together: Sequence[Coverage | None]
) -> Sequence[Coverage | None]:
    """Return how much of each site one layer itself speaks about; None: unstated.

    ``together`` is what all layers of the kind do, which may be this one alone.
    """
    stated = control.loaded.coverage if control.loaded else None
    return together if stated is kind.stated else _coverages(sites, stated)


def _coverages(sites: Sites, stated: ControlIndex | None) -> Sequence[Coverage | None]:
    if stated is None:
        return [None] * len(sites)
    return coverages_of(sites.geometries, sites.areas_m2, stated)


def find_covered_sites(
    sites: Sites, kind: KindControls, covered: Sequence[Coverage | None]
) -> list[npt.NDArray[np.bool_]]:
    """Tell for each layer of a kind of which sites it has anything to say.

    Where none of them has, all of them say so.
    """
    tolerance, precision_m = kind.rule.tolerance, sites.precision_m
    open_ = np.array(
        [one is None or not is_covered(one, tolerance, precision_m) for one in covered]
    )
    speaks = [
        _covers_sites(sites, control) & (open_ | (not set(control.faults) & _OUT_OF_TIME))
        for control in kind.controls
    ]
    silent = ~np.any(speaks, axis=0)
    return [mine | silent for mine in speaks]


def measure_overlaps(
    sites: Sites, outlines: Outlines, relation: Relation, control: Control
) -> list[Measured]:
    """Return what a layer is measured to be to each site; ``outlines`` are of the sites."""
    loaded, index = control.loaded, control.index
    if loaded is None or index is None:
        return [Measured()] * len(sites)
    inside = overlaps(sites.geometries, index.judged)
    if relation is Relation.MUST_BE_INSIDE:
        touched = outsides(sites.geometries, index.judged, loaded.coverage_area)
        nearest_m = np.full(len(sites), np.nan)
    else:
        touched = inside
        nearest_m = nearest_distances_m(sites.geometries, index.features, outlines)
    return [
        Measured(
            touched=taken,
            inside_m2=within.area_m2,
            interval_m2=interval_m2,
            nearest_m=None if np.isnan(distance_m) else distance_m,
            unclassified=unclassed,
        )
        for taken, within, interval_m2, distance_m, unclassed in zip(
            touched,
            inside,
            _intervals_m2(sites, relation, control),
            nearest_m.tolist(),
            _unclassified(sites, control),
            strict=True,
        )
    ]


def _covers_sites(sites: Sites, control: Control) -> npt.NDArray[np.bool_]:
    """Tell of which sites a layer has anything to say: another city's layer has not.

    A feature that reaches beyond the stated coverage speaks all the same.
    """
    if control.loaded is None or control.loaded.coverage is None:
        return np.ones(len(sites), dtype=bool)
    met = find_touching(sites.geometries, control.loaded.coverage)
    judged_by = [control.index.judged] if control.index else []
    for said in (control.loaded.controls, *judged_by):
        met[~met] = find_touching(sites.geometries[~met], said)
    return met


def _unclassified(sites: Sites, control: Control) -> list[bool]:
    if control.unclassified is None:
        return [False] * len(sites)
    return [bool(found.parts) for found in overlaps(sites.geometries, control.unclassified)]


def _intervals_m2(
    sites: Sites, relation: Relation, control: Control
) -> Sequence[tuple[float, float] | None]:
    layer_m = control.version.spec.precision_m
    if control.index is None or sites.precision_m is None or layer_m is None:
        return [None] * len(sites)
    here = sites.geometries
    if relation is Relation.MUST_BE_INSIDE and control.loaded and control.loaded.coverage_area:
        # A site that touches the coverage along its edge alone leaves a line of it.
        here = polygonal(shapely.intersection(here, control.loaded.coverage_area))
    return overlap_intervals_m2(here, control.index.judged, sites.precision_m + layer_m, relation)
