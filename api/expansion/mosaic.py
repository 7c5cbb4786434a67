"""The rasters that speak about a place, laid onto one grid: each where it lies."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from api.expansion.ground import Plot, margin_pixels, require_raster_kind
from api.workspace.needs import RasterSource
from geo.check.nearest import grown_bounds
from geo.errors import NoGridOverlapError, PlanningError
from geo.model import Grid
from geo.raster.grid import first_known, into_grid, lonlat_bounds
from geo.raster.zonal import Cover, covered_shares, touched_pixels
from layers.rasters.errors import ClassesDifferError, NoRasterError
from layers.rasters.model import RasterVersion
from layers.rasters.mosaic import Sheet, footprint, sheets_of, single
from layers.rasters.reading import read_sheet, read_sheet_onto

_MIDDLE: Final = 0.5
_ROUNDING: Final = 1e-6
_HAIR_DEG2: Final = 1e-9
"""Ten square metres, in square degrees: less is the rounding of an edge."""
_AROUND_M: Final = 1000.0

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosaic:
    """Sheets of one kind; each says what those before it do not say, the first gives the pixels.

    ``real`` are all that are no demonstrations, also those that are too coarse to be used:
    where one of them lies no demonstration speaks.
    """

    sheets: tuple[Sheet, ...]
    real: tuple[Sheet, ...]

    @property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """What it is made of, to tell two of them apart."""
        return tuple(sheet.labels for sheet in self.sheets)

    @property
    def pixel_m(self) -> float:
        """Longer side of a pixel of the first sheet on the ground."""
        return self.sheets[0].pixel_m

    @property
    def raster_ids(self) -> str:
        """Ids of all rasters."""
        return ", ".join(v.raster_id for sheet in self.sheets for v in sheet.versions)

    def fine(
        self,
        plot: Plot,
        fits: Callable[[float], bool],
        refusal: Callable[[Plot, float], PlanningError],
    ) -> "Mosaic":
        """Return it without the sheets whose pixels, in metres, do not fit a plot.

        Raises
        ------
        PlanningError
            The refusal of the first, if none fits but demonstrations of ground that is known.
        """
        kept = tuple(sheet for sheet in self.sheets if fits(sheet.pixel_m))
        known = any(_covers(sheet, plot.shape) for sheet in self.real)
        if not kept or (known and kept[0].demonstration):
            raise refusal(plot, self.pixel_m)
        return replace(self, sheets=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A mosaic on one grid.

    ``layers`` hold what each of ``sheets`` says by itself, for what is made of neighbours;
    ``owner`` is the position of the one that counts, -1 where none says anything.
    ``beyond``: pixels that no raster lies on.
    """

    sheets: tuple[Sheet, ...]
    layers: tuple[Grid, ...]
    owner: npt.NDArray[np.int16]
    beyond: Mask

    @property
    def telling(self) -> tuple[RasterVersion, ...]:
        """Rasters of the sheets that say anything on the grid."""
        told = np.unique(self.owner)
        near = [self.sheets[at] for at in told[told >= 0]]
        return tuple(version for sheet in near for version in sheet.versions)

    @property
    def values(self) -> Grid:
        """What the mosaic says."""
        return first_known(self.layers)

    def derive(self, make: Callable[[Grid], Grid]) -> Grid:
        """Return what is made of each layer by itself: no seam of two rasters is a cliff."""
        return first_known([make(layer) for layer in self.layers])

    def used(self, plot: Plot, cover: Cover) -> list[RasterVersion]:
        """Return the rasters that say something of a plot, the first sheet's before others."""
        # Of the largest part, not of the plot: a pixel is a millionth of a county, and counts.
        more_than_touched = cover.areas_m2 > _ROUNDING * cover.areas_m2.max(initial=0.0)
        owners = self.owner.ravel()
        told = np.unique(owners[cover.cells[more_than_touched]])
        if not (told >= 0).any():
            told = np.unique(owners[cover.cells])
        near = [v for at in told[told >= 0] for v in self.sheets[at].versions]
        if len(near) == 1:
            return near
        return [v for v in near if shapely.intersects(footprint(v), plot.shape)] or near[:1]

    @property
    def raster_ids(self) -> str:
        """Ids of all rasters."""
        return ", ".join(v.raster_id for sheet in self.sheets for v in sheet.versions)

    def outside_m2(self, cover: Cover) -> float:
        """Return the ground of a plot that no raster lies on."""
        beyond = self.beyond.ravel()[cover.cells]
        return cover.outside_m2 + float(cover.areas_m2[beyond].sum())


