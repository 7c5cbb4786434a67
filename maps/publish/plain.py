"""A published map before or without scripts: a picture, its legend, and all as tables."""

import json
import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from maps.answers import JsonObject
from maps.i18n import LANGUAGES, tables, tr
from maps.numbers import density_decimals, number, unit_text
from maps.page.page import Texts, template
from maps.publish.publication import Publication, PublicField, PublicLayer
from maps.source_words import sources_text
from maps.style.styles import drawing_place, styles

_WIDTH: Final = 720
_MARGIN: Final = 8
_TOLERANCE: Final = 1.0
"""In pixels of the picture: what is finer than this is not seen."""
_FILLS: Final = {"hatch": "url(#pattern-hatch)", "dots": "url(#pattern-dots)"}
_POINT_RADIUS: Final = 6
_DOT: Final = "h2v2h-2z"
_LEAST: Final = 2.0


class _Ground(NamedTuple):
    """How degrees become pixels: the middle parallel keeps its shape."""

    west: float
    north: float
    per_degree: float
    shrink: float

    def pixels(self, lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x = _MARGIN + (lonlat[:, 0] - self.west) * self.shrink * self.per_degree
        y = _MARGIN + (self.north - lonlat[:, 1]) * self.per_degree
        return np.column_stack([x, y])


def render_plain(publication: Publication) -> str:
    """Return the part of a document that is read where no script runs, in both languages."""
    return template("public_plain.html").render(
        versions=[_version(publication, lang) for lang in LANGUAGES],
    )


def render_picture(publication: Publication) -> str:
    """Return the map as it is seen at once, before any script has run, or where none does."""
    return template("public_picture.html").render(
        picture=_picture(publication),
        titles=[publication.title.text(lang) for lang in LANGUAGES],
    )


def _picture(publication: Publication) -> dict[str, object]:
    west, south, east, north = publication.bounds_lonlat
    shrink = math.cos(math.radians((south + north) / 2.0))
    per_degree = (_WIDTH - 2 * _MARGIN) / ((east - west) * shrink or 1.0)
    ground = _Ground(west, north, per_degree, shrink)
    layers = sorted(publication.layers, key=lambda layer: drawing_place(layer.kind))
    height = math.ceil((north - south) * per_degree + 2 * _MARGIN)
    return {
        "width": _WIDTH,
        "height": height,
        "layers": [_drawn(layer, ground) for layer in layers],
    }


def _drawn(layer: PublicLayer, ground: _Ground) -> dict[str, object]:
    texts = [json.dumps(feature["geometry"]) for feature in layer.features["features"]]
    shapes = shapely.transform(np.asarray(shapely.from_geojson(texts), dtype=object), ground.pixels)
    points = shapely.get_dimensions(shapes) == 0
    seen = shapely.simplify(shapes[~points], _TOLERANCE)
    areal = bool((shapely.get_dimensions(seen) == 2).any())
    return {
        **_look(layer.kind, areal=areal),
        "path": "".join(dict.fromkeys(map(_path, seen))),
        "points": [
            [round(float(one), 1) for one in xy] for xy in shapely.get_coordinates(shapes[points])
        ],
        "radius": _POINT_RADIUS,
    }


def _path(shape: shapely.Geometry) -> str:
    west, north, east, south = shape.bounds
    if max(east - west, south - north) < _LEAST:
        # Too small to be seen is shown all the same.
        return f"M{west:.0f} {north:.0f}{_DOT}"
    lines = shapely.get_parts(shape)
    if shapely.get_dimensions(shape) == 2:
        lines = shapely.get_rings(lines)
    return "".join(
        "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in shapely.get_coordinates(line))
        for line in lines
    )


def _look(kind: str, *, areal: bool) -> dict[str, object]:
    look = styles()["kinds"].get(kind) or styles()["fallback"]
    filled = areal and bool(look.get("fill"))
    return {
        "stroke": look["stroke"],
        "weight": look["weight"],
        "fill": _FILLS.get(look.get("pattern", "none"), look.get("fill")) if filled else "none",
        "point_fill": look.get("fill") or look["stroke"],
        "opacity": look.get("fill_opacity", 1.0),
    }


def _version(publication: Publication, lang: str) -> dict[str, object]:
    review = publication.review_number
    return {
        "lang": "zh-CN" if lang == "zh" else lang,
        "words": Texts(tables(lang)["public"]),
        "title": publication.title.text(lang),
        "said": [
            *([tr("public.draft", lang)] if publication.draft else []),
            tr("public.review_number", lang, number=review)
            if review
            else tr("public.no_review_number", lang),
            tr("public.maker", lang, maker=publication.maker.text(lang)),
            tr("public.data_date", lang, date=publication.data_date),
            tr("public.crs", lang, crs=publication.crs),
            publication.disclaimer.text(lang),
        ],
        "layers": [_layer_row(layer, lang) for layer in publication.layers],
        "names": [_names(layer, lang) for layer in publication.layers],
        "told": [_field_table(layer, lang) for layer in publication.layers if layer.fields],
        "rules": [_rules(layer, lang) for layer in publication.layers if layer.protections],
        "densities": [_density(publication, at, lang) for at in range(len(publication.densities))],
    }


def _layer_row(layer: PublicLayer, lang: str) -> dict[str, object]:
    moved = layer.displacement_m
    shapes = layer.features["features"]
    areal = any(one["geometry"]["type"].endswith("Polygon") for one in shapes)
    return {
        **_look(layer.kind, areal=areal),
        "title": layer.title.text(lang),
        "status": tr(f"statuses.{layer.status}", lang),
        "count": len(shapes),
        "moved": tr("public.metres", lang, m=number(moved, 0))
        if moved
        else tr("public.not_generalised", lang),
        "source": sources_text([layer.source], lang),
        "licence": layer.licence,
    }


def _names(layer: PublicLayer, lang: str) -> dict[str, object]:
    own = [feature["properties"] for feature in layer.features["features"]]
    names = [one.get(f"name_{lang}") or one.get("name_zh") for one in own]
    return {"title": layer.title.text(lang), "names": [name for name in names if name]}


def _field_table(layer: PublicLayer, lang: str) -> dict[str, object]:
    """Return the fields of a layer as a table; what nobody says is named, too."""
    return {
        "title": layer.title.text(lang),
        "heads": [tr(f"public_fields.{field.id}", lang) for field in layer.fields],
        "rows": [
            (
                own.get(f"name_{lang}") or own.get("name_zh") or tr("public.without_name", lang),
                [_value(field, own, lang) for field in layer.fields],
            )
            for own in (feature["properties"] for feature in layer.features["features"])
        ],
    }


def _value(field: PublicField, own: JsonObject, lang: str) -> str:
    said = own.get(field.id)
    if field.form == "both":
        said = next(
            (own[key] for key in (f"{field.id}_{lang}", f"{field.id}_zh") if key in own), None
        )
    if said is None:
        return tr("public.not_stated", lang)
    if field.form in {"size", "measured"}:
        return number(float(said), 2)
    known = tables(lang)["public_values"] if field.form == "choice" else {}
    return str(known.get(str(said), said))


def _rules(layer: PublicLayer, lang: str) -> dict[str, object]:
    said = [
        {
            "name": rule.name.text(lang),
            "ended": not rule.in_force,
            "lines": [
                (tr(f"why.{name}", lang), text.text(lang) if text else tr("why.unsaid", lang))
                for name, text in (
                    ("why", rule.why),
                    ("demands", rule.demands),
                    ("allowed", rule.allowed),
                    ("decides", rule.decides),
                )
            ],
        }
        for rule in layer.protections
    ]
    return {
        "title": layer.title.text(lang),
        "not_in_force": tr("why.not_in_force", lang),
        "rules": said,
    }


def _density(publication: Publication, at: int, lang: str) -> dict[str, object]:
    table = publication.densities[at]
    return {
        "title": f"{table.name.text(lang)} {table.year} "
        f"{'' if table.nature == 'fact' else tr(f'periods.{table.nature}', lang)}",
        "unit": unit_text(table.unit, lang),
        "rows": [
            (
                row.name.text(lang),
                tr("public.no_data", lang)
                if row.density is None
                else f"{number(row.density, density_decimals(row.density))} "
                f"{row.mark.text(lang) if row.mark else ''}".rstrip(),
            )
            for row in table.rows
        ],
    }
