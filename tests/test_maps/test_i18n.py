"""Words: both languages complete, placeholders filled, languages negotiated."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from geo.model import Reason, Verdict
from layers.model import LayerStatus
from maps.i18n import LANGUAGES, UnknownTextError, negotiate, tables, tr

LOCALES = Path(__file__).parents[2] / "maps" / "locales"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_keys() -> None:
    zh, en = tables("zh"), tables("en")
    assert {t: set(zh[t]) for t in zh} == {t: set(en[t]) for t in en}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_found_by_their_heads_are_those_of_whole_files(lang: str) -> None:
    topics = [tomllib.loads(path.read_text("utf-8")) for path in (LOCALES / lang).glob("*.toml")]
    whole = Counter((table, key) for topic in topics for table in topic for key in topic[table])
    assert set(whole.values()) == {1}
    found = tables(lang)
    assert {topic for one in topics for topic in one} <= set(found)
    assert all(key in found[table] for table, key in whole)
    with pytest.raises(KeyError):
        found["no_such_table"]


def test_both_languages_have_the_same_placeholders() -> None:
    zh, en = tables("zh"), tables("en")
    for table, texts in zh.items():
        for key, text in texts.items():
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(en[table][key])), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_of_the_core_has_words(lang: str) -> None:
    for verdict in Verdict:
        assert tr(f"verdicts.{verdict}", lang)
    for reason in Reason:
        assert tr(f"reasons.{reason}", lang)
    for status in LayerStatus:
        assert tr(f"statuses.{status}", lang)


def test_chinese_texts_are_chinese_and_english_ones_are_not() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    assert all(han.search(text) for text in tables("zh")["errors"].values())
    assert not any(han.search(text) for text in tables("en")["errors"].values())


def test_an_unknown_key_is_a_fault() -> None:
    with pytest.raises(UnknownTextError):
        tr("errors.no.such", "zh")


def test_lists_and_missing_values_are_shown() -> None:
    # By hand: the list is joined, the absent name becomes a dash.
    shown = tr("errors.layers.read.incomplete_shapefile", "en", missing=[".shx", ".dbf"])
    assert shown.startswith("— lacks .shx, .dbf.")


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.1,zh;q=0.9", "zh"),
        ("fr,de;q=0.7", "zh"),
        ("en;q=abc", "zh"),
        ("en;q=0", "zh"),
    ],
)
def test_negotiation(header: str | None, lang: str) -> None:
    assert negotiate(header) == lang
