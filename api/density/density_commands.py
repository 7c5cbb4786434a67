"""Land economic density."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption, OutputOption
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


@app.command()
def density(
    indicator: Annotated[
        str | None, typer.Argument(help="指标，不给则列出全部。 Indicator.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="数据年份，不给则列出各年。 Year; all years without.")
    ] = None,
    denominator: Annotated[
        str | None, typer.Option(help="面积口径，如 approved。 Which land to divide by.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(help="单元一页纸（配 -o 单元.pdf）。 One page of a unit, with -o.")
    ] = None,
    output: OutputOption = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """土地经济密度。 Land economic density."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.files import DENSITY_FILES, UNIT_FILES
        from api.density.land import (
            DensityQuery,
            density_table,
            density_years,
            list_indicators,
        )
        from api.density.unit_sheet import unit_sheet
        from maps.density.statistics_text import unit_text_sheet, years_text
        from maps.density.text import density_text, indicators_text
        from maps.document.loose import loose

        if unit is not None:
            sheet = unit_sheet(workspace, unit)
            if output is not None:
                UNIT_FILES.write(sheet, output, lang)
            show([sheet], loose(unit_text_sheet), as_json=as_json, lang=lang)
            return Exit.FINE
        if indicator is not None and year is None and denominator is not None:
            years = density_years(workspace, indicator, denominator)
            show([years], loose(years_text), as_json=as_json, lang=lang)
            return Exit.FINE
        if indicator is None or year is None or denominator is None:
            show([list_indicators(workspace)], loose(indicators_text), as_json=as_json, lang=lang)
            return Exit.FINE if indicator is None else Exit.BAD_INPUT
        query = DensityQuery(indicator=indicator, year=year, denominator=denominator)
        table = density_table(workspace, query)
        if output is not None:
            DENSITY_FILES.write(table, output, lang)
        show([table], loose(density_text), as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
