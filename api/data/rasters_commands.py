"""Rasters: heights, land cover, grades."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    help="栅格目录与开放数据（导入用 layers import）。 Rasters and open data.",
)


@app.command(name="list")
def list_(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """列出栅格。 List the rasters."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.rasters import list_rasters
        from maps.data.document import rasters_document

        show([list_rasters(workspace)], rasters_document, as_json=as_json, lang=lang)
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
        from api.data.rasters import raster_history
        from maps.data.document import rasters_document

        show([raster_history(workspace, raster_id)], rasters_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def recipes(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """列出可获取的开放数据。 List open rasters that can be fetched."""

    def run(_: "Workspace") -> Exit:
        from api.data.fetch_raster import list_recipes
        from maps.data.document import recipes_document

        show([list_recipes()], recipes_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def fetch(
    recipe: Annotated[str, typer.Argument(help="配方编号。 Recipe id.")],
    bbox: Annotated[str, typer.Option(help="西,南,东,北（度）。 west,south,east,north.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """获取开放数据的一个窗口；中断后重来会续传。 Fetch a window; goes on after a break."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.browse_layers import parse_bounds
        from api.data.fetch_raster import fetch_raster
        from maps.data.document import raster_import_document

        def say(done: int, total: int, _: str) -> None:
            typer.echo(f"\r{done}/{total}", err=True, nl=done == total)

        bounds = parse_bounds(bbox)
        assert bounds is not None  # noqa: S101 - it is for no text only
        stored = fetch_raster(workspace, recipe, bounds, say)
        show([stored], raster_import_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
