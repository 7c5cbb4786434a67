"""A zip of named files that knows when one of them was changed."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from layers.errors import AlteredBundleError, NotABundleError
from layers.provenance import canonical_json, digest

MANIFEST: Final = "manifest.json"
MOST_BYTES: Final = 1024**3
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    OSError,
    # Of zipfile: encrypted entries, unknown ways of packing; of json: nesting without end.
    RuntimeError,
    TypeError,
    ValueError,
)
"""What zipfile, zlib and json raise on bytes that are no bundle."""


def pack(files: Mapping[str, bytes], form: str) -> bytes:
    """Return a zip with a manifest of digests; equal files give equal bytes.

    Parameters
    ----------
    files : mapping of str to bytes
        Names inside the bundle and contents.
    form : str
        What the bundle is, with its version: ``ftzgis-evidence-2``.
    """
    digests = {name: digest(data) for name, data in files.items()}
    manifest = canonical_json({"form": form, "files": digests})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted({**files, MANIFEST: manifest}.items()):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return target.getvalue()


def unpack(data: bytes, form: str) -> dict[str, bytes]:
    """Return the files of a bundle after holding each against the manifest.

    Raises
    ------
    NotABundleError
        The bytes are no zip of this form.
    AlteredBundleError
        A file was changed, added or removed; ``params["files"]`` names them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise NotABundleError(form=form)
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(files.pop(MANIFEST))
        stated = dict(manifest["files"])
    except _BROKEN as exc:
        raise NotABundleError(form=form) from exc
    if manifest.get("form") != form:
        raise NotABundleError(form=form)
    found = {name: digest(content) for name, content in files.items()}
    altered = sorted(n for n in stated.keys() | found.keys() if stated.get(n) != found.get(n))
    if altered:
        raise AlteredBundleError(files=altered)
    return files
