"""Chapters of which a template does not know keep their place. Oracle: the order, by hand."""

import io

import docx
import pytest

from maps.document.model import Document, Paragraph, Section
from maps.document.office import fill_template

CHOSEN = ("sites", "findings", "proof")
SECTIONS = ("sites", "sides", "findings", "access", "earthworks", "proof")


def filled(*fields: str) -> list[str]:
    template = docx.Document()
    for field in fields:
        template.add_paragraph(field)
    written = io.BytesIO()
    template.save(written)
    content = Document(
        lang="en",
        title="Dossier",
        sections=tuple(
            Section(id=one, title=one, blocks=(Paragraph(text=f"text of {one}"),))
            for one in SECTIONS
        ),
    )
    done = fill_template("office", written.getvalue(), {}, content, chosen=CHOSEN)
    found = [one.text for one in docx.Document(io.BytesIO(done)).paragraphs]
    return [text.removeprefix("text of ") for text in found if text.startswith("text of ")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (["{{ chapters }}"], SECTIONS),
        (
            ["{{ chapter_sites }}", "{{ chapter_findings }}", "{{ chapter_proof }}"],
            SECTIONS,
        ),
        # What an office leaves out stays out; what it cannot know of does not.
        (["{{ chapter_findings }}"], ["sides", "findings", "access", "earthworks"]),
        (["no field"], ["sides", "access", "earthworks"]),
        # The office's order is kept.
        (
            ["{{ chapter_proof }}", "{{ chapter_sites }}"],
            ["proof", "sites", "sides", "access", "earthworks"],
        ),
        (
            ["{{ chapter_access }}", "{{ chapter_sites }}"],
            ["access", "earthworks", "sites", "sides"],
        ),
    ],
)
def test_a_chapter_that_a_template_cannot_know_of_is_not_lost(fields, expected) -> None:
    found = filled(*fields)
    assert sorted(found) == sorted(expected)
    assert found == list(expected)
