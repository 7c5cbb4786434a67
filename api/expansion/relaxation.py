"""What to give up where a search finds nothing, and what each choice would give."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import shapely

from api.expansion.questions import SearchQuery
from api.expansion.search_ground import SearchGround
from geo.expansion.free_ground import Constraint, measure_m2
from geo.expansion.relaxation import Ground, find_smallest_relaxations
from geo.expansion.search import Parcel, ParcelTerms, draw_parcels
from geo.units import M2_PER_HA
from layers.expansion.siting import siting_terms
from maps.answers import Title
from maps.expansion.answers import RelaxationOut, RelaxedConstraint

_FIXED: Final = frozenset({"existing", "water"})
"""Nobody can give these up: ground of a district is no expansion, and a lake is no ground."""
_MISSING_DATA: Final = frozenset({"unstated", "slope_unknown", "grade_unknown"})
_RAGGED: Final = "ragged"
_STRIP: Final = "strip"
_SHAPES: Final = {_RAGGED: {"compactness": 0.0}, _STRIP: {"cut_compactness": 0.0}}
"""What giving up a demand on the form of sites changes of their terms."""
_ROUGHLY: Final = 0.99
"""Sizes of a plane are off by less than this; what is drawn is measured on the ellipsoid."""


def terms_of(query: SearchQuery) -> ParcelTerms:
    """Return what a parcel of a search must keep."""
    return ParcelTerms(
        least_m2=query.least_ha * M2_PER_HA,
        most_m2=None if query.most_ha is None else query.most_ha * M2_PER_HA,
        width_m=query.width_m,
        compactness=query.compactness,
        cut_compactness=siting_terms().cut_compactness,
    )


def find_relaxations(
    ground: SearchGround,
    constraints: Sequence[Constraint],
    query: SearchQuery,
    most: int,
    alive: Callable[[], None],
) -> list[tuple[frozenset[str], list[Parcel]]]:
    """Return the smallest sets of constraints that it is enough to give up, with the parcels.

    Least size and width stay. A person's own wishes come before data that are missing, and
    these before lines of the law, which only a procedure can move.
    """
    whole, terms = Ground(ground.flat, constraints), terms_of(query)
    drawn: dict[tuple[frozenset[frozenset[str]], frozenset[str]], list[Parcel]] = {}

    def parcels(given_up: frozenset[str]) -> list[Parcel]:
        # What leaves the same ground gives the same sites.
        key = (whole.atoms(given_up), frozenset(given_up & _SHAPES.keys()))
        if key not in drawn:
            own = terms
            for name in key[1]:
                own = replace(own, **_SHAPES[name])
            drawn[key] = _sites_on(whole, given_up, own, ground)
        return drawn[key]

    def fits(given_up: frozenset[str]) -> bool:
        alive()
        return bool(parcels(given_up))

    names = [reason for reason in whole.active if reason not in _FIXED]
    if query.compactness:
        names.append(_RAGGED)
    if query.most_ha is not None:
        names.append(_STRIP)
    if not fits(frozenset(names)):
        return []
    lines = {line.id for line in ground.hard.lines}
    names.sort(key=lambda name: (name in lines, name in _MISSING_DATA))
    return [(one, parcels(one)) for one in find_smallest_relaxations(names, fits, most)]


def _sites_on(
    whole: Ground, given_up: frozenset[str], terms: ParcelTerms, ground: SearchGround
) -> list[Parcel]:
    """Return the sites on what is free when constraints are given up."""
    least_m2 = _ROUGHLY * terms.least_m2
    if whole.size_m2(given_up) < least_m2:
        return []
    parts = shapely.get_parts(whole.without(given_up))
    large = shapely.multipolygons(parts[shapely.area(parts) >= least_m2])
    drawn = draw_parcels(large, terms, ground.plane, ground.cuts.cuts)
    return [one for one in drawn if one.unmet is None]


def describe_relaxation(
    given_up: frozenset[str],
    parcels: Sequence[Parcel],
    ground: SearchGround,
    titles: Mapping[str, tuple[str, Title]],
) -> RelaxationOut:
    """Return a set of constraints in words, with what giving them up would give."""
    areas_ha = [measure_m2(one.shape, ground.plane) / M2_PER_HA for one in parcels]
    lines = [line.id for line in ground.hard.lines]
    return RelaxationOut(
        constraints=[
            RelaxedConstraint(
                reason=titles[name][0] if name in titles else name,
                title=titles[name][1] if name in titles else None,
                needs=_needs(name, lines),
            )
            for name in sorted(given_up, key=lambda name: (name in lines, name))
        ],
        sites=len(parcels),
        largest_ha=max(areas_ha),
        area_ha=sum(areas_ha),
    )


def _needs(name: str, lines: Sequence[str]) -> str:
    """Return what it takes to give a constraint up: ``procedure``, ``data`` or ``choice``."""
    if name in lines:
        return "procedure"
    return "data" if name in _MISSING_DATA else "choice"
