"""The command line, as ``python -m api`` and as the console script ``ftzgis``."""

import sys

from api._dist import ShadowedPackageError, require_own_packages

_INTERNAL = 4
"""Exit code, see :class:`api.terminal.run.Exit`, which cannot be imported yet."""


def main() -> None:
    """Make sure that all packages are ours, then run the command line."""
    try:
        require_own_packages()
    except ShadowedPackageError as error:
        sys.stderr.buffer.write(str(error).encode())
        raise SystemExit(_INTERNAL) from None
    from api.cli import main as run  # noqa: PLC0415 - it imports what was looked at

    run()


if __name__ == "__main__":  # a spawned reading process imports this module again
    main()
