"""The layer catalogue."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import (
    AsJson,
    CrsOption,
    DatumOption,
    EncodingOption,
    LangOption,
    SwapOption,
    TableOption,
)
from api.terminal.run import Exit, Lang, datum_of, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="图层目录与版本。 Layers and their versions.")


@app.command(name="list")
def list_(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """列出图层。 List the layers."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.browse_layers import list_layers
        from maps.data.document import layers_document

        show([list_layers(workspace)], layers_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def history(
    layer_id: Annotated[str, typer.Argument(help="图层编号。 Layer id.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """列出图层的全部版本。 List all versions of a layer."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.browse_layers import layer_history
        from maps.data.document import layers_document

        show([layer_history(workspace, layer_id)], layers_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command(name="import")
def import_(
    path: Annotated[Path, typer.Argument(help="图层文件。 File of the layer.")],
    layer_id: Annotated[str, typer.Option("--id", help="图层编号。 Layer id.")],
    kind: Annotated[str, typer.Option(help="类别，如 ecological_red_line。 Kind.")],
    title: Annotated[str, typer.Option(help="名称。 Title.")],
    source: Annotated[str, typer.Option(help="来源。 Where it comes from.")],
    covers: Annotated[
        list[str] | None,
        typer.Option(help="覆盖范围：行政代码（53、5301、530111）或面文件。 Area it speaks about."),
    ] = None,
    status: Annotated[str, typer.Option(help="official、reference 等。 Status.")] = "official",
    licence: Annotated[str, typer.Option(help="使用许可。 Licence.")] = "internal",
    title_en: Annotated[str | None, typer.Option(help="英文名称。 English title.")] = None,
    precision_m: Annotated[float | None, typer.Option(help="坐标精度（米）。 Precision.")] = None,
    data_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    valid_from: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    valid_to: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    datum: DatumOption = "true",
    unit: Annotated[str | None, typer.Option(help="栅格数值单位，如 m。 Unit of a raster.")] = None,
    classes: Annotated[str | None, typer.Option(help="栅格分类字典。 Classes of a raster.")] = None,
    nodata: Annotated[float | None, typer.Option(help="栅格无数据值。 Nodata of a raster.")] = None,
    band: Annotated[int | None, typer.Option(help="栅格波段。 Band of a raster.")] = None,
    *,
    swap_axes: SwapOption = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """导入图层或栅格为新版本。 Import a layer or a raster as a new version."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.import_layer import ImportRequest, import_layer, new_spec
        from api.data.rasters import RasterImportRequest, import_raster, new_raster_spec
        from layers.model import ReadOptions
        from layers.rasters.kinds import raster_kinds
        from layers.rasters.model import RasterDeclaration
        from maps.data.document import import_document, raster_import_document

        raster = kind in raster_kinds()
        make = new_raster_spec if raster else partial(new_spec, workspace.kinds)
        spec = make(
            id=layer_id,
            kind=kind,
            title_zh=title,
            title_en=title_en or title,
            status=status,
            source=source,
            licence=licence,
            precision_m=precision_m,
            data_date=data_date and data_date.date(),
            valid_from=valid_from and valid_from.date(),
            valid_to=valid_to and valid_to.date(),
        )
        if raster:
            said = RasterDeclaration(
                kind=kind, unit=unit, classes=classes, crs=crs, nodata=nodata, band=band
            )
            stored = import_raster(workspace, RasterImportRequest(path=path, spec=spec, said=said))
            show([stored], raster_import_document, as_json=as_json, lang=lang)
            return Exit.FINE
        options = ReadOptions(
            crs=crs, encoding=encoding, layer=layer, datum=datum_of(datum), swap_axes=swap_axes
        )
        request = ImportRequest(path=path, spec=spec, options=options, covers=tuple(covers or ()))
        show([import_layer(workspace, request)], import_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def export(
    layer_id: Annotated[str, typer.Argument(help="图层编号。 Layer id.")],
    output: Annotated[Path, typer.Option("-o", "--output", help=".gpkg .geojson .zip .shp .txt")],
    version: Annotated[int | None, typer.Option(help="版本，默认当前。 Version.")] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """导出图层。 Export a layer."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.export_layer import export_layer
        from maps.document.reading import written_document

        written = export_layer(workspace, layer_id, output, version)
        show([written], written_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
