"""What a FlatGeobuf says of its own size, held against its bytes.

GDAL makes room for as many features, and as long ones, as the file says it has: a wrong
count costs gigabytes, and a cut file reads as one with fewer features.
"""

import struct
from typing import Final

_MAGIC_BYTES: Final = 8
_NODE_BYTES: Final = 40
_FEATURES_COUNT: Final = 8
_INDEX_NODE_SIZE: Final = 9
_DEFAULT_NODE_SIZE: Final = 16


def is_whole(data: bytes) -> bool:
    """Tell whether header, index and features fill the file, and are as many as stated.

    After the format's own description: magic bytes, a header, an index unless its node
    size or the count is 0, and features, header and features each with its size before
    it (flatgeobuf.org, specification of 2024; fields of the header in ``header.fbs``).

    Raises
    ------
    struct.error
        The header points outside of the file.
    """
    (header_bytes,) = struct.unpack_from("<I", data, _MAGIC_BYTES)
    at = _MAGIC_BYTES + 4
    if at + header_bytes > len(data):
        return False
    count = _number(data, at, _FEATURES_COUNT, "<Q", 0)
    node_size = _number(data, at, _INDEX_NODE_SIZE, "<H", _DEFAULT_NODE_SIZE)
    if count > len(data) // 4:
        return False
    at += header_bytes + (_index_bytes(count, node_size) if node_size and count else 0)
    found = 0
    while at < len(data):
        (feature_bytes,) = struct.unpack_from("<I", data, at)
        at += 4 + feature_bytes
        found += 1
    return at == len(data) and found == (count or found)


def _number(data: bytes, start: int, field: int, form: str, default: int) -> int:
    """Return a scalar of the FlatBuffers table that starts there."""
    table = start + struct.unpack_from("<I", data, start)[0]
    vtable = table - struct.unpack_from("<i", data, table)[0]
    entry = 4 + 2 * field
    if vtable < 0 or entry >= struct.unpack_from("<H", data, vtable)[0]:
        return default
    (offset,) = struct.unpack_from("<H", data, vtable + entry)
    return int(struct.unpack_from(form, data, table + offset)[0]) if offset else default


def _index_bytes(count: int, node_size: int) -> int:
    nodes = level = count
    while level > 1:
        level = -(-level // max(node_size, 2))
        nodes += level
    # The root is a node of its own even above a single feature.
    return _NODE_BYTES * (nodes + (count == 1))
