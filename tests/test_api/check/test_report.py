"""Reports of checks. Oracle: the check's own JSON, read back out of every form."""

import io
import json
import re
import time
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.settings import PREFIX
from geo.check.verdict import gravity
from maps.i18n import tr
from maps.law_words import article_text

URL = "/api/v1/checks"
HOSTILE = '=HYPERLINK("http://x") #eval("1+1") $x$ <script>alert(1)</script> {{7*7}}'
LANGS = ("zh", "en")


def square(west: float, south: float, name: str, size: float = 0.01) -> dict:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture(scope="module")
def check(shared_client: TestClient) -> dict:
    """One site in conflict, one clear and one that no layer covers; names nobody chose."""
    sites = [
        square(102.77, 24.935, HOSTILE),
        square(102.80, 24.98, "磨憨—瑞丽跨境物流与先进制造产业园三期扩展地块"),
        square(100.0, 27.5, "覆盖之外"),
    ]
    body = {"type": "FeatureCollection", "features": sites}
    return shared_client.post(f"{URL}?nature=park_expansion", json=body).json()


@pytest.fixture(scope="module")
def report(shared_client: TestClient, check: dict):
    @cache
    def get(form: str, lang: str) -> bytes:
        answer = shared_client.get(f"{URL}/{check['id']}/report.{form}?lang={lang}")
        assert answer.status_code == 200, answer.text
        return answer.content

    return get


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def printed(value: float, decimals: int, text: str) -> bool:
    """Tell whether a number is in a text; to add up, it may be off by one in the last place."""
    last = 10.0**-decimals
    return any(f"{value + shift * last:,.{decimals}f}" in text for shift in (0, 1, -1))


@cache
def text_of(form: str, data: bytes) -> str:
    if form == "pdf":
        found = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    elif form == "html":
        words = Words()
        words.feed(data.decode("utf-8"))
        found = "".join(words.said)
    else:
        document = docx.Document(io.BytesIO(data))
        lines = [paragraph.text for paragraph in document.paragraphs]
        for table in document.tables:
            lines += [cell.text for row in table.rows for cell in row.cells]
        found = "".join(lines)
    return re.sub(r"[\s\u200b]", "", found)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_every_number_of_the_check_is_in_the_report(
    report, check: dict, form: str, lang: str
) -> None:
    text = text_of(form, report(form, lang))
    for site in check["sites"]:
        assert printed(site["area_m2"], 2, text)
        assert printed(site["area_m2"] / 1e4, 4, text)
        assert printed(site["area_mu"], 3, text)
        for finding in site["findings"]:
            assert tr(f"verdicts.{finding['verdict']}", lang).replace(" ", "") in text
            number = article_text(finding["citation"]["number"], lang)
            assert number.replace(" ", "") in text
            for part in finding["parts"]:
                assert f"{part['max_width_m']:,.3f}" in text
            for row in finding["sensitivity"]:
                assert f"{row['overlap_area_m2']:,.2f}" in text
            if finding["nearest_m"]:
                assert f"{finding['nearest_m']:,.1f}" in text
    record = check["record"]
    for digest in (*record["layers"].values(), *record["inputs"].values()):
        assert digest in text
    for name in (*record["layers"], record["rules_sha256"], check["id"], check["checked_on"]):
        assert name in text


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_the_report_says_what_follows_and_what_cannot_be_told(report, form: str) -> None:
    # By the decision table: a park may not take red line; a clear site gets its statement.
    text = text_of(form, report(form, "zh"))
    for words in (
        "应调整避让",
        "本项目用地不位于生态保护红线范围内",
        "没有可以出具的说明",
        "导入涵盖该地块的图层",
        "结果依据演示数据，不能作为审批依据",
        "园区（片区）扩区",
        "ftzgisverifyevidence.zip",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("form", "lang"), [("docx", "zh"), ("pdf", "zh"), ("html", "en"), ("xlsx", "en")]
)
def test_the_same_check_gives_the_same_bytes(
    shared_client: TestClient, report, check: dict, form: str, lang: str
) -> None:
    address = f"{URL}/{check['id']}/report.{form}"
    again = shared_client.get(address, headers={"accept-language": lang})
    assert again.content == report(form, lang)


def test_a_hostile_name_is_text_in_every_form(report) -> None:
    words = Words()
    words.feed(report("html", "zh").decode("utf-8"))
    assert "script" not in {tag for tag, _ in words.tags}
    assert HOSTILE in "".join(words.said)
    for form in ("pdf", "docx"):
        assert HOSTILE.replace(" ", "") in text_of(form, report(form, "zh")), form


