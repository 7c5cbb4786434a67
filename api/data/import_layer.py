"""Take a planner's layer into the store."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import geopandas as gpd

from api.data.browse_layers import listed_layer
from api.data.import_concerns import concerns_of, counties_for
from api.data.import_preview import (
    change_out,
    replaced_demonstrations,
    replaced_layers,
    sample_of,
)
from api.data.layer_shift import with_layer_suspicion
from api.data.tiles import build_tiles, needs_tiles
from api.workspace.answers import report_out, rule_title
from api.workspace.compiling import compile_version
from api.workspace.needs import IntakeNeeds, LawSource
from geo.errors import InputError
from geo.measure.crs import GEOGRAPHIC
from layers.check.schema import FieldMatch, match_schema
from layers.errors import LayerConcernError
from layers.model import LayerFrame, LayerSpec, LayerStatus, ReadOptions, ReadReport
from layers.rasters.kinds import raster_kinds
from layers.readers import Source
from layers.store.catalogue import Kinds, kind_of
from layers.store.content import content_sha256
from layers.store.former_store import UNOFFICIAL
from layers.store.plausibility.completeness import is_incomplete
from layers.store.plausibility.concerns import Concern, coming
from layers.store.plausibility.whereabouts import CountyShare, counties_of
from maps.answers import Title
from maps.data.answers import ImportConcern, ImportPreview, ImportResult
from maps.data.import_answers import ClassMatchOut, CountyShareOut, FieldMatchOut
from maps.data.withdrawal_answers import Resting


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedImport:
    """A layer that was read and matched to its kind, before anything is stored.

    ``counties`` are those that it lies in, the greatest share first.
    """

    request: ImportRequest
    frame: LayerFrame
    report: ReadReport
    matches: tuple[FieldMatch, ...]
    counties: tuple[CountyShare, ...]
    concerns: tuple[Concern, ...]


def prepare_import(workspace: IntakeNeeds, request: ImportRequest) -> PreparedImport:
    """Read a file, match it to its kind and hold it against what is known; nothing is stored.

    Raises
    ------
    ReadError, InputError
        The file cannot be read as it is.
    """
    spec = request.spec
    features, report = workspace.read_layer(request.source, request.options)
    report = with_layer_suspicion(workspace, spec, features, report)
    features, matches = match_schema(features, workspace.schema(spec.kind))
    frame = LayerFrame(features=features, coverage=_coverage(workspace, request, features.crs))
    layer = coming(frame)
    concerns = tuple(concerns_of(workspace, spec, layer, report))
    return PreparedImport(
        request=request,
        # What lost features may not speak for the ground that it is said to cover.
        frame=replace(frame, coverage=None) if is_incomplete(concerns) else frame,
        report=report,
        matches=matches,
        counties=tuple(counties_of(layer.parts, counties_for(workspace, spec))),
        concerns=concerns,
    )


def preview_of(
    workspace: IntakeNeeds, prepared: PreparedImport, resting: Sequence[Resting]
) -> ImportPreview:
    """Return what would come in and what it would change, as an answer.

    ``resting`` was made with what the layer takes the place of.
    """
    spec, frame = prepared.request.spec, prepared.frame
    kind = workspace.kind(spec.kind)
    stands = workspace.store.find_same(spec, frame, content_sha256(frame))
    return ImportPreview(
        id=spec.id,
        kind=spec.kind,
        kind_title=Title(zh=kind.title_zh, en=kind.title_en),
        feature_count=len(prepared.frame.features),
        covered=bool(prepared.request.covers or prepared.request.covers_file),
        counties=_counties_out(prepared),
        matched=_matched_out(workspace, prepared),
        concerns=_concerns_out(prepared),
        sample=sample_of(prepared.frame.features),
        change=change_out(stands, replaced_layers(workspace, spec), (), resting),
        read_report=report_out(prepared.report),
    )


def import_layer(workspace: IntakeNeeds, prepared: PreparedImport) -> ImportResult:
    """Store what was prepared as a new version of a layer.

    Raises
    ------
    LayerConcernError
        It differs from what was said or stood before, and nobody has confirmed it.
    """
    spec = prepared.request.spec
    if prepared.concerns and not prepared.request.accept:
        said = [asdict(one) for one in prepared.concerns]
        raise LayerConcernError(layer_id=spec.id, count=len(said), concerns=said)
    replaced = replaced_demonstrations(workspace, spec)
    stood = {one.spec.id: one.spec.status for one in workspace.store.current()}.get(spec.id)
    put = workspace.store.put_version(
        spec, prepared.frame, report=prepared.report, now=workspace.now()
    )
    if needs_tiles(workspace, put.version):
        build_tiles(workspace, put.version, waiting=lambda: None)
    return ImportResult(
        layer=listed_layer(workspace, put.version),
        created=put.created,
        replaces=replaced,
        stood_in=spec.status not in UNOFFICIAL and (bool(replaced) or stood in UNOFFICIAL),
        compiled=compile_version(workspace, put.version),
        counties=_counties_out(prepared),
        matched=_matched_out(workspace, prepared),
        concerns=_concerns_out(prepared),
        read_report=report_out(prepared.report),
    )


def _concerns_out(prepared: PreparedImport) -> list[ImportConcern]:
    return [ImportConcern(code=one.code, params=one.params) for one in prepared.concerns]


def _counties_out(prepared: PreparedImport) -> list[CountyShareOut]:
    return [
        CountyShareOut(
            code=one.code,
            title=Title(zh=one.name_zh, en=one.name_en) if one.code else None,
            share_pct=round(100.0 * one.share, 2),
        )
        for one in prepared.counties
    ]


def _matched_out(workspace: LawSource, prepared: PreparedImport) -> list[FieldMatchOut]:
    rules = workspace.rules_in_force(prepared.request.spec.kind)
    return [
        FieldMatchOut(
            attribute=match.attribute,
            field=match.field,
            asked=match.asked,
            others=list(match.others),
            values=[
                ClassMatchOut(
                    said=one.said,
                    meant=one.meant,
                    count=one.count,
                    rules=[
                        rule_title(rule, workspace.kind(rule.kind))
                        for rule in rules
                        if one.meant in rule.where.get(match.attribute, ())
                    ],
                )
                for one in match.values
            ],
        )
        for match in prepared.matches
    ]


def _coverage(workspace: IntakeNeeds, request: ImportRequest, crs: object) -> gpd.GeoSeries | None:
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
