"""The ground: slopes and land cover of sites, and suitability for building."""

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

app = typer.Typer()

SiteArgument = Annotated[
    Path | None, typer.Argument(help="地块文件；或用 --of-layer。 A file of sites, or --of-layer.")
]
OfLayerOption = Annotated[
    str | None, typer.Option("--of-layer", help="库中图层的各个面。 Polygons of a stored layer.")
]
RasterOption = Annotated[
    str | None, typer.Option("--raster", help="高程栅格编号。 Raster of heights.")
]
SheetOption = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", help="另存附图成果：pdf、docx、html。 A sheet with maps: pdf, docx, html."
    ),
]


@app.command()
def terrain(
    site: SiteArgument = None,
    of_layer: OfLayerOption = None,
    raster: RasterOption = None,
    output: SheetOption = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    datum: DatumOption = "true",
    *,
    swap_axes: SwapOption = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """地块的高程、坡度与土地覆被。 Heights, slopes and land cover of sites."""
    path = one_of(site, of_layer)

    def run(workspace: "Workspace") -> Exit:
        from api.expansion.ground_report import write_ground
        from api.expansion.terrain import query_of_file, query_of_layer, terrain_report
        from layers.model import ReadOptions
        from layers.readers import source_from_path
        from maps.expansion.terrain_text import terrain_text

        if path is None:
            query = query_of_layer(workspace, of_layer or "", raster)
        else:
            options = ReadOptions(
                crs=crs, encoding=encoding, layer=layer, datum=datum_of(datum), swap_axes=swap_axes
            )
            source = source_from_path(path, workspace.limits)
            query = query_of_file(workspace, source, options, raster)
        report = terrain_report(workspace, query)
        if output is not None:
            write_ground(workspace, "terrain", query, output, lang)
        show([report], terrain_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def suitability(
    site: SiteArgument = None,
    of_layer: OfLayerOption = None,
    raster: RasterOption = None,
    output: SheetOption = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    datum: DatumOption = "true",
    *,
    swap_axes: SwapOption = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """地块的建设适宜性：等级、排除与得分。 Suitability of sites for building."""
    path = one_of(site, of_layer)

    def run(workspace: "Workspace") -> Exit:
        from api.expansion.ground_report import write_ground
        from api.expansion.suitability import suitability_report
        from api.expansion.terrain import query_of_file, query_of_layer
        from layers.model import ReadOptions
        from layers.readers import source_from_path
        from maps.expansion.suitability_text import suitability_text

        if path is None:
            query = query_of_layer(workspace, of_layer or "", raster)
        else:
            options = ReadOptions(
                crs=crs, encoding=encoding, layer=layer, datum=datum_of(datum), swap_axes=swap_axes
            )
            source = source_from_path(path, workspace.limits)
            query = query_of_file(workspace, source, options, raster)
        report = suitability_report(workspace, query)
        if output is not None:
            write_ground(workspace, "suitability", query, output, lang)
        show([report], suitability_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command(name="suitability-map")
def suitability_map_(
    raster: Annotated[str, typer.Argument(help="高程栅格编号。 Raster of heights.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="输出文件夹。 Folder.")],
    rule: Annotated[str, typer.Option(help="规则编号。 Rule set.")] = "urban_building",
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """整幅栅格的建设适宜性图，存入栅格库。 A map of suitability over a raster."""

    def run(workspace: "Workspace") -> Exit:
        from api.expansion.ground import require_raster_kind
        from api.expansion.suitability_map import suitability_map
        from api.workspace.output import made_folder
        from api.workspace.suitability_rules import suitability_rule
        from maps.expansion.suitability_text import suitability_map_text

        made = suitability_map(
            workspace,
            require_raster_kind(workspace, raster, "dem"),
            suitability_rule(workspace, rule),
            folder=made_folder(output),
            report=lambda *_: None,
        )
        show([made], suitability_map_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


def one_of(site: Path | None, of_layer: str | None) -> Path | None:
    """Return the file, or None for a layer; both or neither is a usage error."""
    if (site is None) == (of_layer is None):
        raise typer.BadParameter("SITE / --of-layer", param_hint="SITE")
    return site
