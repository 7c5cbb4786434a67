"""Commands for expansion sites: search for them, compare them, keep them clear of lines."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, CrsOption, EncodingOption, LangOption, TableOption
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.density.land import DensityQuery
    from api.workspace.workspace import Workspace
    from layers.model import ReadOptions
    from layers.readers import Source

app = typer.Typer()

_Sites = Annotated[Path, typer.Argument(help="地块文件。 File with sites.")]
_Nature = Annotated[str | None, typer.Option(help="项目性质。 Nature of the project.")]
_Places = Annotated[
    list[str] | None,
    typer.Option("--place", help="点位：名称=经度,纬度，可多次。 name=lon,lat; repeatable."),
]
_Layer = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="写成 .gpkg、.geojson 或 .zip。 Write a layer."),
]


@app.command()
def search(
    least_ha: Annotated[float, typer.Option(min=0.01, help="最小面积，公顷。 Least area.")],
    width_m: Annotated[float, typer.Option(min=1, help="最小宽度，米。 Least width.")],
    county: Annotated[
        str | None, typer.Option(help="县级行政区代码或名称。 County, code or name.")
    ] = None,
    area: Annotated[Path | None, typer.Option(help="或范围文件。 Or a file with an area.")] = None,
    most_ha: Annotated[
        float | None, typer.Option(min=0.01, help="地块大小上限，超出则分割。 Cut larger ground.")
    ] = None,
    compactness: Annotated[float, typer.Option(min=0, max=1, help="最小紧凑度。 0 to 1.")] = 0.0,
    slope_deg: Annotated[
        float | None, typer.Option(min=0, max=90, help="最大坡度，度。 Steepest.")
    ] = None,
    grade: Annotated[
        int | None, typer.Option(min=1, max=5, help="适宜性等级不低于，1 最好。 Worst grade.")
    ] = None,
    district_km: Annotated[
        float | None, typer.Option(min=0.001, help="距片区不超过，公里。 From a district.")
    ] = None,
    places: _Places = None,
    place_km: Annotated[
        float | None, typer.Option(min=0.001, help="距点位不超过，公里。 From a place.")
    ] = None,
    cell_m: Annotated[
        float | None, typer.Option(min=1, max=1000, help="栅格边长，米。 Side of a cell.")
    ] = None,
    nature: _Nature = None,
    output: _Layer = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """在全县范围搜索扩区候选地块。 Search a county or an area for expansion sites."""

    def run(workspace: "Workspace") -> Exit:
        from api.expansion.output import write_sites
        from api.expansion.search import SearchQuery, search_sites
        from api.expansion.search_area import area_of
        from api.expansion.site_words import places_of
        from layers.check.natures import require_nature
        from layers.readers import source_from_path
        from maps.expansion.sites_text import search_text

        drawn = None if area is None else source_from_path(area, workspace.limits)
        query = SearchQuery(
            least_ha=least_ha,
            most_ha=most_ha,
            width_m=width_m,
            compactness=compactness,
            slope_deg=slope_deg,
            grade=grade,
            district_km=district_km,
            places=places_of(places or ()),
            place_km=place_km,
            cell_m=cell_m,
            nature=require_nature(nature),
        )
        report = search_sites(workspace, area_of(workspace, county, drawn), query, _steps())
        if output is not None and report.candidates:
            write_sites(report, output)
        show([report], search_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def avoid(
    sites: _Sites,
    target_m2: Annotated[
        float, typer.Option(min=0, help="至少保留面积，平方米。 Least area.")
    ] = 0.0,
    width_m: Annotated[float, typer.Option(min=0, help="至少保留宽度，米。 Least width.")] = 0.0,
    reach_m: Annotated[
        float | None, typer.Option(min=0, max=50_000, help="最大平移距离，米。 Farthest shift.")
    ] = None,
    nature: _Nature = None,
    output: _Layer = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """避让：最小切除或最小平移，并重新核查。 Trim or shift sites clear of all hard lines."""

    def run(workspace: "Workspace") -> Exit:
        from api.expansion.avoid import AvoidQuery, avoid_lines
        from api.expansion.output import write_sites
        from maps.expansion.sites_text import avoidance_text

        source, options = _read(workspace, sites, crs, encoding, layer)
        query = AvoidQuery(target_m2=target_m2, width_m=width_m, reach_m=reach_m, nature=nature)
        report = avoid_lines(workspace, source, options, query, _steps())
        if output is not None:
            write_sites(report, output)
        show([report], avoidance_text, as_json=as_json, lang=lang)
        solved = all(one.trim.possible or one.shift.possible for one in report.sites)
        return Exit.FINE if solved else Exit.CONFLICT

    in_workspace(run, lang, as_json=as_json)


@app.command()
def rank(
    sites: _Sites,
    criteria: Annotated[str, typer.Option(help="指标方案。 Set of criteria.")] = "expansion",
    weights: Annotated[
        list[str] | None,
        typer.Option("--weight", help="自定权重：指标=数值，可多次。 criterion=number."),
    ] = None,
    places: _Places = None,
    least_ha: Annotated[float, typer.Option(min=0, help="最小面积，公顷。 Least area.")] = 0.0,
    width_m: Annotated[float, typer.Option(min=0, help="最小宽度，米。 Least width.")] = 0.0,
    nature: _Nature = None,
    indicator: Annotated[str | None, typer.Option(help="经济指标。 Indicator to join.")] = None,
    year: Annotated[int | None, typer.Option(help="指标年份。 Its year.")] = None,
    denominator: Annotated[str | None, typer.Option(help="土地口径。 Its land.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="比选表 .xlsx、.csv 或 .pdf。 Write the table."),
    ] = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """多方案比选：得分构成、翻转权重、稳定性。 Compare sites and say how firm the order is."""

    def run(workspace: "Workspace") -> Exit:
        from api.expansion.files import ranking_files
        from api.expansion.rank import RankQuery, rank_sites
        from api.expansion.site_words import places_of, weights_of
        from maps.expansion.sites_text import ranking_text

        source, options = _read(workspace, sites, crs, encoding, layer)
        query = RankQuery(
            criteria=criteria,
            weights=weights_of(weights or ()),
            places=places_of(places or ()),
            least_ha=least_ha,
            width_m=width_m,
            nature=nature,
            density=_density(indicator, year, denominator),
            with_geometry=output is not None,
        )
        report = rank_sites(workspace, source, options, query)
        if output is not None:
            ranking_files(workspace, report).write(report, output, lang)
        show([report], ranking_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


def _density(
    indicator: str | None, year: int | None, denominator: str | None
) -> "DensityQuery | None":
    from api.density.land import DensityQuery

    given = (indicator, year, denominator)
    if indicator is None or year is None or denominator is None:
        if any(one is not None for one in given):
            raise typer.BadParameter("--indicator --year --denominator")
        return None
    return DensityQuery(indicator=indicator, year=year, denominator=denominator)


def _read(
    workspace: "Workspace", path: Path, crs: str | None, encoding: str | None, layer: str | None
) -> "tuple[Source, ReadOptions]":
    from layers.model import ReadOptions
    from layers.readers import source_from_path

    options = ReadOptions(crs=crs, encoding=encoding, layer=layer)
    return source_from_path(path, workspace.limits), options


def _steps() -> Callable[[int, int, str], None]:
    """Show how far the work is on a terminal; a file or a pipe is told nothing."""

    def step(done: int, total: int, note: str) -> None:
        import sys

        if sys.stderr.isatty():
            typer.echo(f"\r{done}/{total} {note[:60]:60}", err=True, nl=False)

    return step
