"""Demonstration parcels with firms: made up by a seeded recipe, in no way real.

Blocks between straight streets in each district; every firm has a parcel and a report
whose figures scatter round those of a published scheme.
"""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

from geo.measure.area import area_lonlat_m2
from geo.measure.crs import GEOGRAPHIC, local_plane, parse_crs, transform
from geo.units import m2_to_mu

Recipe = Mapping[str, Any]


def parcels(recipe: Recipe, districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return parcels with the reports of made-up firms, in EPSG:4490."""
    look = recipe["parcels"]
    rows: list[dict[str, Any]] = []
    for district in districts.itertuples():
        random = np.random.default_rng(look["seed"] + len(rows))
        blocks = _blocks(look, district.geometry)
        kept = np.sort(random.permutation(len(blocks))[: look["most_in_district"]])
        for number, block in enumerate(blocks[kept], start=1):
            land_mu = m2_to_mu(float(area_lonlat_m2(np.array([block], dtype=object))[0]))
            rows.append(
                {
                    "feature_id": f"{district.feature_id}-{number:03d}",
                    "name": f"示例企业 {len(rows) + 1:03d}",
                    "district": district.name_zh,
                    **_report(look, land_mu, random),
                    "geometry": block,
                }
            )
    return gpd.GeoDataFrame(rows, crs=GEOGRAPHIC)


def _blocks(look: Recipe, district: Any) -> Any:  # noqa: ANN401 - shapely is untyped
    """Return whole blocks of a street grid that lie inside a district."""
    lonlat = parse_crs(GEOGRAPHIC)
    plane = local_plane(district.centroid.x)
    flat = transform(np.array([district], dtype=object), lonlat, plane)[0]
    middle = flat.centroid
    straight = affinity.rotate(flat, -look["turn_deg"], origin=middle)
    west, south, east, north = straight.bounds
    step_x, step_y = look["block_m"][0] + look["street_m"], look["block_m"][1] + look["street_m"]
    grid = np.meshgrid(np.arange(west, east, step_x), np.arange(south, north, step_y))
    x, y = (steps.ravel() for steps in grid)
    width = look["block_m"][0] * np.random.default_rng(look["seed"]).uniform(0.4, 1.0, len(x))
    boxes = shapely.box(x, y, x + width, y + look["block_m"][1])
    inside = boxes[shapely.contains(straight, boxes)]
    turned = np.array(
        [affinity.rotate(one, look["turn_deg"], origin=middle) for one in inside], dtype=object
    )
    return transform(turned, plane, lonlat)


def _report(look: Recipe, land_mu: float, random: np.random.Generator) -> dict[str, Any]:
    large = bool(random.random() < look["share_large"])
    idle = bool(random.random() < look["share_idle"])
    # Skewed, as yields of firms are: some strong, many weak.
    strength = float(random.lognormal(-0.35, 0.75)) * (0.0 if idle else 1.0)
    tax_per_mu = (24.0 if large else 11.6) * strength
    added = 5.65 * tax_per_mu * land_mu * float(random.lognormal(0.0, 0.2))
    told = bool(random.random() > look["share_unreported"])
    return {
        "group": "规上" if large else "规下",
        "land_mu": round(land_mu, 2),
        "tax": round(tax_per_mu * land_mu, 1),
        "added": round(added, 1),
        "income": round(4.0 * added, 1),
        "research": round(0.1 * added * float(random.random()), 1),
        "energy_tce": round(added / 2.7 * float(random.lognormal(0.0, 0.4)), 1),
        "emission_t": round(added / 4900.0, 3) if told else None,
        "power": round(tax_per_mu * land_mu / 0.24 * float(random.lognormal(0.0, 0.3)), 1),
        "employees": 0 if idle else max(1, round(added / 18.0)),
        "ungraded": "是" if random.random() < look["share_ungraded"] else "否",
    }
