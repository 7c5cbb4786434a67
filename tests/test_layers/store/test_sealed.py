"""Sealed documents: whole, in their own place, or refused."""

import base64
import zlib

import pytest

from layers.store import sealed
from layers.store.sealed import pack_with_digest, unseal, wrap_with_digest

TEXT = '{"红线":[' + ",".join(['{"overlap_area_m2":1.5}'] * 200) + "]}"
PLACE = "0123.json"


def test_packed_and_plain_seals_hold_the_same_text() -> None:
    packed, plain = pack_with_digest(TEXT, PLACE), wrap_with_digest(TEXT, PLACE)
    assert unseal(packed, PLACE) == unseal(plain, PLACE) == TEXT.encode()
    assert len(packed) < len(plain) / 5


def test_every_changed_byte_of_a_packed_seal_is_seen() -> None:
    data = pack_with_digest(TEXT, PLACE)
    for at in range(len(data)):
        for other in (data[at] ^ 1, data[at] ^ 32):
            changed = data[:at] + bytes([other]) + data[at + 1 :]
            with pytest.raises(ValueError, match=r".*"):
                unseal(changed, PLACE)


@pytest.mark.parametrize("cut", [1, 2, 40, 200])
def test_a_packed_seal_that_is_cut_off_or_longer_is_seen(cut: int) -> None:
    data = pack_with_digest(TEXT, PLACE)
    for changed in (data[:-cut], data + b" " * cut, data + data[:cut]):
        with pytest.raises(ValueError, match=r".*"):
            unseal(changed, PLACE)


@pytest.mark.parametrize("place", ["4567.json", None])
def test_a_packed_seal_of_another_place_is_refused(place: str | None) -> None:
    with pytest.raises(ValueError, match="not what was sealed"):
        unseal(pack_with_digest(TEXT, PLACE), place)


def test_what_is_sealed_and_unpacks_to_nothing_whole_is_refused() -> None:
    # As if somebody had sealed it so: bytes that are not packed, cut off, or go on.
    whole = zlib.compress(TEXT.encode())
    for bad in (b"abc", whole[:-5], whole + b"more"):
        with pytest.raises(ValueError, match="not what was packed"):
            unseal(sealed._packed(base64.b64encode(bad), PLACE), PLACE)
