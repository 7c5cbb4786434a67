"""The suspicion that coordinates are on GCJ-02 although nobody says so."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.crs import to_lonlat
from geo.measure.shift_evidence import ShiftEvidence, shift_evidence
from layers.model import Issue, Severity


def shift_issues(polygons: gpd.GeoSeries, ground: gpd.GeoDataFrame | None) -> tuple[Issue, ...]:
    """Return a warning with its evidence, or nothing; coordinates are never changed.

    Parameters
    ----------
    polygons : GeoSeries
        Sites on what is said to be a true datum.
    ground : GeoDataFrame or None
        Counties in EPSG:4490: where sites may lie, and borders that they may follow.
    """
    limits = shift_limits()
    if ground is None or int(shapely.get_num_coordinates(polygons).sum()) > limits["most_vertices"]:
        return ()
    sites = to_lonlat(polygons).to_numpy()
    counties = ground.geometry.to_numpy()
    around = shapely.box(*shapely.total_bounds(sites)).buffer(0.02)
    borders = shapely.boundary(counties[shapely.intersects(counties, around)])
    evidence = shift_evidence(sites, borders, counties, tolerance_m=limits["tolerance_m"])
    codes = [
        code
        for code, counts in (("known_lines", evidence.on_lines), ("known_ground", evidence.inside))
        if is_conclusive(evidence.vertices, counts, limits, whole=code == "known_ground")
    ]
    return tuple(_issue(code, evidence) for code in codes[:1])


def known_layer_issue(
    lonlat: npt.NDArray[Any], lines: Sequence[Any], layer_id: str
) -> Issue | None:
    """Return a warning if shapes fit the lines of a layer only once a shift is taken back.

    Parameters
    ----------
    lonlat : array of geometries
        In EPSG:4490, as the lines.
    lines : sequence of lines
        Boundaries of the layer's features near the shapes.
    layer_id : str
        Of the layer, for the warning.
    """
    if not lines or not len(lonlat):
        return None
    nowhere, limits = np.empty(0, dtype=object), shift_limits()
    found = shift_evidence(
        lonlat, np.array(lines, dtype=object), nowhere, tolerance_m=limits["tolerance_m"]
    )
    if not is_conclusive(found.vertices, found.on_lines, limits, whole=False):
        return None
    params = {
        "vertices": found.vertices,
        "as_is": found.on_lines[0],
        "shifted_back": found.on_lines[1],
        "layer": layer_id,
    }
    return Issue(code="gcj02_suspected_known_layer", severity=Severity.WARNING, params=params)


def sample_of(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return features of a layer, evenly chosen, that together are few enough to look at.

    The shift moves all features alike, so that some of them tell of it.
    """
    limits = shift_limits()
    step = len(shapes) // int(limits["most_features"]) + 1
    chosen = shapes.iloc[::step]
    vertices = np.cumsum(shapely.get_num_coordinates(chosen.to_numpy()))
    return chosen[vertices <= limits["most_vertices"]]


def is_conclusive(
    vertices: int, counts: tuple[int, int, int], limits: Mapping[str, Any], *, whole: bool
) -> bool:
    """Tell whether counts as they are, shifted back and shifted twice speak of a shift."""
    as_is, back, twice = counts
    if whole:
        # Abroad as they are, further abroad with the shift added, at home without it.
        return back == vertices and as_is < vertices and twice <= as_is
    others = max(as_is, twice)
    enough: float = max(limits["fewest_vertices"], limits["least_share"] * vertices)
    return back >= float(enough) and others <= float(limits["most_other_share"]) * vertices


def _issue(code: str, evidence: ShiftEvidence) -> Issue:
    counts = evidence.on_lines if code == "known_lines" else evidence.inside
    params = {"vertices": evidence.vertices, "as_is": counts[0], "shifted_back": counts[1]}
    return Issue(code=f"gcj02_suspected_{code}", severity=Severity.WARNING, params=params)


@cache
def shift_limits() -> Mapping[str, Any]:
    """Return the limits of ``shift_evidence.toml``."""
    text = files("layers").joinpath("readers", "shift_evidence.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))