def test_html_allows_itself_nothing_but_its_own_style_and_drawings(report) -> None:
    words = Words()
    page = report("html", "zh").decode("utf-8")
    words.feed(page)
    policy = next(a["content"] for t, a in words.tags if t == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    addresses = [a.get("src") or a.get("href") for _, a in words.tags]
    assert {one.split(":")[0][:1] for one in addresses if one} <= {"#", "d"}
    assert all(attributes["alt"] for tag, attributes in words.tags if tag == "img")
    assert not [name for _, attributes in words.tags for name in attributes if name[:2] == "on"]
    assert "style" not in {name for _, attributes in words.tags for name in attributes}


def cells(data: bytes) -> dict[str, list[list]]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


def test_the_workbook_holds_numbers_and_live_sums(report, check: dict) -> None:
    sheets = cells(report("xlsx", "zh"))
    rows = sheets["地块"]
    areas = [row[1].value for row in rows[2:5]]
    assert areas == [round(site["area_m2"], 2) for site in check["sites"]]
    assert rows[5][1].value == "=SUM(B3:B5)"
    assert rows[5][1].data_type == "f"
    assert [row[2].number_format for row in rows[2:5]] == ["#,##0.0000"] * 3
    # Only our own sums are formulas: no name of a site is one.
    formulas = [
        cell.value
        for rows in sheets.values()
        for row in rows
        for cell in row
        if cell.data_type == "f"
    ]
    assert all(re.fullmatch(r"=SUM\([A-Z]\d+:[A-Z]\d+\)", formula) for formula in formulas)


def test_every_table_of_the_workbook_has_a_sheet_with_its_rows(report, check: dict) -> None:
    sheets = cells(report("xlsx", "en"))
    findings = [finding for site in check["sites"] for finding in site["findings"]]
    assert len(sheets["Findings"]) >= 2 + len(findings)
    verdicts = [row[2].value for row in sheets["Findings"][2 : 2 + len(findings)]]
    # The gravest first, each site by itself.
    in_order = [
        finding
        for site in check["sites"]
        for finding in sorted(site["findings"], key=lambda one: gravity(one["verdict"]))
    ]
    assert verdicts == [tr(f"verdicts.{one['verdict']}", "en") for one in in_order]
    for name in ("Three lines", "Law", "Layers", "Sensitivity", "Open", "Proof"):
        assert len(sheets[name]) > 2, name


def test_word_has_headings_repeated_heads_and_page_numbers(report, check: dict) -> None:
    document = docx.Document(io.BytesIO(report("docx", "zh")))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert len(headings) == 14
    assert headings[0].startswith("1 ")
    heads = [t for t in document.tables if "w:tblHeader" in t._tbl.tr_lst[0].xml]
    assert len(heads) >= 8
    assert "PAGE" in document.sections[0].footer._element.xml
    assert 'w:eastAsia="宋体"' in document.styles["Normal"].element.xml
    assert 'w:eastAsia="黑体"' in document.styles["Heading 1"].element.xml
    # A turned chapter ends the page before it, and its own last page, wherever they are.
    assert all(section.page_width < section.page_height for section in document.sections)
    pictures = document.inline_shapes
    overlaps = [
        finding
        for site in check["sites"]
        for finding in site["findings"]
        if finding["parts"] and finding["verdict"] in {"conflict", "contact", "undetermined"}
    ]
    assert len(overlaps) >= 2
    assert len(pictures) == 1 + 3 + len(overlaps)  # where, each site, each overlap
    assert all(shape._inline.docPr.get("descr") for shape in pictures)


# ECMA-376 part 1: the order of the properties of tables, cells and paragraphs (17.4.59,
# 17.4.69, 17.3.1.26), as far as they occur here. Word calls a file with another one broken.
ORDERS = {
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind jc rPr sectPr",
}


@pytest.mark.parametrize("name", ORDERS)
def test_word_finds_properties_in_the_order_of_the_format(report, name: str) -> None:
    order = ORDERS[name].split()
    body = docx.Document(io.BytesIO(report("docx", "zh"))).element.body
    found = list(body.iter(qn(f"w:{name}")))
    assert len(found) > 10
    for properties in found:
        places = [order.index(child.tag.split("}")[1]) for child in properties]
        assert places == sorted(set(places))


def test_a_pdf_has_bookmarks_a_language_and_no_clock(report) -> None:
    reader = PdfReader(io.BytesIO(report("pdf", "zh")))
    chapters = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert len([title for title in chapters if re.match(r"\d ", title)]) == 9
    assert reader.trailer["/Root"]["/Lang"].startswith("zh")
    assert "/CreationDate" not in reader.metadata


def test_a_reviewers_verdict_stands_beside_the_original(
    client: TestClient,
) -> None:
    body = {"type": "FeatureCollection", "features": [square(102.77, 24.935, "甲")]}
    check = client.post(URL, json=body).json()
    finding = next(f for f in check["sites"][0]["findings"] if f["verdict"] == "conflict")
    said = {
        "site_id": check["sites"][0]["site_id"], "rule_id": finding["rule_id"],
        "layer_id": finding["layer_id"], "verdict": "contact", "reason": "界线已据实测更正", "name": "张三",
    }  # fmt: skip
    before = client.get(f"{URL}/{check['id']}/report.xlsx?lang=zh").content
    client.post(f"{URL}/{check['id']}/overrides", json=said)
    after = client.get(f"{URL}/{check['id']}/report.xlsx?lang=zh").content
    assert "改判" not in cells(before)
    row = [cell.value for cell in cells(after)["改判"][2]]
    assert row[2:6] == ["冲突", "技术性接触", "界线已据实测更正", "张三"]


def test_the_front_page_takes_project_and_maker(shared_client: TestClient, check: dict) -> None:
    address = f"{URL}/{check['id']}/report.xlsx"
    answer = shared_client.get(
        address, params={"project": "三期 <b>", "maker": "某院", "lang": "zh"}
    )
    rows = {
        str(row[0].value): row[1].value for row in cells(answer.content)["封面"] if len(row) > 1
    }
    assert rows["项目名称"] == "三期 <b>"
    assert rows["编制单位"] == "某院"
    assert "____" in rows["审核人"]


@pytest.mark.slow
def test_both_doors_give_the_same_file(
    own_store: Path, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(own_store))
    site = tmp_path / "地块.geojson"
    content = {"type": "FeatureCollection", "features": [square(102.80, 24.98, "甲")]}
    site.write_text(json.dumps(content), encoding="utf-8")
    first, second = tmp_path / "一.pdf", tmp_path / "二.pdf"
    done = CliRunner().invoke(app, ["check", str(site), "--json", "--report", str(first)])
    check_id = json.loads(done.stdout)["id"]
    CliRunner().invoke(app, ["report", check_id, "-o", str(second)])
    over_http = client.get(f"{URL}/{check_id}/report.pdf?lang=zh").content
    assert first.read_bytes() == second.read_bytes() == over_http


def test_what_cannot_be_made_is_refused_in_words(
    shared_client: TestClient,
    built_store: Path,
    check: dict,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(built_store))
    answer = shared_client.get(f"{URL}/{check['id']}/report.doc")
    assert answer.status_code == 422
    assert answer.json()["code"] == "api.files.format"
    assert shared_client.get(f"{URL}/{'0' * 20}/report.pdf").status_code == 404
    done = CliRunner().invoke(app, ["check", "a.shp", "b.shp", "--report", str(tmp_path / "x.pdf")])
    assert done.exit_code == 2


def test_as_a_task_it_is_the_same_file(client: TestClient) -> None:
    body = {"type": "FeatureCollection", "features": [square(102.80, 24.98, "甲")]}
    check = client.post(URL, json=body).json()
    address = f"{URL}/{check['id']}/report.xlsx?lang=en"
    task = client.post(address).json()
    deadline = time.monotonic() + 60
    while task["status"] in {"waiting", "running"} and time.monotonic() < deadline:
        time.sleep(0.05)
        task = client.get(f"/api/v1/tasks/{task['id']}").json()
    assert task["status"] == "finished", task
    (name,) = task["files"]
    kept = client.get(f"/api/v1/tasks/{task['id']}/files/{name}").content
    assert kept == client.get(address).content
    assert client.post(f"{URL}/{'0' * 20}/report.pdf").status_code == 404


def test_a_report_takes_seconds(shared_client: TestClient) -> None:
    body = {"type": "FeatureCollection", "features": [square(102.77, 24.935, "甲")]}
    check = shared_client.post(URL, json=body).json()
    started = time.process_time()
    shared_client.get(f"{URL}/{check['id']}/report.pdf")
    assert time.process_time() - started < 5.0
