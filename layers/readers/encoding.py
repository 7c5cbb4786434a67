"""Which encoding text is in: stated, or decided from the bytes with evidence, or refused.

The two that matter here are UTF-8 and GB18030 (of which GBK and GB 2312 are parts).
Bytes of one are often valid in the other; what tells them apart is that real text is
made of common characters. Two thirds of GB 2312's Han characters stand in its first
level by use, and they make up nearly all of ordinary writing.
"""

import codecs
import contextlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from layers.errors import EncodingUndecidedError
from layers.model import Issue, Severity

_CANDIDATES: Final = ("UTF-8", "GB18030")
_SURE_SHARE: Final = 0.5
_SURE_LEAD: Final = 0.25
_UTF16_HEAD: Final = 4096
_UTF16_LEAST_SHARE: Final = 0.25
_ASCII: Final = re.compile(r"[\x00-\x7f]+")

_SUPERSETS: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "ascii": "ASCII",
    "gb2312": "GB18030",
    "gbk": "GB18030",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp950": "Big5",
    "cp1252": "CP1252",
    "iso8859-1": "ISO-8859-1",
}
"""Encodings that are taken from a statement, each as the widest form of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingGuess:
    """An encoding, or None, and what was tried: encoding, and share of common characters.

    ``tried`` has None as share where the bytes are not valid in the encoding.
    """

    encoding: str | None
    how: str
    tried: tuple[tuple[str, float | None], ...]


def named_encoding(text: str) -> str | None:
    """Return our name of the encoding that a person or a ``.cpg`` file states.

    Examples
    --------
    >>> [named_encoding(text) for text in ("utf8", "65001", "GBK", "936", "SYSTEM")]
    ['UTF-8', 'UTF-8', 'GB18030', 'GB18030', None]
    """
    name = text.strip().removeprefix("ANSI ").removeprefix("OEM ")
    if name.isascii() and name.isdigit():
        name = {"65001": "utf-8", "936": "gbk", "54936": "gb18030"}.get(name, f"cp{name}")
    try:
        return _SUPERSETS.get(codecs.lookup(name).name)
    except (LookupError, ValueError):
        return None


def guess_encoding(texts: Iterable[bytes]) -> EncodingGuess:
    """Decide from the bytes alone; equal bytes always give an equal answer.

    Parameters
    ----------
    texts : iterable of bytes
        Pieces of text; the last character of each may be cut off.

    Returns
    -------
    EncodingGuess
        ``encoding`` is None where the bytes do not settle it.
    """
    pieces = sorted({text for text in texts if not text.isascii()})
    if not pieces:
        return EncodingGuess(encoding="ASCII", how="ascii_only", tried=())
    shares = {encoding: _common_share(pieces, encoding) for encoding in _CANDIDATES}
    return EncodingGuess(
        encoding=_winner(shares), how="sniffed", tried=tuple(sorted(shares.items()))
    )


def decide_encoding(name: str, texts: Iterable[bytes], declared: str | None) -> EncodingGuess:
    """Return the declared encoding if the text is valid in it, else guess.

    Raises
    ------
    EncodingUndecidedError
        The declared one is unknown or wrong, or the bytes do not settle it. Declare
        the encoding. Params: ``name``, ``tried``.
    """
    pieces = list(texts)
    if declared is not None:
        encoding = named_encoding(declared)
        if encoding is None or not decodes(pieces, encoding):
            raise EncodingUndecidedError(name=name, tried=[declared])
        return EncodingGuess(encoding=encoding, how="declared", tried=())
    guess = guess_encoding(pieces)
    if guess.encoding is None:
        raise EncodingUndecidedError(name=name, tried=[encoding for encoding, _ in guess.tried])
    return guess


def stated_encoding(
    name: str,
    texts: Iterable[bytes],
    declared: str | None,
    statements: Iterable[tuple[str | None, str]],
) -> tuple[EncodingGuess, list[Issue]]:
    """Return the first encoding that a file states of itself and its bytes bear out.

    ``statements`` are encodings with where they stand, the most reliable first. One that
    the bytes contradict is dropped with an issue; what a person declares goes before all.

    Raises
    ------
    EncodingUndecidedError
        See :func:`decide_encoding`.
    """
    pieces = list(texts)
    if declared is not None:
        return decide_encoding(name, pieces, declared), []
    guess = guess_encoding(pieces)
    issues: list[Issue] = []
    for stated, how in statements:
        if stated is None:
            continue
        if decodes(pieces, stated) and guess.encoding in (None, "ASCII", stated):
            return EncodingGuess(encoding=stated, how=how, tried=()), issues
        params = {"stated": stated, "where": how}
        issues.append(Issue(code="encoding_disagrees", severity=Severity.WARNING, params=params))
    return decide_encoding(name, pieces, None), issues


def decodes(texts: Iterable[bytes], encoding: str) -> bool:
    """Tell whether every text is valid, apart from a cut last character."""
    return all(decode_cut(text, encoding) is not None for text in texts)


def decode_cut(raw: bytes, encoding: str) -> tuple[str, bool] | None:
    """Decode text whose last character may be cut off by a fixed width.

    Returns
    -------
    tuple of str and bool, or None
        The whole characters, and whether a rest of one was dropped; None where the
        bytes are not valid in the encoding.

    Examples
    --------
    >>> decode_cut("土地用途".encode()[:10], "UTF-8")
    ('土地用', True)
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(raw)
    except UnicodeDecodeError:
        return None
    return text, bool(decoder.getstate()[0])


