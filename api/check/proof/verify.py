"""Run a past check again from its evidence alone, and say same or what differs."""

import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

import shapely

from api.check.drawn import BOUNDARIES
from api.check.judgement import Project
from api.check.override import reviewed_by
from api.check.proof.evidence import FORM, OVERRIDES, WITHDRAWALS, layer_file
from api.check.proof.shown import Shown, may_hide_nearby, read_shown
from api.check.proof.unread import LAYERS, unread_in
from api.check.sites import Terms, compute_check, missing_then
from api.check.zone_terms import ZoneTerms, recorded_terms
from api.workspace.archive import input_from
from api.workspace.loaded import LoadedLayer, RuleIndex, index_for, index_unclassified, loaded_layer
from geo.check.control_index import ControlIndex
from geo.model import Reason
from layers.builtin.reference import read_outlines
from layers.check.law import Law, law_from
from layers.check.natures import require_nature
from layers.check.rules import ControlRule
from layers.errors import DamagedVersionError, NotABundleError
from layers.model import (
    LayerSpec,
    LayerStatus,
    LayerVersion,
    MissingLayer,
    ReadOptions,
    Sensitivity,
)
from layers.provenance import RunRecord, digest, run_id
from layers.readers import DEFAULT_LIMITS, Source, read_sites
from layers.readers._gdal import pyogrio
from layers.store.bundle import MOST_BYTES, unpack
from layers.store.catalogue import Kind, Kinds, kind_of, kinds_from_json, load_kinds
from layers.store.geopackage import read_geopackage
from layers.zones import shipped_zone
from maps.check.answers import CheckResult, Difference, Verification, WithdrawnLayer
from maps.check.finding import Override

RELATIVE: Final = 1e-9
ABSOLUTE: Final = 1e-6
_LIMITS: Final = replace(DEFAULT_LIMITS, max_bytes=MOST_BYTES)
"""The server that took the input in may have allowed more than the default."""
_OLD_FORM: Final = "ftzgis-evidence-2"
_BOUND: Final = frozenset({"kinds_sha256", "layers_sha256", "lost_layers"})
"""What records have had since layers are proved."""
_FILES: Final = frozenset(
    {
        "decisions.json",
        "input.json",
        "kinds.json",
        LAYERS,
        OVERRIDES,
        WITHDRAWALS,
        "result.json",
        "rules.json",
    }
)
_MALFORMED: Final = (
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    shapely.errors.ShapelyError,
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
        gone: Sequence[MissingLayer] = (),
    ) -> None:
        self._versions = versions
        self._gone = {one.kind: one for one in gone}
        self._layers = layers
        self._kinds = load_kinds() if kinds is None else kinds

    def kind(self, name: str) -> Kind:
        """Return what is said of a kind."""
        return kind_of(name, self._kinds)

    def controls(self, kind: str) -> tuple[LayerVersion, ...] | MissingLayer:
        """Return the layers of a kind."""
        found = tuple(version for version in self._versions if version.spec.kind == kind)
        return found or self._gone.get(kind) or MissingLayer(kind=kind)

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


