"""The server as a command: it answers until it is interrupted."""

import gc
import ipaddress
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.errors import NoAccountsError, OpenToAllError, ServedAlreadyError
from api.exits import Exit
from api.terminal.door import LangOption
from api.terminal.run import Lang, Session, open_listening_socket, run_in_words
from api.terminal.zone_option import ZoneOption

if TYPE_CHECKING:
    from socket import socket

    from fastapi import FastAPI

    from api.settings import Settings
    from layers.people.people_store import PeopleStore


class Access(StrEnum):
    """Who may come in."""

    OPEN = "open"
    ACCOUNTS = "accounts"


_NEW_OBJECTS: Final = 50_000
"""How many may be made before a server looks for those that nothing reaches: they may hold much."""


def serve(  # noqa: PLR0913 - an argument for each option
    host: Annotated[str, typer.Option(help="监听地址。 Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口。 Port.")] = 8000,
    *,
    root_path: Annotated[
        str, typer.Option(help="代理前缀，如 /gis。 Path of a proxy in front, such as /gis.")
    ] = "",
    access: Annotated[
        Access | None,
        typer.Option(
            help="open：本机任何人可用；accounts：须登录；不填则有账号时须登录。 "
            "open: whoever reaches it; accounts: people sign in; accounts where there are any."
        ),
    ] = None,
    trust_network: Annotated[
        bool,
        typer.Option(
            "--trust-network",
            help="无账号也监听其他地址。 Listen to other machines without accounts.",
        ),
    ] = False,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="只提供已发布的公开地图。 Show released public maps and nothing else.",
        ),
    ] = False,
    zone: ZoneOption = None,
    lang: LangOption = Lang.ZH,
) -> None:
    """启动地图与接口服务。 Serve the map and the HTTP interface."""

    def run() -> Exit:
        from maps.i18n import tr

        # Ctrl+C is how a server is meant to end.
        with (
            Session(lang, apart=True, zone=zone) as session,
            open_listening_socket(host, port) as door,
            suppress(KeyboardInterrupt),
        ):
            if public:
                settings, app = _public_app()
            else:
                settings, app = _internal_app(session, access, host, trusted=trust_network)
            typer.echo(tr("cli.serving", lang, address=f"http://{host}:{port}"), err=True)
            _answer(app, settings, door, root_path)
        return Exit.FINE

    run_in_words(run, lang, as_json=False)


def _public_app() -> "tuple[Settings, FastAPI]":
    from api.public_app import create_public_app
    from api.terminal.run import read_settings

    settings = read_settings(None)
    return settings, create_public_app(settings)


def _internal_app(
    session: Session, access: Access | None, host: str, *, trusted: bool
) -> "tuple[Settings, FastAPI]":
    from api.app import create_app

    workspace = session.workspace()
    settings = workspace.settings
    if access is not None:
        settings = settings.model_copy(update={"access": str(access)})
    require_people(workspace.people, settings.access, host, trusted=trusted)
    session.keep(only_server_of(settings.data_dir))
    return settings, create_app(settings, workspace)


def _answer(app: "FastAPI", settings: "Settings", door: "socket", root_path: str) -> None:
    import uvicorn

    from api.web.patience import allow_many_connections, patient_protocol
    from api.web.request_log import write_log
    from api.workspace.turns import answer_promptly

    allow_many_connections()
    answer_promptly()
    gc.set_threshold(_NEW_OBJECTS)
    # What people hand in, and what is made of it, is read by the account of the server alone.
    os.umask(0o077)
    write_log(settings)
    config = uvicorn.Config(
        app,
        http=patient_protocol(frozenset(settings.trusted_proxies)),
        log_level="warning",
        log_config=None,
        timeout_graceful_shutdown=3,
        # The application itself believes the proxies that are set, and their prefix.
        proxy_headers=False,
        root_path=root_path,
    )
    uvicorn.Server(config).run(sockets=[door])


def require_people(people: "PeopleStore", access: str | None, host: str, *, trusted: bool) -> None:
    """Refuse to open a server without accounts to other machines.

    Raises
    ------
    OpenToAllError
        Whoever reaches the address could do everything.
    NoAccountsError
        People are to sign in, and nobody was let in yet.
    """
    exist = people.exists
    if access == Access.ACCOUNTS and not exist:
        raise NoAccountsError
    if (access == Access.OPEN or not exist) and not trusted and not is_loopback(host):
        raise OpenToAllError(host=host)


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone.

    Examples
    --------
    >>> [is_loopback(one) for one in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "gis.example")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@contextmanager
def only_server_of(folder: Path) -> Iterator[None]:
    """Hold a folder for one server: a second one would take the tasks of the first for dead.

    Raises
    ------
    ServedAlreadyError
        Another server holds it.
    """
    from filelock import FileLock, Timeout

    from layers.backup.backup import SERVING

    try:
        with FileLock(folder / SERVING, timeout=0):
            yield
    except Timeout as exc:
        raise ServedAlreadyError(folder=str(folder)) from exc
