"""The map of a density: all units from afar, and each district at a scale of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely

from api.density.land import DensityQuery, density_table
from api.density.lands import boundaries
from api.workspace.map_layers import credits_of, drawn_layer, in_drawing_order, mark_of
from api.workspace.needs import StatisticsSource
from geo.errors import PlanningError
from geo.model import Nature
from maps.density.answers import DensityTable
from maps.density.drawn.class_layers import class_layers, unit_insets
from maps.density.statement_answers import Statement
from maps.density.statistics_answers import PlanMonitor
from maps.figure.model import FigureLayer, Inset, MapSheet
from maps.figure.picture import MapPicture, visible_box_lonlat
from maps.figure.style import choropleth_look
from maps.i18n import tr
from maps.numbers import unit_text

_UNDER: Final = frozenset({"county", "lake", "river"})
_LEVELS: Final = frozenset({"district", "park", "expansion", "block", "bonded_zone", "county"})
_APPROVED: Final = "approved"
_SIZE_MM: Final = (165.0, 105.0)
_UNIT_MM: Final = (120.0, 80.0)


def density_map(workspace: StatisticsSource, table: DensityTable, lang: str) -> MapPicture | None:
    """Return the map of a table; None where no unit of it is drawn.

    Units are drawn by the layers that their areas are measured on; those without a density are
    hatched as such. Layers that cannot be read are left out below, never a unit in silence.
    """
    statistics = workspace.statistics
    units = [statistics.units[row.unit_id] for row in table.rows if row.layer]
    drawn = boundaries(workspace, units)
    shapes = {name: land.denominator.geometry for name, land in drawn.items()}
    rows = [row for row in table.rows if row.unit_id in shapes and row.level in _LEVELS]
    if not rows:
        return None
    classes = class_layers(table, rows, shapes, lang)
    statuses = {
        land.version.spec.status for name, land in drawn.items()
        if land.version and name in {row.unit_id for row in rows}
    }  # fmt: skip
    below = list(_below(workspace))
    sheet = MapSheet(
        lang=lang,
        layers=tuple(classes),
        focus=np.concatenate([layer.geometries for layer in classes]),
        size_mm=_SIZE_MM,
        mark=mark_of(statuses, lang),
        notes=(
            f"{table.name.text(lang)} {table.year} ({unit_text(table.unit, lang)})",
            tr(f"ui.breaks_{table.breaks.method}", lang),
            *credits_of(below, lang),
        ),
        insets=unit_insets(rows, shapes, lang),
    )
    return _over(sheet, below, tuple(classes), lang)


def target_map(
    workspace: StatisticsSource, statement: Statement, lang: str
) -> tuple[str, MapPicture] | None:
    """Return the map of the first indicator whose targets of the year districts have.

    None where none has, or the year has facts already: a map shows one or the other.
    """
    wanted = [
        row.indicator for row in statement.rows
        if row.level == "district" and row.target_density is not None
    ]  # fmt: skip
    for indicator in dict.fromkeys(wanted):
        query = DensityQuery(indicator=indicator, year=statement.year, denominator=_APPROVED)
        try:
            table = density_table(workspace, query)
        except PlanningError:
            continue
        picture = density_map(workspace, table, lang) if table.nature == Nature.TARGET else None
        if picture is not None:
            unit = unit_text(table.unit, lang)
            target = tr("periods.target", lang)
            return f"{table.name.text(lang)} {table.year} {target} ({unit})", picture
    return None


def plan_map(
    workspace: StatisticsSource, monitor: PlanMonitor, lang: str
) -> tuple[str, MapPicture] | None:
    """Return the map of the first target of the plan that is a density of drawn land."""
    for row in monitor.rows:
        if row.target_density is None:
            continue
        query = DensityQuery(indicator=row.id, year=row.target_year, denominator=_APPROVED)
        try:
            table = density_table(workspace, query)
        except PlanningError:
            continue
        picture = density_map(workspace, table, lang)
        if picture is not None:
            unit, target = unit_text(table.unit, lang), tr("periods.target", lang)
            return f"{table.name.text(lang)} {table.year} {target} ({unit})", picture
    return None


def unit_map(workspace: StatisticsSource, unit_id: str, lang: str) -> MapPicture | None:
    """Return where a unit lies, or the drawn units that it is made of; None if none is drawn."""
    statistics = workspace.statistics
    units = [statistics.units[unit_id]]
    if units[0].level == "zone":
        # The zone is its districts, 600 km apart.
        units = [one for one in statistics.units.values() if one.level == "district"]
    drawn = boundaries(workspace, units)
    if not drawn:
        return None
    names = {name: statistics.units[name] for name in drawn}
    shapes = [land.denominator.geometry for land in drawn.values()]
    titles = [one.name_zh if lang == "zh" else one.name_en for one in names.values()]
    dots = [shapely.point_on_surface(shape) for shape in shapes]
    layer = FigureLayer(
        look=choropleth_look(0, 1),
        title=tr("table.unit_land", lang),
        geometries=np.array([*shapes, *dots], dtype=object),
        names=(*(None for _ in shapes), *titles),
        all_named=True,
    )
    statuses = {land.version.spec.status for land in drawn.values() if land.version}
    under = list(_below(workspace))
    sheet = MapSheet(
        lang=lang,
        layers=(layer,),
        focus=layer.geometries,
        size_mm=_UNIT_MM,
        mark=mark_of(statuses, lang),
        notes=tuple(credits_of(under, lang)),
        insets=tuple(
            Inset(title=title, focus=np.array([shape], dtype=object))
            for title, shape in zip(titles, shapes, strict=True)
        )
        if len(shapes) > 1
        else (),
    )
    return _over(sheet, under, (layer,), lang)


def _over(
    sheet: MapSheet, below: Sequence[Any], layers: tuple[FigureLayer, ...], lang: str
) -> MapPicture:
    """Return a map of layers over counties and waters, whose names would hide theirs."""
    box = shapely.box(*visible_box_lonlat(sheet))
    ground = (drawn_layer(one, box, lang) for one in in_drawing_order(below))
    under = tuple(replace(layer, names=()) for layer in ground)
    return MapPicture(sheet=replace(sheet, layers=(*under, *layers)))


def _below(workspace: StatisticsSource) -> Iterator[Any]:
    for version in workspace.store.current():
        if version.spec.kind in _UNDER:
            try:
                yield workspace.load(version)
            except PlanningError:
                continue
