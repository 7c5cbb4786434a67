"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from api.terminal.run import Lang

AsJson = Annotated[
    bool, typer.Option("--json", help="输出 JSON，与 HTTP 相同。 Print the HTTP JSON.")
]
LangOption = Annotated[Lang, typer.Option("--lang", envvar="FTZGIS_LANG", help="语言。 Language.")]
CrsOption = Annotated[
    str | None, typer.Option("--crs", help="坐标系，如 EPSG:4543。 CRS of the coordinates.")
]
EncodingOption = Annotated[
    str | None, typer.Option("--encoding", help="文字编码，如 GB18030。 Text encoding.")
]
TableOption = Annotated[
    str | None, typer.Option("--layer", help="文件中的图层名。 Layer inside the file.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="写成 .xlsx、.csv 或 .pdf。 Write a file, by its suffix."),
]
DatumOption = Annotated[
    str, typer.Option("--datum", help="坐标偏移：true、gcj02、bd09。 Shift of the coordinates.")
]
SwapOption = Annotated[
    bool, typer.Option("--swap-axes", help="坐标为纬度在前。 Coordinates are lat, lon.")
]
