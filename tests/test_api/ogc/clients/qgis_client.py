"""Have QGIS open layers or a project and draw them: `qgis_client.py job.json` prints what it saw.

Run by the system's Python, which knows QGIS; it ends hard, since QGIS dies of its own tidying up.
"""

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

KINDS = {"raster": QgsRasterLayer, "tiles": QgsVectorTileLayer, "vector": QgsVectorLayer}


def open_layer(said):
    if said["kind"] == "tiles":
        layer = QgsVectorTileLayer(said["uri"], said["name"])
    else:
        layer = KINDS[said["kind"]](said["uri"], said["name"], said["provider"])
    if said.get("style") == "default":
        layer.loadDefaultStyle()
    elif said.get("style", "").endswith(".sld"):
        layer.loadSldStyle(said["style"])
    elif said.get("style"):
        layer.loadNamedStyle(said["style"])
    if said.get("subset"):
        layer.setSubsetString(said["subset"])
    return layer


def seen(layer):
    found = {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "error": layer.error().message() if not layer.isValid() else "",
    }
    if isinstance(layer, QgsVectorLayer):
        request = QgsFeatureRequest()
        features = list(layer.getFeatures(request))
        found["count"] = len(features)
        found["fields"] = [one.name() for one in layer.fields()]
        found["first"] = (
            {
                field: str(value)
                for field, value in zip(found["fields"], features[0].attributes(), strict=True)
            }
            if features
            else {}
        )
        box = layer.extent()
        found["extent"] = [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]
        symbol = layer.renderer().symbol() if hasattr(layer.renderer(), "symbol") else None
        found["steps"] = [one.layerType() for one in symbol.symbolLayers()] if symbol else []
    return found


def draw(layers, job):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(*job["size"]))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(job["crs"]))
    settings.setExtent(QgsRectangle(*job["extent"]))
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputDpi(96)
    drawing = QgsMapRendererParallelJob(settings)
    drawing.start()
    drawing.waitForFinished()
    drawing.renderedImage().save(job["png"])
    return [one.message for one in drawing.errors()]


def main():
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    app = QgsApplication([], False)
    app.initQgis()
    log = []
    QgsApplication.messageLog().messageReceived.connect(
        lambda text, tag, level: log.append(f"{tag}: {text}") if level else None
    )
    found = {}
    if "project" in job:
        project = QgsProject.instance()
        found["read"] = project.read(job["project"])
        found["title"] = project.title()
        found["project_crs"] = project.crs().authid()
        tree = project.layerTreeRoot()
        found["seen"] = {
            one.name(): {**seen(one), "shown": tree.findLayer(one.id()).itemVisibilityChecked()}
            for one in project.mapLayers().values()
        }
        order = list(tree.layerOrder())
        layers = [one for one in order if tree.findLayer(one.id()).itemVisibilityChecked()]
    else:
        layers = [open_layer(one) for one in job["layers"]]
        found["seen"] = [seen(one) for one in layers]
    if "png" in job:
        found["errors"] = draw(layers, job)
    found["log"] = log
    print(json.dumps(found, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)


main()
