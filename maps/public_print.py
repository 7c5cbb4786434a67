"""The sheet of a published map, for print: what its page shows, with everything it must carry."""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely

from maps.figure.model import A4_MM, FigureLayer, MapSheet
from maps.i18n import tr
from maps.style import styles

_DOUBTFUL: Final = ("demonstration", "indicative")
_GROUND: Final = ("county", "lake", "river")


def print_sheet(publication: Mapping[str, Any], lang: str) -> MapSheet:
    """Return an A4 sheet of a publication (see :func:`maps.public_map.render_public_map`)."""
    layers = sorted(publication["layers"], key=lambda layer: _order(layer["kind"]))
    told = [layer for layer in layers if layer["kind"] not in _GROUND] or layers
    doubtful = [status for status in _DOUBTFUL if any(x["status"] == status for x in layers)]
    number = publication["review_number"]
    return MapSheet(
        lang=lang,
        layers=tuple(_figure_layer(layer, lang) for layer in layers),
        focus=np.concatenate([_geometries(layer) for layer in told]),
        title=publication["title"][lang],
        size_mm=A4_MM,
        mark=_mark(publication, doubtful, lang),
        notes=tuple(tr(f"basis.{status}", lang) for status in doubtful),
        foot=(
            tr("public.review_number", lang, number=number)
            if number
            else tr("public.no_review_number", lang),
            "    ".join(
                (
                    tr("public.maker", lang, maker=publication["maker"][lang]),
                    tr("public.data_date", lang, date=publication["data_date"]),
                    tr("public.crs", lang, crs=publication["crs"]),
                )
            ),
            publication["disclaimer"][lang],
        ),
    )


def _mark(publication: Mapping[str, Any], doubtful: list[str], lang: str) -> str | None:
    if publication["draft"]:
        return tr("public.draft", lang)
    return tr(f"statuses.{doubtful[0]}", lang) if doubtful else None


def _order(kind: str) -> int:
    look = styles()["kinds"].get(kind, styles()["fallback"])
    return int(look["order"])


def _figure_layer(layer: Mapping[str, Any], lang: str) -> FigureLayer:
    kind = layer["kind"]
    look = styles()["kinds"].get(kind, {})
    named = look.get("names") == "always"
    names = [
        own["properties"].get(f"name_{lang}") or own["properties"].get("name_zh")
        for own in layer["features"]["features"]
    ]
    return FigureLayer(
        look=kind,
        title=layer["title"][lang],
        geometries=_geometries(layer),
        names=tuple(names) if named else (),
    )


def _geometries(layer: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an array of geometries
    texts = [json.dumps(feature["geometry"]) for feature in layer["features"]["features"]]
    return np.asarray(shapely.from_geojson(texts), dtype=object)
