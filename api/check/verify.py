"""Run a past check again from its evidence alone, and say same or what differs."""

import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from api.check.evidence import FORM, layer_file
from api.check.judgement import Project
from api.check.sites import Terms, checked
from api.workspace.archive import input_from
from api.workspace.loaded import LoadedLayer, RuleIndex, index_for, index_unclassified, loaded_layer
from geo.check.control_index import ControlIndex
from geo.model import Reason
from layers.builtin.reference import read_counties
from layers.check.law import Law
from layers.check.natures import Decisions, require_nature
from layers.check.rules import ControlRule, rules_from_json
from layers.errors import DamagedVersionError, NotABundleError
from layers.model import (
    LayerSpec,
    LayerStatus,
    LayerVersion,
    MissingLayer,
    ReadOptions,
    Sensitivity,
)
from layers.provenance import digest
from layers.readers import DEFAULT_LIMITS, read_sites
from layers.readers._gdal import pyogrio
from layers.store.bundle import MOST_BYTES, unpack
from layers.store.catalogue import Kind, Kinds, kind_of, kinds_from_json, load_kinds
from layers.store.geopackage import read_geopackage
from maps.check.answers import CheckResult, Difference, Verification

RELATIVE: Final = 1e-9
ABSOLUTE: Final = 1e-6
_LIMITS: Final = replace(DEFAULT_LIMITS, max_bytes=MOST_BYTES)
"""The server that took the input in may have allowed more than the default."""
_MALFORMED: Final = (
    KeyError,
    TypeError,
    ValueError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.DataSourceError,
)
_DATES: Final = ("data_date", "valid_from", "valid_to")


class BundleLayers:
    """The control layers that a bundle holds; see :class:`api.check.controls.ControlSource`."""

    def __init__(
        self,
        versions: Sequence[LayerVersion],
        layers: Mapping[str, LoadedLayer],
        kinds: Kinds | None = None,
    ) -> None:
        self._versions = versions
        self._layers = layers
        self._kinds = load_kinds() if kinds is None else kinds

    def kind(self, name: str) -> Kind:
        """Return what is said of a kind."""
        return kind_of(name, self._kinds)

    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind."""
        found = tuple(version for version in self._versions if version.spec.kind == kind)
        return found or MissingLayer(kind=kind)

    def load(self, version: LayerVersion) -> LoadedLayer:
        """Return a version in memory.

        Raises
        ------
        DamagedVersionError
            It could not be read when the check was made, so the bundle does not hold it.
        """
        if version.layer_id not in self._layers:
            raise DamagedVersionError(layer_id=version.layer_id, version=version.number)
        return self._layers[version.layer_id]

    def index_for(self, loaded: LoadedLayer, rule: ControlRule) -> RuleIndex:
        """Return the features that a rule speaks of."""
        return index_for(loaded, rule)

    def index_unclassified(
        self, loaded: LoadedLayer, rules: Sequence[ControlRule]
    ) -> ControlIndex | None:
        """Return the index of the features that no rule of their kind speaks of."""
        return index_unclassified(loaded, rules)


def verify_evidence(data: bytes) -> Verification:
    """Recompute a check from its bundle, without any store.

    Numbers agree to 1e-9 relative or 1e-6 absolute: other versions of GEOS and PROJ may
    differ in the last digits; everything else must be equal, down to the id.

    Raises
    ------
    NotABundleError, AlteredBundleError
        The file is no evidence, or something in it was changed after it was packed.
    """
    files = unpack(data, FORM)
    try:
        recorded = CheckResult.model_validate_json(files["result.json"])
        source, declared = input_from(files)
        terms = _terms(recorded, declared, _law(files))
        layers = _layers(files)
    except _MALFORMED as exc:
        raise NotABundleError(form=FORM) from exc
    sites = read_sites(source, declared, counties=read_counties(), limits=_LIMITS)
    then, again = (
        result.model_dump(mode="json") for result in (recorded, checked(layers, sites, terms))
    )
    differences = list(_differences("", then, again))
    return Verification(
        same=not differences,
        check_id=recorded.id,
        verdict=recorded.verdict,
        bundle_sha256=digest(data),
        differences=differences,
    )


def _law(files: Mapping[str, bytes]) -> Law:
    rules, kinds = rules_from_json(files["rules.json"]), kinds_from_json(files["kinds.json"])
    return Law(
        rules=rules,
        kinds=tuple(kind_of(rule.kind, kinds) for rule in rules),
        decisions=Decisions.model_validate_json(files["decisions.json"]),
    )


def _terms(recorded: CheckResult, declared: ReadOptions, law: Law) -> Terms:
    return Terms(
        on=date.fromisoformat(recorded.checked_on),
        project=Project(
            nature=require_nature(recorded.nature),
            decisions=law.decisions,
        ),
        declared=declared,
        law=law,
        software=recorded.record["software"],
    )


def _layers(files: Mapping[str, bytes]) -> BundleLayers:
    versions, loaded = [], {}
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        for row in json.loads(files["layers.json"]):
            version = _version(row, Path(folder))
            versions.append(version)
            if version.content_sha256 == Reason.LAYER_UNREADABLE:
                continue
            version.path.write_bytes(files[layer_file(version.layer_id)])
            frame = read_geopackage(version.path, covered=version.covered)
            loaded[version.layer_id] = loaded_layer(version, frame)
    kinds = kinds_from_json(files["kinds.json"])
    return BundleLayers(sorted(versions, key=lambda version: version.layer_id), loaded, kinds)


def _version(row: Mapping[str, Any], folder: Path) -> LayerVersion:
    spec = dict(row["spec"])
    days = {name: date.fromisoformat(spec[name]) if spec[name] else None for name in _DATES}
    spec |= {
        **days,
        "status": LayerStatus(spec["status"]),
        "sensitivity": Sensitivity(spec["sensitivity"]),
    }
    return LayerVersion(
        spec=LayerSpec(**spec),
        number=row["number"],
        sha256="",
        content_sha256=row["content_sha256"],
        created_at=datetime(1970, 1, 1, tzinfo=UTC),
        crs="EPSG:4490",
        feature_count=0,
        geometry_type="",
        bounds_lonlat=(0.0, 0.0, 0.0, 0.0),
        covered=row["covered"],
        path=folder / "layer.gpkg",
    )


def _differences(path: str, then: Any, again: Any) -> Iterator[Difference]:  # noqa: ANN401
    if isinstance(then, dict) and isinstance(again, dict):
        for key in sorted(then.keys() | again.keys()):
            where = f"{path}.{key}" if path else key
            yield from _differences(where, then.get(key), again.get(key))
    elif isinstance(then, list) and isinstance(again, list) and len(then) == len(again):
        for at, (one, other) in enumerate(zip(then, again, strict=True)):
            yield from _differences(f"{path}[{at}]", one, other)
    elif not _equal(then, again):
        yield Difference(path=path, recorded=then, recomputed=again)


def _equal(then: Any, again: Any) -> bool:  # noqa: ANN401 - any JSON value
    numbers = isinstance(then, (int, float)) and isinstance(again, (int, float))
    if numbers and not isinstance(then, bool):
        return math.isclose(then, again, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(then == again)
