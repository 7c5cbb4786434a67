"""The sheets of a published map, for print: what its page shows, with all that it must carry."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry as Geometry

from geo.model import Nature
from maps.density.answers import DensityRow, DensityTable
from maps.density.qualified import qualifier
from maps.figure.model import A4_MM, FigureLayer, MapSheet
from maps.figure.style import choropleth_look
from maps.i18n import tr
from maps.numbers import density_decimals, number, printed_density, unit_text
from maps.publish.publication import Publication, PublicLayer
from maps.source_words import sources_text
from maps.style.styles import drawing_place, styles

_DOUBTFUL: Final = ("demonstration", "indicative")
_GROUND: Final = ("county", "lake", "river")


def print_sheet(publication: Publication, lang: str) -> MapSheet:
    """Return an A4 sheet of a publication (see :func:`maps.publish.map.render_public_map`)."""
    layers = sorted(publication.layers, key=_by_order)
    told = [layer for layer in layers if layer.kind not in _GROUND] or layers
    doubtful = [status for status in _DOUBTFUL if any(x.status == status for x in layers)]
    number = publication.review_number
    return MapSheet(
        lang=lang,
        layers=tuple(_figure_layer(layer, lang) for layer in layers),
        focus=np.concatenate([_geometries(layer) for layer in told]),
        title=publication.title.text(lang),
        size_mm=A4_MM,
        mark=_mark(publication, doubtful, lang),
        notes=tuple(tr(f"basis.{status}", lang) for status in doubtful),
        foot=(
            tr("public.review_number", lang, number=number)
            if number
            else tr("public.no_review_number", lang),
            "    ".join(
                (
                    tr("public.maker", lang, maker=publication.maker.text(lang)),
                    tr("public.data_date", lang, date=publication.data_date),
                    tr("public.crs", lang, crs=publication.crs),
                )
            ),
            publication.disclaimer.text(lang),
        ),
    )


def density_sheet(publication: Publication, table: DensityTable, lang: str) -> MapSheet | None:
    """Return an A4 sheet of one density of a publication, in its printed classes.

    None where no unit that has one is drawn by a layer of the publication. Small units are
    seen from afar by a dot in the same colour; units without a density are said to have none.
    """
    ground = [layer for layer in publication.layers if layer.kind in _GROUND]
    shapes = _shapes_of_units(publication)
    rows = [row for row in table.rows if row.layer and row.unit_id in shapes]
    if all(row.density is None for row in rows):
        return None
    classes = _classes(table, rows, shapes, lang)
    sheet = print_sheet(publication, lang)
    heading = _density_heading(table, lang)
    sources = sorted({row.source or "" for row in rows if row.density is not None})
    return replace(
        sheet,
        layers=(
            *(_figure_layer(layer, lang) for layer in sorted(ground, key=_by_order)),
            *classes,
        ),
        focus=np.concatenate([layer.geometries for layer in classes]),
        title=f"{publication.title.text(lang)} · {heading}",
        notes=(
            heading,
            tr(f"ui.breaks_{table.breaks.method}", lang),
            *_qualified_rows(rows, lang),
            tr("published_sheet.source", lang, source=sources_text(sources, lang)),
            *sheet.notes,
        ),
    )


def _qualified_rows(rows: Sequence[DensityRow], lang: str) -> list[str]:
    """Return the densities that are no plain facts: a legend has no room for their words."""
    return [
        f"{row.name.text(lang)} {_density_text(row, lang)}"
        for row in rows
        if row.density is not None and row.mark
    ]


def _density_heading(table: DensityTable, lang: str) -> str:
    return tr(
        "published_sheet.density",
        lang,
        name=table.name.text(lang),
        year=_year_text(table, lang),
        denominator=tr(f"denominators.{table.denominator}", lang),
        unit=unit_text(table.unit, lang),
    )


def _year_text(table: DensityTable, lang: str) -> str:
    nature = "" if table.nature == Nature.FACT else f" {tr(f'periods.{table.nature}', lang)}"
    return f"{table.year}{nature}"


def _shapes_of_units(publication: Publication) -> dict[str, Geometry]:
    return {
        feature["properties"]["unit"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for layer in publication.layers
        for feature in layer.features["features"]
        if "unit" in feature["properties"]
    }


def _classes(
    table: DensityTable,
    rows: Sequence[DensityRow],
    shapes: Mapping[str, Geometry],
    lang: str,
) -> list[FigureLayer]:
    """Return a layer for each class that has a unit, the lowest first, and for no data."""
    edges, exact = table.breaks.edges, table.breaks.method == "each_value"
    count = len(edges) if exact else len(edges) - 1
    layers = []
    for at in range(count):
        own = [row for row in rows if _class_of(table, row.density) == at]
        span = (edges[at],) if exact else (edges[at], edges[at + 1])
        title = " – ".join(map(_figure, span))
        layers.append(_class_layer(choropleth_look(at, count), title, own, shapes, lang))
    silent = [row for row in rows if row.density is None]
    untold = tr("published_sheet.no_data", lang)
    layers.append(_class_layer("no_density", untold, silent, shapes, lang))
    return [layer for layer in layers if len(layer.geometries)]


def _figure(density: float) -> str:
    return number(density, density_decimals(density))


def _density_text(row: DensityRow, lang: str) -> str:
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
    said = [f"{row.name.text(lang)} {_density_text(row, lang)}".rstrip() for row in rows]
    dots = [shapely.point_on_surface(shape) for shape in own]
    return FigureLayer(
        look=look,
        title=title,
        geometries=np.array([*own, *dots], dtype=object),
        names=(*(None for _ in own), *said),
        all_named=True,
    )


def _mark(publication: Publication, doubtful: list[str], lang: str) -> str | None:
    if publication.draft:
        return tr("public.draft", lang)
    return tr(f"statuses.{doubtful[0]}", lang) if doubtful else None


def _by_order(layer: PublicLayer) -> tuple[int, int]:
    return drawing_place(layer.kind)


def _figure_layer(layer: PublicLayer, lang: str) -> FigureLayer:
    kind = layer.kind
    look = styles()["kinds"].get(kind, {})
    named = look.get("names") == "always"
    names = [
        own["properties"].get(f"name_{lang}") or own["properties"].get("name_zh")
        for own in layer.features["features"]
    ]
    geometries = _geometries(layer)
    return FigureLayer(
        look=kind,
        title=layer.title.text(lang),
        geometries=geometries,
        names=tuple(names) if named else (),
        dimension=int(shapely.get_dimensions(geometries).max(initial=0)),
    )


def _geometries(layer: PublicLayer) -> npt.NDArray[np.object_]:
    texts = [json.dumps(feature["geometry"]) for feature in layer.features["features"]]
    return np.asarray(shapely.from_geojson(texts), dtype=object)
