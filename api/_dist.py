"""Start-up guard: the four package names are common words, and must be ours.

It runs before the first import of the other three, and so imports nothing of theirs: the
words of its one error stand here, for the package that holds all others may be the strange one.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import api

PACKAGES: Final = ("geo", "layers", "maps", "api")
_WORDS: Final = """\
程序包 {name} 被另一个同名的包遮盖：{found}
办法：在本程序的文件夹里用 python3 run.py serve（或 python3 run.py -- 命令）启动；\
或换到没有 {name} 的文件夹，或用 python -P -m api；\
若该包装在同一环境，请为本程序另建独立环境后重新安装。
The package {name} is hidden by another one of the same name: {found}
What to do: start with python3 run.py serve (or python3 run.py -- COMMAND) from this program's \
folder; or go to a folder without {name}, or use python -P -m api; if that package is installed \
in the same environment, install this program again in one of its own.
"""


class ShadowedPackageError(ImportError):
    """Another package stands before ours. ``name`` and ``path`` say which and where."""

    def __init__(self, name: str, found: str) -> None:
        super().__init__(_WORDS.format(name=name, found=found), name=name, path=found)


def require_own_packages() -> None:
    """Make sure that all four packages come from this product.

    Raises
    ------
    ShadowedPackageError
        One does not: it lies elsewhere than ``api``, or it lacks our mark. What lies
        elsewhere is not run.
    """
    home = Path(api.__file__).parent.parent
    for name in PACKAGES:
        found = _place(name)
        if found.parent.parent != home or getattr(import_module(name), "DIST", None) != api.DIST:
            raise ShadowedPackageError(name, str(found))


def _place(name: str) -> Path:
    """Return the file that a package is imported from, or would be."""
    module = sys.modules.get(name)
    if module is not None:
        return Path(module.__file__ or "?")
    spec = find_spec(name)
    return Path(spec.origin if spec and spec.origin else "?")
