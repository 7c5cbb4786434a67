"""Fetching windows of open rasters by range reads from a server of this machine."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from affine import Affine

from geo.model import Grid
from layers.rasters._gdal import open_local, rasterio
from layers.rasters.cog import write_grids
from layers.rasters.recipes import (
    FetchError,
    FetchTooLargeError,
    Recipe,
    UnknownRecipeError,
    fetch,
    recipe,
    recipes,
)

PER_DEGREE = 600


class Server(ThreadingHTTPServer):
    """Files of a folder by range; counts bytes, and refuses after so many requests."""

    folder: Path
    sent: int = 0
    asked: int = 0
    most: int | None = None


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self.do_GET(body=False)

    def do_GET(self, *, body: bool = True) -> None:
        self.server.asked += 1
        path = self.server.folder / Path(self.path).name
        if self.server.most is not None and self.server.asked > self.server.most:
            self.send_error(403)
            return
        if not path.is_file():
            self.send_error(404)
            return
        data, total = path.read_bytes(), path.stat().st_size
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = 0, total - 1
        if asked:
            first, last = int(asked[1]), min(int(asked[2] or last), last)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{total}")
        else:
            self.send_response(200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        if body:
            self.wfile.write(data[first : last + 1])
            self.server.sent += last - first + 1

    def log_message(self, *_: object) -> None:
        pass


def height(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    return (1000.0 + 100.0 * (lat - 24) + 10.0 * (lon - 102)).astype(np.float32)


def tile(folder: Path, lat: int, lon: int, shift: float) -> None:
    """A whole degree, its pixels shifted north-west as those of GLO-30 are."""
    step = 1 / PER_DEGREE
    west, north = lon - shift * step, lat + 1 + shift * step
    row, column = np.mgrid[:PER_DEGREE, :PER_DEGREE]
    values = height(north - (row + 0.5) * step, west + (column + 0.5) * step)
    values = values + np.random.default_rng(lat * lon).normal(0, 1, values.shape).astype(np.float32)
    grid = Grid(
        values=values, transform=Affine(step, 0, west, 0, -step, north),
        crs=rasterio_crs(), nodata=np.nan, unit="m",
    )  # fmt: skip
    write_grids(folder / f"N{lat:02d}E{lon:03d}.tif", {"z": grid})


def rasterio_crs():
    from pyproj import CRS

    return CRS.from_epsg(4326)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiles")
    for lat, lon in ((24, 102), (24, 103), (25, 102), (25, 103)):
        tile(folder, lat, lon, 0.5)
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.folder = folder
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def local(server: Server) -> Recipe:
    return replace(
        recipe("copernicus_glo30"),
        address=f"http://127.0.0.1:{server.server_port}/{{lat}}{{lon}}.tif",
        pixel_deg=1 / PER_DEGREE,
    )


BOUNDS = (102.3, 24.5, 103.6, 25.4)


def truth(folder: Path, path: Path) -> np.ndarray:
    """The same window put together by hand from the files themselves."""
    with open_local(path) as file:
        step, shape = file.transform, (file.height, file.width)
    whole = np.full(shape, np.nan, np.float32)
    for name in folder.iterdir():
        with open_local(name) as file:
            values, own = file.read(1), file.transform
        down, right = round((step.f - own.f) / own.e), round((own.c - step.c) / own.a)
        for row in range(PER_DEGREE):
            at = row - down
            if not 0 <= at < shape[0]:
                continue
            first, last = max(right, 0), min(right + PER_DEGREE, shape[1])
            whole[at, first:last] = values[row, first - right : last - right]
    return whole


def test_a_window_over_four_tiles_is_whole(server: Server, folder: Path, tmp_path: Path) -> None:
    steps = []
    target = tmp_path / "dem.tif"
    fetch(local(server), BOUNDS, target, lambda done, total, _: steps.append((done, total)))
    with open_local(target) as file:
        found, bounds = file.read(1), file.bounds
    assert np.array_equal(found, truth(folder, target))
    assert (bounds.left, bounds.bottom) <= BOUNDS[:2]
    assert (bounds.right, bounds.top) >= BOUNDS[2:]
    assert steps[-1][0] == steps[-1][1] == len(steps)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dem.tif"]


def test_a_small_window_does_not_fetch_the_whole_file(
    server: Server, folder: Path, tmp_path: Path
) -> None:
    fetch(local(server), (102.5, 24.5, 102.55, 24.55), tmp_path / "a.tif", lambda *_: None)
    assert server.sent < (folder / "N24E102.tif").stat().st_size / 2


def test_an_interrupted_fetch_goes_on_where_it_stopped(
    server: Server, folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "dem.tif"

    def fail_from_now_on(*_: object) -> None:
        server.most = server.asked

    with pytest.raises(FetchError) as caught:
        fetch(local(server), BOUNDS, target, fail_from_now_on)
    assert 0 < caught.value.params["done_pct"] < 100
    assert not target.exists()
    server.most, before = None, server.asked
    fetch(local(server), BOUNDS, target, lambda *_: None)
    resumed = server.asked - before
    with open_local(target) as file:
        assert np.array_equal(file.read(1), truth(folder, target))
    again = server.asked
    fetch(local(server), BOUNDS, tmp_path / "anew.tif", lambda *_: None)
    assert resumed < server.asked - again


def test_a_person_may_stop_it_and_what_arrived_is_checked(
    server: Server, folder: Path, tmp_path: Path
) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, *_: object) -> None:
        if done == 2:
            raise StoppedError

    target = tmp_path / "dem.tif"
    with pytest.raises(StoppedError):
        fetch(local(server), BOUNDS, target, stop)
    # One byte of what had arrived is changed: its digest tells, and it is fetched anew.
    part = tmp_path / "dem.part"
    data = bytearray(part.read_bytes())
    data[100] ^= 255
    part.write_bytes(data)
    fetch(local(server), BOUNDS, target, lambda *_: None)
    with open_local(target) as file:
        assert np.array_equal(file.read(1), truth(folder, target))


def test_refusals(server: Server, tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        fetch(local(server), (110.1, 24.1, 110.2, 24.2), tmp_path / "a.tif", lambda *_: None)
    with pytest.raises(FetchTooLargeError):
        fetch(recipe("copernicus_glo30"), (90, 10, 130, 50), tmp_path / "a.tif", lambda *_: None)
    with pytest.raises(UnknownRecipeError):
        recipe("nothing")
    finer = replace(local(server), pixel_deg=1 / (2 * PER_DEGREE))
    with pytest.raises(FetchError):
        fetch(finer, (102.5, 24.5, 102.51, 24.51), tmp_path / "b.tif", lambda *_: None)


def test_recipes_say_whose_data_it_is() -> None:
    for one in recipes().values():
        assert one.source
        assert one.licence
        assert "{lat}" in one.address
    assert rasterio.__version__
