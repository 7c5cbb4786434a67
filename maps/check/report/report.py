"""The report of a check put together: front page and chapters."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from maps.check.answers import CheckResult
from maps.check.certificate import sensitive_section
from maps.check.headline_words import ahead_notices, beside_rows, line_rows
from maps.check.land_document import land_section
from maps.check.report.annex import contacts_section, open_section, reviewed_section
from maps.check.report.argument import argument_section
from maps.check.report.decisions import decisions_section
from maps.check.report.findings import findings_section, lines_section
from maps.check.report.material import (
    HA_DECIMALS,
    M2_DECIMALS,
    MU_DECIMALS,
    CheckMaterial,
    nature_name,
    nature_notice,
    printed_total,
    reviewed_tag,
    say,
    site_name,
    withdrawn_text,
)
from maps.check.report.places import coordinates_section
from maps.check.report.proof import basis_section, proof_section
from maps.check.report.protection import protection_section
from maps.check.report.sites import sites_section
from maps.document.model import Cover, Document, Section
from maps.i18n import tr
from maps.numbers import number

CHAPTERS: Final[Mapping[str, Callable[[CheckMaterial, str], Section]]] = MappingProxyType(
    {
        "sites": sites_section,
        "lines": lines_section,
        "findings": findings_section,
        "land": lambda material, lang: land_section(material.check, lang),
        "sensitive": lambda material, lang: sensitive_section(material.check, lang),
        "nature": decisions_section,
        "argument": argument_section,
        "why": protection_section,
        "basis": basis_section,
        "contacts": contacts_section,
        "reviewed": reviewed_section,
        "open": open_section,
        "coordinates": coordinates_section,
        "proof": proof_section,
    }
)
"""The chapters in their order, by the names that templates use."""


def check_report(material: CheckMaterial, lang: str) -> Document:
    """Return the report of a check in a language; every form is printed from this one.

    Nothing in it depends on when it is printed: the same check gives the same report.
    """
    check = material.check
    marks = [tr(f"basis.{basis.status}", lang) for basis in check.basis]
    return Document(
        lang=lang,
        title=say("title", lang),
        subtitle=material.project or _called(material, lang),
        mark="; ".join(marks) or None,
        foot=say("foot", lang, id=check.id, date=check.checked_on),
        cover=_cover(material, lang),
        sections=tuple(
            dataclasses.replace(build(material, lang), id=name) for name, build in CHAPTERS.items()
        ),
    )


def _called(material: CheckMaterial, lang: str) -> str:
    """Return what a report is about: sites that have names, else the file."""
    check = material.check
    if not check.sites or not all(site.name for site in check.sites):
        return check.read_report.name
    return _listed([site.name or "" for site in check.sites], lang)


def _listed(names: Sequence[str], lang: str) -> str:
    mark = tr("report.list_mark", lang)
    return mark.join(names[:5]) + (say("and_more", lang, count=len(names)) * (len(names) > 5))


def _cover(material: CheckMaterial, lang: str) -> Cover:
    check = material.check
    sites = check.sites
    listed = _listed([site_name(site, lang) for site in sites], lang)
    area = printed_total(sites)
    notices = [
        say(
            "cover_basis",
            lang,
            warning=tr(f"basis.{one.status}", lang),
            count=len(one.layer_ids),
            chapter=say("basis", lang),
        )
        for one in check.basis
    ]
    notices += [notice.text for notice in ahead_notices(check, lang)]
    if notice := nature_notice(check.nature, lang):
        notices.append(notice)
    if check.reviewed_verdict:
        computed = tr(f"verdicts.{check.verdict}", lang)
        notices.append(say("reviewed_notice", lang, computed=computed))
    notices += [withdrawn_text(one, lang) for one in check.withdrawn]
    if check.are_overlapping:
        notices.append(tr("beside.sites_overlap", lang))
    if check.left_out:
        notices.append(say("left_out_notice", lang, count=check.left_out_count))
    blank = say("blank", lang)
    return Cover(
        lines=line_rows(check.lines, lang),
        conclusion=reviewed_tag(check.verdict, check.reviewed_verdict, lang),
        summary=_summary(check, lang),
        facts=(
            *beside_rows(check, lang),
            (say("project", lang), material.project or blank),
            (say("sites_named", lang), listed),
            (
                say("area", lang),
                say(
                    "area_all",
                    lang,
                    m2=number(area.m2, M2_DECIMALS),
                    ha=number(area.ha, HA_DECIMALS),
                    mu=number(area.mu, MU_DECIMALS),
                ),
            ),
            (say("nature", lang), nature_name(check.nature, lang)),
            (say("checked_on", lang), check.checked_on),
            (say("check_id", lang), check.id),
            (say("maker", lang), material.maker or blank),
            (say("made_by", lang), blank),
            (say("approved_by", lang), blank),
            (say("made_on", lang), blank),
        ),
        notices=tuple(notices),
    )


def _summary(check: CheckResult, lang: str) -> str:
    """Return what was computed in a sentence, and what it is after review."""
    computed = say(f"conclusion_{check.verdict}", lang)
    if check.reviewed_verdict is None:
        return computed
    reviewed = say(f"conclusion_{check.reviewed_verdict}", lang)
    return say("conclusion_both", lang, computed=computed, reviewed=reviewed)
