"""Releases that wait for a person or a time. Oracles: by hand, with a clock that tests set."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.publish.bundle import change_publication, list_publications
from api.publish.on_time import releasing_on_time
from api.publish.release_orders import (
    NeedsPersonError,
    ReleaseTimeError,
    SamePersonError,
    confirm_release,
    drop_release,
    list_orders,
    release_due,
    show_or_order,
)
from api.settings import Settings
from api.workspace.people.actor import AT_TERMINAL, Actor
from api.workspace.withdraw import Wish
from api.workspace.workspace import Workspace
from layers.publish.release_orders import (
    DamagedOrdersError,
    OrderedAlreadyError,
    UnknownOrderError,
)

NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
FACTS = {
    "policy": "default-src 'none'",
    "layers": [],
    "plan": {"title": {"zh": "图", "en": "Map"}, "draft": True},
}
ANNA = Actor(way="session", person_id="anna", title="Anna")
BO = Actor(way="session", person_id="bo", title="Bo")
EMPTY = b'start(map_1, {"publication": {"layers": []}});'


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def office(tmp_path: Path, clock: Clock, *, four_eyes: bool) -> tuple[Workspace, str]:
    workspace = Workspace(Settings(data_dir=tmp_path, four_eyes=four_eyes), now=clock)
    return workspace, workspace.publications.put("zone", {"index.html": EMPTY}, FACTS)


@pytest.fixture
def two(tmp_path: Path, clock: Clock) -> tuple[Workspace, str]:
    return office(tmp_path, clock, four_eyes=True)


@pytest.fixture
def alone(tmp_path: Path, clock: Clock) -> tuple[Workspace, str]:
    return office(tmp_path, clock, four_eyes=False)


def current(workspace: Workspace) -> str | None:
    return workspace.publications.state("zone").current


def test_without_either_it_is_shown_at_once(alone: tuple[Workspace, str]) -> None:
    workspace, sha256 = alone
    assert show_or_order(workspace, "zone", sha256, AT_TERMINAL) is None
    assert current(workspace) == sha256
    assert list_orders(workspace).orders == []


def test_two_people_agree_before_anything_is_shown(two: tuple[Workspace, str]) -> None:
    workspace, sha256 = two
    order = show_or_order(workspace, "zone", sha256, ANNA)
    assert order is not None
    assert order.state == "to_confirm"
    assert current(workspace) is None
    assert release_due(workspace).orders == []
    with pytest.raises(OrderedAlreadyError):
        show_or_order(workspace, "zone", sha256, BO)
    with pytest.raises(SamePersonError):
        confirm_release(workspace, "zone", sha256, ANNA)
    assert current(workspace) is None
    done = confirm_release(workspace, "zone", sha256, BO)
    assert (done.state, done.asked_name, done.ended_name) == ("done", "Anna (anna)", "Bo (bo)")
    assert current(workspace) == sha256
    with pytest.raises(UnknownOrderError):
        confirm_release(workspace, "zone", sha256, BO)


@pytest.mark.parametrize(
    "actor",
    [AT_TERMINAL, Actor(way="open"), replace(BO, way="key")],
    ids=["terminal", "open", "key"],
)
def test_only_who_is_signed_in_has_eyes(two: tuple[Workspace, str], actor: Actor) -> None:
    workspace, sha256 = two
    with pytest.raises(NeedsPersonError):
        show_or_order(workspace, "zone", sha256, actor)
    show_or_order(workspace, "zone", sha256, ANNA)
    with pytest.raises(NeedsPersonError):
        confirm_release(workspace, "zone", sha256, actor)
    assert current(workspace) is None


def test_a_map_is_shown_when_its_time_comes(alone: tuple[Workspace, str], clock: Clock) -> None:
    workspace, sha256 = alone
    # 08:00 in China is 00:00 UTC.
    order = show_or_order(workspace, "zone", sha256, AT_TERMINAL, datetime(2026, 12, 1, 8, 0))  # noqa: DTZ001 - as people write it
    assert order is not None
    assert order.due_at == "2026-12-01T00:00:00+00:00"
    clock.time = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    assert release_due(workspace).orders == []
    assert current(workspace) is None
    clock.time = datetime(2026, 12, 1, tzinfo=UTC)
    (done,) = release_due(workspace).orders
    assert done.state == "done"
    assert current(workspace) == sha256
    assert release_due(workspace).orders == []
    with pytest.raises(ReleaseTimeError):
        show_or_order(workspace, "zone", sha256, AT_TERMINAL, NOW)


def test_a_planned_map_waits_for_both(two: tuple[Workspace, str], clock: Clock) -> None:
    workspace, sha256 = two
    show_or_order(workspace, "zone", sha256, ANNA, NOW + timedelta(hours=1))
    assert confirm_release(workspace, "zone", sha256, BO).state == "planned"
    assert current(workspace) is None
    clock.time = NOW + timedelta(hours=1)
    assert [one.state for one in release_due(workspace).orders] == ["done"]
    assert current(workspace) == sha256


def test_what_one_person_planned_waits_once_two_must_agree(
    alone: tuple[Workspace, str], tmp_path: Path, clock: Clock
) -> None:
    workspace, sha256 = alone
    show_or_order(workspace, "zone", sha256, ANNA, NOW + timedelta(hours=1))
    stricter, _ = office(tmp_path, clock, four_eyes=True)
    clock.time = NOW + timedelta(hours=2)
    assert [one.state for one in release_due(stricter).orders] == ["to_confirm"]
    assert current(stricter) is None
    assert confirm_release(stricter, "zone", sha256, BO).state == "done"


def test_what_may_not_be_shown_any_more_is_named_and_not_shown(
    alone: tuple[Workspace, str], clock: Clock
) -> None:
    workspace, sha256 = alone
    show_or_order(workspace, "zone", sha256, ANNA)
    other = workspace.publications.put("zone", {"index.html": EMPTY + b"\n"}, FACTS)
    show_or_order(workspace, "zone", other, ANNA)
    show_or_order(workspace, "zone", sha256, ANNA, NOW + timedelta(hours=1))
    change_publication(workspace, "zone", sha256, Wish(withdrawn=True, name="a", reason="b"))
    clock.time = NOW + timedelta(hours=2)
    (refused,) = release_due(workspace).orders
    assert (refused.state, refused.problem) == (
        "refused", "layers.publication.release_withdrawn",
    )  # fmt: skip
    assert current(workspace) == other


def test_an_order_is_taken_back_and_stays_to_be_read(alone: tuple[Workspace, str]) -> None:
    workspace, sha256 = alone
    show_or_order(workspace, "zone", sha256, ANNA, NOW + timedelta(hours=1))
    assert drop_release(workspace, "zone", sha256, BO).state == "dropped"
    assert [one.ended_name for one in list_orders(workspace).orders] == ["Bo (bo)"]
    with pytest.raises(UnknownOrderError):
        drop_release(workspace, "zone", sha256, BO)


def test_who_withdrew_a_map_does_not_show_it_again_alone(two: tuple[Workspace, str]) -> None:
    workspace, sha256 = two
    show_or_order(workspace, "zone", sha256, ANNA)
    confirm_release(workspace, "zone", sha256, BO)

    def say(actor: Actor, *, withdrawn: bool) -> None:
        wish = Wish(withdrawn=withdrawn, name=actor.signature, reason="r", actor=actor)
        change_publication(workspace, "zone", None, wish)

    say(ANNA, withdrawn=True)
    with pytest.raises(SamePersonError):
        say(ANNA, withdrawn=False)
    assert current(workspace) is None
    say(BO, withdrawn=False)
    assert current(workspace) == sha256


def test_damaged_orders_release_nothing(alone: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, sha256 = alone
    show_or_order(workspace, "zone", sha256, ANNA, NOW + timedelta(hours=1))
    path = tmp_path / "publications" / "orders.json"
    path.write_bytes(path.read_bytes().replace(b"planned", b"plannee"))
    with pytest.raises(DamagedOrdersError):
        release_due(workspace)
    assert list_publications(workspace).damaged == []


def test_a_server_looks_by_itself(alone: tuple[Workspace, str], clock: Clock) -> None:
    workspace, sha256 = alone
    show_or_order(workspace, "zone", sha256, ANNA, NOW + timedelta(hours=1))
    clock.time = NOW + timedelta(hours=1)
    with releasing_on_time(workspace, every_s=0.01):
        limit = datetime.now(UTC) + timedelta(seconds=5)
        while current(workspace) is None and datetime.now(UTC) < limit:
            pass
    assert current(workspace) == sha256
