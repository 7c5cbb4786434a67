"""Several rasters of a kind: tiles are what they were cut from, demonstrations stay beside."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS
from scipy import ndimage

from api.expansion.cell_ground import ground_of_cells
from api.expansion.ground import Plot
from api.expansion.suitability import suitability_report
from api.expansion.terrain import TerrainQuery, terrain_report
from api.settings import Settings
from api.workspace.suitability_rules import DEFAULT_RULE, suitability_rule
from api.workspace.workspace import Workspace
from geo.errors import AllNoDataError, CoarseGridError, NarrowSiteError
from geo.measure.area import area_lonlat_m2
from geo.measure.crs import parse_crs, transform
from geo.measure.width import largest_width_m
from geo.model import Grid
from geo.raster.lattice import lattice_over
from layers.density.weight_raster import WeightRaster, raster_weights
from layers.model import LayerSpec, LayerStatus, Sensitivity
from layers.rasters.building import put_grids
from layers.rasters.errors import RasterGoneError
from layers.rasters.mosaic import sheets_of
from layers.rasters.store import RasterOrigin
from maps.expansion.ground_answers import Ground, SiteTerrain
from maps.expansion.suitability_answers import SiteSuitability

LEFT, TOP = 579990.0, 2764980.0
"""On the pixels of the demonstration of Kunming, whose own plane this is."""
PLANE, LONLAT = parse_crs("EPSG:4543"), parse_crs("EPSG:4490")
SIDE = 120


def rough(size: int = SIDE) -> np.ndarray:
    noise = np.random.default_rng(20261129).normal(0.0, 1.0, (size, size))
    return (2000.0 + 400.0 * ndimage.gaussian_filter(noise, 6.0)).astype(np.float32)


def put(
    workspace: Workspace,
    raster_id: str,
    values: np.ndarray,
    step: Affine,
    *,
    kind: str = "dem",
    crs: int = 4543,
) -> None:
    unit, classes, nodata = ("m", None, np.nan) if kind == "dem" else ("class", "clcd", 65535)
    spec = LayerSpec(
        id=raster_id, kind=kind, title_zh="自有", title_en="Own", status=LayerStatus.OFFICIAL,
        sensitivity=Sensitivity.INTERNAL, source="test", licence="internal",
    )  # fmt: skip
    grid = Grid(values=values, transform=step, crs=CRS(crs), nodata=nodata, unit=unit)
    put_grids(
        workspace.rasters, spec, {kind: grid}, classes=classes, origin=RasterOrigin(),
        now=workspace.now(),
    )  # fmt: skip


def at(column: float, row: float, metres: float = 30.0) -> Affine:
    return Affine(metres, 0, LEFT + 30.0 * column, 0, -metres, TOP - 30.0 * row)


def plot(column: float, row: float, right: float, bottom: float, name: str = "site") -> Plot:
    """A site whose edges lie on columns and rows of the pixels."""
    square = shapely.box(LEFT + 30 * column, TOP - 30 * bottom, LEFT + 30 * right, TOP - 30 * row)
    dense = shapely.segmentize(np.array([square], dtype=object), 10.0)
    shape = transform(dense, PLANE, LONLAT)
    area_m2 = float(area_lonlat_m2(shape)[0])
    return Plot(id=name, shape=shape[0], area_m2=area_m2, width_m=largest_width_m(shape))


def query(workspace: Workspace, *plots: Plot) -> TerrainQuery:
    rule = suitability_rule(workspace, DEFAULT_RULE)
    return TerrainQuery(plots=plots, rule=rule, raster_id=None, read_report=None)


def said(workspace: Workspace, *plots: Plot) -> list[dict]:
    """What terrain and suitability say, but which raster it is from."""
    asked = query(workspace, *plots)
    names = {"raster", "others"}
    found = []
    for report in (terrain_report(workspace, asked), suitability_report(workspace, asked)):
        for site in report.sites:
            answer = site.model_dump(exclude=names)
            for part in ("ground", "cover"):
                if answer.get(part):
                    answer[part] = {k: v for k, v in answer[part].items() if k not in names}
            found.append(answer)
    return found


def cuts(chance: np.random.Generator) -> Iterator[tuple[slice, slice]]:
    """Four tiles that cover all pixels and overlap by some."""
    row, column = chance.integers(35, 85, 2)
    more = chance.integers(0, 6, 4)
    yield slice(0, row + more[0]), slice(0, column + more[1])
    yield slice(0, row + more[2]), slice(column, SIDE)
    yield slice(row, SIDE), slice(0, column + more[3])
    yield slice(row, SIDE), slice(column, SIDE)


SITES = (plot(30.4, 30.3, 80.6, 79.2, "a"), plot(50, 50, 70, 70, "b"))


@pytest.mark.slow
def test_tiles_are_the_raster_that_they_were_cut_from(workspace: Workspace) -> None:
    """Property: however it is cut, whatever the tiles are called. Oracle: the whole raster."""
    heights = rough()
    cover = np.where(heights > 2000.0, 5, 1).astype(np.uint16)
    put(workspace, "dem_0", heights, at(0, 0))
    put(workspace, "cover_0", cover, at(0, 0), kind="land_cover")
    area = SITES[0].shape
    lattice = lattice_over(area, 40.0)
    cells = ground_of_cells(workspace, lattice, area)
    whole, chance = said(workspace, *SITES), np.random.default_rng(7)
    for _ in range(4):
        names = chance.permutation(4)
        for name, (rows, columns) in zip(names, cuts(chance), strict=True):
            step = at(columns.start, rows.start)
            put(workspace, f"dem_{name}", heights[rows, columns], step)
            put(workspace, f"cover_{name}", cover[rows, columns], step, kind="land_cover")
        assert said(workspace, *SITES) == whole
        found = ground_of_cells(workspace, lattice, area)
        # GDAL's places are a hundredth of a pixel off, by what it reads together.
        assert found.slope_deg == pytest.approx(cells.slope_deg, abs=0.02, nan_ok=True)
        assert (found.grade == cells.grade).mean() > 0.99


def test_tiles_weigh_as_the_raster_that_they_were_cut_from(workspace: Workspace) -> None:
    # Oracle: the whole raster, for polygons on one tile and on both.
    cover = np.where(rough() > 2000.0, 8, 1).astype(np.uint16)
    shapes = np.array([site.shape for site in SITES], dtype=object)
    found = []
    for names in (("cover_0",), ("cover_0", "cover_1")):
        for name, columns in zip(names, np.array_split(np.arange(SIDE), len(names)), strict=True):
            step = at(columns[0], 0)
            put(workspace, name, cover[:, columns], step, kind="land_cover")
        versions = [workspace.rasters.get(name) for name in names]
        (sheet,) = sheets_of(versions)
        paths = tuple(workspace.rasters.paths(sheet))
        raster = WeightRaster(path=paths[0], legend="clcd", beside=(sheet, paths))
        found.append(workspace.read_apart("w", raster_weights, (raster,), shapes))
    assert found[0] == pytest.approx(found[1], rel=1e-12)
    assert found[0].min() > 0.0


def answer(workspace: Workspace, *plots: Plot) -> list[SiteTerrain]:
    return terrain_report(workspace, query(workspace, *plots)).sites


def labels(ground: Ground) -> list[str]:
    return [ground.raster.label, *(one.label for one in ground.others)]


def test_a_demonstration_stays_where_the_official_one_does_not_lie(workspace: Workspace) -> None:
    # Additive: of the whole site each side says what it says alone. By area, as pixels weigh.
    put(workspace, "own", rough(), at(0, 0))
    west, east = plot(SIDE - 40, 20, SIDE, 60, "west"), plot(SIDE, 20, SIDE + 40, 60, "east")
    both = plot(SIDE - 40, 20, SIDE + 40, 60, "both")
    report = terrain_report(workspace, query(workspace, west, east, both))
    assert [one.status for one in report.basis] == ["demonstration"]
    left, right, whole = (site.ground for site in report.sites)
    assert labels(left) == ["own@1"]
    assert labels(right) == ["demo_dem_kunming@1"]
    assert labels(whole) == ["own@1", "demo_dem_kunming@1"]
    assert whole.others[0].status == "demonstration"
    for name in ("elevation_m", "slope_deg"):
        one, other, all_of_it = (getattr(ground, name) for ground in (left, right, whole))
        assert all_of_it.least == min(one.least, other.least)
        assert all_of_it.most == max(one.most, other.most)
    mean = (left.elevation_m.mean + right.elevation_m.mean) / 2.0
    assert whole.elevation_m.mean == pytest.approx(mean, abs=0.02)
    assert whole.unknown_ha == pytest.approx(left.unknown_ha + right.unknown_ha, abs=1e-3)
    assert whole.outside_ha == left.outside_ha == right.outside_ha == 0.0
    # No seam is a cliff: the one column of the official raster without an eastern neighbour
    # has no slope, and 1200 m of 30 m are 3.6 ha.
    assert left.unknown_ha == pytest.approx(3.6, abs=0.01)


def test_what_an_official_raster_leaves_open_no_demonstration_fills(workspace: Workspace) -> None:
    heights = rough()
    heights[20:60, 20:60] = np.nan
    put(workspace, "own", heights, at(0, 0))
    hole = plot(25, 25, 55, 55)
    with pytest.raises(AllNoDataError):
        terrain_report(workspace, query(workspace, hole))
    (wider,) = answer(workspace, plot(10, 10, 70, 70))
    assert labels(wider.ground) == ["own@1"]
    # By hand: 40 by 40 pixels, and their neighbours all around.
    assert wider.ground.unknown_ha == pytest.approx(42 * 42 * 0.09, abs=0.2)


def test_another_official_raster_does_fill_it(workspace: Workspace) -> None:
    heights = np.full((SIDE, SIDE), 2000.0, np.float32)
    heights[20:60, 20:60] = np.nan
    put(workspace, "fine", heights, at(0, 0))
    # 90 m pixels of the neighbouring zone, 100 m higher: cliffs at the rim would be 73 degrees.
    corner = transform(np.array([shapely.Point(LEFT, TOP)], dtype=object), PLANE, LONLAT)
    zone = transform(corner, LONLAT, parse_crs("EPSG:4544"))[0]
    step = Affine(90, 0, zone.x - 900, 0, -90, zone.y + 900)
    put(workspace, "coarse", np.full((70, 70), 2100.0, np.float32), step, crs=4544)
    (site,) = answer(workspace, plot(10, 10, 70, 70))
    assert set(labels(site.ground)) == {"fine@1", "coarse@1"}
    assert site.ground.unknown_ha == 0.0
    assert (site.ground.elevation_m.least, site.ground.elevation_m.most) == (2000.0, 2100.0)
    assert site.ground.elevation_m.mean == pytest.approx(2000 + 100 * 1600 / 3600, abs=0.1)
    assert site.ground.slope_deg.most == pytest.approx(0.0, abs=1e-4)


def test_ground_beyond_all_rasters_is_outside(workspace: Workspace) -> None:
    # By hand, in an L of two tiles: three quarters of 100 by 100 pixels are told.
    far = SIDE * 30
    put(workspace, "a", rough(), at(far, 0))
    put(workspace, "b", rough(), at(far + SIDE, SIDE))
    (site,) = answer(workspace, plot(far + SIDE - 50, SIDE - 50, far + SIDE + 50, SIDE + 50))
    assert site.ground.outside_ha == pytest.approx(50 * 50 * 0.09 * 2, rel=2e-3)
    (suited,) = suitability_report(workspace, query(workspace, SITES[0], plot(
        far + SIDE - 50, SIDE - 50, far + SIDE + 50, SIDE + 50, "l"))).sites[1:]  # fmt: skip
    outside = next(one for one in suited.shares if one.id == "outside")
    assert outside.area_ha == pytest.approx(site.ground.outside_ha, abs=1e-3)
    assert sum(one.pct for one in suited.shares) == pytest.approx(100.0, abs=0.05)


def test_after_an_official_one_is_lost_nobody_can_tell(workspace: Workspace) -> None:
    put(workspace, "own", rough(), at(0, 0))
    site = plot(500, 0, 540, 40)
    (before,) = answer(workspace, site)
    assert labels(before.ground) == ["demo_dem_kunming@1"]
    folder = workspace.settings.data_dir
    with closing(sqlite3.connect(folder / "rasters.sqlite")) as catalogue, catalogue:
        catalogue.execute("delete from raster_version where raster_id = 'own'")
    again = Workspace(Settings(data_dir=folder), now=workspace.now)
    with pytest.raises(RasterGoneError) as caught:
        terrain_report(again, query(again, site))
    assert caught.value.params == {"kind": "dem", "gone": ["own"]}


def test_pixels_too_coarse_for_a_site_do_not_speak_of_it(workspace: Workspace) -> None:
    put(workspace, "fine", rough(), at(0, 0))
    put(workspace, "coarse", np.full((30, 30), 2000.0, np.float32), at(0, 0, 900.0))
    small = replace(plot(SIDE - 5, 20, SIDE + 5, 30), id="small")
    (site,) = answer(workspace, small)
    # The demonstration does not speak where the coarse one lies.
    assert labels(site.ground) == ["fine@1"]
    # By hand: five columns of ten pixels beyond, and the last column of the fine one's slopes.
    assert site.ground.outside_ha + site.ground.unknown_ha == pytest.approx(6 * 10 * 0.09, rel=2e-3)
    with pytest.raises(NarrowSiteError):
        answer(workspace, plot(SIDE + 5, 20, SIDE + 15, 30))


def test_bounds_of_a_score_hold_whatever_the_missing_ground_is(workspace: Workspace) -> None:
    """Property: ground and factors that are not known are filled in at random, 12 times."""
    chance, heights = np.random.default_rng(11), 0.4 * rough() + 1200.0
    holed = heights.copy()
    holed[40:60, 30:75] = np.nan
    # Beyond the raster of the first version, too: its last columns come with the second.
    site = plot(25.5, 35, 85, 70)
    put(workspace, "own", holed[:, :80], at(0, 0))
    asked = replace(query(workspace, site), raster_id="own")
    (open_,) = suitability_report(workspace, asked).sites
    score = open_.score
    assert score.least <= score.points <= score.most
    assert score.judged_pct < 90.0
    found = []
    for turn in range(12):
        filled = heights.copy()
        hole = np.isnan(holed)
        hole[:, 80:] = True
        slope = chance.choice([0.0, 1.0, 12.0, 40.0])
        column, row = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
        filled[hole] = (1200.0 + slope * (column + row) + chance.normal(0, 0.2))[hole]
        put(workspace, "own", filled, at(0, 0))
        if turn > 5:
            grade = float(chance.integers(1, 6))
            put_factor(workspace, "water", np.full((SIDE, SIDE), grade, np.float32), at(0, 0))
        (whole,) = suitability_report(workspace, asked).sites
        assert whole.score.judged_pct == pytest.approx(100.0, abs=0.01)
        found.append(whole.score.points)
        assert score.least - 0.01 <= whole.score.points <= score.most + 0.01
    # The bounds are no empty ones: what was filled in moves the score within them.
    assert max(found) - min(found) > 5.0


def put_factor(
    workspace: Workspace,
    raster_id: str,
    values: np.ndarray,
    step: Affine,
    kind: str = "water_resources",
) -> None:
    spec = LayerSpec(
        id=raster_id, kind=kind, title_zh="水", title_en="Water",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL, source="test",
        licence="internal",
    )  # fmt: skip
    grid = Grid(values=values, transform=step, crs=CRS(4543), nodata=np.nan, unit="grade")
    put_grids(
        workspace.rasters, spec, {"grade": grid}, classes=None, origin=RasterOrigin(),
        now=workspace.now(),
    )  # fmt: skip


def put_cover(workspace: Workspace, raster_id: str, column: int, classes: str, code: int) -> None:
    spec = LayerSpec(
        id=raster_id, kind="land_cover", title_zh="自有", title_en="Own",
        status=LayerStatus.OFFICIAL, sensitivity=Sensitivity.INTERNAL, source="test",
        licence="internal",
    )  # fmt: skip
    values = np.full((SIDE, 60), code, dtype=np.uint16)
    grid = Grid(values=values, transform=at(column, 0), crs=CRS(4543), nodata=65535, unit="class")
    put_grids(
        workspace.rasters, spec, {"land_cover": grid}, classes=classes, origin=RasterOrigin(),
        now=workspace.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("site", "told"),
    [((10, 10, 50, 50), True), ((70, 10, 110, 50), True), ((40, 10, 80, 50), False)],
)
def test_land_covers_of_two_dictionaries_are_never_one_table(
    workspace: Workspace, site: tuple[int, int, int, int], told: bool
) -> None:
    """Oracle: by hand; left of column 60 all is class 10 of one, right of it class 5 of the other."""
    put(workspace, "own", rough(), at(0, 0))
    put_cover(workspace, "left", 0, "esa_worldcover", 10)
    put_cover(workspace, "right", 60, "clcd", 5)
    (found,) = answer(workspace, plot(*site))
    if told:
        assert found.cover_problem is None
        assert [share.pct for share in found.cover.shares] == [100.0]
    else:
        assert found.cover is None
        assert found.cover_problem.code == "layers.rasters.classes_differ"
        assert set(found.cover_problem.params["rasters"]) == {"left", "right"}
    assert found.ground is not None


def coarse_of(fine: np.ndarray, times: int) -> np.ndarray:
    """The mean of blocks, as a survey of coarse pixels has it."""
    size = len(fine) // times
    return fine[: size * times, : size * times].reshape(size, times, size, times).mean((1, 3))


def scored(workspace: Workspace, raster_id: str, site: Plot) -> SiteSuitability:
    asked = replace(query(workspace, site), raster_id=raster_id)
    return suitability_report(workspace, asked).sites[0]


@pytest.mark.slow
@pytest.mark.parametrize(("rise", "reach"), [(1200.0, 14.0), (300.0, 6.0)])
def test_bounds_of_coarse_pixels_hold_the_score_of_fine_ones(
    workspace: Workspace, rise: float, reach: float
) -> None:
    """Second method: the same ground in pixels of 10 m, at twelve places.

    Bounds of neighbours are a rule of thumb. Of forms not smaller than a pixel they hold the score
    of the fine ground at nine places in ten, and say something, being narrower than all there is.
    """
    noise = np.random.default_rng(4).normal(0.0, 1.0, (360, 360))
    fine = (1500.0 + rise * ndimage.gaussian_filter(noise, reach)).astype(np.float32)
    times = 8
    put(workspace, "fine", fine, at(0, 0, 10.0))
    put(workspace, "coarse", coarse_of(fine, times), at(0, 0, 10.0 * times))
    # With all factors known, for else these alone leave most of the scale open.
    for kind in query(workspace).rule.factors:
        put_factor(workspace, kind, np.full((SIDE, SIDE), 2.0, np.float32), at(0, 0), kind)
    chance, held, widths = np.random.default_rng(2), [], []
    for across in (3.2, 5.0, 8.0) * 4:
        wide = across * times / 3.0
        column, row = chance.uniform(20, 98 - wide, 2)
        site = plot(column, row, column + wide, row + wide)
        true, found = scored(workspace, "fine", site), scored(workspace, "coarse", site)
        assert not true.coarse
        assert found.coarse
        assert found.score.least <= found.score.points <= found.score.most
        held.append(found.score.least - 0.01 <= true.score.points <= found.score.most + 0.01)
        widths.append(found.score.most - found.score.least)
    assert np.mean(held) >= 0.9
    assert 10.0 < np.median(widths) < 70.0


@pytest.mark.parametrize(("across", "scores"), [(2.9, False), (3.1, True), (9.9, True)])
def test_below_three_pixels_a_site_is_refused_by_name(
    workspace: Workspace, across: float, scores: bool
) -> None:
    put(workspace, "own", rough(), at(0, 0))
    site = plot(20.3, 20.4, 20.3 + across, 20.4 + across, "narrow")
    if scores:
        assert scored(workspace, "own", site).coarse
        return
    with pytest.raises(CoarseGridError) as caught:
        scored(workspace, "own", site)
    assert caught.value.params["site"] == "narrow"
    assert caught.value.params["least"] == "1/3"
