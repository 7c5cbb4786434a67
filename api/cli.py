"""The command line ``ftzgis``: the operations that HTTP has too, and the server itself.

Names are listed here so that help needs no operation to be imported; a test holds the list
against the declarations.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typing_extensions import override

from api import VERSION
from api.exits import Exit
from api.terminal.zone_option import ZoneOption
from maps.i18n import LANGUAGES, topic_texts

SERVE: Final = "serve"
ROOMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "check": (
            "check",
            "checks",
            "override",
            "claim",
            "why",
            "register",
            "natures",
            "evidence",
            "points",
            "verify",
            "report",
            "report-template",
            "batch",
            "stale",
            "overlap",
        ),
        "data": ("import-choices", "layers", "rasters", "convert", "qgis-project"),
        "density": (
            "indicators",
            "density",
            "density-years",
            "density-compare",
            "linkage",
            "unit",
            "plan",
            "plan-final",
            "statement",
            "resource-use",
            "low-land",
            "standard-land",
            "stats",
            "intensity",
            "intensity-preview",
            "schemes",
            "scheme-sheet",
            "permu",
            "permu-preview",
            "scenario",
            "downscale",
        ),
        "expansion": (
            "search",
            "avoid",
            "rank",
            "access",
            "earthworks",
            "dossier",
            "terrain",
            "suitability",
            "suitability-map",
        ),
        "people": ("people", "keys", "audit"),
        "projects": ("projects",),
        "publish": ("publish", "publications", "replacement"),
        "workbench": ("find", "identify", "measure", "figure", "map", "basemaps"),
        "workspace": ("doctor", "purge", "backup", "restore", "zone"),
    }
)
"""First words of the commands by the room that declares them."""

_ALSO: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"layers": ("check",)})
"""Rooms that add commands to a group of another room."""


def commands_of(name: str) -> typer.Typer:
    """Return an application with one command, or with all of one group, made from operations."""
    from api.terminal.door import add_commands, in_both_languages  # noqa: PLC0415 - pydantic takes its time

    app = typer.Typer(
        name=name,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    home = next(room for room, names in ROOMS.items() if name in names)
    for room in (home, *_ALSO.get(name, ())):
        declared = import_module(f"api.{room}.operations").OPERATIONS
        mine = [one for one in declared if one.name.split()[0] == name]
        if any(" " in one.name for one in mine):
            app.callback(help=in_both_languages(f"operations.{name}"))(lambda: None)
        add_commands(app, mine, name if any(" " in one.name for one in mine) else "")
    return app


class _Commands(TyperGroup):
    """All commands; each is made when it is asked for."""

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        """Return the first words of all commands."""
        return [name for names in ROOMS.values() for name in names] + [SERVE]

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command or a group by its first word; None if there is none."""
        if cmd_name == SERVE:
            from api.serve import serve  # noqa: PLC0415

            app = typer.Typer(
                add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
            )
            app.command(name=SERVE)(serve)
            return typer.main.get_command(app)
        if not any(cmd_name in names for names in ROOMS.values()):
            return None
        return typer.main.get_command(commands_of(cmd_name))

    @override
    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands with a line each, without making them."""
        zh, en = (topic_texts(lang, "operations")["operations"] for lang in LANGUAGES)
        rows = [(name, f"{zh[name]} {en[name]}") for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


app = typer.Typer(
    name="ftzgis",
    cls=_Commands,
    help="自贸区国土空间规划：图层、管控线核查、土地经济密度、离线地图。\n\n"
    "Spatial planning of a free-trade zone: layers, red-line checks, density, offline maps.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        typer.echo(f"ftzgis {VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    *,
    zone: ZoneOption = None,
    version: Annotated[  # noqa: ARG001 - its callback takes it
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="版本。 Show the version."
        ),
    ] = False,
) -> None:
    """Hand the zone to the command; typer makes a group although it knows no command yet."""
    context.obj = zone


def main() -> None:
    """Run the command line; see :mod:`api.__main__`, which comes before."""
    # Windows consoles are not UTF-8 by default, and every message may be Chinese.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        from api.terminal.usage import show_usage_error  # noqa: PLC0415 - only when it went wrong

        code = show_usage_error(error)
    except typer.Abort:
        code = Exit.BAD_INPUT
    raise SystemExit(code)
