"""Small JSON documents that carry the digest of their own text."""

import json
from typing import Final

from layers.provenance import digest

_HEAD: Final = b'{"sha256":"'
_MIDDLE: Final = b'","document":'
_TAIL: Final = b"}"
_START: Final = len(_HEAD) + 64 + len(_MIDDLE)


def seal(document: str) -> bytes:
    """Return a JSON text with its digest around it, which is JSON again."""
    text = document.encode("utf-8")
    return _HEAD + digest(text).encode("ascii") + _MIDDLE + text + _TAIL


def unseal(data: bytes) -> bytes:
    """Return the JSON text that was sealed; one of a release without seals is itself.

    Raises
    ------
    ValueError
        It is not what was sealed, or no JSON.

    Examples
    --------
    >>> unseal(seal('{"a":1}'))
    b'{"a":1}'
    """
    if data.startswith(_HEAD):
        text = data[_START : -len(_TAIL)]
        if seal(text.decode("utf-8")) != data:
            raise ValueError("not what was sealed")
        return text
    if "document" in json.loads(data):
        raise ValueError("a seal that is none")
    return data
