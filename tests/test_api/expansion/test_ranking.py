"""Sites that are compared: scores, economics, sheets. Oracles: by hand, and the workbook's own formulas."""

import io
import json
import re
from math import fsum

import openpyxl
import pytest
import shapely
from pypdf import PdfReader

from api.density.land import DensityQuery
from api.expansion.avoid import AvoidQuery, avoid_lines
from api.expansion.files import ranking_files
from api.expansion.output import write_sites
from api.expansion.questions import SearchQuestion
from api.expansion.rank import RankQuery, rank_sites
from api.expansion.ranking_map import sites_map
from api.expansion.search import SearchQuery, search_sites
from api.expansion.search_area import find_search_area
from api.expansion.site_economics import economics_of
from api.expansion.terrain import query_of_file, terrain_report
from api.operation import Call
from api.workspace.workspace import Workspace
from layers.expansion.errors import UnknownCriteriaError
from layers.expansion.ranking_sets import criteria_set
from layers.model import ReadOptions
from layers.readers import Source, source_from_path
from maps.document.forms import writers
from maps.expansion.economics_table import economics_table
from maps.expansion.ranking_document import ranking_document
from maps.i18n import LANGUAGES, tr
from maps.numbers import number
from tests.test_api.expansion.conftest import source, square, still

NORTH_OF_DISTRICT = [
    [[102.80, 25.015], [102.85, 25.015], [102.85, 25.04], [102.80, 25.04], [102.80, 25.015]]
]


WRITERS = writers(ranking_document)


PLACE = "昆明站=102.72,25.02"


def query(**changes: object) -> SearchQuery:
    given = {
        "least_ha": 10.0, "most_ha": 60.0, "width_m": 200.0, "compactness": 0.3, "slope_deg": 15.0, "grade": None,
        "district_km": None, "places": (), "place_km": None, "cell_m": None, "nature": None,
    }  # fmt: skip
    return SearchQuery(**{**given, **changes})


@pytest.fixture(scope="module")
def found(opened: Workspace):
    area = ground(opened, shape={"type": "Polygon", "coordinates": NORTH_OF_DISTRICT})
    return search_sites(opened, area, query(places=[PLACE]), still)


def ground(opened: Workspace, **where: object):
    return find_search_area(opened, SearchQuestion(least_ha=1.0, width_m=100.0, **{
        {"shape": "area"}.get(name, name): value for name, value in where.items()
    }))  # fmt: skip


def files_of(opened: Workspace):
    call = Call(lang="zh", open_workspace=lambda: opened, progress=still)
    return ranking_files(call, rank_query())


DENSITY = {"indicator": "trade", "year": 2020, "denominator": "approved"}


def rank_query(**changes: object) -> RankQuery:
    given = {
        "criteria": "expansion", "places": (), "least_ha": 0.0, "width_m": 0.0,
    }  # fmt: skip
    return RankQuery(**{**given, **changes})