def decode_text(name: str, data: bytes, declared: str | None) -> tuple[str, EncodingGuess]:
    """Decode JSON text: byte order mark, declaration, UTF-8 by its standard, the bytes.

    RFC 8259, clause 8.1, asks for UTF-8; what is valid in it is taken as it.

    Raises
    ------
    EncodingUndecidedError
        See :func:`decide_encoding`.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "UTF-16-LE"), (codecs.BOM_UTF16_BE, "UTF-16-BE")):
        if data.startswith(mark):
            guess = EncodingGuess(encoding=encoding, how="byte_order_mark", tried=())
            return data[len(mark) :].decode(encoding), guess
    if declared is None and (bare := unmarked_utf16(data)):
        return data.decode(bare), EncodingGuess(encoding=bare, how="sniffed", tried=())
    data = data.removeprefix(codecs.BOM_UTF8)
    if declared is None:
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(), EncodingGuess(encoding="UTF-8", how="format_rule", tried=())
    guess = decide_encoding(name, [data], declared)
    return data.decode(guess.encoding or "ASCII"), guess


def unmarked_utf16(data: bytes) -> str | None:
    """Return which UTF-16 text without a byte order mark is in, None if it is in neither.

    Digits, commas and line ends have a zero byte on one side and never on the other.

    Examples
    --------
    >>> unmarked_utf16("1,2".encode("utf-16-le")), unmarked_utf16(b"1,2")
    ('UTF-16-LE', None)
    """
    head = data[:_UTF16_HEAD]
    if b"\x00" not in head or len(data) % 2:
        return None
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for encoding, zeros, others in (("UTF-16-LE", odd, even), ("UTF-16-BE", even, odd)):
        if not others and zeros >= pairs * _UTF16_LEAST_SHARE and decodes([head], encoding):
            return encoding
    return None


def sniffing_issues(guess: EncodingGuess) -> tuple[Issue, ...]:
    """Return the evidence of a guess, as an issue, where the bytes had to decide."""
    if guess.how != "sniffed":
        return ()
    shares = {name: None if share is None else round(share, 3) for name, share in guess.tried}
    params = {"encoding": guess.encoding, "common_character_shares": shares}
    return (Issue(code="encoding_sniffed", severity=Severity.INFO, params=params),)


def _winner(shares: dict[str, float | None]) -> str | None:
    valid = {encoding: share for encoding, share in shares.items() if share is not None}
    if not valid:
        return None
    ranked = sorted(valid, key=lambda encoding: valid[encoding], reverse=True)
    first = ranked[0]
    if len(ranked) == 1 and first == "UTF-8":
        # Other encodings hit the pattern of UTF-8 only by rare chance.
        return first
    lead = valid[first] - (valid[ranked[1]] if len(ranked) > 1 else 0.0)
    return first if valid[first] >= _SURE_SHARE and lead >= _SURE_LEAD else None


def _common_share(pieces: list[bytes], encoding: str) -> float | None:
    beyond_ascii = common = 0
    for piece in pieces:
        decoded = decode_cut(piece, encoding)
        if decoded is None:
            return None
        characters = Counter(_ASCII.sub("", decoded[0]))
        beyond_ascii += characters.total()
        common += sum(characters[char] for char in characters.keys() & _common_characters())
    return common / beyond_ascii if beyond_ascii else 0.0


@lru_cache(maxsize=1)
def _common_characters() -> frozenset[str]:
    """Level 1 of GB 2312 (rows 16 to 55), its punctuation (rows 1 to 3), and unit signs."""
    rows = [*range(1, 4), *range(16, 56)]
    codes = (bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95))
    units = map(chr, range(0x3380, 0x33E0))
    return frozenset("".join((*(code.decode("gb2312", "ignore") for code in codes), *units)))
