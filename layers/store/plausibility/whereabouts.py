"""Where a layer lies, by county, and whether that is where it is said to lie."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.buffer import buffer_lonlat
from layers.store.plausibility.concerns import (
    Coming,
    Concern,
    import_limits,
    lies_outside,
    of_features,
)
from layers.store.plausibility.parts import Parts
from layers.store.plausibility.said_places import Codes, PlaceNames, codes_named

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyShare:
    """How much of a layer lies in a county; "" is outside of all of them."""

    code: str
    name_zh: str
    name_en: str
    share: float


def counties_of(parts: Parts, counties: gpd.GeoDataFrame) -> list[CountyShare]:
    """Return the counties in which a layer lies, the greatest share first.

    Each part counts with the county of a point inside it, by its area (lines by length).

    Parameters
    ----------
    parts : Parts
        Of the layer.
    counties : GeoDataFrame
        EPSG:4490, with ``feature_id`` (the code), ``name_zh`` and, where it has them, ``name_en``.
    """
    tree = shapely.STRtree(counties.geometry.to_numpy())
    at, by = tree.query(shapely.point_on_surface(parts.shapes), predicate="intersects")
    # On a common border, the first of both.
    at, first = np.unique(at, return_index=True)
    county = np.full(len(parts.shapes), len(counties))
    county[at] = by[first]
    weights = np.bincount(county, weights=parts.weights, minlength=len(counties) + 1)
    codes = [*counties["feature_id"].astype(str), ""]
    names = [*counties["name_zh"].astype(str), ""]
    english = [*counties.get("name_en", counties["name_zh"]).astype(str), ""]
    order = [int(one) for one in np.argsort(-weights, kind="stable") if weights[one] > 0.0]
    whole = weights.sum()
    return [
        CountyShare(
            code=codes[one],
            name_zh=names[one],
            name_en=english[one],
            share=float(weights[one] / whole),
        )
        for one in order
    ]


def outside_counties(layer: Coming, counties: gpd.GeoDataFrame) -> list[Concern]:
    """Ask about a layer that nothing is said of and that lies outside of all counties.

    A wrong zone of the CRS puts it there; a stated coverage says so by itself.
    """
    if layer.frame.coverage is not None:
        return []
    share = layer.parts.share_in(
        buffer_lonlat(counties.geometry.to_numpy(), import_limits().border_m)
    )
    if share >= import_limits().least_inside:
        return []
    return [Concern(code="outside_counties", params={"share_pct": round(100.0 * share, 1)})]


def said_elsewhere(
    layer: Coming, texts: Sequence[str], counties: gpd.GeoDataFrame, names: PlaceNames
) -> list[Concern]:
    """Ask about a layer that does not lie where its title, its id or its file's name say.

    Parameters
    ----------
    layer : Coming
        What comes in.
    texts : sequence of str
        Everything that is said of the whole; one that names no place says nothing.
    counties : GeoDataFrame
        EPSG:4490, with ``feature_id`` (the code) and ``name_zh``.
    names : PlaceNames
        The words for places of the region.
    """
    found: dict[Codes, Concern] = {}
    for text in texts:
        codes = codes_named(text, names)
        ground = _ground(codes, counties)
        if not len(ground) or codes in found:
            continue
        share = layer.parts.share_in(ground)
        if share < import_limits().least_inside:
            params = {"said": text, "share_pct": round(100.0 * share, 1)}
            where = _first_counties(counties_of(layer.parts, counties))
            found[codes] = Concern(code="said_elsewhere", params={**params, "where": where})
    return list(found.values())


def tagged_elsewhere(layer: Coming, counties: gpd.GeoDataFrame, names: PlaceNames) -> list[Concern]:
    """Ask about features whose own attributes say a county in which they do not lie."""
    features = layer.frame.features
    concerned = np.zeros(len(features), dtype=bool)
    said = set()
    for value, rows in _tags(features, names):
        ground = _ground(codes_named(value, names), counties)
        if not len(ground):
            continue
        parts = layer.parts.of_features(rows)
        astray = parts.owners(lies_outside(parts, ground)) & rows
        concerned |= astray
        if astray.any():
            said.add(value)
    shown = ", ".join(f"“{one}”" for one in sorted(said)[: import_limits().named])
    where = _first_counties(counties_of(layer.parts.of_features(concerned), counties))
    return of_features("tagged_elsewhere", layer.frame, concerned, said=shown, where=where)


def _first_counties(shares: Sequence[CountyShare]) -> list[dict[str, object]]:
    """Return the first counties of a layer by name in both languages; no name is outside."""
    return [
        {"zh": one.name_zh, "en": one.name_en, "share_pct": round(100.0 * one.share, 1)}
        for one in shares[:_SHOWN]
    ]


def _ground(codes: Codes, counties: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    within = counties["feature_id"].astype(str).str.startswith(tuple(codes))
    chosen: npt.NDArray[np.object_] = counties.geometry[within].to_numpy()
    return chosen


def _tags(
    features: gpd.GeoDataFrame, names: PlaceNames
) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Return each value of the fields that say a place, and for each feature whether it has it."""
    for column in features.columns:
        if names.is_field(str(column)):
            texts = features[column].map(_text)
            for value in sorted(set(texts) - {""}):
                yield value, (texts == value).to_numpy()


def _text(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ""
    return "" if value is None else str(value).strip()
