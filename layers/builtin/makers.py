"""How demonstration layers of control lines are made; none of them is real.

A kind's ``demonstration.yaml`` names one of :data:`MAKERS` and says in ``with`` what it
needs. All layers are in EPSG:4490, all lengths in metres.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.measure.crs import GEOGRAPHIC
from geo.measure.restore import polygonal
from layers.builtin import roads
from layers.builtin.demonstration import ControlLines, Window, buffer_by_zone
from layers.model import LayerFrame

Look = Mapping[str, Any]
_REST: Final = "the_rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What demonstration layers are made from: real lakes, and lines drawn in windows."""

    lakes: gpd.GeoDataFrame
    lines: ControlLines

    @property
    def windows(self) -> Mapping[str, Window]:
        """The windows by name."""
        return self.lines.windows


def joint_line(scene: Scene, look: Look) -> LayerFrame:
    """Return one of the lines that are drawn together and keep out of each other."""
    features: gpd.GeoDataFrame = getattr(scene.lines, look["line"])
    return LayerFrame(features=features, coverage=scene.lines.coverage)


def belts_round_lakes(scene: Scene, look: Look) -> LayerFrame:
    """Return core, buffer and green belts round each lake."""
    rows: list[tuple[object, ...]] = []
    covers = []
    for lake_id, zh, en, lake in zip(
        *(scene.lakes[name] for name in ("feature_id", "name_zh", "name_en", "geometry")),
        strict=True,
    ):
        core, reach, cover = (
            buffer_by_zone(lake, look[name]) for name in ("core_m", "buffer_m", "coverage_m")
        )
        green = shapely.difference(buffer_by_zone(lake, look["green_m"]), reach)
        belts = {"core": core, "buffer": shapely.difference(reach, core), "green": green}
        rows += [(f"{lake_id}-{belt}", zh, en, belt, shape) for belt, shape in belts.items()]
        covers.append(cover)
    table = _table(("feature_id", "name_zh", "name_en", "belt", "geometry"), rows)
    frame = gpd.GeoDataFrame(table, geometry="geometry", crs=GEOGRAPHIC)
    # Where the other lines are drawn and there is no lake, there is no belt.
    coverage = [shapely.union_all(covers), *scene.lines.coverage]
    return LayerFrame(features=frame, coverage=gpd.GeoSeries(coverage, crs=GEOGRAPHIC))


def core_and_rim(scene: Scene, look: Look) -> LayerFrame:
    """Return a piece of a line in each window, the largest if none is named, as core and rim."""

    def rows() -> Iterator[tuple[object, ...]]:
        for name, window in scene.windows.items():
            whole = _pieces(window, look)[look.get("piece", 0)]
            core = buffer_by_zone(whole, -look["inside_m"])
            start = f"{look['prefix']}-{name}"
            yield f"{start}-core", look["name"], "core", core
            yield f"{start}-general", look["name"], "general", shapely.difference(whole, core)

    return _frame(scene, (look["column"],), rows())


def rings_round_points(scene: Scene, look: Look) -> LayerFrame:
    """Return rings round a point in a piece of a line in each window, by default the second."""

    def rows() -> Iterator[tuple[object, ...]]:
        for name, window in scene.windows.items():
            middle = _pieces(window, look)[look.get("piece", 1)].point_on_surface()
            inner = shapely.Polygon()
            for number, reach_m in enumerate(look["reach_m"], start=1):
                inside = shapely.intersection(buffer_by_zone(middle, reach_m), window.area)
                whole = shapely.difference(inside, window.towns)
                ring = whole if number == 1 else shapely.difference(whole, inner)
                class_ = look["classes"][number - 1] if "classes" in look else str(number)
                yield f"{look['prefix']}-{name}-{number}", look["name"], class_, ring
                inner = whole

    return _frame(scene, (look["column"],), rows())


