"""The land of firms: as they state it, and as their parcels are drawn."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.density.qualifiers import qualifiers_of_all
from api.workspace.answers import MAP_DECIMALS, geojson
from api.workspace.needs import LayerSource
from geo.measure.area import area_lonlat_m2
from geo.units import m2_to_mu
from layers.density.firm_records import Firm
from layers.density.refusals import Problem, refusal_of
from layers.density.statistics.checks import check_limits
from layers.model import LayerVersion
from layers.readers.field_names import read_names
from layers.readers.sheets import plain_word
from maps.answers import JsonObject
from maps.density.answers import Qualifiers
from maps.density.evaluation_answers import AreaDifference, FirmOut


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmLand:
    """A firm with its land; ``shapes`` are its parcels by id, in EPSG:4490.

    ``land_mu`` is what it states, else the ellipsoidal area of its parcels, of which
    ``area_quality`` is the status of their layer; ``drawn_mu`` is that area where parcels
    are drawn.
    """

    firm: Firm
    land_mu: float
    method: str
    drawn_mu: float | None
    area_quality: str
    shapes: tuple[tuple[str, Any], ...]


def with_land(
    workspace: LayerSource, name: str, firms: Sequence[Firm], version: LayerVersion | None
) -> list[FirmLand]:
    """Return the firms with their land, in the order given.

    Raises
    ------
    StatisticsTableError
        A firm names a parcel that the layer does not have, has no land at all, or shares
        a parcel with another one and neither states its own land.
    """
    known = _parcels(workspace, version) if version else {}
    problems: list[Problem] = []
    shapes = [_shapes(firm, known, problems if version else None) for firm in firms]
    taken = Counter(parcel for own in shapes for parcel, _ in own)
    flat = np.array([shape for own in shapes for _, shape in own], dtype=object)
    areas = iter(area_lonlat_m2(flat))
    lands = []
    for firm, own in zip(firms, shapes, strict=True):
        drawn = m2_to_mu(sum(float(next(areas)) for _ in own)) if own else None
        stated = firm.quantities.get("land_mu")
        shared = next((parcel for parcel, _ in own if taken[parcel] > 1), None)
        if stated is None and (drawn is None or shared):
            code = "shared_parcel" if shared else "no_land"
            text = shared or firm.name
            problems.append(Problem(line=firm.line, column=None, code=code, text=text))
        lands.append(
            FirmLand(
                firm=firm,
                land_mu=stated if stated is not None else drawn or 0.0,
                method="ellipsoidal" if stated is None else "stated",
                # The area of a shared parcel is not that of one of its firms.
                drawn_mu=None if shared else drawn,
                area_quality=version.spec.status.value if version and stated is None else "",
                shapes=own,
            )
        )
    if problems:
        raise refusal_of(name, problems)
    return lands


def land_qualifiers(land: FirmLand, names: Iterable[str]) -> Qualifiers:
    """Return what qualifies a figure that follows from some quantities of a firm and its land."""
    own = land.firm.of_quantities
    terms = frozenset(own[name] for name in names if name in own)
    return qualifiers_of_all(terms or frozenset([land.firm.terms]), land.area_quality)


def area_differences(lands: Sequence[FirmLand]) -> list[AreaDifference]:
    """Return the firms whose stated land differs too much from their drawn parcels."""
    found = []
    for land in lands:
        if land.method != "stated" or not land.drawn_mu:
            continue
        pct = 100.0 * (land.land_mu - land.drawn_mu) / land.drawn_mu
        if abs(pct) > check_limits().area_warning_pct:
            found.append(
                AreaDifference(
                    name=land.firm.name,
                    stated_mu=land.land_mu,
                    drawn_mu=land.drawn_mu,
                    difference_pct=pct,
                )
            )
    return found


def parcel_features(lands: Sequence[FirmLand], firms: Sequence[FirmOut]) -> JsonObject:
    """Return the parcels as GeoJSON with the lines of the firms on each."""
    shapes: dict[str, Any] = {}
    lines: dict[str, list[int]] = {}
    for land, firm in zip(lands, firms, strict=True):
        for parcel, shape in land.shapes:
            shapes[parcel] = shape
            lines.setdefault(parcel, []).append(firm.line)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": parcel,
                "geometry": geojson(shape, MAP_DECIMALS),
                "properties": {"lines": lines[parcel]},
            }
            for parcel, shape in shapes.items()
        ],
    }


def _parcels(workspace: LayerSource, version: LayerVersion) -> Mapping[str, tuple[str, Any]]:
    """Return parcels by plain id and by name; a name that two bear names neither."""
    features = workspace.load(version).features
    ids = features["feature_id"].astype(str).to_list()
    shapes = features.geometry.to_list()
    names = [one[0] if one else own for one, own in zip(read_names(features), ids, strict=True)]
    plain = [plain_word(str(one)) for one in names]
    times = Counter(plain)
    known = {
        one: (feature_id, shape)
        for one, feature_id, shape in zip(plain, ids, shapes, strict=True)
        if times[one] == 1
    }
    return known | {plain_word(one): (one, shape) for one, shape in zip(ids, shapes, strict=True)}


def _shapes(
    firm: Firm, known: Mapping[str, tuple[str, Any]], problems: list[Problem] | None
) -> tuple[tuple[str, Any], ...]:
    if firm.shape is not None:
        return ((firm.parcels[0] if firm.parcels else f"{firm.line}", firm.shape),)
    if problems is None:
        return ()
    found = []
    for parcel in firm.parcels:
        if (hit := known.get(plain_word(parcel))) is None:
            problem = Problem(line=firm.line, column=None, code="unknown_parcel", text=parcel)
            problems.append(problem)
        else:
            found.append(hit)
    return tuple(found)
