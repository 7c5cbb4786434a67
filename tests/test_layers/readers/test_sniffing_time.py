"""What a file is, is found in steps that grow with its size and no faster.

Oracle: the same text ten times as long. A pattern that steps back takes a hundred times as
long, or never ends; the bound lies in the middle, and counts the process's own time.
"""

import time

import pytest

from layers.readers import sniff as sniffing
from layers.readers.sniff import office_text, sniff

SHORT, TIMES = 6_000, 10
MOST = 35.0
LEAST_S = 2e-3
"""Below this, a clock says nothing."""
PIECES = (
    "<!-- -->", "<!--", "<?a ?>", "<?", "<!DOCTYPE a [", "<!DOCTYPE a>", "<!DOCTYPE [<", "<a ", "<",
    "< <", "<kml ", "<x:", " \n", "\t", "999\n \n", "  999\r\n\r\n", "0\nSECTION", " 0\r\n", "1,1,",
    "J1,1,", "J1 , 1 , 1 , ", "1.1 , ", "a1", "11", "1 1", "@", ",@", "，@\n", "POLYGON (", "POLYGON ZM",
    "POLYGON" + " " * 4, '"type" ', '{"type"', '{"coordinates":', "[", "{", "[地块坐标", "\ufeff", "\x1e",
    "Mime-Version", "<html", "<!doctype ", "甲", "1;1|", "-", "+1.", "\x00",
)  # fmt: skip
STARTS = ("", "<", "{", "<?xml version='1.0'?>", "J1,1,", " \n", '{"type":')


def took_s(text: str) -> float:
    data = text.encode()

    def once() -> float:
        began_s = time.process_time()
        sniff(data)
        office_text("x", data)
        return time.process_time() - began_s

    return max(min(once() for _ in range(3)), LEAST_S)


@pytest.mark.parametrize("start", STARTS)
def test_ten_times_the_text_takes_ten_times_as_long(
    start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of it is looked at, not the first 64 KB alone.
    monkeypatch.setattr(sniffing, "_HEAD_BYTES", 10 * TIMES * SHORT)
    slow = {}
    for piece in PIECES:
        for end in ("", "!", "\n1"):
            text = piece * (SHORT // len(piece))
            growth = took_s(start + text * TIMES + end) / took_s(start + text + end)
            if growth > MOST:
                slow[piece, end] = growth
    assert slow == {}


def test_the_clock_sees_a_pattern_that_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure itself: from every place to the end and back again, it fails."""
    import re

    bad = re.compile(r"(?:<!-- -->)+<kml")
    monkeypatch.setattr(sniffing, "_HEAD_BYTES", 10 * TIMES * SHORT)
    monkeypatch.setattr(sniffing, "root_of", lambda text: "kml" if bad.search(text) else None)
    text = "<!-- -->" * (SHORT // 16)
    assert took_s(text * TIMES) / took_s(text) > MOST
