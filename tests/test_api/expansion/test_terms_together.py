"""A set and a file together, and limits of which nobody can tell. Oracles: sums by hand."""

import pytest
import shapely

from api.expansion.constraints.criteria import criteria_of
from api.expansion.constraints.ground_terms import describe_terms, terms_of_ground
from api.expansion.fitness import list_unfit, list_unknown_limits, refuse_unknown_limits
from api.expansion.questions import GroundTermsQuery, RankQuery
from api.expansion.site_facts import Fact, SiteFacts
from api.upload import Upload
from api.workspace.workspace import Workspace
from geo.model import Verdict
from layers.expansion.errors import CriteriaFileError
from layers.expansion.ground_constraints import constraint_set
from layers.expansion.ranking_sets import criteria_set

CONSTRAINTS = """
name: {zh: 甲, en: A}
note: {zh: 乙, en: B}
constraints:
  %s:
    name: {zh: 本地, en: Local}
    ground: {kind: geohazard_zone}
    treatment: hard
    quality: own
    source: 丁
"""
CRITERIA = """
name: {zh: 子, en: C}
draws: 1000
seed: 1
weights_quality: own
weights_note: {zh: 丑, en: D}
criteria:
  %s:
    name: {zh: 面积二, en: Area two}
    unit: ha
    weight: 5
    points: [[0, 0.0], [9, 1.0]]
    quality: own
    source: 丁
requirements:
  - {fact: %s, least: 10, source: 丁}
"""


def file_of(text: str) -> Upload:
    return Upload(name="own.yaml", files={"own.yaml": text.encode()})


@pytest.mark.parametrize("name", ["local", "cropland"])
def test_constraints_of_both_hold_and_what_is_replaced_is_said(
    workspace: Workspace, name: str
) -> None:
    query = GroundTermsQuery(constraint_set="soft", constraints=file_of(CONSTRAINTS % name))
    terms = terms_of_ground(workspace, query)
    told = describe_terms(terms)
    assert told
    shipped = constraint_set("soft")
    assert shipped
    assert {one.id for one in told.constraints} == {*shipped.constraints, name}
    assert [one.treatment for one in told.constraints if one.id == name] == ["hard"]
    assert [one.en for one in told.replaced] == (["Cropland"] if name == "cropland" else [])
    assert (told.set_id, told.name.en) == ("soft+own", f"{shipped.name.en} + A")
    assert told.note.zh.endswith("乙")


def test_none_with_a_file_is_the_file_alone(workspace: Workspace) -> None:
    query = GroundTermsQuery(constraint_set="none", constraints=file_of(CONSTRAINTS % "local"))
    terms = terms_of_ground(workspace, query)
    assert [one.id for one in terms.constraints] == ["local"]


@pytest.mark.parametrize("name", ["own_area", "area_ha"])
def test_criteria_of_both_count_and_what_is_replaced_is_said(
    workspace: Workspace, name: str
) -> None:
    own = file_of(CRITERIA % (name, "area_ha"))
    chosen = criteria_of(workspace, RankQuery(criteria="expansion", criteria_file=own))
    shipped = criteria_set("expansion")
    assert set(chosen.criteria) == {*shipped.criteria, name}
    assert chosen.criteria[name].criterion.weight == 5
    assert [one.name_en for one in chosen.replaced] == (["Area"] if name == "area_ha" else [])
    assert len(chosen.requirements) == len(shipped.requirements) + 1
    assert chosen.weights_en.endswith("D")
    alone = criteria_of(workspace, RankQuery(criteria_file=own))
    assert set(alone.criteria) == {name}


def site(fact: Fact) -> SiteFacts:
    class Checked:
        verdict = Verdict.CLEAR
        area_m2 = 1e5

    facts = {"area_ha": fact, "slope_mean_deg": Fact(value=1.0)}
    return SiteFacts(
        site=Checked(), geometry=shapely.Point(0, 0), facts=facts, clear_m2=1e5,
        clear_width_m=100.0, elevations=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "unfit", "untold"),
    [
        (Fact(value=12.0), 0, 0),
        (Fact(value=8.0), 1, 0),
        (Fact(value=None, reason="raster_partial"), 0, 1),
        (Fact(value=None, reason="raster_partial", bounds=(8.0, 12.0)), 0, 1),
        (Fact(value=None, reason="raster_partial", bounds=(11.0, 12.0)), 0, 0),
        (Fact(value=None, reason="raster_partial", bounds=(2.0, 9.0)), 1, 0),
    ],
)
def test_a_limit_of_which_nobody_can_tell_is_not_kept_in_silence(
    workspace: Workspace, fact: Fact, unfit: int, untold: int
) -> None:
    own = file_of(CRITERIA % ("area_ha", "area_ha"))
    query = RankQuery(criteria_file=own)
    chosen = criteria_of(workspace, query)
    assert len(list_unfit(site(fact), chosen, query)) == unfit
    assert len(list_unknown_limits(site(fact), chosen)) == untold


def test_a_limit_of_a_fact_that_there_is_none_of_is_refused(workspace: Workspace) -> None:
    chosen = criteria_of(workspace, RankQuery(criteria_file=file_of(CRITERIA % ("a", "aera_ha"))))
    with pytest.raises(CriteriaFileError) as caught:
        refuse_unknown_limits(chosen, [site(Fact(value=1.0))])
    assert caught.value.params["field"] == "requirements: aera_ha"
