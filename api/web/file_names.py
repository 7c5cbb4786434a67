"""Under which name a file was sent: in UTF-8, in GBK by older programs, or in both forms."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile

NAMELESS: Final = "upload"
_EXTENDED: Final = re.compile(rb"""\bfilename\*\s*=\s*"?([\w-]+)'[^']*'([^;"\s]+)""", re.I)
_CHARSETS: Final = {"utf-8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}


def sent_name(file: UploadFile) -> str:
    """Return the name of a file as its sender meant it: that of ``filename*`` first."""
    sent = dict(file.headers.raw).get(b"content-disposition", b"")
    extended = _EXTENDED.search(sent)
    charset = _CHARSETS.get(extended[1].decode().lower()) if extended else None
    if extended and charset:
        return unquote_to_bytes(extended[2]).decode(charset, "replace")
    _, options = parse_options_header(sent)
    return _decoded(options.get(b"filename", b"")) or NAMELESS


def _decoded(name: bytes) -> str:
    """Return a name whose encoding nothing says: hardly anything else is valid UTF-8."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("latin-1")
