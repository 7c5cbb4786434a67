"""Scenarios of land, and totals brought onto smaller land."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption, OutputOption
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()

Indicator = Annotated[str, typer.Argument(help="指标，见 ftzgis density。 Indicator.")]
Year = Annotated[int, typer.Option(help="数据年份。 Year of the values.")]


@app.command()
def scenario(
    indicator: Indicator,
    year: Year,
    denominator: Annotated[str, typer.Option(help="面积口径，如 approved。 Which land.")],
    case: Annotated[
        list[str],
        typer.Option(help="情景，可重复：名称:新增km2[:密度|plan[:年份]]。 A scenario."),
    ],
    unit: Annotated[str, typer.Option(help="单元，如 ftz。 Planning unit.")],
    output: OutputOption = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """扩区要产出多少、目标能节多少地，几个情景并列。 Scenarios of expansion, side by side."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.files import SCENARIO_FILES
        from api.density.land import DensityQuery
        from api.density.scenario import ScenarioRequest, cases_of, run_scenarios
        from maps.density.scenario_text import scenario_text

        query = DensityQuery(indicator=indicator, year=year, denominator=denominator)
        request = ScenarioRequest(query=query, unit_id=unit, cases=cases_of(case))
        report = run_scenarios(workspace, request)
        if output is not None:
            SCENARIO_FILES.write(report, output, lang)
        show([report], scenario_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def downscale(
    indicator: Indicator,
    year: Year,
    grid_m: Annotated[
        float | None, typer.Option("--grid", help="格网边长，米。 Side of cells in metres.")
    ] = None,
    onto: Annotated[
        str | None, typer.Option(help="下推到该图层的要素（宗地）。 Onto a layer's features.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="权重图层：只落在其范围内。 Only where this layer is.")
    ] = None,
    stored_raster: Annotated[
        str | None,
        typer.Option("--weight-raster", help="已入库栅格，或 land_cover。 Stored raster."),
    ] = None,
    raster: Annotated[
        Path | None, typer.Option(help="权重栅格（地类、夜光）。 Raster of weights.")
    ] = None,
    legend: Annotated[
        str | None,
        typer.Option(help="栅格图例：esa_worldcover、clcd、values。 Legend of the raster."),
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option(help="只下推这些单元。 Only these units.")
    ] = None,
    output: OutputOption = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """总量按权重下推到格网或宗地（估算）。 Bring totals onto a grid or parcels (estimates)."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.downscale import DownscaleRequest, downscale_totals
        from api.density.files import DOWNSCALE_FILES
        from maps.density.scenario_text import downscale_text

        request = DownscaleRequest(
            indicator=indicator,
            year=year,
            units=tuple(unit or ()),
            grid_m=grid_m,
            onto_layer=onto,
            weight_layer=weights,
            weight_raster=stored_raster,
            raster=raster,
            legend=legend,
            with_features=False,
        )
        report = downscale_totals(workspace, request)
        if output is not None:
            DOWNSCALE_FILES.write(report, output, lang)
        show([report], downscale_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
