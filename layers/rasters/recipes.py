"""Recipes for open rasters: where they are published, and how a window of them is fetched.

Cloud-optimised GeoTIFFs are read by ranges through GDAL, block by block: what has
arrived stays in a part file, so that an interrupted fetch goes on where it stopped.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from affine import Affine
from pyproj import CRS

from geo.errors import InputError
from geo.model import Grid
from layers.errors import NotFoundError
from layers.model import Progress
from layers.provenance import canonical_json, digest
from layers.rasters._gdal import rasterio
from layers.rasters.cog import tiled_profile
from layers.store.durable import write_file
from layers.yaml_text import load_yaml

MOST_PIXELS: Final = 400_000_000
_BLOCK: Final = 512
_SAME: Final = 1e-9
_HTTP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_HTTP_MAX_RETRY": "2",
        "GDAL_HTTP_RETRY_DELAY": "1",
        "GDAL_HTTP_TIMEOUT": "60",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif",
        "VSI_CACHE": "FALSE",
        # Else a failure is remembered, and a second try fails without asking.
        "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",
    }
)


class UnknownRecipeError(NotFoundError):
    """There is no recipe with this id. Params: ``recipe``, ``known``."""

    code = "layers.rasters.unknown_recipe"


class FetchError(InputError):
    """The source cannot be read now; what arrived is kept. Params: ``address``, ``done_pct``."""

    code = "layers.rasters.fetch"


class FetchTooLargeError(InputError):
    """A window holds more pixels than are fetched at once. Params: ``pixels``, ``most``."""

    code = "layers.rasters.fetch_too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One open raster in tiles of whole degrees.

    ``address`` is filled with ``lat`` and ``lon`` such as ``N24`` and ``E102``: the
    south-west corner of a tile of ``tile_deg`` degrees. ``shift_pixels``: by how much tiles
    lie north-west of whole degrees; half a pixel where degrees are in the middle of one.
    """

    id: str
    kind: str
    unit: str
    classes: str | None
    title_zh: str
    title_en: str
    source: str
    licence: str
    address: str
    tile_deg: int
    pixel_deg: float
    shift_pixels: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A square of pixels: its place in the window, and the tile that holds it."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def place(self) -> tuple[slice, slice]:
        """Rows and columns of the window."""
        return (
            slice(self.row, self.row + self.rows),
            slice(self.column, self.column + self.columns),
        )


@cache
def recipes() -> Mapping[str, Recipe]:
    """Return all recipes by id."""
    text = (
        files("layers.store").joinpath("catalogue_data", "raster_recipes.yaml").read_text("utf-8")
    )
    return MappingProxyType(
        {
            name: Recipe(
                id=name,
                title_zh=said["title"]["zh"],
                title_en=said["title"]["en"],
                **{key: value for key, value in said.items() if key != "title"},
            )
            for name, said in load_yaml(text).items()
        }
    )


def recipe(name: str) -> Recipe:
    """Return a recipe.

    Raises
    ------
    UnknownRecipeError
        There is none with this id.
    """
    known = recipes()
    if name not in known:
        raise UnknownRecipeError(recipe=name[:80], known=sorted(known))
    return known[name]


def fetch(
    what: Recipe,
    bounds_lonlat: tuple[float, float, float, float],
    target: Path,
    progress: Progress,
) -> str:
    """Fetch a window of a recipe's raster into a GeoTIFF; return the SHA-256 of its values.

    Parameters
    ----------
    what : Recipe
        Which raster.
    bounds_lonlat : tuple
        West, south, east, north in degrees.
    target : Path
        Beside it ``<name>.part`` and ``<name>.part.json`` keep what has arrived until all
        has; calling again goes on from there. Each block is kept with its digest and
        fetched anew if it is not what arrived.
    progress : Progress
        Called with blocks done, blocks in all, and a note; may raise to stop.

    Raises
    ------
    FetchTooLargeError
        The window is too large.
    FetchError
        The source does not answer; call again to go on.
    """
    frame = _frame(what, bounds_lonlat)
    rows, columns = frame.shape
    if rows * columns > MOST_PIXELS:
        raise FetchTooLargeError(pixels=rows * columns, most=MOST_PIXELS)
    part, diary = target.with_suffix(".part"), target.with_suffix(".part.json")
    whole = np.memmap(part, dtype=frame.values.dtype, mode="r+" if part.exists() else "w+",
                      shape=(rows, columns))  # fmt: skip
    done = _diary(diary, what, frame)
    blocks = list(_blocks(rows, columns))
    for number, block in enumerate(blocks):
        key = f"{block.row},{block.column}"
        place = np.s_[
            block.row : block.row + block.rows, block.column : block.column + block.columns
        ]
        if done.get(key) != _digest(whole[place]):
            try:
                whole[place] = _read(what, frame, block)
            except rasterio.errors.RasterioError as exc:
                pct = round(100.0 * number / len(blocks), 1)
                raise FetchError(address=what.id, done_pct=pct) from exc
            whole.flush()
            done[key] = _digest(whole[place])
            write_file(diary, canonical_json(_head(what, frame) | {"blocks": done}))
        progress(number + 1, len(blocks), key)
    with rasterio.open(target, "w", **tiled_profile(frame, count=1)) as file:
        file.write(whole, 1)
    sha256 = _digest(whole)
    del whole
    part.unlink()
    diary.unlink()
    return sha256


