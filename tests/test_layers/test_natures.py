"""The decision table: every cell is a known word, silence allows nothing."""

import itertools

import pytest

from geo.model import Verdict
from layers.catalogue import load_kinds
from layers.errors import UnknownNatureError
from layers.natures import (
    Outcome,
    _table,
    decide,
    load_natures,
    require_nature,
    worst_outcome,
)
from maps.i18n import tables

RED = "ecological_red_line"


def test_the_same_geometry_has_three_outcomes_by_nature() -> None:
    # 自然资发〔2022〕142号: industry never, border works with the provincial opinion, an
    # unstated nature cannot be told.
    outcomes = [
        decide(RED, Verdict.CONFLICT, n).outcome
        for n in ("ordinary_industry", "border_works", None)
    ]
    assert outcomes == [Outcome.AVOID, Outcome.APPROVAL, Outcome.UNDETERMINED]
    assert decide(RED, Verdict.CONFLICT, "border_works").papers == ("provincial_opinion",)
    assert decide(RED, Verdict.CONFLICT, "national_major").papers == (
        "unavoidable_argument",
        "state_council",
    )


def test_industry_never_gets_through_basic_farmland() -> None:
    for nature in ("ordinary_industry", "park_expansion"):
        assert decide("permanent_basic_farmland", Verdict.CONFLICT, nature).outcome is Outcome.AVOID


@pytest.mark.parametrize("nature", [None, *load_natures()])
def test_what_cannot_be_told_allows_nothing(nature: str | None) -> None:
    for kind in load_kinds():
        assert decide(kind, Verdict.UNDETERMINED, nature).outcome is Outcome.UNDETERMINED
    assert decide("unheard_of", Verdict.CLEAR, nature).outcome is Outcome.UNDETERMINED


def test_a_conflict_is_never_nothing_and_clear_never_asks_for_papers() -> None:
    for kind, nature in itertools.product(_table()["decisions"], load_natures()):
        assert decide(kind, Verdict.CONFLICT, nature).outcome is not Outcome.NOTHING
        assert decide(kind, Verdict.CLEAR, nature).papers == ()


def test_every_word_of_the_table_is_known() -> None:
    words, control = tables("zh"), {name for name, kind in load_kinds().items() if kind.control}
    for kind, verdicts in _table()["decisions"].items():
        assert kind in control
        for verdict, rows in verdicts.items():
            assert verdict in set(Verdict)
            assert set(rows) <= {"any", *load_natures()}
            for row in rows.values():
                assert row["outcome"] in words["outcomes"]
                assert set(row.get("papers", ())) <= set(words["papers"])
                assert row.get("statement") in {None, *words["statements"]}


def test_an_unknown_nature_is_refused() -> None:
    assert require_nature(None) is None
    with pytest.raises(UnknownNatureError):
        require_nature("magic")


def test_the_gravest_outcome_counts() -> None:
    assert worst_outcome([Outcome.NOTHING, Outcome.APPROVAL]) is Outcome.APPROVAL
    assert worst_outcome([Outcome.APPROVAL, Outcome.UNDETERMINED]) is Outcome.UNDETERMINED
    assert worst_outcome([]) is Outcome.UNDETERMINED
