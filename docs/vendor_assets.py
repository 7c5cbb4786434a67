"""Fetch the vendored scripts again with ``npm pack`` and refresh manifest.json.

    python docs/vendor_assets.py

Run by a maintainer to raise a version: change PACKAGES, run, look at the difference.
"""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).parent.parent / "maps" / "static"
PACKAGES = {
    ("leaflet", "1.9.4", "BSD-2-Clause"): {
        "dist/leaflet.js": "leaflet.js",
        "dist/leaflet.css": "leaflet.css",
        "dist/images/layers.png": "images/layers.png",
        "dist/images/layers-2x.png": "images/layers-2x.png",
        "dist/images/marker-icon.png": "images/marker-icon.png",
        "dist/images/marker-icon-2x.png": "images/marker-icon-2x.png",
        "dist/images/marker-shadow.png": "images/marker-shadow.png",
        "LICENSE": "LICENSE",
    },
    ("@geoman-io/leaflet-geoman-free", "2.20.2", "MIT"): {
        "dist/leaflet-geoman.min.js": "leaflet-geoman.min.js",
        "dist/leaflet-geoman.css": "leaflet-geoman.css",
        "LICENSE": "LICENSE",
    },
    ("protomaps-leaflet", "5.1.0", "BSD-3-Clause"): {
        "dist/protomaps-leaflet.js": "protomaps-leaflet.js",
        "LICENSE": "LICENSE",
    },
}


def main() -> None:
    manifest_path = STATIC / "vendor" / "manifest.json"
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    rows = []
    for (package, version, licence), wanted in PACKAGES.items():
        folder = f"vendor/{package.rpartition('/')[2].removesuffix('-free')}-{version}"
        for path in _fetched(package, version, wanted, folder):
            digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()
            rows.append(
                {
                    "path": path,
                    "package": package,
                    "version": version,
                    "licence": licence,
                    "sha256": digest,
                }
            )
    manifest["files"] = sorted(rows, key=lambda row: row["path"])
    manifest_path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _fetched(package: str, version: str, wanted: dict[str, str], folder: str) -> list[str]:
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["npm", "pack", f"{package}@{version}"], cwd=work, check=True)
        (archive,) = Path(work).glob("*.tgz")
        with tarfile.open(archive) as tar:
            for member, name in wanted.items():
                content = tar.extractfile(f"package/{member}")
                if content is None:
                    raise FileNotFoundError(member)
                target = STATIC / folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_without_source_map(content.read()))
    return [f"{folder}/{name}" for name in wanted.values()]


def _without_source_map(content: bytes) -> bytes:
    """Drop the pointer to a map that is not vendored: a page must not ask for it."""
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if b"sourceMappingURL=" not in line)


if __name__ == "__main__":
    main()
