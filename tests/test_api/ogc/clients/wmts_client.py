"""What OWSLib finds in a Web Map Tile Service and what a tile of it is, as one line of JSON."""

import base64
import json
import sys

from owslib.wmts import WebMapTileService

address, layer, matrix_set, level, row, column = sys.argv[1:]
service = WebMapTileService(address)
tile = service.gettile(
    layer=layer,
    tilematrixset=matrix_set,
    tilematrix=level,
    row=int(row),
    column=int(column),
    format="image/png",
).read()
found = service[layer]
print(
    json.dumps(
        {
            "layers": sorted(service.contents),
            "sets": sorted(service.tilematrixsets),
            "title": found.title,
            "bounds": found.boundingBoxWGS84,
            "levels": sorted(map(int, found.tilematrixsetlinks[matrix_set].tilematrixlimits)),
            "tile": base64.b64encode(tile).decode("ascii"),
        },
        ensure_ascii=False,
    )
)
