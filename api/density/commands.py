"""Statistics of the zone: tables in, and how the plan's indicators stand."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, EncodingOption, LangOption, OutputOption
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()
tables_app = typer.Typer(
    no_args_is_help=True, help="统计表的导入与版本。 Tables of statistics and their versions."
)


@app.command()
def indicators(
    output: OutputOption = None, *, as_json: AsJson = False, lang: LangOption = Lang.ZH
) -> None:
    """规划 16 项指标的增速、路径与进度。 The plan's indicators and how they stand."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.files import PLAN_FILES
        from api.density.plan_monitor import plan_monitor
        from maps.density.statistics_text import monitor_text
        from maps.document.loose import loose

        monitor = plan_monitor(workspace)
        if output is not None:
            PLAN_FILES.write(monitor, output, lang)
        show([monitor], loose(monitor_text), as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@tables_app.command(name="import")
def import_(
    path: Annotated[Path, typer.Argument(help="统计表（CSV、XLSX）。 Table.")],
    dataset: Annotated[str, typer.Option("--id", help="数据集编号。 Data set id.")],
    source: Annotated[str, typer.Option(help="来源，表中未写明时使用。 Source.")],
    quality: Annotated[str, typer.Option(help="资料质量。 Quality.")] = "official",
    year: Annotated[int | None, typer.Option(help="表中没有年份列时的年份。 Year.")] = None,
    sheet: Annotated[str | None, typer.Option(help="工作表名。 Sheet.")] = None,
    encoding: EncodingOption = None,
    units_layer: Annotated[
        str | None, typer.Option(help="各行是该图层的要素（宗地、地块）。 Rows are its features.")
    ] = None,
    cny_per_usd: Annotated[
        float | None, typer.Option(min=0.01, help="美元折人民币汇率。 Exchange rate.")
    ] = None,
    rate_source: Annotated[str | None, typer.Option(help="汇率来源。 Source of the rate.")] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="不导入的列名。 Columns to leave out.")
    ] = None,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="所问各处已核对无误。 What is asked about is right.")
    ] = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """先列出读到的每个数，再导入为新版本；有一行不合或未确认就全不导入。 Import a table."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.import_statistics import (
            TableRequest,
            preview_of,
            read_statistics,
            store_statistics,
        )
        from layers.density.statistics.table import TableOptions
        from layers.readers import source_from_path
        from maps.density.statistics_text import table_import_text, table_preview_text
        from maps.document.loose import loose

        options = TableOptions(
            source=source,
            quality=quality,
            year=year,
            cny_per_usd=cny_per_usd,
            rate_source=rate_source,
            ignore=tuple(ignore or ()),
        )
        request = TableRequest(
            dataset=dataset,
            options=options,
            sheet=sheet,
            encoding=encoding,
            units_layer=units_layer,
            accept=accept,
        )
        table = read_statistics(workspace, source_from_path(path, workspace.limits), request)
        if not as_json:
            # Before anything is stored a person sees what was understood, value by value.
            show(
                [preview_of(workspace, table)], loose(table_preview_text), as_json=False, lang=lang
            )
        answer = store_statistics(workspace, table)
        show([answer], loose(table_import_text), as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@tables_app.command(name="list")
def list_(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """列出已导入的数据集。 List the imported data sets."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.import_statistics import list_tables
        from maps.density.statistics_text import tables_text
        from maps.document.loose import loose

        show([list_tables(workspace)], loose(tables_text), as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@tables_app.command()
def history(
    dataset: Annotated[str, typer.Argument(help="数据集编号。 Data set id.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """列出数据集的全部版本。 List all versions of a data set."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.import_statistics import table_history
        from maps.density.statistics_text import tables_text
        from maps.document.loose import loose

        show([table_history(workspace, dataset)], loose(tables_text), as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
