"""Turn files of sites into other formats."""

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


@app.command()
def convert(
    sites: Annotated[Path, typer.Argument(help="地块文件。 File with sites.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help=".txt（界址点） .gpkg .geojson .shp .zip")
    ],
    to_crs: Annotated[
        str | None, typer.Option(help="写出的坐标系，默认不变。 CRS to write; default: as read.")
    ] = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    datum: DatumOption = "true",
    *,
    swap_axes: SwapOption = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """把地块文件转换为界址点 TXT 等格式。 Turn a file of sites into another format."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.convert import Conversion, convert_file
        from layers.model import ReadOptions
        from layers.readers import source_from_path
        from maps.data.document import converted_document

        options = ReadOptions(
            crs=crs, encoding=encoding, layer=layer, datum=datum_of(datum), swap_axes=swap_axes
        )
        source = source_from_path(sites, workspace.limits)
        conversion = Conversion(options=options, to_crs=to_crs)
        converted = convert_file(workspace, source, conversion, output)
        show([converted], converted_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
