"""The sheets of a published map, for print: what its page shows, with all that it must carry."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry as Geometry

from geo.model import Nature
from maps.density.answers import DensityRow, DensityTable
from maps.density.drawn.class_layers import class_layers, density_text, unit_insets
from maps.figure.model import A4_MM, FigureLayer, MapSheet
from maps.i18n import tr
from maps.numbers import unit_text
from maps.publish.publication import Publication, PublicLayer
from maps.source_words import sources_text
from maps.style.styles import drawing_place, styles

_DOUBTFUL: Final = ("demonstration", "indicative")
_GROUND: Final = ("county", "lake", "river")


def print_sheet(publication: Publication, lang: str) -> MapSheet:
    """Return an A4 sheet of a publication (see :func:`maps.publish.map.render_public_map`)."""
    layers = sorted(publication.layers, key=_by_order)
    doubtful = [status for status in _DOUBTFUL if any(x.status == status for x in layers)]
    number = publication.review_number
    return MapSheet(
        lang=lang,
        layers=tuple(_figure_layer(layer, lang) for layer in layers),
        # As on the page: whole, with the ground.
        focus=np.concatenate([_geometries(layer) for layer in layers]),
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
    classes = class_layers(table, rows, shapes, lang)
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
        insets=unit_insets(rows, shapes, lang),
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
        f"{row.name.text(lang)} {density_text(row, lang)}"
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
        all_named=named,
        dimension=int(shapely.get_dimensions(geometries).max(initial=0)),
    )


def _geometries(layer: PublicLayer) -> npt.NDArray[np.object_]:
    texts = [json.dumps(feature["geometry"]) for feature in layer.features["features"]]
    return np.asarray(shapely.from_geojson(texts), dtype=object)
