"""A kind without a layer is named wherever sites are judged, searched for or moved.

Oracle: the kinds that ship; each is taken away by itself.
"""

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import shapely

from api.check.batch.output import write_batch
from api.check.batch.run import BatchTerms, entries_of, run_batch
from api.check.hard_lines import hard_lines, name_unknown_lines
from api.check.plan_claim import check_claim, list_register
from api.check.sites import check_made_sites
from api.workspace.workspace import Workspace
from layers.model import MissingLayer, ReadOptions, ignore_progress
from layers.store.withdrawals import Step
from maps.check.batch_document import batch_summary
from maps.check.document import check_document
from maps.document.terminal import text_of

SITE = shapely.box(102.85, 24.98, 102.852, 24.982)
BESIDE = ("river_lake_management", "河湖管理范围", "River and lake management zones")


def take_away(workspace: Workspace, gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Workspace.controls

    def controls(self: Workspace, kind: str) -> object:
        return MissingLayer(kind=kind) if kind == gone else known(self, kind)

    monkeypatch.setattr(Workspace, "controls", controls)


@pytest.mark.slow  # A check for every kind.
def test_no_kind_disappears_from_a_check_with_its_layer(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled = dict.fromkeys(rule.kind for rule in workspace.law(workspace.today()).accounted)
    assert len(ruled) > 20
    for kind in ruled:
        with monkeypatch.context() as patch:
            take_away(workspace, kind, patch)
            result = check_made_sites(workspace, {"1": SITE}, "site", None)
        findings = [one.reasons for one in result.sites[0].findings if one.kind == kind]
        examined = [one.state for one in result.sensitive if one.kind == kind]
        assert findings in ([], [["layer_missing"]]), kind
        assert findings or set(examined) == {"not_examined"}, kind


def withdraw_kind(workspace: Workspace, kind: str) -> list[str]:
    found = workspace.store.controls(kind)
    assert isinstance(found, tuple)
    for version in found:
        workspace.store.say(version.layer_id, version.number, step(withdrawn=True))
    return [version.layer_id for version in found]


def step(*, withdrawn: bool) -> Step:
    return Step(
        withdrawn=withdrawn,
        name="李某",
        reason="演示数据不用",
        at=datetime(2026, 11, 30, tzinfo=UTC),
    )


@pytest.mark.slow  # A check for every kind.
def test_a_check_cannot_tell_as_soon_as_any_one_layer_was_withdrawn(workspace: Workspace) -> None:
    ruled = dict.fromkeys(rule.kind for rule in workspace.law(workspace.today()).accounted)
    held = [kind for kind in ruled if isinstance(workspace.store.controls(kind), tuple)]
    assert len(held) > 15
    assert check_made_sites(workspace, {"1": SITE}, "site", None).verdict == "clear"
    for kind in held:
        gone = withdraw_kind(workspace, kind)
        result = check_made_sites(workspace, {"1": SITE}, "site", None)
        assert result.verdict == "undetermined", kind
        own = [one for one in result.sites[0].findings if one.kind == kind]
        assert {(one.verdict, *one.reasons) for one in own} == {("undetermined", "layer_withdrawn")}
        assert kind not in [one.kind for one in result.not_examined]
        assert {one.state for one in result.sensitive if one.kind == kind} <= {"undetermined"}
        for layer_id in gone:
            workspace.store.say(layer_id, 1, step(withdrawn=False))
    assert check_made_sites(workspace, {"1": SITE}, "site", None).verdict == "clear"


def test_a_withdrawn_demonstration_is_untold_at_every_door(workspace: Workspace) -> None:
    kind = "nature_reserve"
    withdraw_kind(workspace, kind)
    result = check_made_sites(workspace, {"1": SITE}, "site", None)
    assert result.verdict == "undetermined"
    for lang, said in (
        ("zh", "曾有图层，现已撤回"),
        ("en", "a layer stood here and was withdrawn"),
    ):
        assert said in text_of(check_document(result, lang))
    (line,) = name_unknown_lines(hard_lines(workspace, SITE).untold)
    assert (line.kind, line.reason) == (kind, "layer_withdrawn")
    units = {unit.unit_id: unit for unit in check_claim(workspace).units}
    (reserve,) = [one for one in units["kunming"].members if one.id == kind]
    assert (reserve.state, reserve.reasons) == ("undetermined", ["layer_withdrawn"])
    ids = [one.id for one in list_register(workspace).members if one.kind == kind and one.layers]
    assert ids == []


def test_a_kind_beside_the_register_is_named_as_not_examined(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, zh, en = BESIDE
    take_away(workspace, kind, monkeypatch)
    result = check_made_sites(workspace, {"1": SITE}, "site", None)
    assert [one.kind for one in result.not_examined] == [kind]
    for lang, name in (("zh", zh), ("en", en)):
        assert name in text_of(check_document(result, lang))


def test_a_batch_names_what_no_check_of_it_examined(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kind, zh, _ = BESIDE
    take_away(workspace, kind, monkeypatch)
    file = tmp_path / "site.geojson"
    file.write_text(shapely.to_geojson(SITE), encoding="utf-8")
    entries = entries_of([file], workspace.limits, leave_out=tmp_path / "out")
    batch = run_batch(
        workspace, entries, BatchTerms(options=ReadOptions(), nature=None), ignore_progress
    )
    written = write_batch(batch, tmp_path / "out", "zh")
    assert zh in [one.zh for one in written.not_examined]
    assert zh in text_of(batch_summary(written, "zh"))
    book = openpyxl.load_workbook(tmp_path / "out" / "batch.xlsx")
    gaps = [row[4] for row in book["无法判定与说明"].values]
    assert gaps.count(zh) == 1
    # What forbids nothing and lies everywhere is nearest to every site, and no news.
    (row,) = [dict(zip(*pair, strict=True)) for pair in [list(book["地块"].values)[:2]]]
    assert row["最近距离 米"] > 0.0


def test_a_hard_line_of_any_kind_can_be_named_where_it_is_missing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = hard_lines(workspace, SITE)
    required = [one.kind for one in known.kinds if one.required]
    assert "urban_development_boundary" in [one.id for one in required]
    for kind in required:
        with monkeypatch.context() as patch:
            take_away(workspace, kind.id, patch)
            (line,) = name_unknown_lines(hard_lines(workspace, SITE).untold)
        assert (line.title.zh, line.reason) == (kind.title_zh, "layer_missing")
