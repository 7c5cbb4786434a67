"""The command line, as ``python -m api`` and as the console script ``ftzgis``."""

import gc
import sys

from api._dist import ShadowedPackageError, require_own_packages

_INTERNAL = 4
"""Exit code, see :class:`api.terminal.run.Exit`, which cannot be imported yet."""


_NEW_OBJECTS = 1_000_000
"""How many may be made before Python looks for those that nothing reaches any more. Importing makes
hundreds of thousands, and all stay: by its own 700 it spent a tenth of a command's time looking, by
50,000 still a twentieth. The server, which lives long, looks oftener."""


def main() -> None:
    """Make sure that all packages are ours, then run the command line."""
    try:
        require_own_packages()
    except ShadowedPackageError as error:
        sys.stderr.buffer.write(str(error).encode())
        raise SystemExit(_INTERNAL) from None
    gc.set_threshold(_NEW_OBJECTS)
    from api.cli import main as run  # noqa: PLC0415 - it imports what was looked at

    try:
        run()
    finally:
        # The process ends: looking through all that it holds once more would take 0.15 s.
        gc.freeze()


if __name__ == "__main__":  # a spawned reading process imports this module again
    main()
