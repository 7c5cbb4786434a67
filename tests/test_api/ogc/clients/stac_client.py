"""What pystac, pystac-client, OWSLib and rdflib find in a catalogue, as one line of JSON."""

import json
import sys

import pystac
from owslib.ogcapi.records import Records
from pystac.validation.stac_validator import JsonSchemaSTACValidator
from pystac_client import Client
from rdflib import DCAT, RDF, Graph
from rdflib.namespace import DCTERMS

url = sys.argv[1]
client = Client.open(f"{url}/catalogue")
validator = JsonSchemaSTACValidator()
items = list(client.search(max_items=500).items())
for kind, found in (
    (pystac.STACObjectType.CATALOG, [client]),
    (pystac.STACObjectType.COLLECTION, client.get_collections()),
    (pystac.STACObjectType.ITEM, items),
):
    for one in found:
        # By the schemas that pystac carries: those of extensions would be fetched.
        validator.validate_core(one.to_dict(transform_hrefs=False), kind, "1.1.0")

raster = client.get_collection("rasters").get_item("demo_dem_kunming@1")
records = Records(f"{url}/catalogue")
rows = records.collection_items("layers", limit=3, q="red_line")
graph = Graph().parse(f"{url}/catalogue/dcat", format="json-ld")
datasets = list(graph.subjects(RDF.type, DCAT.Dataset))
print(
    json.dumps(
        {
            "collections": [one.id for one in client.get_collections()],
            "items": sorted(one.id for one in items),
            "paged": sorted(one.id for one in client.search(limit=5).items()),
            "near": [one.id for one in client.search(bbox=[102.7, 24.9, 102.9, 25.0],
                                                     collections=["rasters"]).items()],
            "asset": raster.assets["data"].href,
            "asset_type": raster.assets["data"].media_type,
            "status": raster.properties["ftzgis:status"],
            "records": records.records(),
            "matched": rows["numberMatched"],
            "public": sorted(str(next(graph.objects(one, DCTERMS.identifier))) for one in datasets),
            "files": len(list(graph.subjects(RDF.type, DCAT.Distribution))),
        }
    )
)  # fmt: skip
