"""What a bundle says beyond what is read of it: nothing may stand there that nobody holds to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from pydantic import TypeAdapter

from api.check.proof.evidence import OVERRIDES
from api.check.sites import stated_of
from api.workspace.archive import INPUT, input_from
from layers.check.law import Law
from layers.model import LayerVersion
from layers.provenance import canonical_json
from maps.check.answers import CheckResult, Difference
from maps.check.finding import Override

LAYERS: Final = "layers.json"
_OVERRIDES: Final = TypeAdapter(list[Override])


def unread_in(
    files: Mapping[str, bytes], recorded: CheckResult, law: Law, versions: Sequence[LayerVersion]
) -> Iterator[Difference]:
    """Return what the files of a bundle hold, and what was read of them does not say.

    A second entry of a name, a key that nobody knows, or an entry that another one covers is
    no part of a check; who opens the bundle would read it all the same.

    Raises
    ------
    AttributeError, KeyError, TypeError, ValueError
        A file is not what bundles are made of.
    """
    read = {**law.files, **_read(files, recorded, versions)}
    for name in sorted(files):
        if not name.startswith("input/") and files[name] != canonical_json(json.loads(files[name])):
            yield Difference(path=f"files.{name}", recorded="other JSON", recomputed="canonical")
        elif name in read:
            yield from _beyond(f"files.{name}", json.loads(files[name]), json.loads(read[name]))


def _read(
    files: Mapping[str, bytes], recorded: CheckResult, versions: Sequence[LayerVersion]
) -> dict[str, bytes]:
    """Return the files as they follow from what is read of them."""
    source, options = input_from(files)
    declared = {"name": source.name, "names": list(source.files), "options": asdict(options)}
    reviews = _OVERRIDES.validate_json(files.get(OVERRIDES, b"[]"))
    stated = [stated_of(version, version.content_sha256) for version in versions]
    return {
        INPUT: canonical_json(declared),
        "result.json": canonical_json(recorded.model_dump(mode="json")),
        OVERRIDES: canonical_json([review.model_dump(mode="json") for review in reviews]),
        LAYERS: canonical_json(stated),
    }


def _beyond(path: str, held: Any, read: Any) -> Iterator[Difference]:  # noqa: ANN401 - JSON
    """Return what is held and not read; what is read beside it is a later release's default."""
    if isinstance(held, dict) and isinstance(read, dict):
        for key in sorted(held):
            if key in read:
                yield from _beyond(f"{path}.{key}", held[key], read[key])
            else:
                yield Difference(path=f"{path}.{key}", recorded=held[key], recomputed=None)
    elif isinstance(held, list) and isinstance(read, list) and len(held) == len(read):
        for at, (one, other) in enumerate(zip(held, read, strict=True)):
            yield from _beyond(f"{path}[{at}]", one, other)
    elif held != read:
        yield Difference(path=path, recorded=held, recomputed=read)
