"""The scripts of a page are ES modules: served as they are, joined where a file stands alone.

A page that is opened from a disk may not load modules, and under the strict policy neither a
blob nor a data address is a script. So a file that stands alone carries one classic script: each
module a function, called in the order in which they import one another. That is enough for what
the modules keep to: imports by name or as a namespace, no circle, no export but of functions,
classes and constants.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from maps.page.assets import read_bytes, read_text

_IMPORT: Final = re.compile(
    r'^import (?:\* as (?P<all>\w+)|\{(?P<names>[^}]*)\}) from "(?P<path>\.[^"]+)";\n', re.MULTILINE
)
_EXPORT: Final = re.compile(
    r"^export (?=(?:const|class|function|async function) (\w+))", re.MULTILINE
)
_LEFT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class UnjoinableModuleError(ValueError):
    """A module imports or exports in a way that a file which stands alone cannot hold."""


@cache
def module_paths(entry: str) -> tuple[str, ...]:
    """Return a module and all that it imports, each after those that it needs.

    Raises
    ------
    UnjoinableModuleError
        Modules import one another in a circle.
    """
    found: dict[str, None] = {}

    def visit(path: str, above: tuple[str, ...]) -> None:
        if path in above:
            raise UnjoinableModuleError(f"circle: {' -> '.join((*above, path))}")
        if path not in found:
            for match in _IMPORT.finditer(read_text(path)):
                visit(_beside(path, match["path"]), (*above, path))
            found[path] = None

    visit(entry, ())
    return tuple(found)


@cache
def modules_digest() -> str:
    """Return a digest of all modules: in their address, so that no two editions ever mix."""
    root = files("maps").joinpath("static")
    digest = hashlib.sha256()
    pending = [PurePosixPath("app")]
    while pending:
        folder = pending.pop()
        for item in sorted(root.joinpath(*folder.parts).iterdir(), key=lambda item: item.name):
            path = folder / item.name
            if item.is_dir():
                pending.append(path)
            elif path.suffix == ".js":
                content = hashlib.sha256(read_bytes(str(path))).hexdigest()
                digest.update(f"{path} {content}\n".encode())
    return digest.hexdigest()[:12]


def module_address(path: str) -> str:
    """Return where a module is served; its imports keep the digest, for they are relative."""
    return f"static/v-{modules_digest()}/{path}"


def list_text_tables(entry: str, known: frozenset[str]) -> list[str]:
    """Return the tables of texts that modules name, of all that are known."""
    scripts = "".join(map(read_text, module_paths(entry)))
    return sorted(name for name in known if f'"{name}"' in scripts)


def join_modules(entry: str, call: str) -> str:
    """Return one classic script that runs ``call`` with what a module exports at hand.

    Raises
    ------
    UnjoinableModuleError
        A module is written in a way that this cannot join.
    """
    paths = module_paths(entry)
    names = {path: f"module{at}" for at, path in enumerate(paths)}
    parts = [f"const {names[path]} = {_as_function(path, names)};" for path in paths]
    exported = ", ".join(_EXPORT.findall(read_text(entry)))
    linked = "\n".join([*parts, f"const {{ {exported} }} = {names[entry]};", call.rstrip()])
    return f'"use strict";\n(() => {{\n{linked}\n}})();\n'


def _as_function(path: str, names: dict[str, str]) -> str:
    text = read_text(path)

    def imported(match: re.Match[str]) -> str:
        other = names[_beside(path, match["path"])]
        wanted = match["all"] or f"{{{match['names'].replace(' as ', ': ')}}}"
        return f"const {wanted} = {other};\n"

    exports = ", ".join(_EXPORT.findall(text))
    body = _EXPORT.sub("", _IMPORT.sub(imported, text))
    left = _LEFT.search(body)
    if left:
        raise UnjoinableModuleError(f"{path}: {left.group(0)}")
    return f"(() => {{\n{body}return {{ {exports} }};\n}})()"


def _beside(path: str, relative: str) -> str:
    return normpath(f"{path.rpartition('/')[0]}/{relative}")
