"""Rasters: heights, land cover, grades."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, LangOption
from api.terminal import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.jobs.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    help="栅格目录与开放数据（导入用 layers import）。 Rasters and open data.",
)


@app.command(name="list")
def list_(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """列出栅格。 List the rasters."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.rasters import list_rasters
        from maps.plain_rasters import rasters_text

        show([list_rasters(workspace)], rasters_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def history(
    raster_id: Annotated[str, typer.Argument(help="栅格编号。 Raster id.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """列出栅格的全部版本。 List all versions of a raster."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.rasters import raster_history
        from maps.plain_rasters import rasters_text

        show([raster_history(workspace, raster_id)], rasters_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