@pytest.fixture(scope="module")
def ranked(opened: Workspace, found, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("out") / "candidates.gpkg"
    write_sites(found, path)
    asked = rank_query(places=[PLACE], **DENSITY)
    return rank_sites(opened, source_from_path(path, opened.limits), ReadOptions(), asked)


def test_candidates_go_through_a_file_into_the_comparison(found, ranked) -> None:
    assert {site.site_id for site in ranked.sites} == {one.site_id for one in found.candidates}
    by_id = {one.site_id: one for one in found.candidates}
    for site in ranked.sites:
        assert site.feasible
        assert fsum(site.contributions.values()) == site.score
        assert site.area_ha == pytest.approx(by_id[site.site_id].area_m2 / 1e4, rel=1e-6)
        assert site.facts["clear_share_pct"].value == pytest.approx(100.0, abs=1e-6)
        assert sum(site.rank_shares_pct) == pytest.approx(100.0)
    scores = [site.score for site in ranked.sites]
    assert scores == sorted(scores, reverse=True)
    assert sum(site.first_share_pct for site in ranked.sites) == pytest.approx(100.0)
    assert sum(item.share_pct for item in ranked.criteria) == pytest.approx(100.0)


def test_a_flip_turns_the_order_when_its_weight_is_set(opened: Workspace, found, ranked) -> None:
    # Second method: the comparison itself, with the weights on both sides of the flip.
    flip = ranked.flips[0]
    shares = {item.id: item.share_pct for item in ranked.criteria}
    features = {one.site_id: one.geometry["coordinates"][0][:-1] for one in found.candidates}

    def order(share: float) -> list[str]:
        rest = 100.0 - shares[flip.criterion]
        weights = {
            name: share if name == flip.criterion else old * (100.0 - share) / rest
            for name, old in shares.items()
        }
        report = rank_sites(
            opened,
            source(**features),
            ReadOptions(),
            rank_query(
                weights=[f"{name}={value}" for name, value in weights.items()], places=[PLACE]
            ),
        )
        return [site.site_id for site in report.sites if site.site_id in {flip.first, flip.second}]

    at, now = flip.share_at_flip_pct, flip.share_now_pct
    # A share has ends, and a flip may lie close to one.
    step = min(abs(at - now) * 0.05, (100.0 - at) / 2, at / 2) * (1 if at > now else -1)
    beyond, before = at + step, at - step
    assert order(before) == [flip.first, flip.second]
    assert order(beyond) == [flip.second, flip.first]


def test_the_yield_that_keeps_the_plan_is_by_hand(ranked) -> None:
    # The plan's trade of 2025 over 119.86 km2, times the area of the site.
    found = ranked.sites[0].economics
    assert found.density_now == pytest.approx(717.9 / 119.86, rel=1e-3)
    assert found.target_year == 2025
    assert found.value_of_new_land == pytest.approx(
        found.density_then * found.available_ha / 100, rel=1e-9
    )
    assert found.available_ha == pytest.approx(ranked.sites[0].area_ha, rel=1e-6)
    assert found.neighbours[0].unit_id == "kunming"
    assert found.value_note == "full_year"


def test_a_year_that_is_a_target_is_called_one(opened: Workspace, ranked) -> None:
    # The plan prints 2025 as a target: such a density is not what there is now.
    site = (shapely.box(102.80, 24.98, 102.81, 24.99), 1e6)
    query = DensityQuery(indicator="trade", year=2025, denominator="approved")
    (found,) = economics_of(opened, query, [site])
    assert found.value_note == "target"
    one = ranked.sites[0].model_copy(update={"economics": found})
    report = ranked.model_copy(update={"sites": [one]})
    assert "2025: 这是规划目标值" in str(economics_table(report, "zh").note)


def test_unfit_and_unknown_are_said_and_not_ranked(opened: Workspace) -> None:
    sites = source(
        conflict=square(102.70, 24.90, 0.004),
        tiny=square(102.80, 24.98, 0.0005),
        good=square(102.80, 24.98),
        nowhere=square(100.0, 27.5),
    )
    report = rank_sites(opened, sites, ReadOptions(), rank_query(least_ha=5.0))
    by_id = {site.site_id: site for site in report.sites}
    assert [one.reason for one in by_id["conflict"].unfit] == ["hard_line"]
    assert [one.reason for one in by_id["tiny"].unfit] == ["least_ha"]
    assert by_id["conflict"].score is None
    assert by_id["conflict"].rank_best is None
    open_ = by_id["nowhere"]
    assert open_.feasible  # nothing forbids it, and nothing is known of it either
    assert open_.check.verdict == "undetermined"
    assert open_.score is None
    assert {"slope_mean_deg", "steep_share_pct"} <= set(open_.missing)
    assert open_.facts["slope_mean_deg"].reason == "no_terrain"
    assert open_.score_least < open_.score_most
    left_out = ["point_km", "ground_points", "land_cost_wan_per_ha"]
    assert [one.criterion for one in report.left_out] == left_out
    assert by_id["tiny"].facts["slope_mean_deg"].reason == "raster_too_coarse"
    with pytest.raises(UnknownCriteriaError):
        rank_sites(opened, sites, ReadOptions(), rank_query(weights=["beauty=1"]))


def test_a_site_that_touches_a_line_is_ranked_by_what_avoidance_leaves(opened: Workspace) -> None:
    ring = [[102.79, 24.945], [102.81, 24.935], [102.81, 24.955], [102.79, 24.955]]
    report = rank_sites(opened, source(east=ring), ReadOptions(), rank_query())
    (site,) = report.sites
    assert site.check.verdict == "conflict"
    assert site.feasible
    # Second method: the avoidance itself, without a margin and a width.
    (avoided,) = avoid_lines(
        opened, source(east=ring), ReadOptions(), AvoidQuery(target_m2=0.0, width_m=0.0), still
    ).sites
    whole_m2 = site.area_ha * 1e4
    left_m2 = whole_m2 - site.taken_m2
    assert 0.0 < site.taken_m2 < whole_m2
    assert left_m2 == pytest.approx(avoided.trim.area_m2, rel=0.02)  # a trim keeps a margin
    assert left_m2 >= avoided.trim.area_m2
    assert site.facts["area_ha"].value == pytest.approx(left_m2 / 1e4, rel=1e-9)
    assert site.facts["clear_share_pct"].value == pytest.approx(100 * left_m2 / whole_m2, rel=1e-9)
    for lang in LANGUAGES:
        words = tr("siting.gives_up", lang, area=number(site.taken_m2, 0))
        assert words in WRITERS["csv"](report, lang).decode("utf-8-sig")
    too_small = rank_query(least_ha=left_m2 / 1e4 + 0.1)
    (site,) = rank_sites(opened, source(east=ring), ReadOptions(), too_small).sites
    assert [one.reason for one in site.unfit] == ["least_ha"]


def test_one_weight_given_keeps_the_others() -> None:
    whole = criteria_set("expansion")
    own = whole.weighted({"slope_mean_deg": 7.0})
    given = {name: named.criterion.weight for name, named in own.criteria.items()}
    expected = {name: named.criterion.weight for name, named in whole.criteria.items()}
    assert given == {**expected, "slope_mean_deg": 7.0}
    assert own.weights_quality == "own"


def test_the_workbook_computes_the_same_scores(ranked) -> None:
    # Second method: the formulas of the workbook, evaluated here.
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](ranked, "en")))
    sheet = book["Comparison"]
    top = next(cell.row for cell in sheet["A"] if cell.value == "Site")
    head = [cell.value for cell in sheet[top]]
    score, rank = head.index("Score") + 1, head.index("Rank") + 1
    for at, site in enumerate(ranked.sites, start=top + 1):
        assert evaluated(sheet, sheet.cell(at, score).value) == pytest.approx(site.score, abs=5e-3)
        assert evaluated(sheet, sheet.cell(at, rank).value) == site.rank_best


