"""What OWSLib finds behind an address, as one line of JSON."""

import json
import sys

from owslib.ogcapi.features import Features
from owslib.ogcapi.processes import Processes

features, processes = Features(sys.argv[1]), Processes(sys.argv[1])
items = features.collection_items("red_lines", limit=5, offset=2)
ring = [[102.7, 24.9], [102.8, 24.9], [102.8, 25.0]]
print(
    json.dumps(
        {
            "collections": features.feature_collections(),
            "matched": items["numberMatched"],
            "items": [one["id"] for one in items["features"]],
            "one": features.collection_item("red_lines", "红线-7")["id"],
            "queryables": list(features.collection_queryables("red_lines")["properties"]),
            "api": features.api()["openapi"],
            "processes": [one["id"] for one in processes.processes()],
            "measured": processes.execute("measure", {"points": ring, "closed": True})["answer"],
        }
    )
)