def mosaic_at(
    workspace: RasterSource, kind: str, plot: Plot, raster_id: str | None, *, reach_m: float = 0.0
) -> Mosaic:
    """Return the rasters of a kind that speak about a plot and what is ``reach_m`` around it.

    Of those in use the one goes first that covers the whole plot, then the one with the
    finest pixels; demonstrations come after all others. A named raster is taken alone.

    Raises
    ------
    UnknownRasterError, WrongRasterKindError
        The named raster does not exist, or is of another kind.
    NoRasterError, RasterGoneError, NoGridOverlapError, ClassesDifferError
        There is none of the kind, none any more, or none at the plot.
    """
    if raster_id is not None:
        found: Sequence[RasterVersion] = (require_raster_kind(workspace, raster_id, kind),)
    else:
        found = workspace.rasters.require_in_use(kind)
    if not found:
        raise NoRasterError(kind=kind, site=plot.id)
    sheets = sheets_near(found, plot.shape, reach_m)
    if not sheets:
        raise NoGridOverlapError(site=plot.id, raster=", ".join(v.raster_id for v in found))
    first = sorted(sheets, key=lambda one: (one.demonstration, not _covers(one, plot.shape)))
    # Classes of two dictionaries cannot stand in one table.
    classes = first[0].facts.classes
    alike = [one for one in first if one.facts.classes == classes]
    _require_one_dictionary(plot, alike, [one for one in first if one.facts.classes != classes])
    return Mosaic(sheets=tuple(alike), real=_real(first))


def _require_one_dictionary(plot: Plot, alike: list[Sheet], others: list[Sheet]) -> None:
    """Refuse to leave ground out on which only a raster of other classes lies."""
    for other in others:
        # Where a real one lies no demonstration speaks, and so it does not cover that ground.
        told = [one for one in alike if other.demonstration or not one.demonstration]
        lain = shapely.union_all([one.footprint for one in told])
        ground = shapely.intersection(plot.shape, other.footprint)
        if shapely.area(shapely.difference(ground, lain)) > _HAIR_DEG2:
            both = (alike[0], other)
            raise ClassesDifferError(
                site=plot.id,
                dictionaries=[one.facts.classes for one in both],
                rasters=[version.raster_id for one in both for version in one.versions],
            )


def sheets_near(
    versions: Sequence[RasterVersion], area: shapely.Geometry, reach_m: float
) -> list[Sheet]:
    """Return the sheets that lie on ground of EPSG:4490, with what joins them around it."""
    around = [
        version
        for version in versions
        if footprint(version).intersects(_around(area, reach_m + 3.0 * version.facts.pixel_m))
    ]
    return [sheet for sheet in sheets_of(around) if _shares_ground(sheet.footprint, area)]


def lay(
    workspace: RasterSource, mosaic: Mosaic, shapes: npt.NDArray[Any], *, reach_m: float = 0.0
) -> Laid:
    """Return a mosaic on the pixels of its first sheet, under lon/lat shapes and around them.

    Raises
    ------
    NoGridOverlapError, WindowTooLargeError, DamagedVersionError
        There are no pixels, too many, or a file is not what was stored.
    """
    base, *others = mosaic.sheets
    grid = _window(workspace, base, shapes, reach_m=reach_m, whole=bool(others))
    sheets, layers = [base], [_left_by(mosaic.real, base, grid)]
    if others:
        needed = touched_pixels(shapes, grid)
        known = layers[0].known
        for sheet in others:
            if known[needed].all():
                break
            layer = layer_on(workspace, sheet, grid, mosaic.real)
            sheets.append(sheet)
            layers.append(layer)
            known = known | layer.known
    return _laid(sheets, layers, mosaic.sheets)


def laid_on(workspace: RasterSource, sheets: Sequence[Sheet], grid: Grid) -> Laid:
    """Return sheets of heights on the pixels of a grid of another plane."""
    real = _real(sheets)
    layers = [layer_on(workspace, sheet, grid, real) for sheet in sheets]
    return _laid(sheets, layers, sheets)


