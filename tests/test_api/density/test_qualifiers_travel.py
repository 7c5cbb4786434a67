"""What qualifies a number stands beside it in every answer and every form.

Property over random observations with random qualifiers. Oracle: the words that the tables of
words have for what was generated, put together here; each must stand in the row or the line
in which the number, or the density that follows from it, is printed.
"""

import io
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser

import docx
import openpyxl
import pytest
import shapely
from pypdf import PdfReader

from api.density.downscale import DownscaleRequest, downscale_totals
from api.density.land import DensityQuery, density_table, density_years, list_indicators
from api.density.plan_monitor import plan_monitor
from api.density.scenario import Case, ScenarioRequest, run_scenarios
from api.density.unit_sheet import unit_sheet
from api.expansion.site_economics import economics_of
from api.publish.bundle import publish
from api.publish.publication_plan import parse_plan
from api.workspace.workspace import Workspace
from layers.density.statistics.model import Observation
from layers.publish.policy import publish_policy
from maps.answers import Answer
from maps.density.density_document import density_document, unit_document, years_document
from maps.density.plan_document import plan_document
from maps.density.qualified import with_mark
from maps.density.scenario_document import downscale_document, scenario_document
from maps.density.statistics_answers import PreviewRow, TablePreview
from maps.density.tables_document import preview_document
from maps.document.book import csv_of
from maps.document.forms import writers
from maps.document.model import Document, sheet_of
from maps.document.terminal import text_of
from maps.expansion.answers import RankedSite, RankingReport
from maps.expansion.economics_table import economics_table
from maps.i18n import LANGUAGES, tables, tr
from maps.publish.gate import faults_of, read_publication
from maps.publish.print import density_sheet
from maps.publish.publication import Publication

UNITS = ("ftz", "kunming", "honghe", "dehong")
FORMS = ("text", "csv", "xlsx", "html", "docx", "pdf")
TRUSTED = ("official", "official_press", "derived", "reported")
QUALITIES = (*TRUSTED[:2], "press", "secondary", "unverified", "low")
SIGNS = {"=": None, ">": "more", "<": "less", "~": "about"}


def words_of(seen: Observation, lang: str) -> list[str]:
    """Return the words that must stand beside an observation: put together here."""
    said = []
    if sign := SIGNS[seen.relation]:
        said.append(tr(f"relations.{sign}", lang))
    if seen.period != "full_year":
        said.append(tr(f"periods.{seen.period}", lang))
        said.append(seen.months)
    if seen.quality not in TRUSTED:
        said.append(tables(lang)["qualities"][seen.quality])
    return [one for one in said if one]


def area_words(quality: str | None, lang: str) -> list[str]:
    """Return the words that must stand beside a density whose area has this quality."""
    if not quality or quality in (*TRUSTED, "official text (reprint)", "reference"):
        return []
    before = {"zh": "用地面积：", "en": "land area: "}[lang]
    return [before + tables(lang)["qualities"][quality]]


def generated(seed: int) -> tuple[Observation, ...]:
    """Return observations of every kind; all values differ, also as densities."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    found = {}
    for year in range(2020, 2026):
        for unit in UNITS:
            period = chance.choice(
                ("full_year",) * 4 + ("target", "partial_year", "estimate", "preliminary")
            )
            months = f"01-{chance.randrange(3, 12):02}" if period == "partial_year" else ""
            one = Observation(
                unit_id=unit,
                indicator="trade",
                year=year,
                period=period,
                value=round(chance.uniform(1000.0, 9999.0), 2),
                relation=chance.choice(tuple(SIGNS)),
                unit="亿元",
                source=f"出处{chance.randrange(10**6)}",
                quality=chance.choice(QUALITIES),
                months=months,
                note="",
            )
            found[one.key] = one
    whole = next(one for one in found.values() if one.unit_id == "ftz")
    # A year that every operation can start from.
    start = replace(whole, year=2024, period="full_year", months="", relation=">", quality="press")
    start = replace(start, value=8765.43)
    province = replace(start, unit_id="yunnan", year=2020, value=28765.43, quality="unverified")
    base = replace(start, year=2020, value=7654.32, relation="~", quality="low")
    return tuple({**found, **{one.key: one for one in (start, province, base)}}.values())


@dataclass(frozen=True)
class Scene:
    workspace: Workspace
    observations: tuple[Observation, ...]

    def printed(
        self, decimals: tuple[int, ...], *, by_unit: bool
    ) -> Iterator[tuple[Observation, str | None, list[str]]]:
        """Yield each observation with how its value and, by area's quality, densities print."""
        for seen in self.observations:
            yield seen, None, [as_text(seen.value, places) for places in decimals]
            for area in self.workspace.statistics.areas if by_unit else ():
                if area.unit_id == seen.unit_id:
                    density = seen.value / area.area_km2
                    yield seen, area.quality, [as_text(density, places) for places in decimals]