def _frame(what: Recipe, bounds: Sequence[float]) -> Grid:
    """Return the window on the recipe's own pixels, which start at whole degrees."""
    step, shift = what.pixel_deg, what.shift_pixels
    west, east = math.floor(bounds[0] / step + shift), math.ceil(bounds[2] / step + shift)
    south, north = math.floor(bounds[1] / step - shift), math.ceil(bounds[3] / step - shift)
    size = (north - south, east - west)
    kind, nodata = (np.uint8, 0) if what.classes else (np.float32, np.nan)
    return Grid(
        values=np.broadcast_to(kind(0), size),
        transform=Affine(step, 0.0, (west - shift) * step, 0.0, -step, (north + shift) * step),
        crs=CRS.from_epsg(4326),
        nodata=nodata,
        unit=what.unit,
    )


def _blocks(rows: int, columns: int) -> Iterator[_Block]:
    for row in range(0, rows, _BLOCK):
        for column in range(0, columns, _BLOCK):
            yield _Block(
                row=row,
                column=column,
                rows=min(_BLOCK, rows - row),
                columns=min(_BLOCK, columns - column),
            )


def _read(what: Recipe, frame: Grid, block: _Block) -> Any:  # noqa: ANN401 - array
    """Read a block from the tiles that it lies in."""
    step = frame.transform
    west, north = step.c + block.column * step.a, step.f + block.row * step.e
    east, south = west + block.columns * step.a, north + block.rows * step.e
    values = np.full((block.rows, block.columns), frame.nodata, dtype=frame.values.dtype)
    for lat, lon in _tiles(what, (west, south, east, north)):
        with rasterio.Env(**_HTTP), rasterio.open(_address(what, lat, lon), driver="GTiff") as file:
            if abs(file.transform.a - step.a) > _SAME * step.a:
                raise FetchError(address=what.id, done_pct=0.0)
            window = rasterio.windows.Window(
                round((west - file.transform.c) / step.a),
                round((north - file.transform.f) / step.e),
                block.columns,
                block.rows,
            )
            # Boundless: pixels of other tiles are not there, and stay as they are.
            found = file.read(1, window=window, boundless=True, masked=True)
            values = np.where(np.ma.getmaskarray(found), values, found.data)
    return values


def _tiles(what: Recipe, bounds: Sequence[float]) -> Iterator[tuple[int, int]]:
    size, shift = what.tile_deg, what.shift_pixels * what.pixel_deg
    hair = what.pixel_deg / 10.0
    west, south = bounds[0] + shift + hair, bounds[1] - shift + hair
    east, north = bounds[2] + shift - hair, bounds[3] - shift - hair
    for lat in range(math.floor(south / size) * size, math.ceil(north), size):
        for lon in range(math.floor(west / size) * size, math.ceil(east), size):
            yield lat, lon


def _address(what: Recipe, lat: int, lon: int) -> str:
    filled = what.address.format(
        lat=f"{'N' if lat >= 0 else 'S'}{abs(lat):02d}",
        lon=f"{'E' if lon >= 0 else 'W'}{abs(lon):03d}",
    )
    return f"/vsicurl/{filled}"


def _head(what: Recipe, frame: Grid) -> dict[str, Any]:
    return {
        "recipe": what.id,
        "shape": list(frame.shape),
        "at": [frame.transform.c, frame.transform.f],
    }


def _diary(path: Path, what: Recipe, frame: Grid) -> dict[str, str]:
    """Return the digests of the blocks that have arrived, none of another window."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    same = all(said.get(key) == value for key, value in _head(what, frame).items())
    return dict(said["blocks"]) if same else {}


def _digest(values: Any) -> str:  # noqa: ANN401 - array
    return digest(np.ascontiguousarray(values).tobytes())
