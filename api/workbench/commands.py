"""What stands where: names and coordinates, features at a point, measures, past checks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

from typing import TYPE_CHECKING

from api.terminal.run import worded

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


@app.command()
def find(
    query: Annotated[str, typer.Argument(help="地名或坐标。 A name or coordinates.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """查找地名、经纬度、度分秒或高斯坐标。 Find a place by name or coordinates."""

    def run(workspace: "Workspace") -> Exit:
        from api.workbench.find_places import find_places
        from maps.workbench.document import places_document

        show([find_places(workspace, query)], places_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def identify(
    lon: Annotated[float, typer.Argument(help="经度。 Longitude in degrees.")],
    lat: Annotated[float, typer.Argument(help="纬度。 Latitude in degrees.")],
    tolerance_m: Annotated[float, typer.Option(help="到线和点的距离。 Reach in metres.")] = 0.0,
    layer: Annotated[list[str] | None, typer.Option(help="图层编号。 Layer id.")] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """查询某点有哪些图层要素。 Say what stands at a position."""

    def run(workspace: "Workspace") -> Exit:
        from api.workbench.identify import Spot
        from api.workbench.identify import identify as look
        from maps.workbench.document import identified_document

        spot = Spot(lon_deg=lon, lat_deg=lat, tolerance_m=tolerance_m)
        show(
            [look(workspace, spot, layer or None)],
            identified_document,
            as_json=as_json,
            lang=lang,
        )
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def measure(
    points: Annotated[list[str], typer.Argument(help="经度,纬度 … lon,lat of each point.")],
    *,
    closed: Annotated[bool, typer.Option("--closed", help="闭合为面。 Close to a ring.")] = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """量测椭球面上的长度和面积。 Measure lengths and area on the ellipsoid."""

    def run() -> Exit:
        from api.workbench.identify import measure as measured
        from api.workbench.identify import points_from
        from maps.workbench.document import measured_document

        answer = measured(points_from(points), closed=closed)
        show([answer], measured_document, as_json=as_json, lang=lang)
        return Exit.FINE

    worded(run, lang, as_json=as_json)


@app.command()
def checks(
    limit: Annotated[int, typer.Option(min=1, max=50, help="条数。 How many.")] = 20,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """列出历次核查。 List past checks."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.history import list_checks
        from maps.workbench.document import checks_document

        show([list_checks(workspace, limit)], checks_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


def diff(
    layer_id: Annotated[str, typer.Argument(help="图层编号。 Layer id.")],
    from_version: Annotated[int, typer.Option("--from", help="旧版本。 Earlier version.")],
    to_version: Annotated[int, typer.Option("--to", help="新版本。 Later version.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """比较图层的两个版本。 Compare two versions of a layer."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.compare_layers import compare_versions
        from maps.workbench.document import comparison_document

        answer = compare_versions(workspace, layer_id, from_version, to_version)
        show([answer], comparison_document, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


def tiles(
    layer_id: Annotated[str, typer.Argument(help="图层编号。 Layer id.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """为大图层切片，供地图显示。 Cut a large layer into tiles for the map."""

    def run(workspace: "Workspace") -> Exit:
        from api.data.tiles import build_tiles, tile_set
        from maps.workbench.document import tiles_document

        build_tiles(workspace, workspace.store.get(layer_id), waiting=lambda: None)
        show([tile_set(workspace, layer_id)], tiles_document, as_json=as_json, lang=lang)
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
        from api.workbench.figure import FigureWish, write_figure
        from maps.document.reading import written_document

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
        show([write_figure(workspace, wish, output)], written_document, as_json=as_json, lang=lang)
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
