"""How a command runs at a terminal: exit codes, progress, answers and errors in words.

Heavy libraries are imported inside the functions: the command line's help must be instant.
"""

import json
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import typer

from api.exits import Exit

if TYPE_CHECKING:
    from socket import socket

    from api.settings import Settings
    from api.workspace.workspace import Workspace
    from geo.errors import PlanningError
    from layers.model import Progress
    from maps.document.model import Document

log = logging.getLogger(__name__)

_SHARES = 200


class Lang(StrEnum):
    """Languages of everything that is printed."""

    ZH = "zh"
    EN = "en"


class Session:
    """The store that commands work on: opened when it is first needed, closed in the end.

    ``zone`` is the folder of ``--zone``, None where it was not given.
    """

    def __init__(self, lang: Lang, *, apart: bool, zone: Path | None = None) -> None:
        self._lang = lang
        self._zone = zone
        self._apart = apart
        self._opened: Workspace | None = None
        self._closing = ExitStack()

    def workspace(self) -> "Workspace":
        """Return the open store; with ``apart`` files are read in another process."""
        if self._opened is None:
            self._opened = _open_store(
                self._lang, read_settings(self._zone), self._closing if self._apart else None
            )
        return self._opened

    def keep(self, held: AbstractContextManager[None]) -> None:
        """Hold something until the session is closed."""
        self._closing.enter_context(held)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()


def run_in_words(run: Callable[[], Exit], lang: Lang, *, as_json: bool) -> None:
    """Run a command, and end with its exit code or an error in words."""
    from geo.errors import PlanningError

    try:
        code = run()
    except typer.BadParameter:
        # A usage error, which typer words itself and ends with 2.
        raise
    except PlanningError as exc:
        code = _refused(exc, lang, as_json=as_json)
    except Exception as exc:  # noqa: BLE001 - Python would exit with 1, which means conflict
        code = _crashed(exc, lang, as_json=as_json)
    raise typer.Exit(code)


def show(
    answers: "list[Any]",
    document: "Callable[[Any, str], Document | str]",
    *,
    as_json: bool,
    lang: Lang,
) -> None:
    """Print answers as documents, or as the JSON of HTTP; several as one JSON array.

    A terminal gets colours and tables that fit it, a pipe or a file plain lines.
    """
    if as_json:
        found = [one if isinstance(one, dict) else one.model_dump(mode="json") for one in answers]
        typer.echo(_json(found[0] if len(found) == 1 else found))
        return
    from maps.document.terminal import text_of

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for answer in answers:
        printed = document(answer, lang)
        typer.echo(printed if isinstance(printed, str) else text_of(printed, width))


@contextmanager
def progress(label: str, total: int) -> "Iterator[Callable[[], None]]":
    """Show a bar on the error stream of a terminal; yields a function that moves it on."""
    with typer.progressbar(
        length=total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield lambda: bar.update(1)


@contextmanager
def shares(label: str) -> "Iterator[Progress]":
    """Show a bar for work that reports how much of how much is done; a pipe is shown nothing."""
    if not sys.stderr.isatty():
        yield lambda _done, _total, _note="": None
        return
    with progress(label, _SHARES) as step:
        shown = 0

        def advance(done: int, total: int, note: str = "") -> None:  # noqa: ARG001 - a bar has no room
            nonlocal shown
            while shown < _SHARES * done // max(total, 1):
                step()
                shown += 1

        yield advance


def open_listening_socket(host: str, port: int) -> "socket":
    """Return a socket that listens: who is advance of the address must find the server there.

    Raises
    ------
    AddressError
        Another program listens there, or the address is not one of this machine.
    """
    import socket

    from api.errors import AddressError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family)
    except OSError as exc:
        raise AddressError(host=host, port=port) from exc
    # Connections inherit it. asyncio sets it on sockets of its own making alone, and without
    # it an answer's body waits for the acknowledgement of its head: 40 ms on every answer.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door


