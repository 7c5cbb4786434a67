"""Parcels of a search within their shares of soft ground, and which share to give up if none is."""

from collections.abc import Sequence
from dataclasses import replace

from pyproj import CRS

from api.expansion.constraints.ground_terms import LaidConstraint
from api.expansion.questions import SearchQuery
from api.expansion.relaxation import terms_of
from api.expansion.search_ground import OWN_GROUND
from geo.expansion.free_ground import measure_m2
from geo.expansion.relaxation import find_smallest_relaxations
from geo.expansion.search import Parcel, compactness
from geo.expansion.soft_ground import ShareLimit, trim_to_shares

Limits = Sequence[tuple[LaidConstraint, ShareLimit]]


def trim_parcels(
    parcels: Sequence[Parcel], limits: Limits, query: SearchQuery, plane: CRS
) -> list[Parcel]:
    """Return what of parcels keeps all shares of soft ground, and is still large enough."""
    if not limits:
        return list(parcels)
    terms = terms_of(query)
    shares = [limit for _, limit in limits]
    return [
        replace(parcel, shape=shape)
        for parcel in parcels
        for shape in trim_to_shares(parcel.shape, shares, terms.width_m)
        if measure_m2(shape, plane) >= terms.least_m2
        and compactness(shape) >= terms.least_compactness(was_cut=bool(parcel.cut_by))
    ]


def find_softer_limits(
    parcels: Sequence[Parcel], limits: Limits, query: SearchQuery, most: int, plane: CRS
) -> list[tuple[frozenset[str], list[Parcel]]]:
    """Return the smallest sets of shares that it is enough to give up, with the parcels then."""

    def without(given_up: frozenset[str]) -> list[Parcel]:
        kept = [(one, limit) for one, limit in limits if _name(one) not in given_up]
        return trim_parcels(parcels, kept, query, plane)

    names = [_name(one) for one, _ in limits]
    found = find_smallest_relaxations(names, lambda given_up: bool(without(given_up)), most)
    return [(one, without(one)) for one in found]


def _name(one: LaidConstraint) -> str:
    return f"{OWN_GROUND}{one.id}"
