"""Per-mu performance of firms, and their low-yield land."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import (
    AsJson,
    CrsOption,
    EncodingOption,
    LangOption,
    OutputOption,
    TableOption,
)
from api.terminal.run import Exit, Lang, in_workspace, show

if TYPE_CHECKING:
    from api.density.permu import PermuRequest
    from api.workspace.workspace import Workspace
    from layers.model import ReadOptions
    from maps.density.evaluation_answers import PermuReport

app = typer.Typer()


@app.command()
def permu(
    path: Annotated[
        Path | None, typer.Argument(help="企业表或带企业属性的宗地图层。 Firms.")
    ] = None,
    scheme: Annotated[
        str | None, typer.Option(help="评价方案，不给则列出全部。 Scheme; lists all without.")
    ] = None,
    parcels: Annotated[
        str | None,
        typer.Option(help="宗地图层；不给企业表时用其属性。 Layer of parcels, or of the firms."),
    ] = None,
    output: OutputOption = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    layer: TableOption = None,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="未写的计量单位已核对。 Units not stated are right.")
    ] = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """亩均论英雄：企业评分评级、低效与闲置用地。 Score firms by the mu, find low-yield land."""

    def run(workspace: "Workspace") -> Exit:
        from api.density.files import PERMU_FILES
        from api.density.permu import PermuRequest, list_schemes
        from layers.model import ReadOptions
        from maps.density.permu_text import permu_text, schemes_text
        from maps.document.loose import loose

        if scheme is None:
            show([list_schemes(workspace)], loose(schemes_text), as_json=as_json, lang=lang)
            return Exit.FINE if path is None else Exit.BAD_INPUT
        request = PermuRequest(
            scheme=scheme, parcel_layer=parcels, with_features=False, accept=accept
        )
        options = ReadOptions(crs=crs, encoding=encoding, layer=layer)
        report = _evaluated(workspace, path, options, request)
        if output is not None:
            PERMU_FILES.write(report, output, lang)
        show([report], loose(permu_text), as_json=as_json, lang=lang)
        return Exit.FINE

    in_workspace(run, lang, as_json=as_json)


def _evaluated(
    workspace: "Workspace", path: Path | None, options: "ReadOptions", request: "PermuRequest"
) -> "PermuReport":
    from api.density.permu import NoFirmsError, evaluate_firms, evaluate_layer
    from layers.readers import source_from_path

    if path is not None:
        source = source_from_path(path, workspace.limits)
        return evaluate_firms(workspace, source, options, request)
    if request.parcel_layer is None:
        raise NoFirmsError
    return evaluate_layer(workspace, request.parcel_layer, request)
