"""What control layers measure to be to many sites at once: overlap, distance, coverage."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import GEOSException

from api.check.controls import Control, KindControls
from geo.check.control_index import ControlIndex
from geo.check.coverage import Coverage, coverages_of
from geo.check.nearest import nearest_of_layers_m
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


class Ground:
    """Sites that are judged together; what many layers ask of them is measured once."""

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self._outlines = Outlines(sites.geometries)
        self._covered: dict[int, list[Coverage]] = {}
        self._met: dict[int, npt.NDArray[np.bool_]] = {}
        self._speaks: dict[int, list[npt.NDArray[np.bool_]]] = {}
        self._nearest_m: dict[int, npt.NDArray[np.float64]] = {}

    def measure_distances(self, kinds: Iterable[KindControls]) -> None:
        """Measure how near the features of all layers come, in one pass over them.

        What GEOS fails on is left to be asked layer by layer, where it concerns one alone.
        """
        asked: dict[int, tuple[npt.NDArray[np.intp], ControlIndex]] = {}
        with suppress(GEOSException):
            for kind in kinds:
                if kind.rule.relation is Relation.MUST_BE_INSIDE or not kind.controls:
                    continue
                for control, speaks in zip(kind.controls, self.find_covered(kind), strict=True):
                    if control.index is not None:
                        features = control.index.features
                        asked[id(features)] = np.flatnonzero(speaks), features
            found = nearest_of_layers_m(self._outlines, list(asked.values()))
            for of_layer, (chosen, _), distance_m in zip(asked, asked.values(), found, strict=True):
                self._nearest_m[of_layer] = np.full(len(self.sites), np.nan)
                self._nearest_m[of_layer][chosen] = distance_m

    def nearest_m(
        self, chosen: npt.NDArray[np.intp], features: ControlIndex
    ) -> npt.NDArray[np.float64]:
        """Return how near features come to some of the sites; NaN where there is none."""
        known = self._nearest_m.get(id(features))
        if known is None:
            return nearest_of_layers_m(self._outlines, [(chosen, features)])[0]
        return known[chosen]

    def coverages(self, stated: ControlIndex | None) -> Sequence[Coverage | None]:
        """Return how much of each site layers speak about; None: unstated."""
        if stated is None:
            return [None] * len(self.sites)
        if id(stated) not in self._covered:
            sites = self.sites
            self._covered[id(stated)] = coverages_of(sites.geometries, sites.areas_m2, stated)
        return self._covered[id(stated)]

    def find_covered(self, kind: KindControls) -> list[npt.NDArray[np.bool_]]:
        """Tell for each layer of a kind of which sites it has anything to say.

        Where none of them has, all of them say so.
        """
        if id(kind) not in self._speaks:
            self._speaks[id(kind)] = self._find_covered(kind)
        return self._speaks[id(kind)]

    def _find_covered(self, kind: KindControls) -> list[npt.NDArray[np.bool_]]:
        tolerance, precision_m = kind.rule.tolerance, self.sites.precision_m
        covered = self.coverages(kind.stated)
        open_ = np.array(
            [one is None or not is_covered(one, tolerance, precision_m) for one in covered]
        )
        speaks = [
            self._covers(control) & (open_ | (not set(control.faults) & _OUT_OF_TIME))
            for control in kind.controls
        ]
        silent = ~np.any(speaks, axis=0)
        return [mine | silent for mine in speaks]

    def _covers(self, control: Control) -> npt.NDArray[np.bool_]:
        """Tell of which sites a layer has anything to say: another city's layer has not.

        A feature that reaches beyond the stated coverage speaks all the same.
        """
        if control.loaded is None or control.loaded.coverage is None:
            return np.ones(len(self.sites), dtype=bool)
        met, sites = self._touches(control.loaded.coverage).copy(), self.sites.geometries
        judged_by = [control.index.judged] if control.index else []
        for said in (control.loaded.controls, *judged_by):
            if not met.all():
                met[~met] = find_touching(sites[~met], said)
        return met

    def _touches(self, stated: ControlIndex) -> npt.NDArray[np.bool_]:
        if id(stated) not in self._met:
            self._met[id(stated)] = find_touching(self.sites.geometries, stated)
        return self._met[id(stated)]

    def measure(
        self, chosen: npt.NDArray[np.intp], relation: Relation, control: Control
    ) -> list[Measured]:
        """Return what a layer is measured to be to some of the sites."""
        loaded, index, sites = control.loaded, control.index, self.sites.take(chosen)
        if loaded is None or index is None:
            return [Measured()] * len(sites)
        inside = overlaps(sites.geometries, index.judged)
        if relation is Relation.MUST_BE_INSIDE:
            touched = outsides(sites.geometries, index.judged, loaded.coverage_area)
            nearest_m = np.full(len(sites), np.nan)
        else:
            touched = inside
            nearest_m = self.nearest_m(chosen, index.features)
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
