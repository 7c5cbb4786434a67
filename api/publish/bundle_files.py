"""Files that lie beside the document of a bundle: sheets for print, public data, what to paste."""

import json
from typing import Final

import geopandas as gpd
import shapely

from geo.measure.crs import GEOGRAPHIC
from layers.publish.public_package import write_public_package
from maps.i18n import LANGUAGES, tr
from maps.publish.data_files import (
    CSV,
    GEOJSON,
    GEOPACKAGE,
    RECORD,
    about,
    csv_file,
    geojson_file,
    layer_facts,
    record_file,
)
from maps.publish.publication import Publication, PublicLayer

INDEX: Final = "index.html"
SHARED: Final = "share.png"
_SHARED_DPI: Final = 90.0
EMBED: Final = "embed.txt"
EMBED_HEIGHT: Final = 640
DATA: Final = (GEOJSON, CSV, GEOPACKAGE, RECORD)


def data_files(publication: Publication) -> dict[str, bytes]:
    """Return what of a publication is public, in three forms, and its record for catalogues."""
    layers = {layer.id: _frame(layer) for layer in publication.layers}
    return {
        GEOJSON: geojson_file(publication),
        CSV: csv_file(publication),
        GEOPACKAGE: write_public_package(layers, about(publication), day=publication.data_date),
        RECORD: record_file(publication, (INDEX, GEOJSON, CSV, GEOPACKAGE)),
    }


def _frame(layer: PublicLayer) -> gpd.GeoDataFrame:
    features = layer.features["features"]
    rows = [{"id": one["id"], **one["properties"], **layer_facts(layer)} for one in features]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in features])
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=GEOGRAPHIC)


def print_files(publication: Publication) -> dict[str, bytes]:
    """Return the A4 sheets of a publication as PDF and PNG, in both languages."""
    # Heavy: matplotlib.
    from maps.figure.model import MapSheet  # noqa: PLC0415
    from maps.figure.picture import MapPicture  # noqa: PLC0415
    from maps.publish.print import density_sheet, print_sheet  # noqa: PLC0415

    files = {}
    for lang in LANGUAGES:
        sheets: dict[str, MapSheet | None] = {"map": print_sheet(publication, lang)}
        for number, table in enumerate(publication.densities, start=1):
            sheets[f"density-{number}"] = density_sheet(publication, table, lang)
        for name, sheet in sheets.items():
            if sheet is not None:
                picture = MapPicture(sheet=sheet)
                files[f"{name}-{lang}.pdf"] = picture.pdf()
                files[f"{name}-{lang}.png"] = picture.png()
    return files


def share_picture(publication: Publication) -> bytes:
    """Return the map as a small picture, which others show beside a link."""
    from maps.figure.picture import MapPicture  # noqa: PLC0415 - heavy: matplotlib
    from maps.publish.print import print_sheet  # noqa: PLC0415

    return MapPicture(sheet=print_sheet(publication, "zh")).png(_SHARED_DPI)


def embed_text(publication: Publication) -> str:
    """Return the frame that another site pastes, a line for each language."""
    notes = " ".join(tr("cli.embed_note", lang) for lang in LANGUAGES)
    frames = [frame_text(publication.title.text(lang), INDEX, lang) for lang in LANGUAGES]
    return "\n".join([f"<!-- {notes} -->", *frames, ""])


def frame_text(title: str, address: str, lang: str) -> str:
    """Return a frame that shows a map in a language."""
    said = title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return (
        f'<iframe src="{address}#lang={lang}" title="{said}" width="100%" '
        f'height="{EMBED_HEIGHT}" loading="lazy" '
        'sandbox="allow-scripts allow-same-origin allow-downloads"></iframe>'
    )
