"""Which places a text names. Oracles: the layer of counties, and texts read by hand."""

import pytest

from layers.builtin.reference import read_counties
from layers.store.plausibility.said_places import codes_named, place_names
from layers.zones import shipped_zone


def test_every_county_and_prefecture_has_its_words() -> None:
    counties = read_counties(shipped_zone().region)
    known = {*counties["feature_id"], *counties["prefecture"], "53"}
    assert place_names(shipped_zone().region).known == known


def test_a_county_is_named_by_its_full_name_and_by_its_code() -> None:
    # Property over all counties: the name of the layer, its code, and the code of a village.
    for code, name in read_counties(shipped_zone().region)[["feature_id", "name_zh"]].itertuples(
        index=False
    ):
        for text in (name, f"{name}生态保护红线", f"rl_{code}", f"{code}100201", f"云南省{name}"):
            assert codes_named(text, place_names(shipped_zone().region)) == {code}, text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("生态保护红线", ""), ("红线 2024", ""), ("redline_v2023", ""), ("某局", ""),
        ("昆明市生态保护红线", "5301"), ("昆明市安宁市", "530181"), ("安宁、富民县", "530181 530124"),
        ("大理州", "5329"), ("大理市", "532901"), ("大理", "5329 532901"), ("大理洱源", "532930"),
        ("红河流域", ""), ("红河片区", "532532"), ("红河州", "5325"), ("云龙水库", ""), ("澜沧江", ""),
        ("新建水源地", ""), ("大理古城", "5329 532901"), ("ＡＮＮＩＮＧ red line", "530181"),
        ("anning_rl", "530181"), ("Pu'er", "5308"), ("Yunlong Reservoir", ""), ("530", ""),
        ("Red line of Kunming, Anning", "530181"), ("kunmingite", ""), ("5301", "5301"),
    ],
)  # fmt: skip
def test_texts_as_people_write_them(text: str, codes: str) -> None:
    assert codes_named(text, place_names(shipped_zone().region)) == set(codes.split())
