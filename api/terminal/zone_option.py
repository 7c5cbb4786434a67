"""The option that names the zone, of the command line as a whole and of the server."""

from pathlib import Path
from typing import Annotated

import typer


def _of_the_whole(context: typer.Context, zone: Path | None) -> Path | None:
    """Return the zone named here, or else before the command."""
    return zone or context.obj


ZoneOption = Annotated[
    Path | None,
    typer.Option(
        "--zone",
        callback=_of_the_whole,
        help="规划的区域文件夹；不填则按 FTZGIS_ZONE，再不然为内置区域。 "
        "Folder of the zone that is planned for; FTZGIS_ZONE, else the one that ships.",
    ),
]
