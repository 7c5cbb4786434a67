"""How intensively land is used: zones by the national evaluation, firms by the mu."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import (
    AsJson,
    CrsOption,
    EncodingOption,
    LangOption,
    OutputOption,
    TableOption,
)
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


@app.command()
def intensity(
    path: Annotated[Path, typer.Argument(help="开发区表或图层。 Zones as a table or a layer.")],
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    output: OutputOption = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """开发区土地集约利用评价。 Evaluate the land use of development zones."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.files import INTENSITY_FILES
        from api.density.intensity import evaluate_zones
        from layers.model import ReadOptions
        from layers.readers import source_from_path
        from maps.density.intensity_text import intensity_text

        options = ReadOptions(crs=crs, encoding=encoding, layer=layer)
        source = source_from_path(path, workspace.limits)
        report = evaluate_zones(workspace, source, options)
        if output is not None:
            INTENSITY_FILES.write(report, output, lang)
        show([report], intensity_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
