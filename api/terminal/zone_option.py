"""The option that names the zone, of the command line as a whole and of the server."""

from pathlib import Path
from typing import Annotated

import typer

ZoneOption = Annotated[
    Path | None,
    typer.Option(
        "--zone",
        help="规划的区域文件夹；不填则按 FTZGIS_ZONE，再不然为内置区域。 "
        "Folder of the zone that is planned for; FTZGIS_ZONE, else the one that ships.",
    ),
]
