"""What a row or heading of a planner's table says of its figures stands beside what follows.

Property over random tables of zones and firms. Oracle: the words that belong to the time and
quality that were written into each row, put together here; they must stand in every row, line
and object in which a figure of that zone or firm is printed.
"""

import io
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from api.density.intensity import evaluate_zones
from api.density.permu import PermuRequest, evaluate_firms, evaluate_layer
from api.workspace.workspace import Workspace
from layers.errors import StatisticsTableError
from layers.model import ReadOptions
from layers.readers import Source
from maps.density.evaluation_answers import PermuReport
from maps.density.intensity_answers import IntensityReport
from maps.density.intensity_document import intensity_document
from maps.density.permu_document import permu_document
from maps.document.forms import writers
from maps.document.model import Document
from maps.document.terminal import text_of
from maps.i18n import LANGUAGES, tables, tr

# What is written into a row: text of its time, kind, months, year.
TIMES = (
    ("2023年", "full_year", "", 2023),
    ("2024年计划", "target", "", 2024),
    ("2023年一季度", "partial_year", "01-03", 2023),
    ("2022年1-9月", "partial_year", "01-09", 2022),
    ("2025年预计", "estimate", "", 2025),
    ("2024年快报", "preliminary", "", 2024),
    ("截至2024年底", "cumulative", "..12", 2024),
    ("去年", "unclear", "", None),
    ("", "unclear", "", None),
)
QUALITIES = (("", None), ("press", "press"), ("某公众号", None), ("demonstration", "demonstration"))
PERMU = PermuRequest(scheme="huangyan_2022", parcel_layer=None, with_features=False, accept=True)


@dataclass(frozen=True)
class Row:
    """A row that was written: its name, and what must be said of it."""

    name: str
    time: tuple[str, str, str, int | None]
    quality: str

    def words(self, lang: str) -> list[str]:
        _, kind, months, _ = self.time
        said = [] if kind == "full_year" else [tr(f"periods.{kind}", lang), months]
        if self.quality:
            said.append(tables(lang)["qualities"].get(self.quality, self.quality))
        return [one for one in said if one]


def generated(seed: int, kind: str) -> list[Row]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    times = chance.sample(TIMES, 6)
    return [
        Row(name=f"{kind}{seed}{at}号", time=time, quality=chance.choice(QUALITIES)[0])
        for at, time in enumerate(times)
    ]


def table_of(header: str, rows: list[Row], cells: Callable[[int], str]) -> Source:
    lines = [f"{header},年份,数据质量"]
    lines += [f"{row.name},{cells(at)},{row.time[0]},{row.quality}" for at, row in enumerate(rows)]
    return Source(name="表.csv", files={"表.csv": "\n".join(lines).encode()})


def zones(workspace: Workspace, rows: list[Row]) -> IntensityReport:
    source = table_of(
        "KFQMC,KFQSPLX,A,A2,B,B21,D,G,GYSSZE",
        rows,
        lambda at: f"5,{300 + at},{120 + at},100,60,{330 + at},6,{22107 + at}",
    )
    return evaluate_zones(workspace, source, ReadOptions(), accept=True)


def firms(workspace: Workspace, rows: list[Row]) -> PermuReport:
    source = table_of(
        "企业名称,规模,用地面积（亩）,税收（万元）,用电量（万千瓦时）",
        rows,
        lambda at: f"规下,{2 + at},{23.1 + 7 * at},{98.5 + at}",
    )
    return evaluate_firms(workspace, source, ReadOptions(), PERMU)