def verify_evidence(data: bytes, expected: str | None = None) -> Verification:
    """Recompute a check from its bundle, without any store.

    Numbers agree to 1e-9 relative or 1e-6 absolute: other versions of GEOS and PROJ may
    differ in the last digits; everything else must be equal, down to the id. What is shown of
    each layer must make up the digest that the record has of the version, and nothing that is
    not shown may come near a site.

    Parameters
    ----------
    data : bytes
        The bundle.
    expected : str or None
        What the holder of a report knows from it: the digest of the bundle, that of the
        result, or the id of the check.

    Raises
    ------
    NotABundleError, AlteredBundleError
        The file is no evidence, or something in it was changed after it was packed.
    """
    form, files = _unpack(data)
    try:
        recorded = CheckResult.model_validate_json(files["result.json"])
        source, declared = input_from(files)
        terms = _terms(recorded, declared, law_from(files, date.fromisoformat(recorded.checked_on)))
        layers, shown = _layers(files, recorded) if form == FORM else (_old_layers(files), {})
        bound = recorded.record["parameters"].keys() >= _BOUND
        unread = list(_unread(files, recorded, terms.law)) if bound and form == FORM else []
        said = json.loads(files.get(WITHDRAWALS, b"[]"))
        withdrawn = [WithdrawnLayer.model_validate(row) for row in said]
    except _MALFORMED as exc:
        raise NotABundleError(form=form) from exc
    counties = read_outlines(terms.zone.county_codes)
    sites = read_sites(source, declared, counties=counties, limits=_LIMITS)
    result = compute_check(layers, sites, terms)
    result = _as_recorded_then(result, recorded)
    then, again = (_compared(one, recorded) for one in (recorded, result))
    known = _known(data, files, recorded)
    differences = [
        *_differences("", then, again),
        *(_unproved_layers(recorded, shown, result) if bound else ()),
        *_out_of_place(files, source, recorded),
        *unread,
    ]
    if expected is not None and expected.strip().lower() not in known:
        differences.insert(0, Difference(path="digest", recorded=expected, recomputed=known[0]))
    reviews = [Override.model_validate(row) for row in json.loads(files.get(OVERRIDES, b"[]"))]
    return Verification(
        same=not differences,
        check_id=recorded.id,
        verdict=recorded.verdict,
        reviewed_verdict=reviewed_by(recorded, reviews).reviewed_verdict,
        bundle_sha256=known[0],
        result_sha256=known[1],
        reviews=len(reviews),
        unproved=list(
            _list_unproved(files, expected, known, proved=bound and form == FORM, zone=terms.zone)
        ),
        differences=differences,
        layers=recorded.record["layers"],
        withdrawn=withdrawn,
    )


def _compared(result: CheckResult, recorded: CheckResult) -> dict[str, Any]:
    """Return what is compared of a result: older releases did not keep what layers show.

    Nor did they keep boundaries as they were drawn.
    """
    titles: Any = {"basis": {"__all__": {"titles"}}}
    left_out: Any = {}
    if not any(one.titles for one in recorded.basis):
        left_out |= {**titles, "land_use": titles}
    if BOUNDARIES not in recorded.record["parameters"]:
        left_out["sites"] = {"__all__": {"boundary"}}
    return result.model_dump(mode="json", exclude=left_out)


def _unpack(data: bytes) -> tuple[str, dict[str, bytes]]:
    try:
        return FORM, unpack(data, FORM)
    except NotABundleError:
        return _OLD_FORM, unpack(data, _OLD_FORM)


def _known(data: bytes, files: Mapping[str, bytes], recorded: CheckResult) -> tuple[str, str, str]:
    return digest(data), digest(files["result.json"]), recorded.id


def _list_unproved(
    files: Mapping[str, bytes],
    expected: str | None,
    known: Sequence[str],
    *,
    proved: bool,
    zone: ZoneTerms,
) -> Iterator[str]:
    """Return what the holder of a bundle must not take for proved, as codes."""
    if not proved:
        yield "layers"
    if expected is None:
        yield "origin"
    if zone.id is not None and zone.id != shipped_zone().id:
        yield "zone"
    if OVERRIDES in files and (expected or "").strip().lower() != known[0]:
        yield "reviews"


def _unproved_layers(
    recorded: CheckResult, shown: Mapping[str, Shown], again: CheckResult
) -> Iterator[Difference]:
    """Return layers that are not what the record says, or of which something near is left out."""
    for name, content in recorded.record["layers"].items():
        layer_id = name.rpartition("@")[0]
        if content == Reason.LAYER_UNREADABLE:
            continue
        found = shown[layer_id].sha256 if layer_id in shown else None
        if found is None or found != content:
            yield Difference(path=f"layers.{layer_id}", recorded=content, recomputed=found)
        elif may_hide_nearby(shown[layer_id], again.sites, layer_id):
            yield Difference(path=f"layers.{layer_id}.features", recorded="all", recomputed="some")


