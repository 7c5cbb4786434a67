"""Tables of zones and firms under the rules of tables of statistics, kind by kind.

Oracle: each table is written with what a careful person would ask before using its figures.
"""

import csv
import html
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.density.intensity import evaluate_zones
from api.density.permu import PermuRequest, evaluate_firms
from api.density.table_templates import table_template
from api.workspace.workspace import Workspace
from layers.errors import StatisticsQuestionError, StatisticsTableError
from layers.model import ReadOptions
from layers.readers import Source

FIRMS = ["企业名称", "规模", "用地面积（亩）", "税收（万元）", "用电量（万千瓦时）", "年份"]
ZONES = [
    "开发区名称",
    "审批类型",
    "已建成城镇建设用地（公顷）",
    "工业税收总额（万元）",
    "工矿仓储用地（公顷）",
    "年份",
]
Rows = list[list[object]]
SORTS = ("firms", "zones")


def rows_of(sort: str, *, tax: object = 90, year: object = 2023) -> Rows:
    """Return a clean table: two records, in both the tax in column D and the year in F."""
    if sort == "firms":
        return [FIRMS, ["甲厂", "规下", 10, tax, 50, year], ["乙厂", "规下", 5, 20, 50, year]]
    kind = "经济技术开发区"
    return [ZONES, ["甲区", kind, 600, tax, 300, year], ["乙区", kind, 300, 20, 100, year]]


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_gbk(rows: Rows) -> bytes:
    return as_csv(rows).decode().encode("gb18030")


def as_html(rows: Rows) -> bytes:
    cells = ["".join(f"<td>{html.escape(str(one))}</td>" for one in row) for row in rows]
    return f"<html><table>{''.join(f'<tr>{one}</tr>' for one in cells)}</table></html>".encode()


