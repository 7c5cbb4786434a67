"""The rasters of the store: list, history, import, and those that cover a place."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import shapely

from api.data.import_layer import UnknownStatusError
from api.data.import_preview import change_out, replaced_rasters
from api.data.raster_tiles import raster_looks, raster_picture
from api.upload import Upload
from api.workspace.answers import plain, steps_out
from api.workspace.needs import RasterNeeds, RasterSource
from layers.model import LayerSpec, LayerStatus
from layers.rasters.errors import RasterConcernError
from layers.rasters.intake import take_in
from layers.rasters.kinds import raster_kind
from layers.rasters.model import RasterDeclaration, RasterFacts, RasterReport, RasterVersion
from layers.rasters.store import RasterOrigin
from layers.store.plausibility.concerns import Concern
from layers.zones import Region
from maps.answers import Title
from maps.data.answers import ImportConcern
from maps.data.raster_answers import RasterImport, RasterList, RasterOut, RasterPreview
from maps.data.withdrawal_answers import Resting


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterImportRequest:
    """A GeoTIFF and what a person says about it; ``accept``: what is asked about is right."""

    path: Path
    spec: LayerSpec
    said: RasterDeclaration
    accept: bool = False


def new_raster_spec(*, kind: str, status: str, **facts: object) -> LayerSpec:
    """Return a spec of a kind of raster, with the kind's own sensitivity.

    Raises
    ------
    UnknownRasterKindError, UnknownStatusError
        There is no such kind or status.
    """
    if status not in tuple(LayerStatus):
        raise UnknownStatusError(status=status[:40], known=[s.value for s in LayerStatus])
    sensitivity = raster_kind(kind).sensitivity
    return LayerSpec(kind=kind, status=LayerStatus(status), sensitivity=sensitivity, **facts)  # type: ignore[arg-type]


def list_rasters(workspace: RasterSource) -> RasterList:
    """Return the version in use of every raster; of one without any, the newest."""
    shown = {version.raster_id: version for version in workspace.rasters.everything()}
    shown |= {version.raster_id: version for version in workspace.rasters.current()}
    return RasterList(
        rasters=[raster_out(workspace, version) for version in shown.values()],
        lost=workspace.rasters.memory.unlisted(),
    )


def raster_history(workspace: RasterSource, raster_id: str) -> RasterList:
    """Return all versions of a raster, withdrawn ones too, newest first.

    Raises
    ------
    UnknownRasterError
        There is no such raster.
    """
    versions = workspace.rasters.versions(raster_id)
    return RasterList(
        rasters=[raster_out(workspace, version) for version in versions],
        lost=workspace.rasters.memory.unlisted(raster_id),
    )


def import_raster(workspace: RasterNeeds, request: RasterImportRequest) -> RasterImport:
    """Check a GeoTIFF and store it as a new version of a raster.

    Raises
    ------
    ReadError, InputError
        The file cannot be used as it is; nothing is stored.
    RasterConcernError
        It contradicts what was said or lies elsewhere, and nobody has confirmed it.
    """
    kind = request.spec.kind
    before = _demonstrations(workspace, kind)
    with workspace.rasters.staging() as staged:
        facts, report = _read(workspace, request.path, staged, request.said)
        concerns = report.concerns
        if concerns and not request.accept:
            told = [asdict(one) for one in concerns]
            raise RasterConcernError(name=report.name, count=len(told), concerns=told)
        put = workspace.rasters.put_version(
            request.spec, staged, facts, origin=RasterOrigin(report=report), now=workspace.now()
        )
    return RasterImport(
        raster=raster_out(workspace, put.version),
        created=put.created,
        replaces=sorted(before - _demonstrations(workspace, kind) - {request.spec.id}),
        concerns=_concerns_out(concerns),
        read_report=plain(report),
    )


def preview_raster_upload(
    workspace: RasterNeeds,
    upload: Upload,
    spec: LayerSpec,
    said: RasterDeclaration,
    resting_on: Callable[[str, int], Sequence[Resting]],
) -> RasterPreview:
    """Return what of a raster would come in; nothing is stored.

    ``resting_on`` gives what was made with a version, by its id and number.

    Raises
    ------
    ReadError, InputError
        The file cannot be used as it is.
    """
    kind = raster_kind(spec.kind)
    with upload.on_disk() as path, workspace.rasters.staging() as staged:
        facts, report = _read(workspace, path, staged, said)
        picture = raster_picture(workspace, _unstored(workspace, spec, facts, staged))
    stands = workspace.rasters.find_same(spec, facts, RasterOrigin(report=report))
    whole, partly = replaced_rasters(workspace, spec, shapely.box(*facts.bounds_lonlat))
    return RasterPreview(
        id=spec.id,
        kind=spec.kind,
        kind_title=Title(zh=kind.title_zh, en=kind.title_en),
        crs=facts.crs,
        columns=facts.columns,
        rows=facts.rows,
        pixel_m=facts.pixel_m,
        unit=facts.unit,
        least=facts.least,
        most=facts.most,
        bounds_lonlat=facts.bounds_lonlat,
        concerns=_concerns_out(report.concerns),
        change=change_out(
            stands,
            whole,
            partly,
            [one for old in (*whole, *partly) for one in resting_on(old.raster_id, old.number)],
        ),
        picture=picture,
        read_report=plain(report),
    )


def _unstored(
    workspace: RasterNeeds, spec: LayerSpec, facts: RasterFacts, path: Path
) -> RasterVersion:
    """Return what was read as the version that it would become."""
    return RasterVersion(
        spec=spec,
        number=0,
        sha256="",
        created_at=workspace.now(),
        facts=facts,
        path=path,
        report=None,
        made_from=(),
    )


def _read(
    workspace: RasterNeeds, path: Path, staged: Path, said: RasterDeclaration
) -> tuple[RasterFacts, RasterReport]:
    facts, report = workspace.read_apart(path.name, take_in, path, staged, said)
    outside = _outside_region(facts, workspace.zone.region)
    return facts, replace(report, concerns=(*report.concerns, *outside))


def _concerns_out(concerns: Iterable[Concern]) -> list[ImportConcern]:
    return [ImportConcern(code=one.code, params=one.params) for one in concerns]


def _demonstrations(workspace: RasterSource, kind: str) -> set[str]:
    """Return the demonstrations of a kind that still answer somewhere."""
    used = workspace.rasters.in_use(kind)
    return {one.raster_id for one in used if one.spec.status is LayerStatus.DEMONSTRATION}


def _outside_region(facts: RasterFacts, region: Region) -> list[Concern]:
    """Ask about a raster that no site of the region can lie on."""
    if shapely.box(*region.bounds_lonlat).intersects(shapely.box(*facts.bounds_lonlat)):
        return []
    west, south, east, north = (round(value, 4) for value in facts.bounds_lonlat)
    place = {"west": west, "south": south, "east": east, "north": north}
    return [Concern(code="raster_outside_region", params={**place, "crs": facts.crs})]


def import_raster_upload(
    workspace: RasterNeeds,
    upload: Upload,
    spec: LayerSpec,
    said: RasterDeclaration,
    *,
    accept: bool,
) -> RasterImport:
    """Import what was handed in under a name that nobody vouches for; raises as above."""
    with upload.on_disk() as path:
        request = RasterImportRequest(path=path, spec=spec, said=said, accept=accept)
        return import_raster(workspace, request)


def raster_out(workspace: RasterSource, version: RasterVersion) -> RasterOut:
    """Return a raster version as an answer."""
    spec, facts, kind = version.spec, version.facts, raster_kind(version.spec.kind)
    used = workspace.rasters.in_use(spec.kind)
    return RasterOut(
        id=spec.id,
        kind=spec.kind,
        kind_title=Title(zh=kind.title_zh, en=kind.title_en),
        title=Title(zh=spec.title_zh, en=spec.title_en),
        status=spec.status,
        sensitivity=spec.sensitivity,
        source=spec.source,
        licence=spec.licence,
        data_date=spec.data_date.isoformat() if spec.data_date else None,
        version=version.number,
        sha256=version.sha256,
        content_sha256=facts.content_sha256,
        created_at=version.created_at.isoformat(),
        crs=facts.crs,
        columns=facts.columns,
        rows=facts.rows,
        pixel_m=facts.pixel_m,
        unit=facts.unit,
        classes=facts.classes,
        bands=list(facts.bands),
        least=facts.least,
        most=facts.most,
        bounds_lonlat=facts.bounds_lonlat,
        made_from=list(version.made_from),
        in_use=any(one.label == version.label for one in used),
        withdrawals=steps_out(workspace.rasters.memory.steps_of(version)),
        styles=raster_looks(workspace, version),
    )