def printed(document: Callable[[str], Document], lang: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the lines of every form: a row of a table is one, a page of PDF too."""
    making = writers(lambda _, own: document(own))
    yield "text", text_of(document(lang)).splitlines()
    yield "csv", making["csv"](None, lang).decode("utf-8-sig").splitlines()
    book = openpyxl.load_workbook(io.BytesIO(making["xlsx"](None, lang)), data_only=True)
    yield "xlsx", [" ".join(str(c.value) for c in row) for sheet in book for row in sheet]
    word = docx.Document(io.BytesIO(making["docx"](None, lang)))
    yield (
        "docx",
        [" ".join(cell.text for cell in row.cells) for table in word.tables for row in table.rows],
    )
    pages = PdfReader(io.BytesIO(making["pdf"](None, lang))).pages
    yield "pdf", [" ".join(page.extract_text() for page in pages)]


def holds_figures(line: str, name: str, lang: str) -> bool:
    """Tell whether a row holds a figure: no caption, no rate or goal of which nothing is known."""
    missing = "".join(tr("cli.rate_missing", lang, names="").split())
    rest = re.sub(r"^(表|Table)\d+|(—|None|,|\(%\))+0(\.0)?$", "", line.replace(name, ""))
    return missing not in line and re.search(r"\d", rest) is not None


def require_words(document: Callable[[str], Document], rows: list[Row]) -> None:
    for lang in LANGUAGES:
        for form, lines in printed(document, lang):
            for row in rows:
                name = "".join(row.name.split())
                bare = ["".join(line.split()).replace("\u200b", "") for line in lines]
                own = [one for one in bare if name in one]
                told = [one for one in own if form == "pdf" or holds_figures(one, name, lang)]
                assert told, (form, row)
                for line in told:
                    lost = [w for w in row.words(lang) if "".join(w.split()) not in line]
                    assert not lost, (form, lang, row, lost, line[:300])


def require_said(said: dict, row: Row) -> None:
    _, kind, months, year = row.time
    assert (said["period"], said["months"], said["year"]) == (kind, months, year)
    assert said["quality"] == (row.quality or "reported")
    for lang in LANGUAGES:
        assert bool(said["mark"]) == bool(row.words(lang))
        assert all(word in said["mark"][lang] for word in row.words(lang))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_qualifiers_travel_with_zones(workspace: Workspace, seed: int) -> None:
    rows = generated(seed, "区")
    report = zones(workspace, rows)
    found = json.loads(report.model_dump_json())
    assert len(found["zones"]) == len(rows)
    for row, zone in zip(rows, found["zones"], strict=True):
        require_said(zone["qualifiers"], row)
        known = [rate for rate in zone["rates"] if rate["value"] is not None]
        assert known
        for said in (*(one["qualifiers"] for one in known), *zone["of_quantities"].values()):
            require_said(said, row)
    require_words(lambda lang: intensity_document(report, lang), rows)


@pytest.mark.parametrize("seed", range(4))
def test_qualifiers_travel_with_firms(workspace: Workspace, seed: int) -> None:
    rows = generated(seed, "企")
    report = firms(workspace, rows)
    found = json.loads(report.model_dump_json())
    assert len(found["firms"]) == len(rows)
    for row, firm in zip(rows, found["firms"], strict=True):
        require_said(firm["qualifiers"], row)
    # What follows from all is no better than the weakest of them.
    weakest = next(
        kind
        for kind in ("target", "estimate", "preliminary", "partial_year", "cumulative", "unclear")
        if kind in [row.time[1] for row in rows]
    )
    for said in (found["qualifiers"], found["low_whole"]["qualifiers"]):
        assert said["period"] == weakest
    require_words(lambda lang: permu_document(report, lang), rows)


def one_firm(workspace: Workspace, *lines: str, name: str = "x.csv") -> dict:
    source = Source(name=name, files={name: "\n".join(lines).encode()})
    return evaluate_firms(workspace, source, ReadOptions(), PERMU).model_dump()


HEAD = "企业名称,规模,用地面积（亩）,税收（万元）,用电量（万千瓦时）"
FIRM = "甲,规下,2,20,90"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # Who writes the time above the table, below it, in the heading, in a note.
        (["2024年1-9月企业亩均表", HEAD, FIRM], ("partial_year", "01-09", 2024)),
        (["2024年度企业亩均表", HEAD, FIRM], ("full_year", "", 2024)),
        ([HEAD, FIRM, "注：表中数据为2024年预计数"], ("estimate", "", 2024)),
        ([HEAD.replace("税收（万元）", "2024年计划税收（万元）"), FIRM], ("target", "", 2024)),
        ([HEAD.replace("税收", "税收（2024年1-9月）"), FIRM], ("partial_year", "01-09", 2024)),
        ([HEAD + ",备注", FIRM + ",快报数"], ("preliminary", "", None)),
        ([HEAD + ",年份,备注", FIRM + ",2024,含代征税"], ("unclear", "", 2024)),
        (["2024年企业亩均表", HEAD + ",年份", FIRM + ",2023年一季度"], ("partial_year", "01-03", 2023)),
        ([HEAD, FIRM], ("unclear", "", None)),
    ],
)  # fmt: skip
def test_wherever_the_time_stands(
    workspace: Workspace, lines: list[str], expected: tuple[str, str, int | None]
) -> None:
    (firm,) = one_firm(workspace, *lines)["firms"]
    said = firm["qualifiers"]
    assert (said["period"], said["months"], said["year"]) == expected
    assert firm["values"]["tax_per_mu"] == 10.0


def test_a_name_that_is_not_understood_leaves_the_time_open(workspace: Workspace) -> None:
    (firm,) = one_firm(workspace, HEAD + ",年份", FIRM + ",2024", name="三季度快报.csv")["firms"]
    assert firm["qualifiers"]["period"] == "unclear"
    assert "三季度快报" in firm["qualifiers"]["basis"]


def test_sums_are_no_firms_and_two_columns_of_one_heading_are_refused(
    workspace: Workspace,
) -> None:
    report = one_firm(workspace, HEAD, FIRM, "合计,,2,20,90")
    assert [one["name"] for one in report["firms"]] == ["甲"]
    assert [(one["line"], one["text"]) for one in report["left_out"]] == [(3, "合计")]
    assert report["low_whole"]["land_mu"] == 2.0
    document = permu_document(PermuReport.model_validate(report), "zh")
    assert "第 3 行：“合计”是合计行" in text_of(document)
    twice = Source(name="x.csv", files={"x.csv": f"{HEAD},税收（万元）\n{FIRM},30\n".encode()})
    with pytest.raises(StatisticsTableError) as caught:
        evaluate_firms(workspace, twice, ReadOptions(), PERMU)
    (problem,) = caught.value.params["problems"]
    assert (problem["column"], problem["code"]) == ("税收（万元）", "repeated_column")


def test_two_times_of_one_quantity_of_a_zone_are_named_and_none_is_taken(
    workspace: Workspace,
) -> None:
    head = "名称,A,B,2023年工业税收总额（万元）,2024年工业税收总额（万元）,A2"
    source = Source(name="x.csv", files={"x.csv": f"{head}\n某区,3,1,10,20,2\n".encode()})
    (zone,) = evaluate_zones(workspace, source, ReadOptions()).zones
    assert "industrial_tax" not in zone.quantities
    assert [why for _, why in zone.unread] == ["repeated_column", "repeated_column"]


def test_figures_of_a_demonstration_layer_say_so(workspace: Workspace) -> None:
    report = evaluate_layer(workspace, "demo_parcels", PERMU)
    for firm in report.firms:
        assert firm.qualifiers.quality == "demonstration"
        assert firm.qualifiers.mark
        assert tables("zh")["qualities"]["demonstration"] in firm.qualifiers.mark.zh
