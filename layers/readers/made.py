"""Sites that the product itself makes: read like a file, kept as one, and never parsed."""

import json
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.measure.restore import round_coordinates
from layers.model import ReadOptions, SiteFrame
from layers.readers.encoding import decode_text, sniffing_issues
from layers.readers.intake import sites_of
from layers.readers.parsed import Account, Parsed
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits, Source

DECIMALS: Final = 9
"""Decimals of degrees in which made sites are kept: a tenth of a millimetre."""


def make_sites(
    shapes: Mapping[str, shapely.Geometry],
    name: str,
    *,
    counties: gpd.GeoDataFrame | None,
    limits: ReadLimits,
) -> tuple[Source, SiteFrame]:
    """Return lon/lat polygons as sites, and the GeoJSON file that gives the same when read.

    Parameters
    ----------
    shapes : mapping of id to Polygon or MultiPolygon
        EPSG:4490, at least one. Coordinates are rounded to :data:`DECIMALS`.
    name : str
        Of the file, without its suffix.
    counties, limits
        As for :func:`layers.readers.read_sites`.

    Returns
    -------
    Source and SiteFrame
        The file is what the evidence of a check keeps.
    """
    ids, geometry = list(shapes), np.array(list(shapes.values()), dtype=object)
    geometry = round_coordinates(geometry, DECIMALS)
    body = json.dumps(_collection(ids, geometry), ensure_ascii=False).encode("utf-8")
    source = Source(name=f"{name}.geojson", files={f"{name}.geojson": body})
    _, guess = decode_text(source.name, body, None)
    parsed = Parsed(
        format=str(FileFormat.GEOJSON),
        geometry=geometry,
        attributes=pd.DataFrame({"name": ids, "id": ids}, dtype=object),
        own_crs=None,
        own_crs_how=None,
        lonlat_rule="rfc7946",
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=sniffing_issues(guess),
        account=Account(found=len(ids)),
    )
    return source, sites_of(source, parsed, ReadOptions(), counties, limits)


def _collection(ids: list[str], geometry: Any) -> dict[str, Any]:  # noqa: ANN401 - an array
    features = [
        {"type": "Feature", "id": own, "properties": {"name": own}, "geometry": json.loads(text)}
        for own, text in zip(ids, shapely.to_geojson(geometry), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
