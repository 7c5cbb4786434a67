"""The evidence of a check: everything that it rests on, in one file, to be proved later."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from api.check.shift_suspicion import REACH_M
from api.workspace.answers import shapes_of
from api.workspace.loaded import LoadedLayer
from api.workspace.output import write_whole
from api.workspace.workspace import Workspace
from geo.check.nearest import grown_bounds
from geo.measure.crs import GEOGRAPHIC
from geo.model import Reason
from layers.check.rules import rules_digest, rules_from_json
from layers.errors import RulesChangedError
from layers.model import LayerFrame
from layers.provenance import canonical_json, digest
from layers.store.bundle import pack
from layers.store.geopackage import write_geopackage
from maps.answers import Written
from maps.check.answers import CheckResult, SiteResult

FORM: Final = "ftzgis-evidence-2"
_MARGIN_M: Final = 100.0


def write_evidence(workspace: Workspace, check_id: str, output: Path) -> Written:
    """Write the evidence of a kept check, whole or not at all."""
    return write_whole(output, build_evidence(workspace, check_id))


def build_evidence(workspace: Workspace, check_id: str) -> bytes:
    """Return the bundle of a kept check.

    It holds the input as handed in with what was declared about it, the features of the
    layer versions that can matter to its sites, the rules, and the result. The same
    check gives the same result file on any machine.

    Raises
    ------
    UnknownCheckError, InputNotKeptError
        There is no such check, or its input was not kept.
    RulesChangedError
        An older release kept the check without its rules, and those of this installation
        are others.
    """
    result = workspace.archive.get(check_id)
    files = dict(workspace.archive.input_files(check_id))
    # Checks of older releases were kept without their law.
    files = {**workspace.law(date.fromisoformat(result.checked_on)).files, **files}
    _require_its_law(result, files)
    files["result.json"] = canonical_json(result.model_dump(mode="json"))
    if overrides := workspace.archive.overrides(check_id):
        files["overrides.json"] = canonical_json([one.model_dump(mode="json") for one in overrides])
    files["layers.json"] = canonical_json(_add_layers(workspace, result, files))
    return pack(files, FORM)


def _require_its_law(result: CheckResult, files: Mapping[str, bytes]) -> None:
    found = (
        rules_digest(rules_from_json(files["rules.json"])),
        digest(files["decisions.json"]),
    )
    if found != (result.record["rules_sha256"], result.record["parameters"]["decisions_sha256"]):
        raise RulesChangedError(check_id=result.id)


def _add_layers(
    workspace: Workspace, result: CheckResult, files: dict[str, bytes]
) -> list[dict[str, Any]]:
    rows = []
    for name, content in sorted(result.record["layers"].items()):
        layer_id, _, number = name.rpartition("@")
        version = workspace.store.get(layer_id, int(number))
        if content != Reason.LAYER_UNREADABLE:
            loaded = workspace.load(version)
            files[layer_file(layer_id)] = _geopackage(_near(loaded, result))
        rows.append(
            {
                "spec": json.loads(canonical_json(asdict(version.spec))),
                "number": version.number,
                "content_sha256": content,
                "covered": version.covered,
            }
        )
    return rows


def layer_file(layer_id: str) -> str:
    """Return where a bundle keeps a layer; one that could not be read has no such file."""
    return f"layers/{layer_id}.gpkg"


def _near(loaded: LoadedLayer, result: CheckResult) -> LayerFrame:
    """Return the features that can matter: what sites touch, and what is nearest to them."""
    wanted: set[int] = set()
    reach: list[Any] = []
    for site, shape in zip(result.sites, _shapes(result), strict=True):
        box = shapely.box(*grown_bounds(shape.bounds, _reach_m(site, loaded.version.layer_id)))
        wanted |= set(loaded.controls.tree.query(box).tolist())
        reach.append(box)
    # A table without a row would have no geometry type; a far feature changes nothing.
    features = loaded.features.iloc[sorted(wanted) or [0]]
    coverage = None
    if loaded.coverage is not None:
        hits = np.unique(loaded.coverage.tree.query(np.array(reach, dtype=object))[1])
        # A layer that speaks of elsewhere keeps one area: to have none means something else.
        kept = hits if len(hits) else np.array([0])
        coverage = gpd.GeoSeries(loaded.coverage.geometries[kept], crs=GEOGRAPHIC)
    return LayerFrame(features=features, coverage=coverage)


def _shapes(result: CheckResult) -> npt.NDArray[Any]:
    return shapes_of(site.geometry for site in result.sites)


def _reach_m(site: SiteResult, layer_id: str) -> float:
    own = [finding for finding in site.findings if finding.layer_id == layer_id]
    found = [max(finding.nearest_m or 0.0, finding.buffer_m or 0.0) for finding in own]
    # Boundaries as far as a shift of coordinates reaches may have told of it.
    return max(max(found, default=0.0) * 1.01 + _MARGIN_M, REACH_M)


def _geopackage(frame: LayerFrame) -> bytes:
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        path = Path(folder) / "layer.gpkg"
        write_geopackage(frame, path)
        return path.read_bytes()
