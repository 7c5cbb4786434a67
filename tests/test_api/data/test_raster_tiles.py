"""Tiles of rasters: what is shown, what is refused, and how long browsers may keep it."""

import io
import math

import numpy as np
import pytest
from affine import Affine
from PIL import Image
from pyproj import CRS
from starlette.testclient import TestClient

from api.workspace.workspace import Workspace
from geo.model import Grid
from layers.model import LayerSpec, LayerStatus, Sensitivity
from layers.rasters.building import put_grids
from layers.rasters.store import RasterOrigin
from maps.style.styles import raster_styles


def zxy(lon: float, lat: float, z: int) -> str:
    """The tile of a place, by the formula of the scheme."""
    turn = math.asinh(math.tan(math.radians(lat))) / math.pi
    return f"{z}/{int((lon + 180) / 360 * 2**z)}/{int((1 - turn) / 2 * 2**z)}"


AT = zxy(102.82, 24.98, 13)


def picture(client: TestClient, path: str) -> np.ndarray:
    answer = client.get(f"/tiles/{path}.png")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA"))


@pytest.mark.parametrize(
    ("raster", "style"),
    [("dem", "hillshade"), ("dem", "slope"), ("dem", "elevation"), ("cover", "cover")],
)
def test_every_style_fills_a_tile_in_the_middle(shared_client: TestClient, raster, style) -> None:
    shown = picture(shared_client, f"demo_{raster}_kunming/1/{style}/{AT}")
    assert shown.shape == (256, 256, 4)
    if style != "hillshade":
        assert (shown[..., 3] == 255).all(), "no holes inside the raster"


def test_colours_of_slope_are_those_of_the_ground(workspace: Workspace, client: TestClient) -> None:
    # Analytic: a plane of 10 degrees is in the class 8 to 15, whatever Mercator does to it.
    _, column = np.mgrid[:300, :300]
    put(workspace, (2500 - np.tan(np.radians(10.0)) * 30 * column).astype(np.float32))
    shown = picture(client, f"own/1/slope/{AT}")
    colour = raster_styles()["slope"]["slope_3"]
    expected = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert (shown[..., :3] == expected).all()


def test_a_tile_at_the_edge_is_clear_beyond_it(shared_client: TestClient) -> None:
    west = shared_client.get("/api/v1/rasters").json()["rasters"][5]
    assert west["id"] == "demo_dem_kunming"
    shown = picture(shared_client, f"demo_dem_kunming/1/elevation/{zxy(102.5805, 24.95, 10)}")
    assert {0, 255} == set(np.unique(shown[..., 3]).tolist())


@pytest.mark.parametrize(
    "path",
    [
        f"demo_dem_kunming/1/nothing/{AT}", f"demo_dem_kunming/1/cover/{AT}",
        f"demo_dem_kunming/2/slope/{AT}", f"no_such/1/slope/{AT}",
        "demo_dem_kunming/1/slope/23/0/0", "demo_dem_kunming/1/slope/3/8/0",
        "demo_dem_kunming/1/slope/3/0/8", "demo_dem_kunming/1/slope/-1/0/0",
        "demo_dem_kunming/1/slope/0/-1/0", "demo_dem_kunming/1/slope/10/0/0",
        "demo_dem_kunming/1/slope/x/0/0", f"..%2F..%2Fetc%2Fpasswd/1/slope/{AT}",
        f"demo_dem_kunming/../slope/{AT}", "demo_dem_kunming/1/slope/99999999999/1/1",
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(shared_client: TestClient, path: str) -> None:
    answer = shared_client.get(f"/tiles/{path}.png")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_browsers_keep_a_tile_for_good_and_ask_by_tag(shared_client: TestClient) -> None:
    address = f"/tiles/demo_dem_kunming/1/slope/{AT}.png"
    first = shared_client.get(address)
    assert first.headers["cache-control"] == "private, max-age=31536000, immutable"
    tag = first.headers["etag"]
    again = shared_client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = shared_client.get(address.replace("slope", "hillshade"))
    assert other.headers["etag"] != tag


def put(workspace: Workspace, z: np.ndarray, sensitivity=Sensitivity.INTERNAL) -> None:
    spec = LayerSpec(
        id="own", kind="dem", title_zh="自有", title_en="Own", status=LayerStatus.OFFICIAL,
        sensitivity=sensitivity, source="test", licence="internal",
    )  # fmt: skip
    step = Affine(30, 0, 578000, 0, -30, 2767500)
    grid = Grid(values=z, transform=step, crs=CRS(4543), nodata=np.nan, unit="m")
    put_grids(
        workspace.rasters, spec, {"dem": grid}, classes=None, origin=RasterOrigin(),
        now=workspace.now(),
    )  # fmt: skip


def test_classified_ground_is_not_shown(workspace: Workspace, client: TestClient) -> None:
    put(workspace, np.full((300, 300), 1900, np.float32), Sensitivity.CLASSIFIED)
    assert client.get(f"/tiles/own/1/slope/{AT}.png").status_code == 404
    listed = {one["id"]: one for one in client.get("/api/v1/rasters").json()["rasters"]}
    assert listed["own"]["styles"] == []


def test_legends_and_addresses_are_listed(shared_client: TestClient) -> None:
    listed = {one["id"]: one for one in shared_client.get("/api/v1/rasters").json()["rasters"]}
    styles = {style["id"]: style for style in listed["demo_dem_kunming"]["styles"]}
    assert [key["upper"] for key in styles["slope"]["legend"]] == [3, 8, 15, 25, None]
    cover = listed["demo_cover_kunming"]["styles"][0]
    assert {key["name"]["zh"] for key in cover["legend"]} >= {"林地", "耕地", "永久水体"}
    z, x, y = AT.split("/")
    address = styles["slope"]["tiles"].format(z=z, x=x, y=y)
    assert shared_client.get(address).status_code == 200


def test_a_corner_of_the_listed_box_is_clear_and_no_error(shared_client: TestClient) -> None:
    # The raster is a square of a plane: its lon/lat box is a little larger at two corners.
    listed = {one["id"]: one for one in shared_client.get("/api/v1/rasters").json()["rasters"]}
    west, south, east, north = listed["demo_dem_honghe"]["bounds_lonlat"]
    seen = []
    for lon, lat in ((west, south), (west, north), (east, south), (east, north)):
        inside = (lon + (1e-5 if lon == west else -1e-5), lat + (1e-5 if lat == south else -1e-5))
        answer = shared_client.get(f"/tiles/demo_dem_honghe/1/slope/{zxy(*inside, 18)}.png")
        assert answer.status_code == 200
        seen.append(np.asarray(Image.open(io.BytesIO(answer.content)))[..., 3].max())
    assert 0 in seen
