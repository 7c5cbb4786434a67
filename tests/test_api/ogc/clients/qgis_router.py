"""Have QGIS travel roads: `qgis_router.py job.json` prints minutes and kilometres, None where none leads.

Run by the system's Python, which knows QGIS; it ends hard, since QGIS dies of its own tidying up.
"""

import json
import math
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.analysis import (
    QgsGraphAnalyzer,
    QgsGraphBuilder,
    QgsNetworkDistanceStrategy,
    QgsNetworkSpeedStrategy,
    QgsVectorLayerDirector,
)
from qgis.core import QgsApplication, QgsPointXY, QgsVectorLayer

ELLIPSOID = "EPSG:7019"
"""GRS 80, from which the ellipsoid of CGCS2000 is not to be told on the ground."""
KMH = 1000.0 / 3600.0
BY_TIME, BY_LENGTH = 0, 1


def travel(roads, starts, ends):
    """Return of each start, and then of each end, the minutes and the shortest kilometres."""
    fields = roads.fields()
    director = QgsVectorLayerDirector(
        roads, fields.indexOf("oneway"), "yes", "-1", "no", QgsVectorLayerDirector.DirectionBoth
    )
    director.addStrategy(QgsNetworkSpeedStrategy(fields.indexOf("kmh"), 0.0, KMH))
    director.addStrategy(QgsNetworkDistanceStrategy())
    builder = QgsGraphBuilder(roads.crs(), True, 0.0, ELLIPSOID)
    points = [QgsPointXY(*one) for one in [*starts, *ends]]
    tied = [*director.makeGraph(builder, points)]
    graph = builder.graph()
    at = [graph.findVertex(one) for one in tied]
    found = []
    for start in at[: len(starts)]:
        _, seconds = QgsGraphAnalyzer.dijkstra(graph, start, BY_TIME)
        _, metres = QgsGraphAnalyzer.dijkstra(graph, start, BY_LENGTH)
        found.append(
            [
                [seconds[end] / 60.0, metres[end] / 1000.0] if math.isfinite(seconds[end]) else None
                for end in at[len(starts) :]
            ]
        )
    return found


def main():
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    app = QgsApplication([], False)
    app.initQgis()
    roads = QgsVectorLayer(job["roads"], "roads", "ogr")
    print(json.dumps(travel(roads, job["starts"], job["ends"])))
    sys.stdout.flush()
    os._exit(0)


main()
