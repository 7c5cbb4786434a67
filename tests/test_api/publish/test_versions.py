"""Versions of a published map. Oracle: two plans that differ in what is listed, and their bytes."""

import re

from api.publish.bundle import change_publication, publish
from api.publish.publication_plan import PublicationPlan, parse_plan
from api.workspace.withdraw import Wish
from api.workspace.workspace import Workspace
from maps.publish.versions import changes_between

HTML = {"accept": "text/html"}


def plan(**changes: object) -> PublicationPlan:
    content = {
        "id": "zone",
        "title": {"zh": "边界", "en": "Boundary"},
        "maker": {"zh": "某局", "en": "A bureau"},
        "disclaimer": {"zh": "示意", "en": "A sketch"},
        "data_date": "2026-11-01",
        "review_number": None,
        "draft": True,
        "prints": False,
        "layers": [{"id": "districts", "displacement_m": 0}, {"id": "lakes", "displacement_m": 0}],
    }
    return parse_plan({**content, **changes})


LATER = {
    "data_date": "2026-11-20",
    "review_number": "云S(2026)12号",
    "draft": False,
    "layers": [{"id": "districts", "displacement_m": 50}, {"id": "zone", "displacement_m": 0}],
}


def released(workspace: Workspace, **changes: object) -> str:
    bundle = publish(workspace, plan(**changes), release=True)
    assert bundle.sha256
    return bundle.sha256


def test_what_changed_is_named(workspace: Workspace) -> None:
    first, second = released(workspace), released(workspace, **LATER)
    manifests = [workspace.publications.manifest("zone", one) for one in (first, second)]
    found = {(one.code, one.params.get("layer")) for one in changes_between(*manifests)}
    assert found == {
        ("data_date", None),
        ("review_number", None),
        ("draft", None),
        ("layer_displacement_m", "districts"),
        ("layer_added", "zone"),
        ("layer_removed", "lakes"),
    }
    assert changes_between(manifests[0], manifests[0]) == []


def test_a_page_leads_through_all_versions(client, workspace: Workspace) -> None:
    first, second = released(workspace), released(workspace, **LATER)
    for lang, words in (("zh", "数据日期：2026-11-01 → 2026-11-20"), ("en", "New layer zone")):
        page = client.get(f"/public/zone/versions?lang={lang}")
        assert words in page.text
        for sha256 in (first, second):
            assert f"{sha256}/index.html" in page.text
        assert "frame-src 'self'" in page.headers["content-security-policy"]
        # Its one script is that which its policy names.
        assert "unsafe" not in page.headers["content-security-policy"]
    assert client.get("/public/none/versions").status_code == 404


def test_a_permanent_address_keeps_its_bytes_and_leads_on(client, workspace: Workspace) -> None:
    first = released(workspace)
    address = f"/public/zone/{first}/index.html"
    before = client.get(address)
    released(workspace, **LATER)
    after = client.get(address)
    assert after.content == before.content
    assert re.findall(r'<([^>]+)>; rel="([^"]+)"', after.headers["link"]) == [
        ("../", "latest-version"),
        ("../versions", "version-history"),
    ]


def test_a_withdrawn_version_says_so_and_leads_to_the_present_one(
    client, workspace: Workspace
) -> None:
    first, second = released(workspace), released(workspace, **LATER)
    wish = Wish(withdrawn=True, name="李某", reason="有误")
    change_publication(workspace, "zone", first, wish)
    gone = client.get(
        f"/public/zone/{first}/index.html?", headers={**HTML, "accept-language": "en"}
    )
    assert gone.status_code == 410
    assert "withdrawn on 20" in gone.text
    assert 'href="../"' in gone.text
    # Who withdrew it and why is the office's own affair.
    assert "李某" not in gone.text
    assert "有误" not in gone.text
    refusal = client.get(f"/public/zone/{first}/index.html")
    assert (refusal.status_code, refusal.json()["status"]) == (410, 410)
    page = client.get("/public/zone/versions?lang=zh").text
    assert f"{first}/index.html" not in page
    assert "撤回" in page
    change_publication(workspace, "zone", second, wish)
    nothing = client.get("/public/zone/", headers={**HTML, "accept-language": "zh"})
    assert nothing.status_code == 410
    assert "目前没有公开的版本" in nothing.text
