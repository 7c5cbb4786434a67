"""An office's own template. Oracle: templates written here, and the same check's own report."""

import io
from pathlib import Path

import docx
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.check.report.build import ReportWish, build_report
from api.check.report.templates import TemplateFormError, UnknownTemplateError
from api.check.sites import read_and_check
from api.cli import app
from api.settings import Settings
from api.workspace.workspace import Workspace
from layers.model import ReadOptions
from layers.readers import Source
from maps.check.report.fields import FIELDS
from maps.check.report.report import CHAPTERS
from maps.check.report.sample import sample_template
from maps.document.office import BrokenTemplateError, ChapterPlaceError, UnknownFieldError
from maps.i18n import tr

SITE = (
    b'{"type":"Feature","properties":{"name":"{{ 7*7 }} <A&B>"},"geometry":{"type":"Polygon",'
    b'"coordinates":[[[102.77,24.935],[102.78,24.935],[102.78,24.945],[102.77,24.945],'
    b"[102.77,24.935]]]}}"
)


@pytest.fixture
def office(own_store: Path, tmp_path: Path) -> Workspace:
    folder = tmp_path / "templates"
    folder.mkdir()
    return Workspace(Settings(data_dir=own_store, templates_dir=folder))


def put(office: Workspace, name: str, *paragraphs: str, cell: str | None = None) -> None:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if cell is not None:
        document.add_table(1, 1).rows[0].cells[0].text = cell
    document.save(str(office.settings.templates_dir / f"{name}.docx"))


def made(office: Workspace, template: str, lang: str = "en", **more: str) -> docx.document.Document:
    source = Source(name="site.geojson", files={"site.geojson": SITE})
    result = read_and_check(office, source, ReadOptions(), "park_expansion")
    wish = ReportWish(form="docx", lang=lang, template=template, **more)
    return docx.Document(io.BytesIO(build_report(office, result.id, wish)))


def texts(document: docx.document.Document) -> list[str]:
    return [one.text for one in document.paragraphs]


def test_fields_are_filled_as_plain_text_and_none_is_empty(office: Workspace) -> None:
    put(office, "front", *(f"{name}=[{{{{ {name} }}}}]" for name in FIELDS))
    said = dict(one.split("=", 1) for one in texts(made(office, "front")) if "=[" in one)
    assert set(said) == set(FIELDS)
    assert all(value not in ("[]", "[None]") for value in said.values())
    assert said["conclusion"] == f"[{tr('verdicts.conflict', 'en')}]"
    assert said["project"] == f"[{tr('report.blank', 'en')}]"
    assert said["area_m2"] == "[1,118,786.71]"  # as the check itself prints it
    # A name of a site is words, whatever it looks like.
    assert "{{ 7*7 }} <A&B>" in said["sites"]


def test_chapters_take_the_places_of_their_fields(office: Workspace) -> None:
    put(office, "two", "before", "{{ chapter_proof }}", "between", "{{ chapter_sites }}", "after")
    document = made(office, "two", project="P")
    found = [
        one for one in texts(document)
        if one in ("before", "between", "after") or one.startswith(("1 ", "14 "))
    ]  # fmt: skip
    proof, sites = tr("report.proof", "en"), tr("report.sites", "en")
    assert found == ["before", f"14 {proof}", "between", f"1 {sites}", "after"]
    assert len(document.inline_shapes) == 1  # where the sites are
    assert len(document.tables) >= 4


def test_a_template_cannot_hide_that_data_are_for_demonstration(office: Workspace) -> None:
    put(office, "bare", "{{ conclusion }}")
    document = made(office, "bare")
    mark = tr("basis.demonstration", "en")
    assert document.sections[0].header.paragraphs[0].text == mark
    assert mark in texts(document)[0]
    put(office, "own", "{{ notices }}")
    assert sum(mark in one for one in texts(made(office, "own"))) == 1


