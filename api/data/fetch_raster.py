"""Fetch a window of an open raster, where a setting allows the network."""

from pathlib import Path
from typing import Final

from api.data.browse_layers import parse_bounds
from api.data.questions import FetchQuestion
from api.data.rasters import RasterImportRequest, import_raster, new_raster_spec
from api.operation import Call
from api.workspace.needs import Configured, RasterNeeds
from geo.errors import InputError
from layers.model import Progress
from layers.rasters.model import RasterDeclaration
from layers.rasters.recipes import Recipe, fetch, recipe, recipes
from maps.answers import Title
from maps.data.raster_answers import RasterImport, RecipeList, RecipeOut

_FOLDER: Final = "fetched"


class NetworkNotAllowedError(InputError):
    """No request leaves the machine unless a setting allows it. Params: ``setting``."""

    code = "api.fetch.network"


def list_recipes() -> RecipeList:
    """Return the open rasters that can be fetched."""
    return RecipeList(recipes=[_out(one) for one in recipes().values()])


def require_fetch(call: Call, asked: FetchQuestion) -> None:
    """Refuse what cannot be fetched, before the task begins.

    Raises
    ------
    UnknownRecipeError, NetworkNotAllowedError, BoundsError
        See :func:`fetch_raster`; or the bounds are none.
    """
    bounds_of(asked.bbox)
    _require_allowed(call.workspace, asked.recipe_id)


def bounds_of(bbox: str) -> tuple[float, float, float, float]:
    """Return bounds that a person wrote as west,south,east,north in degrees."""
    bounds = parse_bounds(bbox)
    assert bounds is not None  # noqa: S101 - it is for no text only
    return bounds


def fetch_raster(
    workspace: RasterNeeds,
    recipe_id: str,
    bounds_lonlat: tuple[float, float, float, float],
    progress: Progress,
) -> RasterImport:
    """Fetch a window of an open raster and store it as a reference raster.

    What has arrived is kept in the data folder; after an interruption the same call goes
    on from there.

    Raises
    ------
    UnknownRecipeError, NetworkNotAllowedError
        There is no such recipe, or the setting does not allow the network.
    FetchTooLargeError, FetchError
        The window is too large, or the source does not answer.
    """
    what = _require_allowed(workspace, recipe_id)
    folder: Path = workspace.settings.data_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    place = "_".join(f"{value:.4f}" for value in bounds_lonlat)
    target = folder / f"{what.id}_{place}.tif"
    fetch(what, bounds_lonlat, target, progress)
    spec = new_raster_spec(
        id=what.id,
        kind=what.kind,
        status="reference",
        title_zh=what.title_zh,
        title_en=what.title_en,
        source=what.source,
        licence=what.licence,
    )
    said = RasterDeclaration(kind=what.kind, unit=what.unit, classes=what.classes)
    try:
        return import_raster(workspace, RasterImportRequest(path=target, spec=spec, said=said))
    finally:
        target.unlink()


def _require_allowed(workspace: Configured, recipe_id: str) -> Recipe:
    what = recipe(recipe_id)
    if not workspace.settings.allow_network:
        raise NetworkNotAllowedError(setting="FTZGIS_ALLOW_NETWORK")
    return what


def _out(one: Recipe) -> RecipeOut:
    return RecipeOut(
        id=one.id,
        kind=one.kind,
        title=Title(zh=one.title_zh, en=one.title_en),
        source=one.source,
        licence=one.licence,
        pixel_deg=one.pixel_deg,
    )
