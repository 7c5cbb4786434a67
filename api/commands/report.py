"""Commands that print: the report of a past check, a map of chosen layers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, LangOption
from api.terminal import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.jobs.workspace import Workspace

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
        from api.jobs.report import ReportWish, form_of, write_report
        from maps.plain import written_text

        wish = ReportWish(form=form_of(output), lang=lang, project=project, maker=maker)
        written = write_report(workspace, check_id, wish, output)
        show([written], written_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def figure(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="地图（.pdf .png .svg）。 File to write.")
    ],
    show_layer: Annotated[
        list[str] | None, typer.Option("--show", help="图层编号，可重复。 Layer id, repeatable.")
    ] = None,
    bounds: Annotated[
        str | None, typer.Option(help="西,南,东,北（经纬度）。 West,south,east,north.")
    ] = None,
    check_id: Annotated[
        str | None, typer.Option("--check", help="加上某次核查的地块。 Sites of a past check.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="图名。 Title.")] = None,
    paper: Annotated[str, typer.Option(help="A4、A3。 Paper.")] = "A4",
    maker: Annotated[str | None, typer.Option(help="制图单位。 Who makes the map.")] = None,
    review_number: Annotated[str | None, typer.Option(help="审图号。 Map review number.")] = None,
    *,
    upright: Annotated[bool, typer.Option(help="竖版。 Portrait.")] = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """绘制印刷用专题图。 Draw a map for print."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.figure import FigureWish, write_figure
        from maps.plain import written_text

        wish = FigureWish(
            layer_ids=tuple(show_layer or ()),
            form=output.suffix.lower().removeprefix("."),
            lang=lang,
            title=title,
            bounds_lonlat=_bounds_of(bounds),
            check_id=check_id,
            paper=paper,
            upright=upright,
            maker=maker,
            review_number=review_number,
        )
        show([write_figure(workspace, wish, output)], written_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


def _bounds_of(text: str | None) -> tuple[float, float, float, float] | None:
    """Return bounds from four numbers with commas; anything else is a usage error."""
    if text is None:
        return None
    try:
        west, south, east, north = map(float, text.replace("，", ",").split(","))
    except ValueError as exc:
        raise typer.BadParameter(text, param_hint="--bounds") from exc
    return west, south, east, north
