"""Names and ids of plots under whatever a file calls them. Oracle: by hand, and a property."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.readers.attributes import identify
from layers.readers.field_names import find_columns, read_name, read_names

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
NAMES = ["名称", "地块名称", "NAME", "DKMC", "XMMC", "项目名称", "name_zh"]
IDS = ["编号", "地块编号", "BSM", "DKBH", "site_id", "feature_id", "ID"]


@pytest.mark.parametrize("field", NAMES)
def test_every_name_field_names_a_plot(field: str) -> None:
    assert read_name({field: "A-1", "面积": 3.0}) == ("A-1", "A-1")


@pytest.mark.parametrize("field", IDS)
def test_every_id_field_gives_the_ids(field: str) -> None:
    assert identify(pd.DataFrame({field: ["b", "a"], "面积": [1, 2]})) == (["b", "a"], ())


@given(st.sampled_from(NAMES + IDS), st.booleans(), st.booleans(), st.sampled_from(["", " ", "　"]))
def test_case_width_and_blanks_do_not_matter(
    field: str, wide: bool, upper: bool, blank: str
) -> None:
    written = blank + (field.upper() if upper else field.lower())
    written = written.translate(WIDE) if wide else written
    role = "name" if field in NAMES else "id"
    assert find_columns(role, ["面积", written]) == [written]


def test_a_name_of_one_language_stands_for_both_and_a_blank_one_for_none() -> None:
    frame = pd.DataFrame(
        {
            "name_zh": ["湖", None, None],
            "name_en": ["lake", "hill", None],
            "DKMC": [None, None, " "],
        }
    )
    assert read_names(frame) == [("湖", "lake"), ("hill", "hill"), None]
    assert read_names(frame[[]]) == [None, None, None]
