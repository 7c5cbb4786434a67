"""The server as a command: it answers until it is interrupted."""

from contextlib import suppress
from typing import Annotated

import typer

from api.exits import Exit
from api.terminal.door import LangOption
from api.terminal.run import Lang, Session, open_listening_socket, run_in_words


def serve(
    host: Annotated[str, typer.Option(help="监听地址。 Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口。 Port.")] = 8000,
    *,
    root_path: Annotated[
        str, typer.Option(help="代理前缀，如 /gis。 Path of a proxy in front, such as /gis.")
    ] = "",
    lang: LangOption = Lang.ZH,
) -> None:
    """启动地图与接口服务。 Serve the map and the HTTP interface."""

    def run() -> Exit:
        import uvicorn

        from api.app import create_app
        from maps.i18n import tr

        # Ctrl+C is how a server is meant to end.
        with (
            Session(lang, apart=True) as session,
            open_listening_socket(host, port) as door,
            suppress(KeyboardInterrupt),
        ):
            workspace = session.workspace()
            config = uvicorn.Config(
                create_app(workspace.settings, workspace),
                log_level="warning",
                timeout_graceful_shutdown=3,
                # The application itself believes the proxies that are set, and their prefix.
                proxy_headers=False,
                root_path=root_path,
            )
            typer.echo(tr("cli.serving", lang, address=f"http://{host}:{port}"), err=True)
            uvicorn.Server(config).run(sockets=[door])
        return Exit.FINE

    run_in_words(run, lang, as_json=False)
