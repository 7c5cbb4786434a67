"""Pass on tiles of configured base maps, from the disk where they were fetched before."""

from functools import lru_cache
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from api.workspace.needs import Configured
from layers.basemaps import Basemap, load_basemaps
from layers.errors import NotFoundError
from layers.provenance import digest
from layers.store.durable import write_file
from maps.answers import Title
from maps.workbench.basemaps_answers import BasemapList, BasemapOut

MOST_BYTES: Final = 2 * 1024 * 1024
_TIMEOUT_S: Final = 10.0
_MAGIC: Final = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
    b"GIF8": "image/gif",
}


class UnknownBasemapError(NotFoundError):
    """No base map with this id is configured, or it has no such tile. Params: ``basemap``."""

    code = "api.basemap.unknown"


class BasemapUnreachableError(NotFoundError):
    """The source of a base map did not answer with a picture. Params: ``basemap``."""

    code = "api.basemap.unreachable"


class _NoRedirect(HTTPRedirectHandler):
    """A source that sends the server elsewhere is not followed."""

    def redirect_request(self, *_: object) -> None:  # type: ignore[explicit-override]
        return None


def list_basemaps(workspace: Configured) -> BasemapList:
    """Return the configured base maps.

    Raises
    ------
    BasemapFileError
        The file of base maps is not as it must be.
    """
    return BasemapList(
        basemaps=[
            BasemapOut(
                id=one.id,
                title=Title(zh=one.title_zh, en=one.title_en),
                url=f"/basemap/{one.id}/{{z}}/{{x}}/{{y}}",
                datum=one.datum,
                max_zoom=one.max_zoom,
                attribution=one.attribution,
            )
            for one in _configured(workspace)
        ]
    )


def basemap_tile(
    workspace: Configured, basemap_id: str, address: tuple[int, int, int]
) -> tuple[bytes, str]:
    """Return a tile and its media type.

    Raises
    ------
    UnknownBasemapError, BasemapUnreachableError
        There is no such base map or tile, or its source gave no picture.
    """
    found = next((one for one in _configured(workspace) if one.id == basemap_id), None)
    z, x, y = address
    if found is None or not (0 <= z <= found.max_zoom and 0 <= x < 2**z and 0 <= y < 2**z):
        raise UnknownBasemapError(basemap=basemap_id[:40])
    path = _kept(workspace, found) / str(z) / str(x) / str(y)
    if path.is_file():
        content = path.read_bytes()
    else:
        content = _fetch(found, address)
        write_file(path, content)
    return content, _media_type(found, content)


def _configured(workspace: Configured) -> tuple[Basemap, ...]:
    path = workspace.settings.basemaps_file
    return () if path is None else _loaded(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=4)
def _loaded(path: Path, _changed_ns: int) -> tuple[Basemap, ...]:
    return load_basemaps(path)


def _kept(workspace: Configured, basemap: Basemap) -> Path:
    # Another source under the same id has tiles of its own.
    source = digest(basemap.url.encode("utf-8"))[:16]
    return workspace.settings.data_dir / "basemaps" / f"{basemap.id}-{source}"


def _fetch(basemap: Basemap, address: tuple[int, int, int]) -> bytes:
    request = Request(basemap.address(*address), headers={"user-agent": "ftzgis"})  # noqa: S310 - http(s) only, see load_basemaps
    try:
        with build_opener(_NoRedirect).open(request, timeout=_TIMEOUT_S) as answer:
            content: bytes = answer.read(MOST_BYTES + 1)
    except HTTPError as exc:
        exc.close()
        raise BasemapUnreachableError(basemap=basemap.id) from exc
    except (URLError, HTTPException, OSError) as exc:
        raise BasemapUnreachableError(basemap=basemap.id) from exc
    if len(content) > MOST_BYTES:
        raise BasemapUnreachableError(basemap=basemap.id)
    _media_type(basemap, content)
    return content


def _media_type(basemap: Basemap, content: bytes) -> str:
    for magic, media_type in _MAGIC.items():
        if content.startswith(magic):
            return media_type
    raise BasemapUnreachableError(basemap=basemap.id)
