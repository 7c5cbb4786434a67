"""Maps for print at the doors. Oracles: the page's size, and what the SVG says was written."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.settings import PREFIX

URL = "/api/v1/figures"
KUNMING = [102.70, 24.88, 102.92, 25.06]
WISH = {"layers": ["counties", "districts"], "bounds_lonlat": KUNMING}


def written(svg: bytes) -> str:
    """All text of a map: matplotlib notes in a comment what its outlines spell."""
    return "\n".join(re.findall(r"<!-- (.*?) -->", svg.decode("utf-8")))


@pytest.mark.parametrize(
    ("paper", "upright", "size_mm"),
    [("A4", False, (297, 210)), ("A4", True, (210, 297)), ("A3", False, (420, 297))],
)
def test_a_sheet_has_the_size_of_its_paper(
    shared_client: TestClient, paper: str, upright: bool, size_mm: tuple[int, int]
) -> None:
    body = {**WISH, "paper": paper, "upright": upright}
    (page,) = PdfReader(io.BytesIO(shared_client.post(URL, json=body).content)).pages
    found = [float(side) / 72 * 25.4 for side in (page.mediabox.width, page.mediabox.height)]
    assert found == pytest.approx(size_mm, abs=0.1)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("图例", "比例尺 1:", "EPSG:4543", "审图号：GS(2026)1", "某院")),
        ("en", ("Legend", "Scale 1:", "EPSG:4543", "Map review number: GS(2026)1", "某院")),
    ],
)
def test_a_sheet_carries_what_a_map_must(
    shared_client: TestClient, lang: str, words: tuple[str, ...]
) -> None:
    body = {**WISH, "format": "svg", "maker": "某院", "review_number": "GS(2026)1", "title": "甲"}
    said = written(shared_client.post(f"{URL}?lang={lang}", json=body).content)
    for word in (*words, "甲"):
        assert word in said


def test_boundaries_carry_their_source_and_review_number(shared_client: TestClient) -> None:
    said = written(shared_client.post(f"{URL}?lang=zh", json={**WISH, "format": "svg"}).content)
    assert "GS(2024)0650" in said.replace("\n", "")


def test_an_internal_layer_and_data_for_demonstration_are_marked(
    shared_client: TestClient,
) -> None:
    public = written(shared_client.post(f"{URL}?lang=zh", json={**WISH, "format": "svg"}).content)
    body = {"layers": ["demo_ecological_red_line"], "bounds_lonlat": KUNMING, "format": "svg"}
    internal = written(shared_client.post(f"{URL}?lang=zh", json=body).content)
    assert "不得公开" not in public
    assert "不得公开" in internal
    assert "演示数据　不得作为审批依据" in internal
    assert "示意范围　并非法定边界" in public


def test_sites_of_a_check_are_drawn_and_in_view(shared_client: TestClient) -> None:
    ring = [[102.77, 24.935], [102.78, 24.935], [102.78, 24.945], [102.77, 24.935]]
    site = {"type": "Feature", "properties": {"name": "--><script>"}}
    site["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    collection = {"type": "FeatureCollection", "features": [site]}
    check = shared_client.post("/api/v1/checks", json=collection).json()
    body = {"check_id": check["id"], "layers": ["demo_ecological_red_line"], "format": "svg"}
    svg = shared_client.post(f"{URL}?lang=zh", json=body).content
    assert b"<script" not in svg.replace(b"<!-- - -><script> -->", b"")
    assert "核查地块" in written(svg)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"format": "gif"}, "api.files.format"),
        ({"paper": "A0"}, "paper"),
        ({"layers": []}, "layers"),
        ({"bounds_lonlat": [102.9, 24.9, 102.7, 25.0]}, "bounds_lonlat"),
        ({"bounds_lonlat": [-180, -90, 180, 90]}, "bounds_lonlat"),
        ({"bounds_lonlat": [102.7, 24.9, 102.7, 24.9]}, "bounds_lonlat"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    shared_client: TestClient, change: dict, field: str
) -> None:
    answer = shared_client.post(URL, json={**WISH, **change})
    assert answer.status_code == 422
    assert field in answer.json()["params"].get("field", answer.json()["code"])


def test_an_unknown_layer_is_not_found(shared_client: TestClient) -> None:
    assert shared_client.post(URL, json={"layers": ["nothing"]}).status_code == 404


def test_both_doors_draw_the_same(
    shared_client: TestClient, built_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(built_store))
    output = tmp_path / "图.png"
    bounds = ",".join(map(str, KUNMING))
    arguments = ["--layers", "counties", "--layers", "districts", "--bounds-lonlat", bounds]
    done = CliRunner().invoke(app, ["figure", "-o", str(output), *arguments])
    assert done.exit_code == 0, done.output
    over_http = shared_client.post(f"{URL}?lang=zh", json={**WISH, "format": "png"}).content
    assert output.read_bytes() == over_http
    assert Image.open(io.BytesIO(over_http)).size == pytest.approx((2572, 1818), abs=2)
    wrong = CliRunner().invoke(app, ["figure", "-o", str(output), "--bounds-lonlat", "1,2"])
    assert wrong.exit_code == 2
