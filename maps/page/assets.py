"""Vendored scripts and style sheets: folium's addresses become files of our own."""

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from layers.provenance import digest
from maps.answers import JsonObject

_URL: Final = re.compile(r"url\(\s*['\"]?(?!data:|#)([^'\")]+)['\"]?\s*\)")
_TYPES: Final = {".png": "image/png", ".svg": "image/svg+xml"}


class UnknownAssetError(LookupError):
    """folium asks for an address that is not in the manifest: vendor it or drop it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Paths under ``maps/static`` in the order in which a page loads them."""

    scripts: tuple[str, ...]
    stylesheets: tuple[str, ...]


@cache
def manifest() -> JsonObject:
    """Return ``vendor/manifest.json``: what is vendored and what each CDN address becomes."""
    content: JsonObject = json.loads(read_text("vendor/manifest.json"))
    return content


def local_paths(addresses: Iterable[str]) -> list[str]:
    """Return the files for addresses that folium asks for; dropped ones are left out.

    Raises
    ------
    UnknownAssetError
        An address is not in the manifest, so a new folium cannot break offline use
        without anyone noticing.
    """
    known = manifest()["addresses"]
    paths = []
    for address in addresses:
        if address not in known:
            raise UnknownAssetError(address)
        if known[address] is not None:
            paths.append(known[address])
    return paths


def read_bytes(path: str) -> bytes:
    """Return a file of ``maps/static``."""
    return files("maps").joinpath("static", *path.split("/")).read_bytes()


def read_text(path: str) -> str:
    """Return a text file of ``maps/static``."""
    return read_bytes(path).decode("utf-8")


def inlined_css(path: str) -> str:
    """Return a style sheet with its images as data addresses."""
    folder = path.rpartition("/")[0]

    def as_data(match: re.Match[str]) -> str:
        name = match.group(1)
        kind = _TYPES.get("." + name.rpartition(".")[2])
        if kind is None:
            return match.group(0)
        data = base64.b64encode(read_bytes(f"{folder}/{name}")).decode("ascii")
        return f"url(data:{kind};base64,{data})"

    return _URL.sub(as_data, read_text(path))


def sha256(path: str) -> str:
    """Return the digest of a file of ``maps/static``."""
    return digest(read_bytes(path))
