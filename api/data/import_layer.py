"""Take a planner's layer into the store."""

from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd

from api.data.browse_layers import in_use
from api.data.import_concerns import concerns_of, counties_for
from api.data.layer_shift import with_layer_suspicion
from api.data.tiles import build_tiles, needs_tiles
from api.workspace.answers import layer_out, report_out
from api.workspace.compiling import compile_version
from api.workspace.workspace import Workspace
from geo.errors import InputError
from geo.measure.crs import GEOGRAPHIC
from layers.errors import LayerConcernError
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions
from layers.rasters.kinds import raster_kinds
from layers.readers import Source
from layers.store.catalogue import Kinds, kind_of
from layers.store.plausibility import coming
from maps.data.answers import ImportConcern, ImportResult


class UnknownAreaError(InputError):
    """A stated coverage is neither a county code nor a prefix of codes.

    Params: ``area``.
    """

    code = "api.import.unknown_area"


class UnknownStatusError(InputError):
    """A layer cannot have this status. Params: ``status``, ``known``."""

    code = "api.import.unknown_status"


class RasterKindError(InputError):
    """A kind of raster is no layer. Params: ``kind``."""

    code = "api.import.raster_kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """A file and what a person says about it.

    ``covers`` states the area that the layer speaks about: administrative codes (``53``
    the province, ``5301`` a prefecture, ``530111`` a county).
    ``covers_file`` holds polygons instead. Neither means unstated, and then the layer can
    never make a site clear. ``accept``: what is asked about is right.
    """

    source: Source
    spec: LayerSpec
    options: ReadOptions
    covers: tuple[str, ...]
    covers_file: Source | None = None
    accept: bool = False


def new_spec(kinds: Kinds, *, kind: str, status: str, **facts: Any) -> LayerSpec:  # noqa: ANN401
    """Return a spec of a kind, with the kind's own sensitivity.

    Raises
    ------
    UnknownKindError, UnknownStatusError
        There is no such kind or status.
    """
    if status not in tuple(LayerStatus):
        raise UnknownStatusError(status=status[:40], known=[s.value for s in LayerStatus])
    if kind in raster_kinds():
        raise RasterKindError(kind=kind)
    sensitivity = kind_of(kind, kinds).sensitivity
    return LayerSpec(kind=kind, status=LayerStatus(status), sensitivity=sensitivity, **facts)


def import_layer(workspace: Workspace, request: ImportRequest) -> ImportResult:
    """Read a file, check it and store it as a new version of a layer.

    Raises
    ------
    ReadError, InputError
        The file cannot be read as it is; nothing is stored.
    LayerConcernError
        It differs from what was said or stood before, and nobody has confirmed it.
    """
    demonstration = {
        version.layer_id
        for version in workspace.store.current()
        if version.spec.kind == request.spec.kind
        and version.spec.status is LayerStatus.DEMONSTRATION
        and version.layer_id != request.spec.id
    }
    features, report = workspace.read_layer(request.source, request.options)
    report = with_layer_suspicion(workspace, request.spec, features, report)
    frame = LayerFrame(features=features, coverage=_coverage(workspace, request, features.crs))
    concerns = concerns_of(workspace, request.spec, coming(frame), report)
    if concerns and not request.accept:
        said = [asdict(one) for one in concerns]
        raise LayerConcernError(layer_id=request.spec.id, count=len(said), concerns=said)
    put = workspace.store.put_version(request.spec, frame, report=report, now=workspace.now())
    if needs_tiles(workspace, put.version):
        build_tiles(workspace, put.version, waiting=lambda: None)
    replaced = demonstration if request.spec.status is not LayerStatus.DEMONSTRATION else set()
    return ImportResult(
        layer=layer_out(put.version, in_use=in_use(workspace, put.version)),
        created=put.created,
        replaces=sorted(replaced),
        compiled=compile_version(workspace, put.version),
        concerns=[ImportConcern(code=one.code, params=one.params) for one in concerns],
        read_report=report_out(report),
    )


def _coverage(workspace: Workspace, request: ImportRequest, crs: object) -> gpd.GeoSeries | None:
    counties = counties_for(workspace, request.spec)
    areas = [_area(counties, code) for code in request.covers]
    if request.covers_file is not None:
        frame = workspace.read_sites(request.covers_file, request.options)
        areas.append(frame.features.geometry.to_crs(GEOGRAPHIC))
    if not areas:
        return None
    together = gpd.GeoSeries([geometry for area in areas for geometry in area], crs=GEOGRAPHIC)
    return together.to_crs(crs)


def _area(counties: gpd.GeoDataFrame, code: str) -> gpd.GeoSeries:
    chosen = counties.geometry[counties["feature_id"].str.startswith(code)]
    if code.isdigit() and len(chosen):
        return chosen
    raise UnknownAreaError(area=code[:80])
