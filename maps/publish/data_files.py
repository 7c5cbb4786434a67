"""What of a published map is public, as files: with source, licence and what must be said inside.

A sheet of cells does not run what stands in it: a text that begins like a formula gets a mark
in front.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Final

import shapely

from layers.publish.fields import all_columns
from maps.answers import JsonObject, Title
from maps.i18n import LANGUAGES, tr
from maps.publish.publication import Publication, PublicLayer

GEOJSON: Final = "data.geojson"
CSV: Final = "data.csv"
GEOPACKAGE: Final = "data.gpkg"
RECORD: Final = "record.jsonld"
MEDIA_TYPES: Final = {
    GEOJSON: "application/geo+json",
    CSV: "text/csv",
    GEOPACKAGE: "application/geopackage+sqlite3",
    RECORD: "application/ld+json",
}
_COLUMNS: Final = (
    "layer",
    "id",
    "name_zh",
    "name_en",
    "published_area_km2",
    *all_columns(),
    "status",
    "source",
    "licence",
    "displacement_m",
    "wkt_epsg_4490",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def layer_facts(layer: PublicLayer) -> JsonObject:
    """Return what stands beside every feature of a layer."""
    return {
        "layer": layer.id,
        "status": layer.status,
        "source": layer.source,
        "licence": layer.licence,
        "displacement_m": layer.displacement_m,
    }


def about(publication: Publication) -> dict[str, str]:
    """Return what must be said of the map as a whole, each text under a name of its own."""
    both = {"title": publication.title, "maker": publication.maker}
    both["disclaimer"] = publication.disclaimer
    texts = {f"{name}_{lang}": said.text(lang) for name, said in both.items() for lang in LANGUAGES}
    review = publication.review_number
    return {
        **texts,
        "data_date": publication.data_date,
        "crs": publication.crs,
        "review_number": review or tr("public.no_review_number", "zh"),
        "draft": str(publication.draft).lower(),
    }


def geojson_file(publication: Publication) -> bytes:
    """Return all features as one GeoJSON collection; ``about`` says what they are."""
    features = [
        {**one, "properties": {**one["properties"], **layer_facts(layer)}}
        for layer in publication.layers
        for one in layer.features["features"]
    ]
    content = {"type": "FeatureCollection", "about": about(publication), "features": features}
    return json.dumps(content, ensure_ascii=False).encode("utf-8")


def csv_file(publication: Publication) -> bytes:
    """Return all features as rows with their outline as text, then what is said of the map."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    writer.writerows(_rows(publication))
    writer.writerow([])
    writer.writerows([f"# {name}", _as_text(text)] for name, text in about(publication).items())
    # With the mark by which spreadsheets know the encoding.
    return out.getvalue().encode("utf-8-sig")


def _rows(publication: Publication) -> Iterator[list[str]]:
    for layer in publication.layers:
        facts = layer_facts(layer)
        for one in layer.features["features"]:
            shape = shapely.from_geojson(json.dumps(one["geometry"]))
            said = {**one["properties"], **facts, "id": one["id"]}
            said["wkt_epsg_4490"] = shapely.to_wkt(shape, rounding_precision=6)
            yield [_as_text(said.get(name)) for name in _COLUMNS]


def _as_text(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def record_file(publication: Publication, files: Sequence[str]) -> bytes:
    """Return the map as a DCAT data set, with its files by their names beside it.

    References
    ----------
    W3C, Data Catalog Vocabulary (DCAT) version 3.
    """
    west, south, east, north = publication.bounds_lonlat
    box = shapely.to_wkt(shapely.box(west, south, east, north), rounding_precision=6)
    licences = sorted({layer.licence for layer in publication.layers if layer.licence})
    sources = sorted({layer.source for layer in publication.layers if layer.source})
    record = {
        "@context": _CONTEXT,
        "@id": "index.html",
        "@type": "dcat:Dataset",
        "dct:identifier": publication.id,
        "dct:title": _both(publication.title),
        "dct:description": _both(publication.disclaimer),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": _both(publication.maker)},
        "dct:modified": {"@type": "xsd:date", "@value": publication.data_date},
        "dct:license": [{"@type": "dct:LicenseDocument", "rdfs:label": one} for one in licences],
        "dct:provenance": [
            {"@type": "dct:ProvenanceStatement", "rdfs:label": one} for one in sources
        ],
        "dct:spatial": {
            "@type": "dct:Location",
            "dcat:bbox": {"@type": "geo:wktLiteral", "@value": box},
        },
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:accessURL": {"@id": name},
                "dcat:mediaType": MEDIA_TYPES.get(name, "text/html"),
            }
            for name in files
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8")


def _both(title: Title) -> list[JsonObject]:
    return [{"@language": lang, "@value": title.text(lang)} for lang in LANGUAGES]
