"""The fields that an office's own template of a report can have, and what they say."""

from typing import Final

from maps.check.headline_words import line_rows
from maps.check.report.material import (
    HA_DECIMALS,
    M2_DECIMALS,
    MU_DECIMALS,
    CheckMaterial,
    nature_name,
    printed_total,
    say,
    site_name,
)
from maps.document.model import Document, FieldTexts
from maps.i18n import tr
from maps.numbers import number

LINES: Final = ("red_line", "basic_farmland", "development_boundary")
FIELDS: Final = (
    "title",
    "project",
    "maker",
    "file",
    "conclusion",
    "summary",
    *LINES,
    "conditions",
    "contacts",
    "notices",
    "mark",
    "sites",
    "area_m2",
    "area_ha",
    "area_mu",
    "nature",
    "checked_on",
    "check_id",
    "evidence_digest",
    "result_digest",
)
"""Fields of texts, in the order of the guide; ``notices`` and ``sites`` are lists of texts."""


def report_fields(material: CheckMaterial, report: Document, lang: str) -> FieldTexts:
    """Return what each field says; none is empty: what nobody stated shows that it was not."""
    check, cover = material.check, report.cover
    assert cover is not None  # noqa: S101 - every report has one
    area, blank = printed_total(check.sites), say("blank", lang)
    lines = [tag.text for _, tag in line_rows(check.lines, lang)]
    facts = dict(cover.facts)
    evidence, result = material.digests or (say("no_evidence", lang),) * 2
    said: dict[str, str | list[str]] = {
        "title": report.title,
        "project": material.project or blank,
        "maker": material.maker or blank,
        "file": check.read_report.name,
        "conclusion": cover.conclusion.text,
        "summary": cover.summary,
        **(dict(zip(LINES, lines, strict=True)) if lines else dict.fromkeys(LINES, blank)),
        "conditions": facts[tr("beside.conditions", lang)],
        "contacts": facts[tr("beside.contacts", lang)],
        "notices": list(cover.notices) or [tr("template.no_notices", lang)],
        "mark": report.mark or tr("template.no_mark", lang),
        "sites": [site_name(site, lang) for site in check.sites],
        "area_m2": number(area.m2, M2_DECIMALS),
        "area_ha": number(area.ha, HA_DECIMALS),
        "area_mu": number(area.mu, MU_DECIMALS),
        "nature": nature_name(check.nature, lang),
        "checked_on": check.checked_on,
        "check_id": check.id,
        "evidence_digest": evidence,
        "result_digest": result,
    }
    return {name: said[name] for name in FIELDS}
