"""What stands where: names and coordinates, features at a point, measures, past checks."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, LangOption
from api.terminal import Exit, Lang, in_workspace, show, worded

if TYPE_CHECKING:
    from api.jobs.workspace import Workspace

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
        from api.jobs.find_places import find_places
        from maps.plain_look import places_text

        show([find_places(workspace, query)], places_text, as_json=as_json, lang=lang)
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
        from api.jobs.identify import Spot
        from api.jobs.identify import identify as look
        from maps.plain_look import identified_text

        spot = Spot(lon_deg=lon, lat_deg=lat, tolerance_m=tolerance_m)
        show([look(workspace, spot, layer or None)], identified_text, as_json=as_json, lang=lang)
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
        from api.jobs.identify import measure as measured
        from api.jobs.identify import points_from
        from maps.plain_look import measured_text

        answer = measured(points_from(points), closed=closed)
        show([answer], measured_text, as_json=as_json, lang=lang)
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
        from api.jobs.check_history import list_checks
        from maps.plain_look import checks_text

        show([list_checks(workspace, limit)], checks_text, as_json=as_json, lang=lang)
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
        from api.jobs.compare_layers import compare_versions
        from maps.plain_look import comparison_text

        answer = compare_versions(workspace, layer_id, from_version, to_version)
        show([answer], comparison_text, as_json=as_json, lang=lang)
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
        from api.jobs.tiles import build_tiles, tile_set
        from maps.plain_look import tiles_text

        build_tiles(workspace, workspace.store.get(layer_id), waiting=lambda: None)
        show([tile_set(workspace, layer_id)], tiles_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)
