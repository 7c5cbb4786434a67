"""Units as layers of a map in the classes of their densities, and each one near at hand."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry as Geometry

from maps.density.answers import DensityRow, DensityTable
from maps.density.qualified import qualifier
from maps.figure.model import FigureLayer, Inset
from maps.figure.style import choropleth_look
from maps.i18n import tr
from maps.numbers import density_decimals, number, printed_density

MOST_INSETS: Final = 4
"""More panels than this are too small to be read on one sheet."""


def unit_insets(
    rows: Sequence[DensityRow], shapes: Mapping[str, Geometry], lang: str
) -> tuple[Inset, ...]:
    """Return a panel for each unit at its own scale, districts and known densities first.

    Units that fill the map themselves, such as counties, have none.
    """
    order = sorted(rows, key=lambda row: (row.level != "district", row.density is None))
    drawn = [row for row in order if row.level != "county" and row.unit_id in shapes]
    if len(drawn) < 2:
        return ()
    return tuple(
        Inset(
            title=f"{row.name.text(lang)} {density_text(row, lang)}".rstrip(),
            focus=np.array([shapes[row.unit_id]], dtype=object),
        )
        for row in drawn[:MOST_INSETS]
    )


def class_layers(
    table: DensityTable,
    rows: Sequence[DensityRow],
    shapes: Mapping[str, Geometry],
    lang: str,
) -> list[FigureLayer]:
    """Return a layer for each class that has a unit, the lowest first, and for no data.

    Small units are seen from afar by a dot in their colour.
    """
    edges, exact = table.breaks.edges, table.breaks.method == "each_value"
    count = len(edges) if exact else len(edges) - 1
    layers = []
    for at in range(count):
        own = [row for row in rows if _class_of(table, row.density) == at]
        # The lowest class may hold one value alone.
        span = (edges[at],) if exact or edges[at] == edges[at + 1] else (edges[at], edges[at + 1])
        title = " – ".join(map(_figure, span))
        layers.append(_class_layer(choropleth_look(at, count), title, own, shapes, lang))
    silent = [row for row in rows if row.density is None]
    untold = tr("published_sheet.no_data", lang)
    layers.append(_class_layer("no_density", untold, silent, shapes, lang))
    return [layer for layer in layers if len(layer.geometries)]


def _figure(density: float) -> str:
    return number(density, density_decimals(density))


def density_text(row: DensityRow, lang: str) -> str:
    """Return a density as printed with what qualifies it; nothing where there is none."""
    if row.density is None:
        return ""
    note = qualifier(row.qualifiers, lang)
    return _figure(row.density) + (f" ({note})" if note else "")


def _class_of(table: DensityTable, density: float | None) -> int | None:
    edges = table.breaks.edges
    if density is None:
        return None
    printed = printed_density(density)
    if table.breaks.method == "each_value":
        return int(edges.index(printed))
    return next(at for at, edge in enumerate(edges[1:]) if printed <= edge)


def _class_layer(
    look: str,
    title: str,
    rows: Sequence[DensityRow],
    shapes: Mapping[str, Geometry],
    lang: str,
) -> FigureLayer:
    own = [shapes[row.unit_id] for row in rows]
    said = [f"{row.name.text(lang)} {density_text(row, lang)}".rstrip() for row in rows]
    dots = [shapely.point_on_surface(shape) for shape in own]
    return FigureLayer(
        look=look,
        title=title,
        geometries=np.array([*own, *dots], dtype=object),
        names=(*(None for _ in own), *said),
        all_named=True,
    )
