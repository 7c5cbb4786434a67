"""A kind of control line is one folder of data files: a made-up kind, through every door.

Oracle: the rule, the words and the look are made by hand; the demonstration layer is a strip
of 300 m round Dianchi, so that a site on its shore meets it and one far inland does not.
"""

import io
import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
import shapely
from starlette.testclient import TestClient

from api.app import create_app
from api.check.hard_lines import hard_lines
from api.check.proof.evidence import build_evidence
from api.check.proof.verify import verify_evidence
from api.settings import Settings
from api.workspace.suitability_rules import suitability_rule
from api.workspace.workspace import Workspace
from layers.builtin import layer_ids
from layers.check.natures import load_decisions
from layers.check.register import load_register
from layers.check.rules import load_rules
from layers.errors import RuleFileError
from layers.kinds import builtin_kind_folders
from layers.model import LayerStatus
from layers.store.catalogue import kinds_with, load_kinds
from layers.zones import shipped_zone
from maps.figure.style import look_of
from maps.i18n import LANGUAGES, tables, tr
from maps.refusals import refusal_text

KIND = "subsidence_area"
FILES = {
    "kind.yaml": """
title: {zh: 地面沉降区, en: Subsidence areas}
geometry: polygon
sensitivity: internal
order: 34
environmentally_sensitive: true
excludes_building: {required: true, where: {risk: [high]}}
""",
    "rule_high.yaml": """
id: subsidence_area_high
kind: subsidence_area
relation: must_not_overlap
required: true
where: {risk: [high, 高]}
demands_zh: 高风险区不得新建。
demands_en: No building where the risk is high.
tells: [name, risk]
tolerance: {width_m: 0.01, precision_factor: 3.0, area_m2: 200.0}
citation: {document_zh: 某市办法, document_en: Rules of a city, number: 第1号, clause: 第二条, issued: null, certainty: general_knowledge, note_zh: 示例, note_en: example}
""",
    "decisions.yaml": """
subsidence_area:
  conflict: {any: {outcome: approval, papers: [subsidence_survey], statement: subsides}}
""",
    "style.toml": """
shown = true
stroke = "#123456"
weight = 1.5
pattern = "hatch"
fill = "#abcdef"
fill_opacity = 0.5
[dark]
stroke = "#fedcba"
""",
    "words.toml": """
[zh.papers]
subsidence_survey = "地面沉降专项调查"
[zh.statements]
subsides = "沉降区内用地 {ha} 公顷。"
[zh.attributes]
risk = "沉降风险"
[en.papers]
subsidence_survey = "survey of subsidence"
[en.statements]
subsides = "{ha} ha subside."
[en.attributes]
risk = "Risk of subsidence"
""",
    "demonstration.yaml": """
layer: demo_subsidence
title: {zh: 地面沉降区（演示数据）, en: Subsidence areas (demonstration)}
make: lake_fringes
with: {prefix: sub, name: "{lake}沉降区", column: risk, width_m: 300.0, classes: {high: [dianchi]}, otherwise: low}
""",
}


def write(folder: Path, **changed: str | None) -> Path:
    home = folder / KIND
    home.mkdir(parents=True)
    for name, text in {**FILES, **changed}.items():
        if text is not None:
            (home / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def own(own_store: Path, tmp_path: Path) -> Workspace:
    rules = write(tmp_path / "rules")
    workspace = Workspace(
        Settings(data_dir=own_store, rules_dir=rules, allowed_hosts=("testserver",))
    )
    workspace.ensure_builtin()
    return workspace


@pytest.mark.slow
def test_a_made_up_kind_goes_through_every_door_without_a_line_of_code(own: Workspace) -> None:
    layer = own.store.get("demo_subsidence")
    assert layer.spec.status is LayerStatus.DEMONSTRATION
    assert own.builtin_to_build() == 0
    strip = own.load(layer).features.set_index("feature_id").geometry["sub-dianchi"]
    middle = shapely.Point(strip.point_on_surface())
    site = shapely.box(middle.x - 1e-3, middle.y - 1e-3, middle.x + 1e-3, middle.y + 1e-3)
    client = TestClient(create_app(own.settings, own))

    body = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(site)}
    answer = client.post("/api/v1/checks?nature=park_expansion", json=body).json()
    (finding,) = [f for f in answer["sites"][0]["findings"] if f["kind"] == KIND]
    assert (finding["verdict"], finding["layer_id"]) == ("conflict", "demo_subsidence")
    assert finding["parts"][0]["attributes"]["risk"] == "high"
    assert finding["decision"]["papers"] == ["subsidence_survey"]
    assert verify_evidence(build_evidence(own, answer["id"])).differences == []

    units = client.get("/api/v1/claim").json()["units"]
    judged = [unit for unit in units if unit["findings"]]
    assert judged
    assert all(any(f["kind"] == KIND for f in unit["findings"]) for unit in judged)

    # What search, avoid and the sheets of sites keep out of.
    lines = {line.id: line for line in hard_lines(own, site.buffer(0.02)).lines}
    forbidden = shapely.union_all(lines["subsidence_area_high@demo_subsidence"].forbidden)
    assert shapely.intersects(forbidden, middle)
    # What suitability excludes: after the built-in lines, which name what they share.
    assert suitability_rule(own, "urban_building").excluded_layers[-1].id == KIND

    listed = {row["id"]: row for row in client.get("/api/v1/layers").json()["layers"]}
    assert listed["demo_subsidence"]["kind"] == KIND
    assert (look_of(KIND)["stroke"], look_of(KIND)["order"]) == ("#123456", 34)
    page = client.get("/", headers={"accept": "text/html"}).text
    scripts = [client.get(s).text for s in re.findall(r'<script[^>]* src="([^"]+)"', page)]
    written = "".join((page, *scripts))
    assert '"#fedcba"' in written
    # JSON in a script is written in ASCII.
    assert json.dumps("地面沉降专项调查") in written or "地面沉降专项调查" in written

    for lang, paper in (("zh", "地面沉降专项调查"), ("en", "survey of subsidence")):
        report = client.get(f"/api/v1/checks/{answer['id']}/report.docx?lang={lang}").content
        with ZipFile(io.BytesIO(report)) as parts:
            text = re.sub("<[^>]+>", "", parts.read("word/document.xml").decode("utf-8"))
        assert paper in text
        assert tr("attributes.risk", lang) in text
        assert layer.spec.title_zh in text if lang == "zh" else layer.spec.title_en in text
        assert tr(f"hard_lines.{KIND}", lang) in {"地面沉降区", "Subsidence areas"}


