"""Maps to give away."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, LangOption
from api.terminal import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.jobs.workspace import Workspace

app = typer.Typer()


@app.command(name="map")
def map_(
    output: Annotated[Path, typer.Option("-o", "--output", help="HTML 文件。 File to write.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """导出可离线打开的单文件地图。 Write one self-contained offline map."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.build_map import write_single_file
        from maps.plain import written_text

        show([write_single_file(workspace, lang, output)], written_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