def as_xlsx(rows: Rows, *changes: Callable[[object], None]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for change in changes:
        change(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def answer(
    workspace: Workspace, sort: str, data: bytes, *, name: str = "表.csv", **said: object
) -> list[dict]:
    source = Source(name=name, files={name: data})
    if sort == "zones":
        found = evaluate_zones(workspace, source, ReadOptions(), **said).model_dump()  # type: ignore[arg-type]
        return found["zones"]
    request = PermuRequest(
        scheme="huangyan_2022", parcel_layer=None, with_features=False, **said  # type: ignore[arg-type]
    )  # fmt: skip
    return evaluate_firms(workspace, source, ReadOptions(), request).model_dump()["firms"]


def asked(workspace: Workspace, sort: str, data: bytes, **said: object) -> set[str]:
    """Return what is asked about; nothing where it is answered at once."""
    try:
        answer(workspace, sort, data, **said)  # type: ignore[arg-type]
    except StatisticsQuestionError as exc:
        return {one["code"] for one in exc.params["problems"]}
    return set()


def refused(workspace: Workspace, sort: str, data: bytes, **said: object) -> set[str]:
    with pytest.raises(StatisticsTableError) as caught:
        answer(workspace, sort, data, accept=True, **said)  # type: ignore[arg-type]
    return {one["code"] for one in caught.value.params["problems"]}


def said_of(workspace: Workspace, sort: str, data: bytes, **said: object) -> dict:
    """Return what qualifies the first record once all is confirmed."""
    return answer(workspace, sort, data, accept=True, **said)[0]["qualifiers"]  # type: ignore[arg-type]


@pytest.fixture
def now(workspace: Workspace) -> date:
    return workspace.now().date()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("form", [as_csv, as_gbk, as_html, as_xlsx])
@pytest.mark.parametrize("titles", [[], [["2023年企业与园区情况"]], [["表1"], ["单位：见表头"]]])
def test_clean_tables_ask_nothing(
    workspace: Workspace, sort: str, form: Callable, titles: Rows
) -> None:
    rows = [*titles, *rows_of(sort), ["数据来源：市统计局"], ["填表人：张三"]]
    found = answer(workspace, sort, form(rows))
    assert [one["qualifiers"]["period"] for one in found] == ["full_year", "full_year"]


@pytest.mark.parametrize("sort", SORTS)
def test_the_templates_ask_nothing(workspace: Workspace, sort: str) -> None:
    heads = table_template(sort, "zh").decode("utf-8-sig").strip().split(",")
    words = {"企业名称": "甲厂", "规模": "规下", "KFQMC": "甲区", "KFQSPLX": "5"}
    row = [words.get(head, 12 if "面积" in head or head.isascii() else 3) for head in heads]
    texts = {
        head for head in heads if head.startswith(("KFQ", "S", "Z", "G")) and head not in words
    }
    row = ["" if head in texts else one for head, one in zip(heads, row, strict=True)]
    assert asked(workspace, sort, as_csv([heads, row])) == set()


@pytest.mark.parametrize("sort", SORTS)
def test_a_year_that_is_not_over(workspace: Workspace, sort: str, now: date) -> None:
    for year in (now.year, now.year + 4, f"{now.year}年全年"):
        data = as_csv(rows_of(sort, year=year))
        assert asked(workspace, sort, data) == {"time_not_over"}
        assert said_of(workspace, sort, data)["period"] == "unclear"
    assert asked(workspace, sort, as_csv(rows_of(sort, year=f"{now.year + 1}年计划"))) == set()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("word", ["演示", "模拟", "样例", "demo"])
@pytest.mark.parametrize("place", ["title", "below", "file", "note", "heading"])
def test_made_up_figures(workspace: Workspace, sort: str, word: str, place: str) -> None:
    rows, text, name = rows_of(sort), f"{word} 数据", "表.csv"
    if place == "title":
        rows = [[text], *rows]
    elif place == "below":
        rows = [*rows, [f"注：{text}"]]
    elif place == "file":
        name = f"{text}.csv"
    else:
        heading = "备注" if place == "note" else f"同比（{word}）"
        cell = text if place == "note" else 3
        rows = [[*rows[0], heading], *([*row, cell] for row in rows[1:])]
    assert "made_up" in asked(workspace, sort, as_csv(rows), name=name)
    said = said_of(workspace, sort, as_csv(rows), name=name)
    assert (said["quality"], word in said["basis"]) == ("demonstration", True)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("place", ["cell", "heading", "name"])
@pytest.mark.parametrize(
    ("note", "code", "period"),
    [
        (None, "mark_unread", "unclear"),
        ("①由园区自己报的", "note_unread", "unclear"),
        ("①2022年数据", "note_differs", "unclear"),
        ("①为预计数", None, "estimate"),
        ("①来源于海关", None, "full_year"),
    ],
)
def test_footnotes_and_their_marks(
    workspace: Workspace, sort: str, place: str, note: str | None, code: str | None, period: str
) -> None:
    rows = rows_of(sort, tax="90①" if place == "cell" else 90)
    if place == "heading":
        rows[0] = [one.replace("税收", "税收①") if sort == "firms" else one.replace("总额", "总额①")
                   for one in map(str, rows[0])]  # fmt: skip
    if place == "name":
        rows[1][0] = f"{rows[1][0]}①"
    rows += [[note]] if note else []
    assert asked(workspace, sort, as_csv(rows)) == ({code} if code else set())
    first, other = answer(workspace, sort, as_csv(rows), accept=True)
    told = [one["qualifiers"]["period"] for one in (first, other)]
    assert told == [period, period if place == "heading" else "full_year"]
    assert "①" not in first["name"]


@pytest.mark.parametrize("sort", SORTS)
def test_a_footnote_that_no_cell_carries(workspace: Workspace, sort: str) -> None:
    data = as_csv([*rows_of(sort), ["①为目标数"]])
    assert asked(workspace, sort, data) == {"footnote_unused"}
    assert said_of(workspace, sort, data)["period"] == "unclear"


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("head", ["备注", "口径", "完成情况", "状态"])
@pytest.mark.parametrize("note", ["草稿", "未完成", "不含保税区", "经理说再看看"])
def test_notes_of_rows(workspace: Workspace, sort: str, head: str, note: str) -> None:
    rows = rows_of(sort)
    rows = [[*rows[0], head], [*rows[1], note], [*rows[2], ""]]
    assert asked(workspace, sort, as_csv(rows)) == {"note_unread"}
    first, other = answer(workspace, sort, as_csv(rows), accept=True)
    assert (first["qualifiers"]["period"], other["qualifiers"]["period"]) == (
        "unclear",
        "full_year",
    )
    assert note in first["qualifiers"]["basis"]
    (said,) = [said_of(workspace, sort, as_csv(rows), nature="fact")]
    assert (said["period"], said["quality"]) == ("full_year", "reported; declared_fact")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    ("cell", "period", "relation"),
    [("90（预计）", "estimate", "="), ("力争90", "target", "="), ("约90", "full_year", "~"),
     ("90（1-9月）", "partial_year", "=")],
)  # fmt: skip
def test_words_in_cells(
    workspace: Workspace, sort: str, cell: str, period: str, relation: str
) -> None:
    data = as_csv(rows_of(sort, tax=cell))
    assert asked(workspace, sort, data) == set()
    said = said_of(workspace, sort, data)
    assert (said["period"], said["relation"]) == (period, relation)


@pytest.mark.parametrize("sort", SORTS)
def test_several_things_in_the_brackets_of_a_heading(workspace: Workspace, sort: str) -> None:
    rows = rows_of(sort)
    rows[0] = [str(one).replace("（万元）", "（万元，预计）") for one in rows[0]]
    assert said_of(workspace, sort, as_csv(rows))["period"] == "estimate"


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("place", ["title", "file"])
def test_a_plan_by_name_stays_a_plan(workspace: Workspace, sort: str, place: str) -> None:
    rows = [["税收目标表"], *rows_of(sort)] if place == "title" else rows_of(sort)
    name = "税收目标.csv" if place == "file" else "表.csv"
    assert asked(workspace, sort, as_csv(rows), name=name) == {"name_qualifies"}
    assert said_of(workspace, sort, as_csv(rows), name=name)["period"] == "target"
    said = said_of(workspace, sort, as_csv(rows), name=name, nature="fact")
    assert (said["period"], said["quality"]) == ("full_year", "reported; declared_fact")


@pytest.mark.parametrize("sort", SORTS)
def test_rows_of_sums(workspace: Workspace, sort: str) -> None:
    rows = rows_of(sort)
    total: list[object] = ["合计", "", 15 if sort == "firms" else 900, 110, 100, 2023]
    total[4] = 100 if sort == "firms" else 400
    assert len(answer(workspace, sort, as_csv([*rows, total]))) == 2
    guessed = [*rows, ["全部单位合计", *total[1:]]]
    assert asked(workspace, sort, as_csv(guessed)) == {"total_row_guessed"}
    assert len(answer(workspace, sort, as_csv(guessed), accept=True)) == 2
    wrong = [*rows, [*total[:3], 1100, *total[4:]]]
    assert asked(workspace, sort, as_csv(wrong)) == {"total_differs"}
    # The word may stand below the numbers of the rows, with no name beside it.
    numbered = [[at or "序号", *row] for at, row in enumerate(rows)] + [["合计", "", *total[1:]]]
    assert len(answer(workspace, sort, as_csv(numbered))) == 2


@pytest.mark.parametrize("sort", SORTS)
def test_one_record_twice(workspace: Workspace, sort: str) -> None:
    rows = rows_of(sort)
    code = "repeated_firm" if sort == "firms" else "repeated_zone"
    assert refused(workspace, sort, as_csv([*rows, rows[1]])) == {code}
    # The headings of a second page are no record; what follows is read.
    more = [["丙", *rows[2][1:]]]
    assert len(answer(workspace, sort, as_csv([*rows, rows[0], *more]))) == 3
    side = [[*row, "", *row] for row in rows]
    assert refused(workspace, sort, as_csv(side)) == {"repeated_column"}


@pytest.mark.parametrize("sort", SORTS)
def test_hidden_rows_and_merged_cells(workspace: Workspace, sort: str) -> None:
    def hide(sheet) -> None:
        sheet.row_dimensions[2].hidden = True

    assert asked(workspace, sort, as_xlsx(rows_of(sort), hide)) == {"row_hidden"}
    merged = as_xlsx(rows_of(sort), lambda sheet: sheet.merge_cells("D2:D3"))
    assert refused(workspace, sort, merged) == {"merged_value"}
    # One year over all rows is the year of each.
    years = as_xlsx(rows_of(sort), lambda sheet: sheet.merge_cells("F2:F3"))
    told = [one["qualifiers"]["year"] for one in answer(workspace, sort, years)]
    assert told == [2023, 2023]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("time", [45199, date(2023, 9, 30), "2016-2020", "22年"])
def test_times_that_are_no_time(workspace: Workspace, sort: str, time: object) -> None:
    data = as_xlsx(rows_of(sort, year=time))
    assert asked(workspace, sort, data) == {"time_unread"}
    assert said_of(workspace, sort, data)["period"] == "unclear"


@pytest.mark.parametrize("sort", SORTS)
def test_a_row_that_names_the_time_of_those_below(workspace: Workspace, sort: str) -> None:
    head, *body = rows_of(sort)
    data = as_csv([head, ["一季度"], *body])
    assert asked(workspace, sort, data) == {"section_unread"}
    found = answer(workspace, sort, data, accept=True)
    assert [one["qualifiers"]["period"] for one in found] == ["unclear", "unclear"]


@pytest.mark.parametrize("sort", SORTS)
def test_formats_of_numbers(workspace: Workspace, sort: str) -> None:
    def shown(number_format: str) -> bytes:
        def change(sheet) -> None:
            sheet["D2"].number_format = number_format

        return as_xlsx(rows_of(sort), change)

    assert said_of(workspace, sort, shown('"约"0'))["relation"] == "~"
    assert said_of(workspace, sort, shown('0"（预计）"'))["period"] == "estimate"
    for unclear in ("0%", '0!.0,"万"'):
        if sort == "firms":
            assert refused(workspace, sort, shown(unclear)) <= {"other_measure", "not_a_number"}
        else:
            (first, _) = answer(workspace, sort, shown(unclear))
            assert [code for _, code in first["unread"]] == ["other_measure"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("cell", ["", "—", "暂无"])
def test_blank_is_missing_and_no_zero(workspace: Workspace, sort: str, cell: str) -> None:
    first, _ = answer(workspace, sort, as_csv(rows_of(sort, tax=cell)))
    values = (
        first["values"] if sort == "firms" else {one["id"]: one["value"] for one in first["rates"]}
    )
    assert values["tax_per_mu" if sort == "firms" else "industrial_tax_per_ha"] is None
    zero, _ = answer(workspace, sort, as_csv(rows_of(sort, tax=0)))
    values = (
        zero["values"] if sort == "firms" else {one["id"]: one["value"] for one in zero["rates"]}
    )
    assert values["tax_per_mu" if sort == "firms" else "industrial_tax_per_ha"] == 0.0


@pytest.mark.parametrize("sort", SORTS)
def test_a_heading_in_words_without_a_unit(workspace: Workspace, sort: str) -> None:
    rows = rows_of(sort)
    rows[0] = [str(one).replace("（万元）", "") for one in rows[0]]
    assert asked(workspace, sort, as_csv(rows)) == {"measure_assumed"}


@given(
    sort=st.sampled_from(SORTS),
    note=st.text("绿蓝山水风云东南西北甲乙丙丁人民", min_size=2, max_size=9),
    place=st.sampled_from(["row", "below", "cell"]),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_words_that_nobody_knows_are_asked_about(
    workspace: Workspace, sort: str, note: str, place: str
) -> None:
    rows = rows_of(sort, tax=f"90（{note}）" if place == "cell" else 90)
    if place == "row":
        rows = [[*rows[0], "备注"], [*rows[1], note], [*rows[2], ""]]
    rows += [[f"注：{note}"]] if place == "below" else []
    assert asked(workspace, sort, as_csv(rows)) == {"note_unread"}
    said = said_of(workspace, sort, as_csv(rows))
    assert (said["period"], note in said["basis"]) == ("unclear", True)


def test_command_and_http_ask_the_same(
    client: TestClient, own_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(own_store))
    path = tmp_path / "税收目标.csv"
    for sort, words in (
        ("zones", ["intensity"]),
        ("firms", ["permu", "--scheme", "huangyan_2022"]),
    ):
        path.write_bytes(as_csv(rows_of(sort)))
        command = [words[0], str(path), *words[1:], "--json"]
        done = CliRunner().invoke(app, command)
        refusal = json.loads(done.stdout)
        assert (done.exit_code, refusal["code"]) == (2, "layers.statistics.questions")
        files = {"file": (path.name, path.read_bytes(), "text/csv")}
        fields = {"scheme": "huangyan_2022"} if sort == "firms" else {}
        over = client.post(f"/api/v1/{words[0]}", files=files, data=fields)
        assert over.json()["params"] == refusal["params"]
        for said in ({"accept": "true"}, {"nature": "fact"}):
            told = client.post(f"/api/v1/{words[0]}", files=files, data={**fields, **said})
            assert told.status_code == 200, told.text
        flags = ["--nature", "fact"]
        assert CliRunner().invoke(app, [*command, *flags]).exit_code == 0