@pytest.mark.parametrize(
    ("changed", "file", "problem"),
    [
        ({"kind.yaml": FILES["kind.yaml"] + "colour: red\n"}, "kind.yaml", "extra_forbidden"),
        ({"kind.yaml": None}, f"{KIND}/kind.yaml", "no_such_kind"),
        ({"ruls_high.yaml": FILES["rule_high.yaml"]}, f"{KIND}/ruls_high.yaml", "unknown_file"),
        ({"style.toml": "stroke = #123456"}, f"{KIND}/style.toml", "not_toml"),
        ({"words.toml": '[zh.papers]\nsubsidence_survey = "调查"'}, f"{KIND}/words.toml", "languages"),
        ({"words.toml": None}, "decisions.yaml", "unknown_word"),
        (
            {"demonstration.yaml": FILES["demonstration.yaml"].replace("lake_fringes", "magic")},
            f"{KIND}/demonstration.yaml", "value_error",
        ),
    ],
)  # fmt: skip
def test_a_wrong_file_of_a_folder_is_refused_by_name(
    own_store: Path, tmp_path: Path, changed: dict[str, str | None], file: str, problem: str
) -> None:
    """Nothing that a person wrote is passed over: each fault names its file."""
    settings = Settings(data_dir=own_store, rules_dir=write(tmp_path / "rules", **changed))

    def opened() -> None:
        workspace = Workspace(settings)
        _ = workspace.rules, workspace.decisions, workspace.builtin_to_build()

    with pytest.raises(RuleFileError) as caught:
        opened()
    assert (caught.value.params["file"], caught.value.params["problem"]) == (file, problem)
    for lang in LANGUAGES:
        told = refusal_text(caught.value.code, caught.value.params, lang)
        assert file in told
        assert problem not in told


def test_a_folder_of_a_built_in_kind_replaces_its_rule_and_not_its_kind(tmp_path: Path) -> None:
    home = tmp_path / "key_wetland"
    home.mkdir()
    built_in = next(one for one in builtin_kind_folders() if one.kind == "key_wetland")
    text = built_in.files["rule_other.yaml"].read_text(encoding="utf-8")
    (home / "rule_other.yaml").write_text(
        text.replace("required: false", "required: true"), encoding="utf-8"
    )
    own = {
        rule.id: rule for rule in load_rules(tmp_path, kinds_with(tmp_path, shipped_zone().region))
    }
    assert own["key_wetland_other"].required
    assert own.keys() == {rule.id for rule in load_rules(None, load_kinds())}
    (home / "kind.yaml").write_text(FILES["kind.yaml"], encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        kinds_with(tmp_path, shipped_zone().region)
    assert caught.value.params["problem"] == "repeated"


def test_every_control_line_that_ships_is_a_whole_folder() -> None:
    """Oracle: what a kind needs to be checked, drawn, named and tried out."""
    controls = {kind.id for kind in load_kinds().values() if kind.control}
    folders = {one.kind: one for one in builtin_kind_folders()}
    # A folder may hold a kind that controls nothing, such as land use.
    assert folders.keys() >= controls
    for name, folder in folders.items():
        if name not in controls:
            assert not folder.rules, name
            continue
        assert {"kind.yaml", "style.toml"} <= folder.files.keys(), name
        # What is only in the register has no made-up layer: it is "not examined" until one comes.
        made_up = "demonstration.yaml" in folder.files or name in shipped_zone().demonstration
        assert made_up or name in load_register().kinds, name
        assert folder.rules, name
    # Every paper and statement that a decision names has words in both languages.
    for rows in load_decisions(None).decisions.values():
        for row in (row for by_nature in rows.values() for row in by_nature.values()):
            for lang in LANGUAGES:
                assert set(row.papers) <= tables(lang)["papers"].keys()
                assert row.statement is None or row.statement in tables(lang)["statements"]
    for kind in load_kinds().values():
        if kind.excludes_building:
            assert all(kind.id in tables(lang)["hard_lines"] for lang in LANGUAGES)


def test_no_code_names_a_single_kind_of_control_line() -> None:
    """Oracle: the source itself. Examples in doctests and in the API's schema may name one."""
    root = Path(__file__).parents[3]
    named: dict[str, list[str]] = {}
    controls = [one.kind for one in builtin_kind_folders() if load_kinds()[one.kind].control]
    for path in (
        p for folder in ("geo", "layers", "maps", "api") for p in (root / folder).rglob("*.py")
    ):
        code = [
            line
            for line in path.read_text("utf-8").splitlines()
            if "examples=" not in line and ">>>" not in line and "help=" not in line
        ]
        found = [kind for kind in controls if f'"{kind}' in "\n".join(code)]
        if found:
            named[str(path.relative_to(root))] = found
    assert named == {}
    assert layer_ids(shipped_zone())
