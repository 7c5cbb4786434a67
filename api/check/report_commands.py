"""Commands that print: the report of a past check, a map of chosen layers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


@app.command()
def report(
    check_id: Annotated[str, typer.Argument(help="核查编号。 Check id.")],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="报告（.docx .pdf .html .xlsx）。 File to write."),
    ],
    project: Annotated[str | None, typer.Option(help="项目名称。 Name of the project.")] = None,
    maker: Annotated[str | None, typer.Option(help="编制单位。 Who hands it in.")] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """编制一次核查的报告。 Write the report of a past check."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.report import ReportWish, form_of, write_report
        from maps.document.reading import written_document

        wish = ReportWish(form=form_of(output), lang=lang, project=project, maker=maker)
        written = write_report(workspace, check_id, wish, output)
        show([written], written_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
