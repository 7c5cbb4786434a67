"""Base maps that an office configures: where their tiles come from, and on which datum."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from geo.errors import InputError

_TIANDITU: Final = (
    "https://t0.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)
"""Web Mercator on CGCS2000 (``_w``): no shift."""
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,30}")
_FIELDS: Final = frozenset(
    {"id", "title_zh", "title_en", "url", "tianditu", "key", "datum", "max_zoom", "attribution"}
)
_DATUMS: Final = ("true", "gcj02")


class BasemapFileError(InputError):
    """A file of base maps is not as it must be. Params: ``file``, ``basemap``, ``field``."""

    code = "layers.basemaps.file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basemap:
    """Tiles of somebody else; ``url`` has ``{z}``, ``{x}``, ``{y}`` and maybe ``{key}``.

    ``datum`` is ``gcj02`` for tiles that are drawn on the shifted datum. The key never
    leaves the server and is not shown in logs.
    """

    id: str
    title_zh: str
    title_en: str
    url: str
    datum: str
    max_zoom: int
    attribution: str
    key: str = field(default="", repr=False)

    def address(self, z: int, x: int, y: int) -> str:
        """Return the address of one tile."""
        return self.url.format(z=z, x=x, y=y, key=self.key)


def load_basemaps(path: Path) -> tuple[Basemap, ...]:
    """Read base maps from a TOML file of ``[[basemap]]`` tables.

    Each has ``id``, ``title_zh``, ``title_en``, ``attribution``, ``max_zoom`` and
    ``datum``, and either ``url`` (XYZ, or WMTS with its parameters written out) or
    ``tianditu`` (``vec``, ``img``, ``ter``, ``cva`` …) with a ``key``.

    Raises
    ------
    BasemapFileError
        The file cannot be read, or a field is missing, unknown or impossible.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["basemap"]
    except (OSError, ValueError, KeyError) as exc:
        raise BasemapFileError(file=path.name, basemap="", field="basemap") from exc
    found = tuple(_basemap(path.name, row) for row in rows)
    ids = [one.id for one in found]
    for one in ids:
        if ids.count(one) > 1:
            raise BasemapFileError(file=path.name, basemap=one, field="id")
    return found


def _basemap(file: str, row: dict[str, Any]) -> Basemap:
    name = str(row.get("id", ""))[:40]

    def require(fits: object, field_name: str) -> None:
        if not fits:
            raise BasemapFileError(file=file, basemap=name, field=field_name)

    for unknown in row.keys() - _FIELDS:
        require(fits=False, field_name=str(unknown)[:40])
    for needed in ("id", "title_zh", "title_en", "attribution", "datum"):
        require(isinstance(row.get(needed), str), needed)
    require(_ID.fullmatch(name), "id")
    require(row["datum"] in _DATUMS, "datum")
    require(isinstance(row.get("max_zoom"), int) and 1 <= row["max_zoom"] <= 22, "max_zoom")
    url = row.get("url", "")
    if "tianditu" in row:
        require(re.fullmatch(r"[a-z]{3}", str(row["tianditu"])), "tianditu")
        require(row.get("key"), "key")
        url = _TIANDITU.format(layer=row["tianditu"])
    require(_is_template(url), "url")
    return Basemap(
        id=name,
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        url=url,
        datum=row["datum"],
        max_zoom=row["max_zoom"],
        attribution=row["attribution"],
        key=str(row.get("key", "")),
    )


def _is_template(url: object) -> bool:
    if not isinstance(url, str) or not all(f"{{{name}}}" in url for name in "zxy"):
        return False
    try:
        plain = urlsplit(url.format(z=0, x=0, y=0, key=""))
    except (KeyError, IndexError, ValueError):
        return False
    # The host is fixed: no part of a request chooses where the server goes.
    return (
        plain.scheme in {"http", "https"} and bool(plain.hostname) and "{" not in url.split("/")[2]
    )
