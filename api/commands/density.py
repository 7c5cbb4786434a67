"""Land economic density."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, LangOption
from api.terminal import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.jobs.workspace import Workspace

app = typer.Typer()


@app.command()
def density(
    indicator: Annotated[
        str | None, typer.Argument(help="指标，不给则列出全部。 Indicator.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="数据年份。 Year of the values.")] = None,
    denominator: Annotated[
        str | None, typer.Option(help="面积口径，如 approved。 Which land to divide by.")
    ] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """土地经济密度。 Land economic density."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.density import DensityQuery, density_table, list_indicators
        from maps.plain import density_text, indicators_text

        if indicator is None or year is None or denominator is None:
            show([list_indicators(workspace)], indicators_text, as_json=as_json, lang=lang)
            return Exit.FINE if indicator is None else Exit.BAD_INPUT
        query = DensityQuery(indicator=indicator, year=year, denominator=denominator)
        show([density_table(workspace, query)], density_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
