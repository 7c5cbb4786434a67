"""The gate attacks what becomes public. Oracle: other sets of lines average, the same do not."""

import pytest

from api.publish.bundle import publish, release_bundle
from api.publish.publication_plan import PublicationPlan, parse_plan
from api.workspace.workspace import Workspace
from layers.publish.policy import publish_policy
from maps.publish.errors import PublicationRefusedError

LINE = "demo_ecological_red_line"


def plan(publication_id: str, metres: float) -> PublicationPlan:
    return parse_plan(
        {
            "id": publication_id,
            "title": {"zh": "红线", "en": "Red line"},
            "maker": {"zh": "某局", "en": "A bureau"},
            "disclaimer": {"zh": "示意", "en": "A sketch"},
            "data_date": "2026-11-01",
            "review_number": None,
            "draft": True,
            "prints": False,
            "layers": [{"id": LINE, "displacement_m": metres}],
        }
    )


def codes(caught: pytest.ExceptionInfo[PublicationRefusedError]) -> list[str]:
    return [code for code, _ in caught.value.faults]


@pytest.mark.slow
def test_a_further_set_of_lines_is_refused_and_the_same_is_not(workspace: Workspace) -> None:
    first = publish(workspace, plan("one", 200), release=True)
    (layer,) = first.layers
    bound = publish_policy().reconstruction
    assert layer.guessed_m
    assert bound.least_corner_share * 200.0 <= layer.guessed_m <= 0.12 * 200.0
    with pytest.raises(PublicationRefusedError) as caught:
        publish(workspace, plan("two", 150), release=True)
    assert codes(caught) == ["reconstructed"]
    ((_, params),) = caught.value.faults
    assert (params["attack"], params["releases"]) == ("averaged", 2)
    again = publish(workspace, plan("two", 200), release=True)
    assert again.layers[0].guessed_m == layer.guessed_m


@pytest.mark.slow
def test_what_was_built_before_is_attacked_again_when_it_is_released(workspace: Workspace) -> None:
    staged = publish(workspace, plan("two", 150), release=False)
    publish(workspace, plan("one", 200), release=True)
    assert staged.sha256
    with pytest.raises(PublicationRefusedError) as caught:
        release_bundle(workspace, "two", staged.sha256)
    assert codes(caught) == ["reconstructed"]
    assert workspace.publications.state("two").releases == ()
