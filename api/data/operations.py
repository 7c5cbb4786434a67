"""Operations of layers and rasters, declared once for both doors."""

from functools import partial
from typing import TYPE_CHECKING

from api.data.export_forms import EXPORTS, GEOTIFF
from api.data.questions import (
    ConvertQuestion,
    DiffQuestion,
    ExportQuestion,
    FeaturesQuestion,
    FetchQuestion,
    GuideQuestion,
    ImportQuestion,
    LayerQuestion,
    LayerVersionQuestion,
    RasterExportQuestion,
    RasterImportQuestion,
    RasterQuestion,
    RasterVersionQuestion,
)
from api.operation import Call, FileAnswer, GeoJson, Nothing, operation
from api.workspace.withdraw_operations import withdrawal_operations
from maps.answers import Written
from maps.data.answers import ImportPreview, ImportResult, LayerList
from maps.data.guide_answers import KindGuides
from maps.data.import_answers import ImportChoices
from maps.data.intake_answers import Converted
from maps.data.raster_answers import RasterImport, RasterList, RasterPreview, RecipeList
from maps.workbench.answers import LayerComparison
from maps.workbench.tiles_answers import TileSet

if TYPE_CHECKING:
    from api.data.import_layer import ImportRequest, PreparedImport
    from layers.model import LayerSpec
    from layers.rasters.model import RasterDeclaration


@operation(
    "import-choices",
    "GET /api/v1/import-choices",
    text="maps.data.import_document:choices_document",
)
def import_choices(call: Call, _: Nothing) -> ImportChoices:
    """List kinds, statuses, dictionaries and areas that can be said of data that come in."""
    from api.data.import_choices import import_choices as choices

    return choices(call.workspace)


@operation("layers list", "GET /api/v1/layers", text="maps.data.document:layers_document")
def list_layers(call: Call, _: Nothing) -> LayerList:
    """List the current version of every layer with its status."""
    from api.data.browse_layers import list_layers as listed

    return listed(call.workspace)


@operation(
    "layers history",
    "GET /api/v1/layers/{layer_id}/versions",
    arguments=("layer_id",),
    text="maps.data.document:layers_document",
)
def layer_history(call: Call, asked: LayerQuestion) -> LayerList:
    """List all versions of a layer, newest first."""
    from api.data.browse_layers import layer_history as history

    return history(call.workspace, asked.layer_id)


@operation(
    "layers features",
    "GET /api/v1/layers/{layer_id}/features",
    arguments=("layer_id",),
    text="maps.data.document:features_document",
)
def layer_features(call: Call, asked: FeaturesQuestion) -> GeoJson:
    """Return features of a layer as GeoJSON in lon/lat (EPSG:4490)."""
    from api.data.browse_layers import Window, features_of, parse_bounds

    window = Window(bounds_lonlat=parse_bounds(asked.bbox), limit=asked.limit)
    return features_of(call.workspace, asked.layer_id, window)


@operation(
    "layers guide",
    "GET /api/v1/kinds/guide",
    "GET /api/v1/kinds/{kind}/guide",
    arguments=("kind",),
    text="maps.data.guide_document:guide_document",
    files="api.data.layer_guide:GUIDE_FILES",
)
def layer_guide(call: Call, asked: GuideQuestion) -> KindGuides:
    """Say how a layer of a kind is prepared: attributes, CRS, coverage, precision."""
    from api.data.layer_guide import layer_guides

    return layer_guides(call.workspace, asked.kind)


@operation(
    "layers preview",
    "POST /api/v1/layers/preview",
    arguments=("file",),
    text="maps.data.import_document:preview_document",
)
def preview_layer(call: Call, asked: ImportQuestion) -> ImportPreview:
    """Show what of a layer would come in, and what is asked about; nothing is stored."""
    from api.data.import_layer import prepare_import

    return _preview(call, prepare_import(call.workspace, _request(call, asked)))


@operation(
    "layers import",
    "POST /api/v1/layers",
    arguments=("file",),
    status=201,
    text="maps.data.import_document:import_document",
)
def import_layer(call: Call, asked: ImportQuestion) -> ImportResult:
    """Read a layer, check it and store it as a new version."""
    from api.data.import_layer import import_layer as take_in
    from api.data.import_layer import prepare_import
    from maps.data.import_document import preview_document
    from maps.document.terminal import text_of

    prepared = prepare_import(call.workspace, _request(call, asked))
    # A person sees what was understood, field by field, before anything is stored.
    call.say(text_of(preview_document(_preview(call, prepared), call.lang)))
    return take_in(call.workspace, prepared)


