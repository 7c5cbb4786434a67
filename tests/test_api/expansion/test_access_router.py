"""Travel by the product beside a router of other people: QGIS, over the same file of roads.

Oracle: QGIS of the system (its own graph, its own Dijkstra, its own ellipsoidal lengths), 2 %.
"""

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient

from api.data.import_layer import ImportRequest, import_layer, new_spec, prepare_import
from api.workspace.workspace import Workspace
from layers.model import ReadOptions
from layers.readers import Source

ROUTER = Path(__file__).parents[1] / "ogc" / "clients" / "qgis_router.py"
LON, LAT, STEP = 102.60, 24.80, 0.011
SIDE = 18
SITES, PLACES = 4, 24
_PRINTED_MIN, _PRINTED_KM = 0.051, 0.00051
"""Halves of the last digits that answers have."""

pytestmark = [pytest.mark.slow, pytest.mark.interop]


def _lattice(rng: np.random.Generator) -> np.ndarray:
    """Return junctions that lie askew, shape (side, side, 2)."""
    down, across = np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij")
    shaken = np.stack([across, down], axis=-1) + rng.uniform(-0.25, 0.25, (SIDE, SIDE, 2))
    return np.array([LON, LAT]) + STEP * shaken


def _streets(rng: np.random.Generator) -> Iterator[dict]:
    """Yield streets between neighbours: bent, some missing, some one-way, of many speeds."""
    nodes = _lattice(rng)
    for row, column in np.ndindex(SIDE, SIDE):
        for down, across in ((0, 1), (1, 0)):
            other = (row + down, column + across)
            if max(other) >= SIDE or rng.random() < 0.22:
                continue
            ends = nodes[row, column], nodes[other]
            bend = (ends[0] + ends[1]) / 2 + rng.uniform(-0.1, 0.1, 2) * STEP
            yield {
                "highway": "secondary",
                "oneway": str(rng.choice(["no", "no", "yes", "-1"])),
                "kmh": int(rng.choice([20, 30, 45, 60, 80])),
                "geometry": shapely.LineString([ends[0], bend, ends[1]]),
            }


def _islands() -> Iterator[dict]:
    """Yield roads that nothing leads to, and a viaduct over all of them that joins none."""
    for east in (0.0, 0.01):
        yield _road("tertiary", (LON - 0.05 + east, LAT), (LON - 0.04 + east, LAT + 0.01))
    end = SIDE * STEP
    yield _road("motorway", (LON - 0.0013, LAT + 0.0007), (LON + end, LAT + end - 0.0021))


def _road(kind: str, *points: tuple[float, float]) -> dict:
    return {
        "highway": kind, "oneway": "no", "kmh": 100, "geometry": shapely.LineString(points),
    }  # fmt: skip


def _middle_of(street: dict) -> tuple[float, float]:
    """Return a point on a street, a third along: no junction, and none of two streets' alike."""
    point = street["geometry"].interpolate(0.37, normalized=True)
    return point.x, point.y


def _ask(client: TestClient, starts: list, ends: list) -> dict:
    """Return the answer about sites of a metre around points on roads."""
    squares = [shapely.Point(*one).buffer(5e-6, cap_style="square") for one in starts]
    body = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)}
            for one in squares
        ],
    }
    places = [f"P{at}={lon},{lat}" for at, (lon, lat) in enumerate(ends)]
    answer = client.post(
        "/api/v1/sites/access", json=body, params={"kinds": "port", "places": places}
    )
    assert answer.status_code == 200, answer.text
    found: dict = answer.json()
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_times_and_lengths_are_those_of_another_router(
    client: TestClient, workspace: Workspace, tmp_path: Path, system_qgis, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    streets = [*_streets(rng), *_islands()]
    path = tmp_path / "roads.gpkg"
    rows = gpd.GeoDataFrame(streets, geometry="geometry", crs="EPSG:4490")
    rows.assign(maxspeed=rows["kmh"].astype(str)).to_file(path)
    _import_roads(workspace, path)
    # The viaduct, which is last, is a motorway: nobody joins it between its ends.
    chosen = rng.choice(len(streets) - 3, SITES + PLACES, replace=False)
    points = [_middle_of(streets[at]) for at in chosen]
    starts, ends = points[:SITES], [*points[SITES:], _middle_of(streets[-3])]
    answer = _ask(client, starts, ends)
    joined = [(one["entry"]["lon"], one["entry"]["lat"]) for one in answer["sites"]]
    expected = system_qgis(ROUTER, roads=str(path), starts=joined, ends=ends)
    compared, cut_off = 0, 0
    for site, others in zip(answer["sites"], expected, strict=True):
        targets = [one for one in site["targets"] if one["kind"] is None]
        for target, other in zip(targets, others, strict=True):
            if other is None:
                assert target["how"] == "unreachable", target
                assert target["minutes"] is target["road_km"] is target["straight_km"] is None
                cut_off += 1
                continue
            minutes, shortest_km = other
            assert target["how"] == "road", target
            assert target["minutes"] == pytest.approx(minutes, rel=0.02, abs=_PRINTED_MIN)
            assert target["shortest_km"] == pytest.approx(shortest_km, rel=0.02, abs=_PRINTED_KM)
            compared += 1
    assert compared > SITES * PLACES / 2
    assert cut_off >= SITES


def _import_roads(workspace: Workspace, path: Path) -> None:
    spec = new_spec(
        workspace.kinds, kind="road", status="official", id="own_road", title_zh="自有道路",
        title_en="Own roads", source="test", licence="internal",
    )  # fmt: skip
    source = Source(name=path.name, files={path.name: path.read_bytes()})
    request = ImportRequest(source=source, spec=spec, options=ReadOptions(), covers=(), accept=True)
    import_layer(workspace, prepare_import(workspace, request))
