"""The command for very many parcels at once."""

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption
from api.terminal.run import Exit, Lang, in_workspace, progress, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


@app.command()
def overlap(
    parcels: Annotated[
        Path, typer.Argument(help="地块：GeoParquet、GeoPackage 或 FlatGeobuf。 Parcels.")
    ],
    layer: Annotated[str, typer.Argument(help="图层编号。 Layer id.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="输出 Parquet 表。 Table.")],
    id_column: Annotated[
        str | None, typer.Option("--id", help="地块编号字段。 Column that names parcels.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="另起的进程数；0 为本进程。 Processes; 0: this one.")
    ] = 0,
    scheduler: Annotated[
        str | None, typer.Option(help="已有 dask 调度器地址。 Address of a dask scheduler.")
    ] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """百万地块与一个图层的重叠面积。 Overlaps of millions of parcels with one layer."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.cluster import local_crew, remote_crew
        from api.check.overlap_table import OverlapRequest, in_this_process, overlap_table
        from maps.check.document import overlap_document
        from maps.i18n import tr

        request = OverlapRequest(
            parcels=parcels, layer_id=layer, id_column=id_column, output=output
        )
        here = nullcontext(in_this_process(os.cpu_count() or 1))
        crews = remote_crew(scheduler) if scheduler else local_crew(workers) if workers else here
        with crews as crew, progress(tr("cli.overlap_bar", lang), 100) as step:
            shown = [0]

            def told(done: int, total: int) -> None:
                for _ in range(100 * done // total - shown[0]):
                    step()
                shown[0] = 100 * done // total

            answer = overlap_table(workspace, request, crew, told)
        show([answer], overlap_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