@pytest.mark.parametrize(
    ("paragraphs", "cell", "error"),
    [
        (("{{ wether }}",), None, UnknownFieldError),
        (("{{ title }",), None, BrokenTemplateError),
        (("{% if title %}",), None, BrokenTemplateError),
        (("{{ title.__class__.__mro__ }}",), None, BrokenTemplateError),
        (("{{ title.nothing }}",), None, BrokenTemplateError),
        (("{{ 1 / 0 }}",), None, BrokenTemplateError),
        (("{{ title + 1 }}",), None, BrokenTemplateError),
        (("{% for one in range(10**9) %}{% endfor %}",), None, BrokenTemplateError),
        (("see {{ chapter_sites }}",), None, ChapterPlaceError),
        (("x",), "{{ chapter_sites }}", ChapterPlaceError),
    ],
)
def test_a_template_that_cannot_be_used_says_why(
    office: Workspace, paragraphs: tuple[str, ...], cell: str | None, error: type[Exception]
) -> None:
    put(office, "bad", *paragraphs, cell=cell)
    with pytest.raises(error) as caught:
        made(office, "bad")
    assert caught.value.params["name"] == "bad"


def test_a_file_that_is_no_word_file_is_broken(office: Workspace) -> None:
    (office.settings.templates_dir / "text.docx").write_bytes(b"not a zip")
    with pytest.raises(BrokenTemplateError):
        made(office, "text")


def test_only_names_in_the_folder_are_templates_and_only_word_is_made(office: Workspace) -> None:
    put(office, "one", "x")
    for name in ("two", "../one", ""):
        with pytest.raises(UnknownTemplateError) as caught:
            made(office, name)
        assert caught.value.params["known"] == ["one"]
    with pytest.raises(TemplateFormError):
        build_report(office, "0" * 20, ReportWish(form="pdf", lang="en", template="one"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_names_every_field_and_chapter_and_makes_a_report(
    office: Workspace, lang: str
) -> None:
    sample = sample_template(lang)
    assert sample == sample_template(lang)
    (office.settings.templates_dir / "sample.docx").write_bytes(sample)
    document = made(office, "sample", lang)
    whole = "\n".join([*texts(document), *(c.text for c in document.tables[0]._cells)])
    assert "{{ chapter" not in whole
    for at, name in enumerate(CHAPTERS, start=1):
        assert any(one.startswith(f"{at} ") for one in texts(document)), name
    assert len(document.tables[0].rows) == len(FIELDS)
    assert all(row.cells[1].text.strip() for row in document.tables[0].rows)


@pytest.mark.slow
def test_over_http_a_template_is_named_and_errors_have_words(office: Workspace) -> None:
    put(office, "front", "{{ conclusion }}")
    put(office, "bad", "{{ wether }}")
    hosts = office.settings.model_copy(update={"allowed_hosts": ("testserver",)})
    client = TestClient(create_app(hosts))
    result = client.post(
        "/api/v1/checks", content=SITE, headers={"Content-Type": "application/geo+json"}
    ).json()
    address = f"/api/v1/checks/{result['id']}/report.docx"
    good = client.get(address, params={"template": "front", "lang": "en"})
    assert good.status_code == 200
    assert tr("verdicts.conflict", "en") in texts(docx.Document(io.BytesIO(good.content)))
    for lang, word in (("zh", "未知字段"), ("en", "fields that there are none of")):
        bad = client.get(address, params={"template": "bad"}, headers={"Accept-Language": lang})
        assert bad.status_code == 422
        assert word in bad.text
        assert "wether" in bad.text
    assert client.get("/api/v1/report-template.docx").content == sample_template("zh")


def test_the_guide_lists_every_field_and_chapter() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "report-template.md").read_text("utf-8")
    for name in (*FIELDS, *(f"chapter_{name}" for name in CHAPTERS)):
        assert f"`{{{{ {name} " in guide, name


def test_the_sample_is_written_by_command_too(tmp_path: Path) -> None:
    path = tmp_path / "office.docx"
    done = CliRunner().invoke(app, ["report-template", "-o", str(path), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert path.read_bytes() == sample_template("en")
