"""The self-audit of layers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption
from api.terminal.run import Exit, Lang, in_workspace, shares, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


@app.command()
def audit(
    layer_ids: Annotated[
        list[str] | None, typer.Argument(help="图层编号；不填为全部管控图层。 Layers; all if none.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="输出文件夹。 Output folder.")
    ] = None,
    *,
    as_json: AsJson = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """图层自查：拓扑、重复、三线交叉、面积、乱码；有问题退出码为 1。 Audit layers themselves."""

    def run(workspace: "Workspace") -> Exit:
        from api.check.audit import audit_layers
        from api.check.audit_output import write_audit
        from maps.check.audit_answers import AuditWritten
        from maps.check.audit_document import audit_summary
        from maps.i18n import tr

        with shares(tr("cli.checking_bar", lang)) as told:
            found = audit_layers(workspace, layer_ids or [], told)
        plain = AuditWritten(audit=found.without_geometry(), outputs=[])
        answer = write_audit(found, output, lang) if output else plain
        show([answer], audit_summary, as_json=as_json, lang=lang)
        return Exit.CONFLICT if found.total else Exit.FINE

    in_workspace(run, lang, as_json=as_json)
