"""Where the machine code of the compiled kernels is kept between processes."""

import hashlib
import os
from importlib.resources import files
from pathlib import Path
from typing import Final

VARIABLE: Final = "NUMBA_CACHE_DIR"


def keep_machine_code(folder: Path) -> None:
    """Have kernels that are compiled from now on kept below a folder, unless one is set.

    The package's own folder may be read-only. There is one folder for each state of the
    sources: numba looks at the file of a function alone, and would go on using machine
    code into which another file's former functions are built.
    """
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = str(folder / _sources_sha256()[:16])


def _sources_sha256() -> str:
    whole = hashlib.sha256()
    places = [files("geo.measure").joinpath("ellipsoid.py"), *files("geo.kernel").iterdir()]
    for source in sorted(places, key=lambda place: place.name):
        if source.name.endswith(".py"):
            whole.update(source.read_bytes())
    return whole.hexdigest()
