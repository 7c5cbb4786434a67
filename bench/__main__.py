"""All benchmarks by one command: ours beside others, in one run, after they agree.

    python -m bench                    everything that takes minutes
    python -m bench --small            the same on little data, as the tests run it
    python -m bench overlap areas      some of it
    python -m bench million            1M parcels x 200k red lines (15 GB of memory)

CPU seconds unless wall is said, so that other programs on the machine count little.
"""

import argparse
import os
from pathlib import Path

from bench import (
    ROOT,
    areas,
    busy,
    from_files,
    million,
    ogc,
    one_site,
    overlap,
    picture,
    rasters,
    server,
)

USUAL = ("overlap", "areas", "rasters", "one-site", "server")
NAMES = (*USUAL, "ogc", "growth", "million")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=[], help=", ".join(NAMES))
    parser.add_argument("--small", action="store_true", help="little data, a few seconds")
    parser.add_argument("--slow-peers", action="store_true", help="plain PostGIS too")
    parser.add_argument("--port", type=int, default=8179, help="for the server")
    parser.add_argument(
        "--peers", type=Path, help="Python of an environment with pygeoapi and tipg"
    )
    options = parser.parse_args()
    for name in options.names or (USUAL[:4] if options.small else USUAL):
        print(f"\n## {name}", flush=True)
        _run(name, options)


def _run(name: str, options: argparse.Namespace) -> None:
    small = options.small
    if name == "overlap":
        parcels, lines = (3_000, 600) if small else (100_000, 20_000)
        overlap.run(parcels, lines, 1 if small else 5, slow=options.slow_peers)
    elif name == "areas":
        areas.run(1_000 if small else 100_000)
    elif name == "rasters":
        rasters.run(500 if small else 20_000)
    elif name == "one-site":
        one_site.run(500 if small else 200_000, 50 if small else 1_000)
    elif name == "server":
        server.run(options.port, 1.0 if small else 8.0)
        busy.run(options.port, 4.0 if small else 30.0)
    elif name == "ogc":
        ogc.run(*((2_000, 5) if small else (100_000, 200)), options.peers, options.port)
    elif name == "growth":
        found = overlap.growth(*((2_000, 200) if small else (1_000_000, 20_000)))
        if not small:
            picture.draw(found, ROOT / "docs/pictures/growth.png")
    elif name == "million":
        counts = (2_000, 200) if small else (1_000_000, 200_000)
        million.run(*counts)
        from_files.run(*counts, threads=os.cpu_count() or 1)
    else:
        raise SystemExit(f"{name}? {', '.join(NAMES)}")


if __name__ == "__main__":
    main()