def _preview(call: Call, prepared: "PreparedImport") -> ImportPreview:
    from api.data.import_layer import preview_of
    from api.data.import_preview import replaced_layers
    from api.workspace.resting import resting_on

    workspace = call.workspace
    replaced = replaced_layers(workspace, prepared.request.spec)
    resting = [one for old in replaced for one in resting_on(workspace, old.layer_id, old.number)]
    return preview_of(workspace, prepared, resting)


def _request(call: Call, asked: ImportQuestion) -> "ImportRequest":
    from api.data.import_layer import ImportRequest, new_spec

    limits = call.workspace.limits
    return ImportRequest(
        source=asked.file.source(limits),
        spec=new_spec(call.workspace.kinds, **asked.facts),
        options=asked.options,
        covers=asked.covers,
        covers_file=None if asked.covers_file is None else asked.covers_file.source(limits),
        accept=asked.accept,
    )


@operation(
    "layers export",
    "GET /api/v1/layers/{layer_id}/export",
    arguments=("layer_id",),
    forms=EXPORTS,
    heavy=True,
    answers_later="api.data.export_layer:takes_long",
)
def export_layer(call: Call, asked: ExportQuestion) -> FileAnswer | Written:
    """Write a version of a layer to a file that other programs read."""
    from api.data import export_layer as layer_file

    if call.output is not None:
        return layer_file.export_layer(call.workspace, asked.layer_id, call.output, asked.version)
    return layer_file.pack_exported(call.workspace, asked.layer_id, call.form, asked.version)


@operation(
    "qgis-project",
    "GET /api/v1/qgis-project.zip",
    "POST /api/v1/qgis-project.zip",
    forms={"zip": "application/zip"},
    task="qgis_project",
    answers_later=True,
    needs_output=True,
)
def qgis_project(call: Call, _: Nothing) -> FileAnswer | Written:
    """Write all layers and rasters with their looks as a project of QGIS."""
    from api.data.qgis_project import pack_qgis_project, write_qgis_project

    if call.output is not None:
        return write_qgis_project(call.workspace, call.lang, call.output)
    return pack_qgis_project(call.workspace, call.lang)


@operation(
    "layers diff",
    "GET /api/v1/layers/{layer_id}/diff",
    heavy=True,
    arguments=("layer_id",),
    text="maps.workbench.document:comparison_document",
)
def layer_diff(call: Call, asked: DiffQuestion) -> LayerComparison:
    """Return what changed between two versions of a layer."""
    from api.data.compare_layers import compare_versions

    return compare_versions(call.workspace, asked.layer_id, asked.from_version, asked.to_version)


@operation(
    "layers tiles",
    "POST /api/v1/layers/{layer_id}/tiles",
    arguments=("layer_id",),
    task="tiles",
    text="maps.workbench.document:tiles_document",
    require="api.data.tiles:require_layer",
)
def layer_tiles(call: Call, asked: LayerQuestion) -> TileSet:
    """Cut a large layer into tiles for the map."""
    from api.data.tiles import build_tiles, tile_set

    version = call.workspace.store.get(asked.layer_id)
    build_tiles(call.workspace, version, waiting=lambda: call.progress(0, 1, version.layer_id))
    return tile_set(call.workspace, asked.layer_id)


@operation(
    "layers tile-set",
    "GET /api/v1/layers/{layer_id}/tiles",
    arguments=("layer_id",),
    text="maps.workbench.document:tiles_document",
)
def layer_tile_set(call: Call, asked: LayerQuestion) -> TileSet:
    """Return where a layer's tiles are, and whether they have been made."""
    from api.data.tiles import tile_set

    return tile_set(call.workspace, asked.layer_id)


@operation(
    "convert",
    "POST /api/v1/convert",
    arguments=("file",),
    drawn=True,
    forms=EXPORTS,
    text="maps.data.document:converted_document",
)
def convert(call: Call, asked: ConvertQuestion) -> FileAnswer | Converted:
    """Turn sites into another format, repaired and on a true datum."""
    from api.data.convert import Conversion, convert_file, pack_converted

    source = asked.file.source(call.workspace.limits)
    conversion = Conversion(options=asked.options, to_crs=asked.to_crs)
    if call.output is not None:
        return convert_file(call.workspace, source, conversion, call.output)
    return pack_converted(call.workspace, source, conversion, call.form)


