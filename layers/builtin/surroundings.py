"""Demonstration layers of what else is protected, derived from the demonstration lines.

A reserve fills the largest piece of red line of a window, a water source lies in the next,
wetlands fringe the lakes, and every window is divided into management units.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.measure.crs import GEOGRAPHIC
from geo.measure.restore import polygonal
from layers.builtin.demonstration import Window, buffered

Recipe = Mapping[str, Any]

_CLASSES: Final = ("优先", "重点", "一般")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Layers in EPSG:4490; ``coverage`` is what all of them speak about."""

    reserves: gpd.GeoDataFrame
    water_sources: gpd.GeoDataFrame
    wetlands: gpd.GeoDataFrame
    units: gpd.GeoDataFrame
    coverage: gpd.GeoSeries


def surroundings(
    recipe: Recipe, windows: Mapping[str, Window], lakes: gpd.GeoDataFrame
) -> Surroundings:
    """Return reserves, water sources, wetlands and management units in all windows."""
    look = recipe["surroundings"]
    return Surroundings(
        reserves=_frame(("zone",), _reserves(look, windows)),
        water_sources=_frame(("grade",), _water_sources(look, windows)),
        wetlands=_frame(("grade",), _wetlands(look, windows, lakes)),
        units=_frame(("class", *look["unit_texts"]), _units(look, windows)),
        coverage=gpd.GeoSeries([window.area for window in windows.values()], crs=GEOGRAPHIC),
    )


def _reserves(look: Recipe, windows: Mapping[str, Window]) -> Iterator[tuple[object, ...]]:
    for name, window in windows.items():
        whole = _pieces(window.red_line)[0]
        core = buffered(whole, -look["reserve_core_inside_m"])
        yield f"reserve-{name}-core", "演示保护区", "core", core
        yield f"reserve-{name}-general", "演示保护区", "general", shapely.difference(whole, core)


def _water_sources(look: Recipe, windows: Mapping[str, Window]) -> Iterator[tuple[object, ...]]:
    for name, window in windows.items():
        intake = _pieces(window.red_line)[1].point_on_surface()
        belts = (buffered(intake, look[reach]) for reach in ("source_first_m", "source_second_m"))
        near, far = (
            shapely.difference(shapely.intersection(belt, window.area), window.towns)
            for belt in belts
        )
        yield f"source-{name}-1", "演示水源地", "1", near
        yield f"source-{name}-2", "演示水源地", "2", shapely.difference(far, near)


def _wetlands(
    look: Recipe, windows: Mapping[str, Window], lakes: gpd.GeoDataFrame
) -> Iterator[tuple[object, ...]]:
    areas = shapely.union_all([window.area for window in windows.values()])
    for lake_id, title, lake in zip(
        lakes["feature_id"], lakes["name_zh"], lakes.geometry, strict=True
    ):
        fringe = shapely.difference(buffered(lake, look["wetland_fringe_m"]), lake)
        grade = "national" if lake_id in look["national_wetlands"] else "provincial"
        yield (
            f"wetland-{lake_id}",
            f"{title}（演示湿地）",
            grade,
            shapely.intersection(fringe, areas),
        )


def _units(look: Recipe, windows: Mapping[str, Window]) -> Iterator[tuple[object, ...]]:
    texts = look["unit_texts"]
    for name, window in windows.items():
        general = shapely.difference(window.area, shapely.union(window.red_line, window.towns))
        shapes = (window.red_line, window.towns, general)
        for number, (title, shape) in enumerate(zip(_CLASSES, shapes, strict=True)):
            said = [column[number] for column in texts.values()]
            yield f"unit-{name}-{number + 1}", f"演示{title}管控单元", title, *said, shape


def _pieces(shape: Any) -> list[Any]:  # noqa: ANN401 - shapely is untyped
    return sorted(shapely.get_parts(shape), key=shapely.area, reverse=True)


def _frame(names: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> gpd.GeoDataFrame:
    columns = ("feature_id", "name", *names, "geometry")
    table = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    shapes = polygonal(np.array(table.pop("geometry"), dtype=object))
    frame = gpd.GeoDataFrame(table, geometry=list(shapes), crs=GEOGRAPHIC)
    return frame[~frame.is_empty].reset_index(drop=True)
