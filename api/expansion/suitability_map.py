"""A map of suitability over a whole raster: stored, with the same as polygons."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np

from api.data.rasters import raster_out
from api.expansion.ground import require_raster_kind
from api.expansion.mosaic import laid_alone
from api.expansion.questions import SuitabilityMapQuestion
from api.expansion.suitability import Judged, judge, parts_of
from api.expansion.terrain import shares
from api.operation import Call
from api.workspace.answers import basis_of
from api.workspace.needs import GroundNeeds
from api.workspace.output import ensure_folder
from api.workspace.suitability_rules import suitability_rule
from geo.expansion.patches import class_polygons
from geo.expansion.suitability import CANNOT_TELL, FREE, UNKNOWN
from geo.measure.crs import require_crs
from geo.model import Grid
from geo.raster.grid import pixel_areas
from layers.expansion.suitability import SuitabilityRule
from layers.model import LayerFrame, LayerSpec, LayerStatus, Progress
from layers.rasters.building import put_grids
from layers.rasters.errors import WindowTooLargeError
from layers.rasters.model import RasterVersion
from layers.rasters.reading import read_window
from layers.rasters.store import RasterOrigin
from layers.store.export import write_export
from maps.answers import Title
from maps.expansion.suitability_answers import SuitabilityMap

MOST_PIXELS: Final = 40_000_000
_STEPS: Final = 4
_PREFIX: Final = "suitability_"
_DERIVED_SOURCE: Final = "由本软件按规则 {rule} 计算，依据 {made_from}"


def require_map(call: Call, asked: SuitabilityMapQuestion) -> None:
    """Refuse a raster or rules that there are none of, before the task begins.

    Raises
    ------
    UnknownRasterError, WrongRasterKindError, UnknownSuitabilityError
        There is no such raster of heights or rule set.
    """
    require_raster_kind(call.workspace, asked.raster, "dem")
    suitability_rule(call.workspace, asked.rule)


def make_map(
    workspace: GroundNeeds, raster_id: str, rule_id: str, folder: Path, report: Progress
) -> SuitabilityMap:
    """Make the map of a raster by its id; raises as :func:`require_map`."""
    return suitability_map(
        workspace,
        require_raster_kind(workspace, raster_id, "dem"),
        suitability_rule(workspace, rule_id),
        folder=ensure_folder(folder),
        report=report,
    )


def suitability_map(
    workspace: GroundNeeds,
    version: RasterVersion,
    rule: SuitabilityRule,
    *,
    folder: Path,
    report: Progress,
) -> SuitabilityMap:
    """Grade a whole raster of heights, store the result, and write it to a folder.

    Returns
    -------
    SuitabilityMap
        ``suitability.tif`` has the bands grade, best, worst and excluded; the polygons of
        ``suitability.gpkg`` are those of grade and exclusion.

    Raises
    ------
    WindowTooLargeError
        The raster has more than :data:`MOST_PIXELS`; import a part of it.
    """
    facts = version.facts
    if facts.columns * facts.rows > MOST_PIXELS:
        raise WindowTooLargeError(pixels=facts.columns * facts.rows, most=MOST_PIXELS)
    report(0, _STEPS, "")
    heights = read_window(version, workspace.rasters.sound_path(version), None)
    judged = judge(workspace, rule, laid_alone(version, heights), heights.known)
    report(1, _STEPS, "")
    put = put_grids(
        workspace.rasters,
        _spec(version, rule, judged),
        _bands(judged),
        classes=None,
        origin=RasterOrigin(made_from=_made_from(judged)),
        now=workspace.now(),
    )
    report(2, _STEPS, "")
    shutil.copyfile(put.version.path, folder / "suitability.tif")
    write_export(_polygons(judged), folder / "suitability.gpkg")
    report(3, _STEPS, "")
    return SuitabilityMap(
        rule=rule.id,
        title=Title(zh=rule.title_zh, en=rule.title_en),
        raster=raster_out(workspace, put.version),
        basis=basis_of(judged.used),
        shares=_shares(judged, heights),
        form_counted=not rule.form,
        missing_factors=list(judged.grading.missing),
        missing_lines=list(judged.missing_lines),
        files=["suitability.gpkg", "suitability.tif"],
    )


def _bands(judged: Judged) -> dict[str, Grid]:
    grading = judged.grading
    return {
        "grade": grading.known,
        "best": grading.best,
        "worst": grading.worst,
        "excluded=" + ",".join(judged.reasons): judged.shut,
    }


def _spec(version: RasterVersion, rule: SuitabilityRule, judged: Judged) -> LayerSpec:
    """Return what is said of the result: no surer than the least sure of what it rests on."""
    made_up = any(one.spec.status is LayerStatus.DEMONSTRATION for one in judged.used)
    own = version.spec
    return LayerSpec(
        id=(_PREFIX + own.id)[:63],
        kind="suitability",
        title_zh=f"{rule.title_zh}：{own.title_zh}",
        title_en=f"{rule.title_en}: {own.title_en}",
        status=LayerStatus.DEMONSTRATION if made_up else LayerStatus.INDICATIVE,
        sensitivity=own.sensitivity,
        source=_DERIVED_SOURCE.format(rule=rule.id, made_from=", ".join(_made_from(judged))),
        licence=own.licence,
    )


def _made_from(judged: Judged) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{one.spec.id}@{one.number}" for one in judged.used))


def grade_polygons(judged: Judged) -> list[tuple[str, Any]]:
    """Return pixels of one grade or one reason together as polygons in the grid's CRS.

    Names are ``grade_1`` to ``grade_5``, ``excluded:<reason>`` and ``cannot_tell``.
    """
    shut, grade = judged.shut.values, judged.grading.known.values
    codes = np.where(shut == FREE, grade, np.where(shut == CANNOT_TELL, CANNOT_TELL, shut + 100))
    codes[(grade == UNKNOWN) & np.isin(shut, (FREE, CANNOT_TELL))] = UNKNOWN
    found = class_polygons(
        Grid(
            values=codes.astype(np.uint8),
            transform=judged.shut.transform,
            crs=judged.shut.crs,
            nodata=UNKNOWN,
            unit="class",
        )
    )
    names = {CANNOT_TELL: "cannot_tell"}
    names |= {100 + at: f"excluded:{reason}" for at, reason in enumerate(judged.reasons, start=1)}
    return [(names.get(code, f"grade_{code}"), shape) for code, shape in found]


def _polygons(judged: Judged) -> LayerFrame:
    found = grade_polygons(judged)
    frame = gpd.GeoDataFrame(
        {
            "feature_id": [f"s-{number:06d}" for number in range(1, len(found) + 1)],
            "class": [name for name, _ in found],
        },
        geometry=[shape for _, shape in found],
        crs=judged.shut.crs,
    )
    require_crs(frame)
    return LayerFrame(features=frame, coverage=None)


def _shares(judged: Judged, heights: Grid) -> list[Any]:
    cells = np.arange(heights.values.size)
    areas_m2 = pixel_areas(heights).of(cells)
    known = heights.known.ravel()
    parts: Sequence[tuple[str, int | None, float]] = parts_of(judged, cells[known], areas_m2[known])
    ids, grades, parts_m2 = zip(*parts, strict=True)
    facts = [
        {"name": None, "lower": None, "upper": None, "group": None, "grade": grade}
        for grade in grades
    ]
    return shares(ids, parts_m2, float(areas_m2[known].sum()), facts)