def _real(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if not sheet.demonstration)


def laid_alone(version: RasterVersion, grid: Grid) -> Laid:
    """Return a raster that is taken as it is, in pixels of its own."""
    sheet = single(version)
    return _laid([sheet], [grid], [sheet])


def layers_on(workspace: RasterSource, kind: str, grid: Grid) -> Iterator[tuple[Sheet, Grid]]:
    """Yield what each sheet of a kind in use says on the pixels of a grid, in their order."""
    box = shapely.box(*lonlat_bounds(grid.bounds, grid.crs))
    sheets = sheets_near(workspace.rasters.in_use(kind), box, 0.0)
    real = _real(sheets)
    for sheet in sheets:
        layer = layer_on(workspace, sheet, grid, real)
        if layer.known.any():
            yield sheet, layer


def layer_on(workspace: RasterSource, sheet: Sheet, grid: Grid, real: Sequence[Sheet]) -> Grid:
    """Return what a sheet says on the pixels of a grid.

    A demonstration says nothing where one of the ``real`` ones lies, be it that its pixels say
    nothing: of what an official survey left open nothing is made up.
    """
    return _left_by(real, sheet, read_sheet_onto(sheet, workspace.rasters.paths(sheet), grid))


def _left_by(real: Sequence[Sheet], sheet: Sheet, layer: Grid) -> Grid:
    if not (sheet.demonstration and real):
        return layer
    values = layer.values.copy()
    values[_lain_on(real, layer) > _ROUNDING] = layer.nodata
    return replace(layer, values=values)


def _laid(sheets: Sequence[Sheet], layers: Sequence[Grid], near: Sequence[Sheet]) -> Laid:
    owner = np.full(layers[0].shape, -1, dtype=np.int16)
    for at, layer in enumerate(layers):
        owner[(owner < 0) & layer.known] = at
    beyond = np.zeros(owner.shape, dtype=bool)
    several = sum(len(sheet.versions) for sheet in near) > 1
    if several and (owner < 0).any():
        beyond = (owner < 0) & (_lain_on(near, layers[0]) < _MIDDLE)
    return Laid(sheets=tuple(sheets), layers=tuple(layers), owner=owner, beyond=beyond)


def _lain_on(sheets: Sequence[Sheet], grid: Grid) -> npt.NDArray[np.float64]:
    """Return the share of each pixel of a grid on which one of some sheets lies."""
    near = shapely.box(*grown_bounds(lonlat_bounds(grid.bounds, grid.crs), _AROUND_M))
    ground = np.array([shapely.intersection(one.footprint, near) for one in sheets], dtype=object)
    return covered_shares(ground[~shapely.is_empty(ground)], grid)


def _window(
    workspace: RasterSource,
    sheet: Sheet,
    shapes: npt.NDArray[Any],
    *,
    reach_m: float,
    whole: bool,
) -> Grid:
    paths = workspace.rasters.paths(sheet)
    # The place of the first pixel is enough to bring the shapes into the rasters' CRS.
    frame = read_sheet(sheet, paths, _corner(sheet))
    left, bottom, right, top = map(float, shapely.total_bounds(into_grid(shapes, frame)))
    margin = margin_pixels(sheet.pixel_m, reach_m)
    return read_sheet(sheet, paths, (left, bottom, right, top), margin=margin, whole=whole)


def _corner(sheet: Sheet) -> tuple[float, float, float, float]:
    step = sheet.transform
    xs, ys = sorted((step.c, step.c + step.a)), sorted((step.f, step.f + step.e))
    return xs[0], ys[0], xs[1], ys[1]


def _around(area: shapely.Geometry, reach_m: float) -> shapely.Geometry:
    return shapely.box(*grown_bounds(area.bounds, reach_m))


def _covers(sheet: Sheet, shape: shapely.Geometry) -> bool:
    return bool(shapely.covers(sheet.footprint, shape))


def _shares_ground(lies_on: shapely.Geometry, area: shapely.Geometry) -> bool:
    return bool(shapely.intersects(lies_on, area) and not shapely.touches(lies_on, area))