def _unread(files: Mapping[str, bytes], recorded: CheckResult, law: Law) -> Iterator[Difference]:
    versions = [_version(row, Path()) for row in json.loads(files[LAYERS])]
    return unread_in(files, recorded, law, versions)


def _out_of_place(
    files: Mapping[str, bytes], source: Source, recorded: CheckResult
) -> Iterator[Difference]:
    """Return files that no check rests on, and an input under another name."""
    layers = {layer_file(name.rpartition("@")[0]) for name in recorded.record["layers"]}
    old = {_old_layer_file(name.rpartition("@")[0]) for name in recorded.record["layers"]}
    inputs = {f"input/{at}" for at in range(len(source.files))}
    for name in sorted(files.keys() - layers - old - inputs - _FILES):
        yield Difference(path=f"files.{name}", recorded=None, recomputed=name)
    names = [PurePosixPath(name).name for name in source.files]
    if len(names) == 1 and names != [PurePosixPath(source.name).name]:
        # The digest of a single file is of its bytes alone, and its suffix may decide.
        yield Difference(path="input", recorded=source.name, recomputed=names[0])


def _as_recorded_then(result: CheckResult, recorded: CheckResult) -> CheckResult:
    """Return a result as checks were recorded before kinds, layers or boundaries were bound."""
    kept, then = result.record["parameters"], recorded.record["parameters"]
    later = {BOUNDARIES} - then.keys() | (set() if then.keys() >= _BOUND else _BOUND)
    if not later:
        return result
    record = {**result.record, "parameters": {k: v for k, v in kept.items() if k not in later}}
    return result.model_copy(update={"record": record, "id": run_id(RunRecord(**record))})


def _terms(recorded: CheckResult, declared: ReadOptions, law: Law) -> Terms:
    zone = recorded_terms(recorded.record["parameters"])
    return Terms(
        on=date.fromisoformat(recorded.checked_on),
        project=Project(
            nature=require_nature(recorded.nature),
            decisions=law.decisions,
            not_here=zone.not_here,
        ),
        declared=declared,
        law=law,
        software=recorded.record["software"],
        ahead=recorded.ahead,
        zone=zone,
    )


def _layers(
    files: Mapping[str, bytes], recorded: CheckResult
) -> tuple[BundleLayers, dict[str, Shown]]:
    versions, loaded, shown = [], {}, {}
    for row in json.loads(files[LAYERS]):
        version = _version(row, Path())
        versions.append(version)
        if version.content_sha256 == Reason.LAYER_UNREADABLE:
            continue
        one = shown[version.layer_id] = read_shown(files[layer_file(version.layer_id)])
        loaded[version.layer_id] = loaded_layer(version, one.frame)
    return _bundle_layers(files, versions, loaded, missing_then(recorded.record)), shown


def _old_layers(files: Mapping[str, bytes]) -> BundleLayers:
    versions, loaded = [], {}
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        for row in json.loads(files[LAYERS]):
            version = _version(row, Path(folder))
            versions.append(version)
            if version.content_sha256 == Reason.LAYER_UNREADABLE:
                continue
            version.path.write_bytes(files[_old_layer_file(version.layer_id)])
            frame = read_geopackage(version.path, covered=version.covered)
            loaded[version.layer_id] = loaded_layer(version, frame)
    return _bundle_layers(files, versions, loaded, ())


def _bundle_layers(
    files: Mapping[str, bytes],
    versions: Sequence[LayerVersion],
    loaded: Mapping[str, LoadedLayer],
    gone: Sequence[MissingLayer],
) -> BundleLayers:
    kinds = kinds_from_json(files["kinds.json"])
    in_order = sorted(versions, key=lambda version: version.layer_id)
    return BundleLayers(in_order, loaded, kinds, gone)


def _old_layer_file(layer_id: str) -> str:
    return f"layers/{layer_id}.gpkg"


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
        incomplete=row.get("incomplete", False),
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