def pieces_of_line(scene: Scene, look: Look) -> LayerFrame:
    """Return pieces of a line in each window as they are, by class; 0 is the largest."""
    named = look.get("windows", tuple(scene.windows))

    def rows() -> Iterator[tuple[object, ...]]:
        for name in named:
            whole = _pieces(scene.windows[name], look)
            for class_, numbers in look["pieces"].items():
                for number in numbers:
                    yield f"{look['prefix']}-{name}-{number}", look["name"], class_, whole[number]

    return _frame(scene, (look["column"],), rows())


def lake_fringes(scene: Scene, look: Look) -> LayerFrame:
    """Return a strip round each lake, as far as it lies in a window."""
    areas = shapely.union_all([window.area for window in scene.windows.values()])

    def rows() -> Iterator[tuple[object, ...]]:
        for lake_id, title, lake in zip(
            *(scene.lakes[name] for name in ("feature_id", "name_zh", "geometry")), strict=True
        ):
            fringe = shapely.difference(buffer_by_zone(lake, look["width_m"]), lake)
            found = (name for name, lakes in look["classes"].items() if lake_id in lakes)
            yield (
                f"{look['prefix']}-{lake_id}",
                look["name"].format(lake=title),
                next(found, look["otherwise"]),
                shapely.intersection(fringe, areas),
            )

    return _frame(scene, (look["column"],), rows())


def window_units(scene: Scene, look: Look) -> LayerFrame:
    """Return units that divide each window: parts of its lines, and what is left."""

    def rows() -> Iterator[tuple[object, ...]]:
        for name, window in scene.windows.items():
            drawn = [getattr(window, part) for part in look["parts"].values() if part != _REST]
            rest = shapely.difference(window.area, reduce(shapely.union, drawn))
            for number, (title, part) in enumerate(look["parts"].items()):
                shape = rest if part == _REST else getattr(window, part)
                texts = [column[number] for column in look["texts"].values()]
                own_name = look["name"].format(**{"class": title})
                yield f"{look['prefix']}-{name}-{number + 1}", own_name, title, *texts, shape

    return _frame(scene, (look["column"], *look["texts"]), rows())


def road_grid(scene: Scene, look: Look) -> LayerFrame:
    """Return made-up roads in one window, off the lakes."""
    lakes = shapely.union_all(scene.lakes.geometry.to_numpy())
    return roads.road_grid(look, lakes, scene.windows[look["window"]].area)


def drawn_shapes(scene: Scene, look: Look) -> LayerFrame:
    """Return made-up points or lines in one window, as the data file lists them."""
    return roads.drawn_shapes(look, scene.windows[look["window"]].area)


MAKERS: Final[Mapping[str, Callable[[Scene, Look], LayerFrame]]] = MappingProxyType(
    {
        "joint_line": joint_line,
        "belts_round_lakes": belts_round_lakes,
        "core_and_rim": core_and_rim,
        "rings_round_points": rings_round_points,
        "lake_fringes": lake_fringes,
        "pieces_of_line": pieces_of_line,
        "window_units": window_units,
        "road_grid": road_grid,
        "drawn_shapes": drawn_shapes,
    }
)
"""The ways in which a demonstration layer can be made, by the name that data files use."""


def _pieces(window: Window, look: Look) -> list[Any]:
    return sorted(shapely.get_parts(getattr(window, look["of"])), key=shapely.area, reverse=True)


def _table(columns: Iterable[str], rows: Iterable[tuple[object, ...]]) -> dict[str, list[object]]:
    found = list(rows)
    return {name: [row[at] for row in found] for at, name in enumerate(columns)}


def _frame(scene: Scene, names: Iterable[str], rows: Iterator[tuple[object, ...]]) -> LayerFrame:
    table = _table(("feature_id", "name", *names, "geometry"), rows)
    shapes = polygonal(np.array(table.pop("geometry"), dtype=object))
    frame = gpd.GeoDataFrame(table, geometry=list(shapes), crs=GEOGRAPHIC)
    kept = frame[~frame.is_empty].reset_index(drop=True)
    areas = [window.area for window in scene.windows.values()]
    return LayerFrame(features=kept, coverage=gpd.GeoSeries(areas, crs=GEOGRAPHIC))
