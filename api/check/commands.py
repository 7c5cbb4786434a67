"""Commands of the review: check, the plan's claim, evidence and its proof."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import (
    AsJson,
    CrsOption,
    DatumOption,
    EncodingOption,
    LangOption,
    SwapOption,
    TableOption,
)
from api.terminal.run import Exit, Lang, datum_of, exit_of, in_workspace, progress, show, worded

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


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
    report: Annotated[
        Path | None, typer.Option(help="同时编制报告（.docx .pdf .html .xlsx）。 Report to write.")
    ] = None,
    *,
    swap_axes: SwapOption = False,
    geometry: Annotated[bool, typer.Option(help="JSON 中带几何。 Geometry in the JSON.")] = False,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """核查地块与各管控线的关系。 Check sites against all control layers."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.sites import read_and_check_all
        from layers.model import ReadOptions
        from layers.readers import source_from_path
        from maps.check.document import check_document
        from maps.i18n import tr

        options = ReadOptions(
            crs=crs, encoding=encoding, layer=layer, datum=datum_of(datum), swap_axes=swap_axes
        )
        results = []
        keep_report = _reporting(report, len(sites), lang) if report else None
        sources = [source_from_path(path, workspace.limits) for path in sites]
        with progress(tr("cli.checking_bar", lang), len(sites)) as step:
            for full in read_and_check_all(workspace, sources, options, nature):
                results.append(full if geometry else full.without_geometry())
                step()
        if keep_report:
            keep_report(workspace, results[0].id)
        show(results, check_document, as_json=as_json, lang=lang)
        return exit_of({result.verdict for result in results})

    in_workspace(run, lang, as_json=as_json)


def _reporting(output: Path, files: int, lang: str) -> "Callable[[Workspace, str], object]":
    """Return what writes the report; half a second of imports that other checks go without."""
    from api.check.report import ReportWish, require_one_report, write_report

    wish = ReportWish(form=require_one_report(output, files), lang=lang)
    return lambda workspace, check_id: write_report(workspace, check_id, wish, output)


@app.command()
def override(
    check_id: Annotated[str, typer.Argument(help="核查编号。 Check id.")],
    site: Annotated[str, typer.Option(help="地块编号。 Site id.")],
    rule: Annotated[str, typer.Option(help="规则编号。 Rule id.")],
    verdict: Annotated[str, typer.Option(help="改判结论，如 contact。 Verdict.")],
    reason: Annotated[str, typer.Option(help="理由。 Reason.")],
    name: Annotated[str, typer.Option(help="审查人。 Who takes responsibility.")],
    control_layer: Annotated[
        str | None, typer.Option(help="图层编号；缺图层的结论不填。 Layer id.")
    ] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """审查人改判；原结论保留。 Record a reviewer's own verdict beside the computed one."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.override import OverrideRequest, override_finding
        from maps.check.document import check_document

        request = OverrideRequest(
            site_id=site,
            rule_id=rule,
            layer_id=control_layer,
            verdict=verdict,
            reason=reason,
            name=name,
        )
        result = override_finding(workspace, check_id, request).without_geometry()
        show([result], check_document, as_json=as_json, lang=lang)
        return exit_of([result.reviewed_verdict or result.verdict])

    in_workspace(run, lang, as_json=as_json)


@app.command()
def claim(*, as_json: AsJson = False, lang: LangOption = Lang.ZH) -> None:
    """核对规划所称“不涉及环境敏感区和红线”。 Hold the plan's claim against the layers."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.plan_claim import check_claim
        from maps.check.document import claim_document

        answer = check_claim(workspace)
        show([answer], claim_document, as_json=as_json, lang=lang)
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
        from api.check.evidence import write_evidence
        from maps.document.reading import written_document

        written = write_evidence(workspace, check_id, output)
        show([written], written_document, as_json=as_json, lang=lang)
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
        from api.check.verify import verify_evidence
        from layers.readers import ReadLimits, source_from_path
        from layers.store.bundle import MOST_BYTES
        from maps.check.document import verification_document

        (data,) = source_from_path(bundle, ReadLimits(max_bytes=MOST_BYTES)).files.values()
        verification = verify_evidence(data)
        show([verification], verification_document, as_json=as_json, lang=lang)
        return Exit.FINE if verification.same else Exit.CONFLICT

    worded(run, lang, as_json=as_json)
