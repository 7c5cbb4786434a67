"""The dossier of a site through its doors. Oracles: the answers that its chapters come from."""

import io
import json
import re

import docx
import openpyxl
import pytest
import shapely
from pypdf import PdfReader
from typer.testing import CliRunner

from api.check.report.build import ReportWish
from api.cli import app
from api.expansion.dossier.alternatives import choose_apart, find_alternatives, named_shapes
from api.expansion.dossier.build import build_dossier
from api.expansion.earthworks.report import earthworks_report
from api.expansion.questions import DossierQuestion, EarthworksQuestion
from api.upload import Upload
from api.workspace.workspace import Workspace
from layers.model import ReadOptions, ignore_progress
from layers.readers import Source
from maps.expansion.earthworks_document import span_text

pytestmark = pytest.mark.slow

PROPOSED = shapely.box(102.80, 24.98, 102.806, 24.986)
OTHERS = [shapely.box(102.81, 24.98, 102.816, 24.986), shapely.box(102.82, 24.98, 102.826, 24.986)]


def collection(**shapes: shapely.Geometry) -> bytes:
    features = [
        {"type": "Feature", "id": name, "properties": {"name": name},
         "geometry": json.loads(shapely.to_geojson(shape))}
        for name, shape in shapes.items()
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(**shapes: shapely.Geometry) -> Upload:
    return Upload(name="site.geojson", files={"site.geojson": collection(**shapes)})


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def asked(**more: object) -> DossierQuestion:
    given = {"file": upload(甲地块=PROPOSED), "alternatives": upload(乙=OTHERS[0], 丙=OTHERS[1])}
    return DossierQuestion.model_validate({**given, **more})


def built(workspace: Workspace, form: str, lang: str, **more: object) -> bytes:
    wish = ReportWish(form=form, lang=lang, project="示范项目", maker="某院")
    return build_dossier(workspace, asked(**more), wish, ignore_progress)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_dossier_has_every_chapter_and_says_what_it_rests_on(
    workspace: Workspace, lang: str
) -> None:
    pdf = built(
        workspace, "pdf", lang, swell=1.2, indicator="trade", year=2020, denominator="approved"
    )
    text = re.sub(r"\s+", " ", text_of(pdf))
    chapters = {
        "zh": ("选址论证材料", "四至", "三条控制线关系", "现状地类", "方案比选", "地形与土地覆被",
               "建设适宜性", "交通可达性", "土石方", "示范项目", "某院", "甲地块", "乙", "丙",
               "演示数据", "比选方案由编制人给出"),
        "en": ("Dossier of a site", "What bounds the site", "Alternatives compared", "Access",
               "Earthworks", "Suitability for building", "Ground and land cover",
               "demonstration data", "given by whoever made this"),
    }[lang]  # fmt: skip
    for chapter in chapters:
        assert chapter in text, chapter
    assert "不计算土石方" not in text


def test_word_and_workbook_say_the_same_sites(workspace: Workspace) -> None:
    word = docx.Document(io.BytesIO(built(workspace, "docx", "zh")))
    body = "\n".join(one.text for one in word.paragraphs)
    assert "未给出松实系数" in body
    assert re.search(r"甲地块：东.*；?南.*西.*北", body)
    book = openpyxl.load_workbook(io.BytesIO(built(workspace, "xlsx", "zh")))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"甲地块", "乙", "丙"} <= cells


def test_alternatives_are_found_where_none_are_given(workspace: Workspace) -> None:
    question = DossierQuestion(file=upload(甲=PROPOSED))
    frame = workspace.read_sites(
        Source(name="a.geojson", files={"a.geojson": collection(甲=PROPOSED)}), ReadOptions()
    )
    found = find_alternatives(workspace, frame.sites, question)
    assert found.how == "found"
    assert len(found.shapes) == 2
    for shape in found.shapes.values():
        assert not shape.intersects(PROPOSED)
    assert list(named_shapes(frame.sites)) == ["甲"]


def test_what_contradicts_itself_is_not_clear_in_the_comparison(workspace: Workspace) -> None:
    crossing = [(102.80, 24.98), (102.806, 24.986), (102.806, 24.98), (102.80, 24.986)]
    file = upload(甲=shapely.Polygon(crossing))
    text = re.sub(r"\s+", "", text_of(built(workspace, "pdf", "zh", file=file)))
    place = text.index("方案比选", text.index("1地块与资料"))
    row = re.search(r"甲甲[\d.,]+(\S{2,6})", text[place:])
    assert "无法判定" in text[:2000]
    assert row
    assert row[1].startswith("无法判定")


