"""Small JSON documents that carry the digest of their own text, and of where they belong."""

import json
from typing import Final

from layers.provenance import digest

_HEAD: Final = b'{"sha256":"'
_PLACED: Final = b'{"placed_sha256":"'
_MIDDLE: Final = b'","document":'
_TAIL: Final = b"}"


def wrap_with_digest(document: str, place: str | None = None) -> bytes:
    """Return a JSON text with its digest around it, which is JSON again.

    ``place`` is where it is kept: what is whole and of another check is no less wrong.
    """
    text = document.encode("utf-8")
    if place is None:
        return _HEAD + digest(text).encode("ascii") + _MIDDLE + text + _TAIL
    known = digest(place.encode("utf-8") + b"\n" + text)
    return _PLACED + known.encode("ascii") + _MIDDLE + text + _TAIL


def unseal(data: bytes, place: str | None = None) -> bytes:
    """Return the JSON text that was sealed; one of a release without seals is itself.

    Raises
    ------
    ValueError
        It is not what was sealed, was sealed for another place, or is no JSON.

    Examples
    --------
    >>> unseal(wrap_with_digest('{"a":1}'))
    b'{"a":1}'
    >>> unseal(wrap_with_digest('{"a":1}', "here.json"), "here.json")
    b'{"a":1}'
    """
    for head, where in ((_HEAD, None), (_PLACED, place)):
        if data.startswith(head):
            text = data[len(head) + 64 + len(_MIDDLE) : -len(_TAIL)]
            if (head is _PLACED) != (where is not None) or wrap_with_digest(
                text.decode(), where
            ) != data:
                raise ValueError("not what was sealed")
            return text
    if "document" in json.loads(data):
        raise ValueError("a seal that is none")
    return data