@operation("rasters list", "GET /api/v1/rasters", text="maps.data.document:rasters_document")
def list_rasters(call: Call, _: Nothing) -> RasterList:
    """List the current version of every raster with its styles and legends."""
    from api.data.rasters import list_rasters as listed

    return listed(call.workspace)


@operation(
    "rasters history",
    "GET /api/v1/rasters/{raster_id}/versions",
    arguments=("raster_id",),
    text="maps.data.document:rasters_document",
)
def raster_history(call: Call, asked: RasterQuestion) -> RasterList:
    """List all versions of a raster, newest first."""
    from api.data.rasters import raster_history as history

    return history(call.workspace, asked.raster_id)


@operation(
    "rasters import",
    "POST /api/v1/rasters",
    arguments=("file",),
    status=201,
    text="maps.data.document:raster_import_document",
)
def import_raster(call: Call, asked: RasterImportQuestion) -> RasterImport:
    """Check a GeoTIFF and store it as a new version of a raster, or refuse it."""
    from api.data.rasters import import_raster_upload

    spec, said = _raster_facts(asked)
    return import_raster_upload(call.workspace, asked.file, spec, said, accept=asked.accept)


@operation(
    "rasters preview",
    "POST /api/v1/rasters/preview",
    arguments=("file",),
    text="maps.data.document:raster_preview_document",
)
def preview_raster(call: Call, asked: RasterImportQuestion) -> RasterPreview:
    """Show what of a raster would come in, and what is asked about; nothing is stored."""
    from api.data.rasters import preview_raster_upload
    from api.workspace.resting import resting_on

    spec, said = _raster_facts(asked)
    resting = partial(resting_on, call.workspace)
    return preview_raster_upload(call.workspace, asked.file, spec, said, resting)


def _raster_facts(asked: RasterImportQuestion) -> tuple["LayerSpec", "RasterDeclaration"]:
    from api.data.rasters import new_raster_spec
    from layers.rasters.model import RasterDeclaration

    said = RasterDeclaration(
        kind=asked.kind,
        unit=asked.unit,
        classes=asked.classes,
        crs=asked.crs,
        nodata=asked.nodata,
        band=asked.band,
    )
    return new_raster_spec(**asked.facts), said


@operation(
    "rasters export",
    "GET /api/v1/rasters/{raster_id}/export",
    arguments=("raster_id",),
    forms={"tif": GEOTIFF},
    heavy=True,
)
def export_raster(call: Call, asked: RasterExportQuestion) -> FileAnswer:
    """Return a version of a raster as it is kept: a cloud-optimised GeoTIFF."""
    from api.data.raster_file import raster_bytes

    return raster_bytes(call.workspace, asked.raster_id, asked.version)


@operation(
    "rasters recipes", "GET /api/v1/rasters/recipes", text="maps.data.document:recipes_document"
)
def list_recipes(_: Call, __: Nothing) -> RecipeList:
    """List open rasters that can be fetched where the network is allowed."""
    from api.data import fetch_raster

    return fetch_raster.list_recipes()


@operation(
    "rasters fetch",
    "POST /api/v1/rasters/recipes/{recipe_id}",
    arguments=("recipe_id",),
    task="fetch",
    text="maps.data.document:raster_import_document",
    require="api.data.fetch_raster:require_fetch",
)
def fetch_raster(call: Call, asked: FetchQuestion) -> RasterImport:
    """Fetch a window of an open raster; the same call goes on after an interruption."""
    from api.data import fetch_raster as fetch

    bounds = fetch.bounds_of(asked.bbox)
    return fetch.fetch_raster(call.workspace, asked.recipe_id, bounds, call.progress)


OPERATIONS = (
    import_choices,
    list_layers,
    layer_history,
    layer_features,
    layer_guide,
    preview_layer,
    import_layer,
    export_layer,
    qgis_project,
    layer_diff,
    layer_tiles,
    layer_tile_set,
    convert,
    list_rasters,
    raster_history,
    preview_raster,
    import_raster,
    export_raster,
    list_recipes,
    fetch_raster,
    *withdrawal_operations(
        "layers",
        "/api/v1/layers/{layer_id}/versions/{version}",
        question=LayerVersionQuestion,
        change="api.workspace.withdraw:change_layer",
    ),
    *withdrawal_operations(
        "rasters",
        "/api/v1/rasters/{raster_id}/versions/{version}",
        question=RasterVersionQuestion,
        change="api.workspace.withdraw:change_raster",
    ),
)
