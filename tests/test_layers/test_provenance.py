"""Oracles: bytes written by hand, the digest of "abc" in FIPS 180-4, properties."""

import json
import random
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.provenance import RunRecord, canonical_json, digest, run_id

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # Text of any script, without half surrogates.
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def _shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        items = [(key, _shuffled(item, chance)) for key, item in value.items()]
        chance.shuffle(items)
        return dict(items)
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


def test_canonical_json_by_hand():
    value = {"b": [1, 2.5, None, True], "a": "红线", "day": date(2026, 11, 23)}
    assert canonical_json(value) == (
        '{"a":"红线","b":[1,2.5,null,true],"day":"2026-11-23"}'.encode()
    )


@given(JSON_VALUES)
def test_canonical_json_is_json_of_the_same_value(value):
    assert json.loads(canonical_json(value)) == value


@given(JSON_VALUES, st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_count(value, chance):
    assert canonical_json(_shuffled(value, chance)) == canonical_json(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_keep_every_digit_and_zero_has_no_sign(number):
    said = canonical_json(number)
    assert float(said) == number
    assert (said == b"0.0") == (number == 0.0)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_cannot_say_is_refused(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"area_m2": [number]})


def test_tuples_are_lists_and_times_are_iso():
    moment = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert canonical_json((1, moment)) == b'[1,"2026-11-23T04:00:00+00:00"]'


def test_digest_is_sha256():
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def _record(**changes: object) -> RunRecord:
    facts = {
        "inputs": {"site.geojson": "aa"},
        "layers": {"red@1": "bb", "farm@2": "cc"},
        "rules_sha256": "dd",
        "parameters": {"on": date(2026, 11, 23)},
        "software": {"shapely": "2.2"},
    }
    return RunRecord(**{**facts, **changes})


def test_a_run_id_is_the_start_of_the_records_digest():
    whole = digest(
        b'{"inputs":{"site.geojson":"aa"},"layers":{"farm@2":"cc","red@1":"bb"},'
        b'"parameters":{"on":"2026-11-23"},"rules_sha256":"dd","software":{"shapely":"2.2"}}'
    )
    assert run_id(_record()) == whole[:20]
    assert run_id(_record(layers={"farm@2": "cc", "red@1": "bb"})) == whole[:20]


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": {"site.geojson": "ab"}},
        {"layers": {"red@2": "bb", "farm@2": "cc"}},
        {"rules_sha256": "de"},
        {"parameters": {"on": date(2026, 11, 24)}},
        {"software": {"shapely": "2.3"}},
    ],
)
def test_each_entry_of_a_record_decides_its_id(change):
    assert run_id(_record(**change)) != run_id(_record())
