"""The server, and the health of an installation."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal.options import AsJson, LangOption
from api.terminal.run import Exit, Lang, in_workspace, listening, show

if TYPE_CHECKING:
    from api.workspace.workspace import Workspace

app = typer.Typer()


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
        from api.workspace.doctor import examine
        from maps.data.document import health_document

        health = examine(workspace)
        show([health], health_document, as_json=as_json, lang=lang)
        return Exit.FINE if health.sound else Exit.INTERNAL

    in_workspace(run, lang, as_json=as_json)