def has_store() -> bool:
    """Tell whether there is a store in the folder of the settings."""
    from api.settings import Settings

    return (Settings.from_environment(os.environ).data_dir / "catalogue.sqlite").is_file()


def read_settings(zone: Path | None) -> "Settings":
    """Return the settings of this process; a zone that is given stands over that of them."""
    from api.settings import Settings

    settings = Settings.from_environment(os.environ)
    return settings if zone is None else settings.model_copy(update={"zone": zone})


def _open_store(lang: Lang, settings: "Settings", closing: ExitStack | None) -> "Workspace":
    """Open the store; with what closes things, files are read in other processes."""
    from api.settings import PREFIX, SettingError
    from api.workspace.workspace import Workspace
    from maps.i18n import tr

    reader = None
    if closing is not None:
        from api.workspace.sandbox import sandbox_of

        reader = closing.enter_context(sandbox_of(settings))
    try:
        workspace = Workspace(settings, reader=reader)
    except OSError as exc:
        raise SettingError(name=f"{PREFIX}DATA_DIR", problem="unwritable") from exc
    missing = workspace.builtin_to_build()
    if missing:
        typer.echo(tr("cli.building", lang, count=missing), err=True)
        began_s = time.monotonic()
        with progress(tr("cli.building_bar", lang), missing) as step:
            workspace.ensure_builtin(step)
        took = f"{time.monotonic() - began_s:.0f}"
        typer.echo(tr("cli.built", lang, seconds=took), err=True)
    return workspace


def say_refused(error: "PlanningError", lang: Lang, name: str | None = None) -> dict[str, Any]:
    """Say on the error stream why something was refused; return it as problem details.

    ``name`` is that of the file concerned, where there are several.
    """
    from api.errors import problem_body
    from layers.errors import StatisticsTableError
    from maps.density.tables_document import problem_lines
    from maps.publish.document import fault_text
    from maps.publish.errors import PublicationRefusedError

    body = problem_body(error, lang)
    typer.echo(f"{name}: {body['detail']}" if name else body["detail"], err=True)
    proposals = error.params.get("proposals")
    for proposal in proposals if isinstance(proposals, list) else []:
        swap = " --swap-axes" if proposal.get("swap_axes") else ""
        unit = proposal.get("unit", "m")
        swap += f" --length-unit {unit}" if unit != "m" else ""
        typer.echo(f"  --crs {proposal['crs']}{swap}  {proposal.get('place') or ''}", err=True)
    if isinstance(error, StatisticsTableError):
        for line in problem_lines(error.params, lang):
            typer.echo(line, err=True)
    if isinstance(error, PublicationRefusedError):
        for code, params in error.faults:
            typer.echo(f"  {fault_text(code, params, lang)}", err=True)
    return {**body, "file": name} if name else body


def _refused(error: "PlanningError", lang: Lang, *, as_json: bool) -> Exit:
    from geo.errors import InputError
    from layers.errors import CannotTellError, NotFoundError

    body = say_refused(error, lang)
    if as_json:
        typer.echo(_json(body))
    if isinstance(error, CannotTellError):
        return Exit.UNDETERMINED
    return Exit.BAD_INPUT if isinstance(error, (InputError, NotFoundError)) else Exit.INTERNAL


def _crashed(error: Exception, lang: Lang, *, as_json: bool) -> Exit:
    from shapely.errors import GEOSException

    from api.errors import DiskFullError, InternalError, is_disk_full
    from geo.errors import NotComputableError

    incident = uuid4().hex[:12]
    log.error("incident %s", incident, exc_info=error)
    if isinstance(error, GEOSException):
        _refused(NotComputableError(incident=incident), lang, as_json=as_json)
        return Exit.UNDETERMINED
    failed = DiskFullError() if is_disk_full(error) else InternalError(incident=incident)
    _refused(failed, lang, as_json=as_json)
    return Exit.INTERNAL


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
