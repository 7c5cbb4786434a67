"""How layers are prepared. Oracles: the rules and schemas themselves, and both doors."""

import io
import zipfile

import pytest
from starlette.testclient import TestClient

from layers.check.rules import load_rules
from layers.check.schema import load_schema
from layers.store.catalogue import load_kinds
from maps.i18n import LANGUAGES

URL = "/api/v1/kinds"
RULES = load_rules(None, load_kinds())


def test_every_kind_has_a_guide_with_all_that_is_matched(shared_client: TestClient) -> None:
    guides = {one["kind"]: one for one in shared_client.get(f"{URL}/guide").json()["guides"]}
    assert set(guides) == set(load_kinds())
    assert [one["control"] for one in guides.values()] == sorted(
        (one["control"] for one in guides.values()), reverse=True
    )
    for kind, guide in guides.items():
        schema = {one.name: one for one in load_schema(kind, RULES, None).attributes}
        assert {one["name"] for one in guide["attributes"]} == set(schema)
        for one in guide["attributes"]:
            attribute = schema[one["name"]]
            assert one["fields"] == list(attribute.fields)
            spelled = {word for each in one["classes"] for word in each["spellings"]}
            assert spelled == {word for all_of in attribute.classes.values() for word in all_of}
        rules = {rule.id for rule in RULES if rule.kind == kind}
        assert len(guide["contacts"]) == len(rules)
        if guide["control"]:
            assert guide["notes"], kind


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", list(load_kinds()))
def test_a_guide_says_attributes_crs_coverage_and_precision(
    shared_client: TestClient, kind: str, lang: str
) -> None:
    answer = shared_client.get(f"{URL}/{kind}/guide", params={"format": "html", "lang": lang})
    assert answer.status_code == 200
    for said in ("EPSG:4490", "--covers", "--precision-m", "--accept", "XZQDM", f"--kind {kind}"):
        assert said in answer.text, said
    assert "{" not in answer.text.split("</style>")[1]
    title = load_kinds()[kind]
    assert (title.title_zh if lang == "zh" else title.title_en) in answer.text
    for attribute in load_schema(kind, RULES, None).attributes:
        assert all(field in answer.text for field in attribute.fields)


def test_a_guide_can_be_handed_on_as_a_document(shared_client: TestClient) -> None:
    answer = shared_client.get(f"{URL}/lake_belt/guide?format=docx&lang=zh")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert "生态保护核心区" in parts.read("word/document.xml").decode("utf-8")


def test_a_kind_that_is_none_is_refused_in_words(shared_client: TestClient) -> None:
    answer = shared_client.get(f"{URL}/nothing/guide?lang=en")
    assert (answer.status_code, answer.json()["code"]) == (422, "layers.catalogue.unknown_kind")