def test_an_alternative_that_contradicts_itself_is_not_clear_either(workspace: Workspace) -> None:
    crossing = [(102.82, 24.98), (102.826, 24.986), (102.826, 24.98), (102.82, 24.986)]
    others = upload(乙=OTHERS[0], 丙=shapely.Polygon(crossing))
    text = re.sub(r"\s+", "", text_of(built(workspace, "pdf", "zh", alternatives=others)))
    place = text.index("方案比选", text.index("1地块与资料"))
    for name, verdict in (("乙", "未涉及"), ("丙", "无法判定")):
        row = re.search(rf"{name}{name}[\d.,]+({verdict})", text[place:])
        assert row, name


def test_the_command_writes_it_and_refuses_what_is_no_site(own_store, tmp_path) -> None:
    site = tmp_path / "site.geojson"
    site.write_bytes(collection(甲=PROPOSED))
    others = tmp_path / "others.geojson"
    others.write_bytes(collection(乙=OTHERS[0]))
    run = CliRunner()
    env = {"FTZGIS_DATA_DIR": str(own_store), "FTZGIS_LANG": "zh"}
    out = tmp_path / "d.docx"
    done = run.invoke(
        app, ["dossier", str(site), "--alternatives", str(others), "-o", str(out)], env=env
    )
    assert done.exit_code == 0, done.output
    assert out.stat().st_size > 10_000
    bad = tmp_path / "bad.geojson"
    bad.write_text("{}", encoding="utf-8")
    refused = run.invoke(app, ["dossier", str(bad), "-o", str(out)], env=env)
    assert refused.exit_code == 2


def test_all_sites_stand_side_by_side_with_what_the_chapters_found(workspace: Workspace) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(built(workspace, "xlsx", "zh", swell=1.2, constraint_set="soft"))
    )
    (sheet,) = (one for one in book if one.title.startswith("各地块一览"))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heads = next(row for row in rows if row[0] == "项目")
    assert heads[1:4] == ["甲地块", "乙", "丙"]
    told = {row[0]: row[1:4] for row in rows if row[0]}
    # Oracle: areas by the check, volumes by the chapter of earthworks of the same book.
    works = [[cell.value for cell in row] for one in book for row in one.iter_rows()]
    cuts = [float(row[row.index("挖方（自然方）") + 1]) for row in works if "挖方（自然方）" in row]
    assert [float(one.partition("，")[0]) for one in told["挖方（万立方米）"]] == pytest.approx(
        [cut / 1e4 for cut in cuts], abs=0.006
    )
    assert all("误差无法判定" in one for one in told["挖方（万立方米）"])
    assert told["面积（公顷）"] == ["40.26", *told["面积（公顷）"][1:]]
    assert all(re.fullmatch(r"[\d.]+ \([\d.]+–[\d.]+\)", one) for one in told["建设适宜性"])


def test_sites_are_levelled_as_was_asked(workspace: Workspace) -> None:
    """By the answer of earthworks to the same question: two platforms, slopes, and bounds."""
    said = {"swell": 1.2, "platforms": 2, "cut_slope": 1.0, "fill_slope": 1.5, "dem_sd_m": 3.0}
    book = openpyxl.load_workbook(io.BytesIO(built(workspace, "xlsx", "zh", **said)))
    rows = [[cell.value for cell in row] for one in book for row in one.iter_rows()]
    cut = next(row for row in rows if "挖方（自然方）" in row)
    at = cut.index("挖方（自然方）")
    source = Source(name="a.geojson", files={"a.geojson": collection(甲地块=PROPOSED)})
    question = EarthworksQuestion(file=upload(甲地块=PROPOSED), **said)
    report = earthworks_report(workspace, source, ReadOptions(), question, ignore_progress)
    (site,) = report.sites
    assert site.interval
    assert float(cut[at + 1]) == pytest.approx(site.cut_m3, abs=0.5)
    assert str(cut[at + 3]) == span_text(site.interval.cut_m3, "zh")
    assert len(site.platforms) == 2


def test_alternatives_lie_apart_or_it_is_said_that_they_do_not() -> None:
    # Squares of about 1 km: next to the site, next to that one, and 5 km off.
    def square(east: int) -> shapely.Geometry:
        return shapely.box(102.0 + 0.01 * east, 25.0, 102.0 + 0.01 * (east + 1), 25.009)

    beside, slice_of_it, far = (square(at) for at in (1, 2, 6))
    found = {"A": beside, "B": slice_of_it, "C": far}
    assert choose_apart(found, square(0), 1, 1000.0) == (["B"], True)
    assert choose_apart(found, square(0), 2, 1000.0) == (["B", "C"], True)
    assert choose_apart(found, square(0), 3, 1000.0) == (["B", "C", "A"], False)
    assert choose_apart({"A": beside}, square(0), 2, 1000.0) == (["A"], False)