def as_text(value: float, decimals: int) -> str:
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(repr(value)).quantize(step, ROUND_HALF_UP):,}"


@pytest.fixture(params=range(4))
def scene(
    request: pytest.FixtureRequest, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> Scene:
    observations = generated(request.param)
    chance = random.Random(request.param)  # noqa: S311 - no secret
    areas = tuple(
        replace(one, quality=chance.choice(QUALITIES)) for one in workspace.statistics.areas
    )
    statistics = replace(workspace.statistics, observations=observations, areas=areas)
    monkeypatch.setattr(Workspace, "statistics", property(lambda _: statistics))
    return Scene(workspace, observations)


class _Rows(HTMLParser):
    """Rows of tables and all other texts, a line for each."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.row = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr" or not self.row:
            self.lines.append("")
        self.row = self.row or tag == "tr"

    def handle_endtag(self, tag: str) -> None:
        self.row = self.row and tag != "tr"

    def handle_data(self, data: str) -> None:
        self.lines[-1] += f" {data}"


def lines_of(form: str, data: bytes) -> list[str]:
    if form == "pdf":
        return [" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)]
    if form == "html":
        rows = _Rows()
        rows.feed(data.decode("utf-8"))
        return rows.lines
    if form == "docx":
        document = docx.Document(io.BytesIO(data))
        rows_of = [row for table in document.tables for row in table.rows]
        return [one.text for one in document.paragraphs] + [
            " ".join(cell.text for cell in row.cells) for row in rows_of
        ]
    if form == "csv":
        return [_digits(line) for line in data.decode("utf-8-sig").splitlines()]
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return [_digits(" ".join(str(c.value) for c in row)) for sheet in book for row in sheet]


def _bare(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def _digits(line: str) -> str:
    """Write every number of data with two, three and four decimals, as it would be printed."""
    numbers = re.findall(r"(?<![\d.\w])\d+\.\d+", line)
    return " ".join([line, *(as_text(float(one), at) for one in numbers for at in (2, 3, 4))])


def require_said(
    scene: Scene,
    document: Callable[[str], Document],
    used: set[tuple[str, str, int, str, str]],
    *,
    by_unit: bool = True,
) -> None:
    """Require the words beside every printed number, in every form and language.

    Densities that are not of whole units are of areas of their own.
    """
    making = writers(lambda _, lang: document(lang))
    for lang in LANGUAGES:
        for form in FORMS:
            if form == "text":
                lines = text_of(document(lang)).splitlines()
            else:
                lines = lines_of(form, making[form](None, lang))
            found = _require_lines(scene.printed((2, 3, 4), by_unit=by_unit), lines, lang, form)
            assert form == "csv" or used <= found, (form, used - found)


def _require_lines(
    printed: Iterator[tuple[Observation, str | None, list[str]]],
    lines: list[str],
    lang: str,
    form: str,
) -> set[object]:
    found = set()
    for seen, land, texts in printed:
        number = "|".join(rf"(?<![\d,.]){re.escape(text)}(?!\d)" for text in texts)
        for line in lines:
            if re.search(number, line):
                found.add(seen.key)
                bare = _bare(line)
                for word in words_of(seen, lang):
                    assert _bare(word) in bare, (form, lang, seen, word, line[:400])
                # A sketch of the very area has the same density: either area may be meant.
                either = [area_words(one, lang) for one in (land, "indicative")]
                said = any(all(_bare(word) in bare for word in one) for one in either)
                assert said, (form, lang, seen, either, line[:400])
    return found


def require_json(answer: Answer, scene: Scene) -> None:
    """Require that no object of the answer has a value without what qualifies it."""
    values = {seen.value: seen for seen in scene.observations}

    def walk(node: object) -> Iterator[tuple[Observation, dict]]:
        if isinstance(node, dict):
            for name in ("value", "latest_value"):
                if node.get(name) in values:
                    yield values[node[name]], node
            for child in node.values():
                yield from walk(child)
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)

    met = 0
    for seen, node in walk(json.loads(answer.model_dump_json())):
        said = node.get("qualifiers") or node.get("latest_qualifiers")
        assert said, node
        met += 1
        facts = ("relation", "year", "period", "months", "quality", "source")
        assert [said[one] for one in facts] == [getattr(seen, one) for one in facts]
        require_area(node, said, scene, seen.unit_id)
        for lang in LANGUAGES:
            words = [*words_of(seen, lang), *area_words(said["area_quality"], lang)]
            assert bool(said["mark"]) == bool(words)
            assert all(word in said["mark"][lang] for word in words)
    assert met


def approved_quality(scene: Scene, unit_id: str) -> str:
    """Return the quality of a unit's approved area."""
    areas = scene.workspace.statistics.areas
    (own,) = (one for one in areas if (one.unit_id, one.denominator) == (unit_id, "approved"))
    return own.quality


def require_area(node: dict, said: dict, scene: Scene, unit_id: str) -> None:
    """Require that a density says the quality of the very area that it divides by."""
    if node.get("density") is None:
        return
    areas = [one for one in scene.workspace.statistics.areas if one.unit_id == unit_id]
    own = [one for one in areas if node["value"] / one.area_km2 == node["density"]]
    # Of the built-in boundaries all that have figures here are sketches.
    assert said["area_quality"] == (own[0].quality if own else "indicative")


def offered(scene: Scene) -> Iterator[DensityQuery]:
    for option in list_indicators(scene.workspace).indicators:
        for year in option.years:
            for land in year.denominators:
                yield DensityQuery(indicator=option.id, year=year.year, denominator=land)


def key(scene: Scene, unit: str, year: int) -> set[tuple[str, str, int, str, str]]:
    """Return what of a unit and year has a density: its fact, or where there is none its target."""
    own = [one for one in scene.observations if (one.unit_id, one.year) == (unit, year)]
    return {one.key for one in own if one.period == "full_year"}


@pytest.mark.slow
def test_densities_of_a_year_and_of_all_years(scene: Scene) -> None:
    queries = [one for one in offered(scene) if one.denominator == "approved"]
    assert queries
    for query in queries[:3]:
        table = density_table(scene.workspace, query)
        require_json(table, scene)
        used = {k for row in table.rows if row.density for k in key(scene, row.unit_id, query.year)}
        require_said(scene, lambda lang, t=table: density_document(t, lang), used)
    years = density_years(scene.workspace, "trade", "approved")
    require_json(years, scene)
    # Marks of one row stand in one line: each number must have its own in brackets.
    for lang in LANGUAGES:
        text = text_of(years_document(years, lang))
        for table in years.tables:
            for row in table.rows:
                if row.density is not None and row.mark:
                    assert f"{as_text(row.density, 3)} ({row.mark.text(lang)})" in text
    require_said(scene, lambda lang: years_document(years, lang), set())


@pytest.mark.parametrize("unit", ["ftz", "kunming"])
def test_the_sheet_of_a_unit(scene: Scene, unit: str) -> None:
    sheet = unit_sheet(scene.workspace, unit)
    if sheet.rows:
        require_json(sheet, scene)
    require_said(scene, lambda lang: unit_document(sheet, lang), set())


@pytest.mark.slow
def test_the_plan_and_its_shares(scene: Scene) -> None:
    monitor = plan_monitor(scene.workspace)
    require_json(monitor, scene)
    require_said(scene, lambda lang: plan_document(monitor, lang), key(scene, "yunnan", 2020))


def test_scenarios_and_what_is_brought_down(scene: Scene) -> None:
    query = DensityQuery(indicator="trade", year=2024, denominator="approved")
    case = Case(name="x", added_km2=1.0, density=None, plan_target=False, by_year=None)
    request = ScenarioRequest(query=query, unit_id="ftz", cases=(case,))
    report = run_scenarios(scene.workspace, request)
    require_json(report, scene)
    used = key(scene, "ftz", 2024)
    require_said(scene, lambda lang: scenario_document(report, lang), used)
    down = downscale_totals(
        scene.workspace,
        DownscaleRequest(
            indicator="trade", year=2024, units=("ftz",), grid_m=4000.0, onto_layer=None,
            weight_layer=None, weight_raster=None, raster=None, legend=None, with_features=False,
        ),
    )  # fmt: skip
    require_said(scene, lambda lang: downscale_document(down, lang), used, by_unit=False)
    # The sketch of the zone, too: areas and densities of its parts follow from it.
    assert down.of_parts.area_quality == down.qualifiers[0].area_quality == "indicative"
    for lang in LANGUAGES:
        sketch = tables(lang)["qualities"]["indicative"]
        for line in csv_of(downscale_document(down, lang)).decode("utf-8-sig").splitlines()[1:]:
            # Beside the area, and beside the density as that of its land.
            assert line.count(sketch) >= 2
            assert area_words("indicative", lang)[0] in line
    # A part follows from the total: what qualifies it stands in every row of data.
    (seen,) = (one for one in scene.observations if one.key in used)
    for lang in LANGUAGES:
        for document in (scenario_document(report, lang), downscale_document(down, lang)):
            for line in csv_of(document).decode("utf-8-sig").splitlines()[1:]:
                assert all(word in line for word in words_of(seen, lang))


def test_what_sites_must_yield(scene: Scene) -> None:
    query = DensityQuery(indicator="trade", year=2024, denominator="approved")
    found = economics_of(scene.workspace, query, [(shapely.box(102.80, 24.98, 102.81, 24.99), 1e6)])
    (seen,) = (one for one in scene.observations if one.key in key(scene, "ftz", 2024))
    assert found[0].qualifiers
    assert found[0].qualifiers.relation == seen.relation
    sites = [RankedSite.model_construct(site_id="a", name=None, economics=found[0])]
    report = RankingReport.model_construct(sites=sites)

    def document(lang: str) -> Document:
        return sheet_of("", (economics_table(report, lang),), lang=lang)

    require_said(scene, document, {seen.key})
    for lang in LANGUAGES:
        # The plan's target is what is to be reached: no fact.
        text = text_of(document(lang))
        land = area_words(approved_quality(scene, "ftz"), lang)
        target = ", ".join([tr("periods.target", lang), *land])
        assert f"{as_text(found[0].density_then, 2)} ({target})" in text
        assert f"{as_text(found[0].value_of_new_land, 2)} ({target})" in text


def test_a_preview_of_a_table(scene: Scene) -> None:
    rows = [
        PreviewRow(
            unit_id=one.unit_id, unit_name={"zh": one.unit_id, "en": one.unit_id},
            role="indicator:trade", name={"zh": "x", "en": "x"}, year=one.year,
            period=one.period, months=one.months, relation=one.relation, value=one.value,
            unit=one.unit, source=one.source, quality=one.quality, replaces=None,
        )
        for one in scene.observations
    ]  # fmt: skip
    preview = TablePreview(
        source_name="x", header_line=1, columns={}, values=len(rows), areas=0, replaced=0,
        rows=rows, questions=[], remarks=[], notes=[],
    )  # fmt: skip
    for lang in LANGUAGES:
        lines = text_of(preview_document(preview, lang)).splitlines()
        for seen in scene.observations:
            (line,) = (one for one in lines if f"{seen.value:.10g}" in one.split())
            assert all(word in line for word in words_of(seen, lang))


def published(scene: Scene, query: DensityQuery) -> tuple[str, Publication]:
    plan = parse_plan(
        {
            "id": "zone",
            "title": {"zh": "片区", "en": "Districts"},
            "maker": {"zh": "某局", "en": "A bureau"},
            "disclaimer": {"zh": "示意", "en": "A sketch"},
            "data_date": "2026-11-01",
            "review_number": "云S(2026)12号",
            "draft": False,
            "prints": False,
            "layers": [{"id": "districts", "displacement_m": 0}],
            "densities": [
                {"indicator": "trade", "year": query.year, "denominator": query.denominator}
            ],
            "story": [],
        }
    )
    bundle = publish(scene.workspace, plan, release=True)
    data = scene.workspace.publications.read("zone", bundle.sha256, "index.html")
    document = data.decode("utf-8")
    return document, Publication.model_validate(read_publication(document))


def fact_with_district(scene: Scene) -> DensityQuery:
    """Return a density of facts of which at least one district has a value that is marked."""
    for query in offered(scene):
        table = density_table(scene.workspace, query)
        drawn = [row for row in table.rows if row.layer and row.density is not None and row.mark]
        if query.denominator == "approved" and table.nature == "fact" and drawn:
            return query
    pytest.skip("the seed marks no district of a year of facts")


def test_a_publication_its_legend_and_its_sheet(scene: Scene) -> None:
    query = fact_with_district(scene)
    document, publication = published(scene, query)
    (table,) = publication.densities
    require_json(table, scene)
    assert faults_of(document, [], publish_policy()) == []
    for lang in LANGUAGES:
        sheet = density_sheet(publication, table, lang)
        assert sheet
        names = [name or "" for layer in sheet.layers for name in layer.names]
        for row in (one for one in table.rows if one.layer and one.density is not None):
            places = 2 if row.density >= 1.0 else 4
            said = f"{row.name.text(lang)} {as_text(row.density, places)}"
            if row.mark:
                said += f" ({row.mark.text(lang)})"
                # The legend has classes without words: they stand below it.
                assert said in sheet.notes
            assert said in names


def test_the_gate_finds_every_qualifier_that_is_lost(scene: Scene) -> None:
    """Mutations of the finished bytes: each takes one thing away from one value."""
    document, publication = published(scene, fact_with_district(scene))
    (table,) = publication.densities
    marked = [row for row in table.rows if row.value is not None and row.mark]
    assert marked
    for row in marked:
        for forged in forgeries(document, row.unit_id):
            assert forged != document
            codes = {fault.code for fault in faults_of(forged, [], publish_policy())}
            assert codes & {"qualifier_lost", "shown_as"}, row.qualifiers


def forgeries(document: str, unit_id: str) -> Iterator[str]:
    """Yield the document without a mark, without qualifiers, with others, in one language."""
    changes: list[Callable[[dict], object]] = [
        lambda row: row.update(mark=None),
        lambda row: row.update(qualifiers=None),
        lambda row: row.update(qualifiers=None, mark=None),
        lambda row: row["mark"].update(en=""),
        lambda row: row["qualifiers"].update(period="partial_year", months="01-09"),
        lambda row: row["qualifiers"].update(
            area_quality="" if row["qualifiers"]["area_quality"] == "low" else "low"
        ),
        lambda row: row["qualifiers"].update(relation="<", quality="low", period="target"),
    ]
    for change in changes:
        yield changed(document, unit_id, change)


def changed(document: str, unit_id: str, change: Callable[[dict], object]) -> str:
    """Return the document with one row of its density changed in the finished bytes."""
    *_, call = re.finditer(r"^\s*start\(map_\d+, (?=\{)", document, re.MULTILINE)
    config, end = json.JSONDecoder().raw_decode(document, call.end())
    rows = config["publication"]["densities"][0]["rows"]
    change(next(row for row in rows if row["unit_id"] == unit_id))
    return document[: call.end()] + json.dumps(config) + document[end:]


def test_a_part_of_a_year_is_no_fact_of_the_year(scene: Scene) -> None:
    # The mark says so in words, and still: the map would colour nine months as a year.
    document, publication = published(scene, fact_with_district(scene))
    (table,) = publication.densities
    row = next(one for one in table.rows if one.value is not None)
    partial = row.qualifiers.model_copy(update={"period": "partial_year", "months": "01-09"})
    said = with_mark(partial).model_dump(mode="json")
    forged = changed(
        document, row.unit_id, lambda one: one.update(qualifiers=said, mark=said["mark"])
    )
    (fault,) = faults_of(forged, [], publish_policy())
    assert (fault.code, fault.params["nature"]) == ("shown_as", "partial_year")
