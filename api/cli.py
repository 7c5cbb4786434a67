"""The command line ``ftzgis``: the same use cases and the same JSON as over HTTP.

Heavy libraries are imported inside the commands: ``ftzgis --help`` must be instant.
"""

import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal import (
    Exit,
    Lang,
    datum_of,
    exit_of,
    in_workspace,
    listening,
    progress,
    show,
    worded,
)

if TYPE_CHECKING:
    from api.jobs.workspace import Workspace

app = typer.Typer(
    name="ftzgis",
    help="自贸区国土空间规划：图层、管控线核查、土地经济密度、离线地图。\n\n"
    "Spatial planning of a free-trade zone: layers, red-line checks, density, offline maps.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
layers_app = typer.Typer(no_args_is_help=True, help="图层目录与版本。 Layers and their versions.")
app.add_typer(layers_app, name="layers")


AsJson = Annotated[
    bool, typer.Option("--json", help="输出 JSON，与 HTTP 相同。 Print the HTTP JSON.")
]
LangOption = Annotated[Lang, typer.Option("--lang", envvar="FTZGIS_LANG", help="语言。 Language.")]
CrsOption = Annotated[
    str | None, typer.Option("--crs", help="坐标系，如 EPSG:4543。 CRS of the coordinates.")
]
EncodingOption = Annotated[
    str | None, typer.Option("--encoding", help="文字编码，如 GB18030。 Text encoding.")
]
TableOption = Annotated[
    str | None, typer.Option("--layer", help="文件中的图层名。 Layer inside the file.")
]
DatumOption = Annotated[
    str, typer.Option("--datum", help="坐标偏移：true、gcj02、bd09。 Shift of the coordinates.")
]
SwapOption = Annotated[
    bool, typer.Option("--swap-axes", help="坐标为纬度在前。 Coordinates are lat, lon.")
]


@app.command()
def check(
    sites: Annotated[list[Path], typer.Argument(help="地块文件。 Files with sites.")],
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    datum: DatumOption = "true",
    nature: Annotated[
        str | None, typer.Option(help="项目性质，如 park_expansion。 Nature of the project.")
    ] = None,
    *,
    swap_axes: SwapOption = False,
    geometry: Annotated[bool, typer.Option(help="JSON 中带几何。 Geometry in the JSON.")] = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """核查地块与各管控线的关系。 Check sites against all control layers."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.check_site import read_and_check_all
        from layers.model import ReadOptions
        from layers.readers import source_from_path
        from maps.i18n import tr
        from maps.plain import check_text

        options = ReadOptions(
            crs=crs, encoding=encoding, layer=layer, datum=datum_of(datum), swap_axes=swap_axes
        )
        results = []
        sources = [source_from_path(path, workspace.limits) for path in sites]
        with progress(tr("cli.checking_bar", lang), len(sites)) as step:
            for full in read_and_check_all(workspace, sources, options, nature):
                results.append(full if geometry else full.without_geometry())
                step()
        show(results, check_text, as_json=as_json, lang=lang)
        return exit_of({result.verdict for result in results})

    in_workspace(run, lang, as_json=as_json)


@app.command()
def claim(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """核对规划所称“不涉及环境敏感区和红线”。 Hold the plan's claim against the layers."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.plan_claim import check_claim
        from maps.plain import claim_text

        answer = check_claim(workspace)
        show([answer], claim_text, as_json=as_json, lang=lang)
        return exit_of([answer.verdict])

    in_workspace(run, lang, as_json=as_json)


@app.command()
def evidence(
    check_id: Annotated[str, typer.Argument(help="核查编号。 Check id.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="证据包（.zip）。 File to write.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """导出一次核查的证据包。 Write the evidence of a past check."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.evidence import write_evidence
        from maps.plain import written_text

        written = write_evidence(workspace, check_id, output)
        show([written], written_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="证据包。 Evidence file.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """不依赖数据库，重算证据包；有出入退出码为 1。 Run a check again from its evidence alone."""

    def run() -> Exit:
        from api.jobs.verify import verify_evidence
        from layers.bundle import MOST_BYTES
        from layers.readers import ReadLimits, source_from_path
        from maps.plain import verification_text

        (data,) = source_from_path(bundle, ReadLimits(max_bytes=MOST_BYTES)).files.values()
        verification = verify_evidence(data)
        show([verification], verification_text, as_json=as_json, lang=lang)
        return Exit.FINE if verification.same else Exit.CONFLICT

    worded(run, lang, as_json=as_json)


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


@app.command(name="map")
def map_(
    output: Annotated[Path, typer.Option("-o", "--output", help="HTML 文件。 File to write.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """导出可离线打开的单文件地图。 Write one self-contained offline map."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.build_map import write_single_file
        from maps.plain import written_text

        show([write_single_file(workspace, lang, output)], written_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="监听地址。 Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口。 Port.")] = 8000,
    *,
    lang: LangOption = Lang.ZH,
) -> None:
    """启动地图与接口服务。 Serve the map and the HTTP interface."""

    def run(workspace: "Workspace") -> Exit:
        import uvicorn

        from api.app import create_app
        from maps.i18n import tr

        # Ctrl+C is how a server is meant to end.
        with listening(host, port) as door, suppress(KeyboardInterrupt):
            config = uvicorn.Config(
                create_app(workspace.settings, workspace),
                log_level="warning",
                timeout_graceful_shutdown=3,
            )
            typer.echo(tr("cli.serving", lang, address=f"http://{host}:{port}"), err=True)
            uvicorn.Server(config).run(sockets=[door])
        return Exit.FINE

    in_workspace(run, lang, as_json=False)


@app.command()
def doctor(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """检查安装与数据是否完好。 Check the installation and the stored data."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.doctor import examine
        from maps.plain import doctor_text

        health = examine(workspace)
        show([health], doctor_text, as_json=as_json, lang=lang)
        return Exit.FINE if health.sound else Exit.INTERNAL

    in_workspace(run, lang, as_json=as_json)


@layers_app.command(name="list")
def list_(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """列出图层。 List the layers."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.browse_layers import list_layers
        from maps.plain import layers_text

        show([list_layers(workspace)], layers_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@layers_app.command()
def history(
    layer_id: Annotated[str, typer.Argument(help="图层编号。 Layer id.")],
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """列出图层的全部版本。 List all versions of a layer."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.browse_layers import layer_history
        from maps.plain import layers_text

        show([layer_history(workspace, layer_id)], layers_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@layers_app.command(name="import")
def import_(
    path: Annotated[Path, typer.Argument(help="图层文件。 File of the layer.")],
    layer_id: Annotated[str, typer.Option("--id", help="图层编号。 Layer id.")],
    kind: Annotated[str, typer.Option(help="类别，如 ecological_red_line。 Kind.")],
    title: Annotated[str, typer.Option(help="名称。 Title.")],
    source: Annotated[str, typer.Option(help="来源。 Where it comes from.")],
    covers: Annotated[
        list[str] | None,
        typer.Option(help="覆盖范围：行政代码（53、5301、530111）或面文件。 Area it speaks about."),
    ] = None,
    status: Annotated[str, typer.Option(help="official、reference 等。 Status.")] = "official",
    licence: Annotated[str, typer.Option(help="使用许可。 Licence.")] = "internal",
    title_en: Annotated[str | None, typer.Option(help="英文名称。 English title.")] = None,
    precision_m: Annotated[float | None, typer.Option(help="坐标精度（米）。 Precision.")] = None,
    data_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    valid_from: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    valid_to: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    datum: DatumOption = "true",
    *,
    swap_axes: SwapOption = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """导入图层为新版本。 Import a layer as a new version."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.import_layer import ImportRequest, import_layer, new_spec
        from layers.model import ReadOptions
        from maps.plain import import_text

        spec = new_spec(
            id=layer_id,
            kind=kind,
            title_zh=title,
            title_en=title_en or title,
            status=status,
            source=source,
            licence=licence,
            precision_m=precision_m,
            data_date=data_date and data_date.date(),
            valid_from=valid_from and valid_from.date(),
            valid_to=valid_to and valid_to.date(),
        )
        options = ReadOptions(
            crs=crs, encoding=encoding, layer=layer, datum=datum_of(datum), swap_axes=swap_axes
        )
        request = ImportRequest(path=path, spec=spec, options=options, covers=tuple(covers or ()))
        show([import_layer(workspace, request)], import_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


@layers_app.command()
def export(
    layer_id: Annotated[str, typer.Argument(help="图层编号。 Layer id.")],
    output: Annotated[Path, typer.Option("-o", "--output", help=".gpkg .geojson .zip")],
    version: Annotated[int | None, typer.Option(help="版本，默认当前。 Version.")] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """导出图层。 Export a layer."""

    def run(workspace: "Workspace") -> Exit:
        from api.jobs.export_layer import export_layer
        from maps.plain import written_text

        written = export_layer(workspace, layer_id, output, version)
        show([written], written_text, as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


def main() -> None:
    """Run the command line (console script ``ftzgis``)."""
    # Windows consoles are not UTF-8 by default, and every message may be Chinese.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


if __name__ == "__main__":
    main()
