"""Angles as people write them: decimal degrees, or degrees, minutes and seconds."""

import re
from typing import Final

_SIDES: Final = {"N": 1, "E": 1, "S": -1, "W": -1, "北": 1, "东": 1, "南": -1, "西": -1}
_SIDE: Final = "([NSEWnsew北南东西][纬经]?)?"
_SEXAGESIMAL: Final = re.compile(
    rf"{_SIDE}\s*([+-]?\d{{1,3}}(?:\.\d+)?)\s*(?:[°º度:：\s-])\s*"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:['′’‘分:：\s-]|$)\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″”“秒]|''|′′)?)?\s*"
    rf"{_SIDE}"
)

_LONGEST: Final = 60
"""Longer texts are no angles, and would take the pattern above long to refuse."""


def parse_degrees(text: str) -> float | None:
    """Return an angle in degrees, or None where the text is none.

    Packed notations such as ``102.4630`` for 102° 46′ 30″ cannot be told from decimal
    degrees and are taken as these.

    Examples
    --------
    >>> [parse_degrees(t) for t in ("102°46′30″", "102:46:30E", "东经102度46.5分", "102-46-30")]
    [102.775, 102.775, 102.775, 102.775]
    >>> [parse_degrees(t) for t in ("102.775", "-24 30", "24°30′S", "102°60′", "J1")]
    [102.775, -24.5, -24.5, None, None]
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        return None
    try:
        # Plain text of digits, and nothing else that Python would take for a number.
        return float(stripped) if re.fullmatch(r"[+-]?\d+(\.\d*)?", stripped) else _parts(stripped)
    except OverflowError:
        return None


def _parts(text: str) -> float | None:
    found = _SEXAGESIMAL.fullmatch(text)
    if not found:
        return None
    before, degrees, minutes, seconds, after = found.groups()
    if before and after:
        return None
    low = [float(part or 0.0) for part in (minutes, seconds)]
    if max(low) >= 60.0 or ("." in degrees and (minutes or seconds)):
        return None
    size = abs(float(degrees)) + low[0] / 60.0 + low[1] / 3600.0
    side = _SIDES[(before or after).upper()[0]] if before or after else 1
    return -size if degrees.startswith("-") != (side < 0) else size
