"""Encodings of Shapefiles. Oracle: the text that was encoded into the bytes."""

import pytest

from layers.errors import EncodingUndecidedError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.encoding import decode_cut, guess_encoding, named_encoding

TEXT = "昆明经济技术开发区"
FIELD = "地块名称"


def read(files, **options):
    return read_sites(Source(name="plan.shp", files=files), ReadOptions(**options), counties=None)


def made(make_shapefile, square, encoding, field=FIELD, **kwargs):
    raw_field = field.encode(encoding)[:10]
    return make_shapefile([square], [[TEXT.encode(encoding)]], [raw_field], **kwargs)


@pytest.mark.parametrize(
    ("encoding", "cpg", "language", "expected"),
    [
        ("gbk", None, 0, ("GB18030", "sniffed")),
        ("gbk", b"GBK", 0, ("GB18030", "cpg_file")),
        ("gbk", b"936", 0, ("GB18030", "cpg_file")),
        ("gbk", None, 0x4D, ("GB18030", "dbf_language")),
        ("gbk", b"nonsense", 0x57, ("GB18030", "sniffed")),
        ("utf-8", b"UTF-8", 0, ("UTF-8", "cpg_file")),
    ],
)
def test_statement_or_bytes_decide(make_shapefile, square, encoding, cpg, language, expected):
    files = made(make_shapefile, square, encoding, field="名称", language=language)
    if cpg is not None:
        files["plan.cpg"] = cpg
    sites = read(files)
    assert sites.features["名称"].tolist() == [TEXT]
    assert (sites.report.encoding, sites.report.encoding_how) == expected
    sniffed = ["encoding_sniffed"] if expected[1] == "sniffed" else []
    assert [issue.code for issue in sites.report.issues] == sniffed


@pytest.mark.parametrize(
    ("encoding", "cpg", "language"),
    [("gbk", b"UTF-8", 0), ("gbk", b"ISO-8859-1", 0x57), ("utf-8", None, 0x4D)],
)
def test_wrong_statement_is_overruled_and_said(make_shapefile, square, encoding, cpg, language):
    files = made(make_shapefile, square, encoding, field="名称", language=language)
    if cpg is not None:
        files["plan.cpg"] = cpg
    sites = read(files)
    assert sites.features["名称"].tolist() == [TEXT]
    evidence, issue = sites.report.issues
    assert (evidence.code, issue.code) == ("encoding_sniffed", "encoding_disagrees")
    assert max(evidence.params["common_character_shares"].values(), key=lambda v: v or 0) == 1.0


def test_field_name_cut_inside_a_character_is_repaired(make_shapefile, square):
    # By hand: four Han are 12 bytes in UTF-8; 10 bytes hold three and a third.
    sites = read(made(make_shapefile, square, "utf-8"))
    assert sites.features["地块名"].tolist() == [TEXT]
    _, issue = sites.report.issues
    assert (issue.code, issue.params) == ("text_cut", {"fields": ["地块名"]})


def test_declared_encoding_wins(make_shapefile, square):
    files = make_shapefile([square], [["Université".encode("cp1252")]])
    with pytest.raises(EncodingUndecidedError) as caught:
        read(files)
    assert caught.value.params == {"name": "plan.shp", "tried": ["GB18030", "UTF-8"]}
    assert read(files, encoding="cp1252").features["name"].tolist() == ["Université"]


@pytest.mark.parametrize("declared", ["UTF-8", "klingon", "rot13"])
def test_declared_encoding_that_cannot_be_is_refused(make_shapefile, square, declared):
    files = made(make_shapefile, square, "gbk")
    with pytest.raises(EncodingUndecidedError) as caught:
        read(files, encoding=declared)
    assert caught.value.params["tried"] == [declared]


@pytest.mark.parametrize(
    "text", ["联通", "红河片区", "生态保护红线", "瑞丽", "永久基本农田", "㎡", "、"]
)
def test_short_chinese_text_is_told_apart(text):
    # 联通 in GBK happens to be valid UTF-8: the classic trap.
    assert guess_encoding([text.encode("utf-8")]).encoding == "UTF-8"
    if text != "㎡":
        assert guess_encoding([text.encode("gbk")]).encoding == "GB18030"


def test_guess_does_not_depend_on_order_and_shows_its_evidence():
    texts = [word.encode("gbk") for word in ("昆明", "红河", "德宏")]
    guess = guess_encoding(texts)
    assert guess == guess_encoding(reversed(texts))
    assert dict(guess.tried) == {"GB18030": 1.0, "UTF-8": None}


def test_names_of_encodings():
    assert named_encoding("ANSI 936") == "GB18030"
    assert [named_encoding(text) for text in ("", "\x00", "unicode_escape", "123456")] == [None] * 4


def test_cut_text():
    assert decode_cut("红河".encode("gbk")[:3], "GB18030") == ("红", True)
    assert decode_cut(b"\xff\xff", "UTF-8") is None