def evaluated(sheet, value):
    if not (isinstance(value, str) and value.startswith("=")):
        return value
    text = re.sub(r"\$", "", value[1:])
    text = re.sub(r"([A-Z]+\d+):([A-Z]+\d+)", r"_RANGE('\1','\2')", text)
    text = re.sub(r"(?<!')\b([A-Z]{1,2}\d+)\b(?!')", r"_CELL('\1')", text)
    text = re.sub(r"(?<![<>=])=(?!=)", "==", text)
    numbers = lambda some: [n for n in some if isinstance(n, (int, float))]  # noqa: E731
    flat = lambda some: [n for one in some for n in (one if isinstance(one, list) else [one])]  # noqa: E731
    names = {
        "_CELL": lambda at: evaluated(sheet, sheet[at].value),
        "_RANGE": lambda a, b: [evaluated(sheet, c[0].value) for c in sheet[f"{a}:{b}"]],
        "ROUND": round,
        "IF": lambda test, yes, no: yes if test else no,
        "ISNUMBER": lambda one: isinstance(one, (int, float)),
        "MIN": lambda *some: min(numbers(flat(some))),
        "MAX": lambda *some: max(numbers(flat(some))),
        "SUM": lambda *some: sum(numbers(flat(some))),
        "COUNT": lambda *some: len(numbers(flat(some))),
        "RANK": lambda one, some: 1 + sum(n > one for n in numbers(some)),
    }
    return eval(text, {"__builtins__": {}}, names)  # noqa: S307 - our own formulas


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_comparison_as_csv_and_pdf(ranked, lang) -> None:
    lines = WRITERS["csv"](ranked, lang).decode("utf-8-sig").splitlines()
    assert len(lines) == len(ranked.sites) + 1
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(WRITERS["pdf"](ranked, lang))).pages
    )
    assert ranked.sites[0].site_id in text


