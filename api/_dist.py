"""Start-up guard: the four package names are common words, and must be ours."""

from importlib import import_module
from pathlib import Path
from typing import Final

import api
from geo.errors import PlanningError

PACKAGES: Final = ("geo", "layers", "maps", "api")


class ShadowedPackageError(PlanningError):
    """Another distribution's package stands before ours. Params: ``name``, ``found``."""

    code = "api.dist.shadowed"


def require_own_packages() -> None:
    """Make sure that all four packages come from this product.

    Raises
    ------
    ShadowedPackageError
        One does not: its folder differs from ``api``'s, or it lacks our mark.
    """
    home = Path(api.__file__).parent.parent
    for name in PACKAGES:
        module = import_module(name)
        found = Path(module.__file__ or "?")
        if found.parent.parent != home or getattr(module, "DIST", None) != api.DIST:
            raise ShadowedPackageError(name=name, found=str(found))
