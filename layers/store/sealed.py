"""Small JSON documents that carry the digest of their own text, and of where they belong."""

import base64
import json
import zlib
from typing import Final

from layers.provenance import digest

_HEAD: Final = b'{"sha256":"'
_PLACED: Final = b'{"placed_sha256":"'
_PACKED: Final = b'{"packed_sha256":"'
_MIDDLE: Final = b'","document":'
_TAIL: Final = b"}"
_MOST_BYTES: Final = 1024**3


def wrap_with_digest(document: str, place: str | None = None) -> bytes:
    """Return a JSON text with its digest around it, which is JSON again.

    ``place`` is where it is kept: what is whole and of another check is no less wrong.
    """
    text = document.encode("utf-8")
    if place is None:
        return _HEAD + digest(text).encode("ascii") + _MIDDLE + text + _TAIL
    known = digest(place.encode("utf-8") + b"\n" + text)
    return _PLACED + known.encode("ascii") + _MIDDLE + text + _TAIL


def pack_with_digest(document: str, place: str) -> bytes:
    """Return a JSON text packed, with the digest of what it was packed to, which is JSON.

    Long answers repeat themselves: a check takes a fifth of the room.
    """
    return _packed(base64.b64encode(zlib.compress(document.encode("utf-8"))), place)


def _packed(text: bytes, place: str) -> bytes:
    # Of the packed text: then no bit of it can be another one and unpack to the same.
    known = digest(place.encode("utf-8") + b"\n" + text)
    return _PACKED + known.encode("ascii") + _MIDDLE + b'"' + text + b'"' + _TAIL


def _unpacked(data: bytes, place: str | None) -> bytes:
    text = data[len(_PACKED) + 64 + len(_MIDDLE) + 1 : -len(_TAIL) - 1]
    if place is None or _packed(text, place) != data:
        raise ValueError("not what was sealed")
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(base64.b64decode(text, validate=True), _MOST_BYTES)
    except zlib.error as exc:
        raise ValueError("not what was packed") from exc
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("not what was packed")
    return found


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
    >>> unseal(pack_with_digest('{"a":1}', "here.json"), "here.json")
    b'{"a":1}'
    """
    if data.startswith(_PACKED):
        return _unpacked(data, place)
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