def test_slopes_of_compared_sites_are_those_of_the_ground(opened: Workspace) -> None:
    # Second method: the answer about the ground, whose shares exactextract tells.
    hills = source(hills=square(102.90, 25.02, 0.04))
    (site,) = rank_sites(opened, hills, ReadOptions(), rank_query()).sites
    (ground,) = terrain_report(opened, query_of_file(opened, hills, ReadOptions(), None)).sites
    assert site.facts["slope_mean_deg"].value == pytest.approx(
        ground.ground.slope_deg.mean, abs=0.005
    )
    # Steep is above 15 degrees, where two of the classes of the rule begin.
    steep = sum(one.pct for one in ground.ground.slope_shares if (one.lower or 0.0) >= 15.0)
    assert site.facts["steep_share_pct"].value == pytest.approx(steep, abs=0.02)
    assert steep > 0.0


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheet_of_comparison_has_its_map_and_its_economics(
    opened: Workspace, ranked, lang: str
) -> None:
    with_ground = source(
        good=square(102.80, 24.98),
        conflict=square(102.70, 24.90, 0.004),
        clear=square(102.81, 24.99),
    )
    asked = rank_query(geometry=True, **DENSITY)
    report = rank_sites(opened, with_ground, ReadOptions(), asked)
    picture = sites_map(opened, report, lang)
    fit, unfit = picture.sheet.layers[-1], picture.sheet.layers[-2]
    assert (len(fit.geometries), unfit.names) == (2, ("conflict",))
    pdf = files_of(opened).data(report, "pdf", lang)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    first = report.sites[0].economics
    assert f"{first.value_of_new_land:,.2f}" in text
    assert {"zh": "昆明片区 (0.0 km)", "en": "Kunming District (0.0 km)"}[lang] in text
    book = openpyxl.load_workbook(io.BytesIO(files_of(opened).data(report, "xlsx", lang)))
    sheet = book[{"zh": "经济测算", "en": "Economics"}[lang]]
    # Right of the density and of the yield stands that they follow from a target.
    (row,) = [cell.row for cell in sheet["F"] if str(cell.value).startswith("=")][:1]
    assert sheet[f"F{row}"].value == f"=D{row}*B{row}/100"
    target = {"zh": "规划目标", "en": "target"}[lang]
    assert target in sheet[f"E{row}"].value
    assert sheet[f"G{row}"].value == sheet[f"E{row}"].value
    yields = sheet[f"D{row}"].value * sheet[f"B{row}"].value / 100
    assert yields == pytest.approx(first.value_of_new_land)


def test_a_name_that_looks_like_a_formula_is_defused(opened: Workspace) -> None:
    body = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "1",
                "properties": {"name": '=HYPERLINK("http://x")'},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[*square(102.80, 24.98), [102.80, 24.98]]],
                },
            }
        ],
    }
    evil = Source(name="e.geojson", files={"e.geojson": json.dumps(body).encode()})
    answer = rank_sites(opened, evil, ReadOptions(), rank_query())
    sheet = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](answer, "zh")))["比选表"]
    assert any(str(cell.value).startswith("'=HYPER") for cell in sheet["B"])
    assert "'=HYPERLINK" in WRITERS["csv"](answer, "zh").decode("utf-8-sig")
