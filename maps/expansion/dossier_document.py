"""The dossier of a site: the report of its check, with what speaks for and against it there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from layers.expansion.siting import siting_terms
from maps.answers import Answer, Title
from maps.document.cells import Cell, Column, columns
from maps.document.model import Block, Document, Paragraph, Section, Table
from maps.expansion.access_answers import AccessReport
from maps.expansion.answers import RankingReport
from maps.expansion.dossier_overview import Found, overview_tables
from maps.expansion.earthworks_answers import EarthworksReport
from maps.expansion.suitability_answers import SuitabilityReport
from maps.i18n import tr
from maps.numbers import number

_BEFORE: Final = ("sites", "lines", "findings", "land", "sensitive", "nature", "argument", "why")
"""Chapters of the report that come before what is compared; the others are annexes."""
PARTS: Final = ("alternatives", "ground", "suitability", "access", "earthworks")


@dataclass(frozen=True, slots=True, kw_only=True)
class SideOut:
    """What lies next to a site on one side; nothing named within reach is None."""

    site: str
    side: str
    neighbour: Title | None
    layer: Title | None
    status: str | None
    distance_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the dossier: what was computed, or in words why it could not be.

    ``answer`` is what its document was made of.
    """

    document: Document | None
    problem: str | None = None
    answer: Answer | None = None


def dossier_document(
    report: Document,
    sides: Sequence[SideOut],
    parts: Mapping[str, Part],
    notes: Sequence[str],
    lang: str,
) -> Document:
    """Return the dossier: front page and chapters of the check with the parts between them.

    ``notes`` say how alternatives were chosen, and what was not asked for.
    """
    by_id = {one.id: one for one in report.sections}
    before = [by_id[name] for name in _BEFORE if name in by_id]
    annexes = [one for one in report.sections if one.id not in _BEFORE]
    compared = [section for name in PARTS for section in _sections(name, parts[name], lang)]
    marks = [report.mark, *(one.document.mark for one in parts.values() if one.document)]
    return replace(
        report,
        title=tr("dossier.title", lang),
        mark="; ".join(dict.fromkeys(mark for mark in marks if mark)) or None,
        sections=(
            *before[:1],
            _sides_section(sides, lang),
            *before[1:],
            *_with_notes(compared, notes, _overview(parts, lang)),
            # Sheets on their side come last: a page before them is never left half empty.
            *sorted(annexes, key=lambda one: one.wide),
        ),
    )


def _overview(parts: Mapping[str, Part], lang: str) -> list[Table]:
    """Return all sites side by side, where they could be compared."""
    ranking = parts["alternatives"].answer
    if not isinstance(ranking, RankingReport):
        return []
    suitability, access, works = (
        parts[name].answer for name in ("suitability", "access", "earthworks")
    )
    found = Found(
        ranking=ranking,
        suitability=suitability if isinstance(suitability, SuitabilityReport) else None,
        access=access if isinstance(access, AccessReport) else None,
        earthworks=works if isinstance(works, EarthworksReport) else None,
    )
    return overview_tables(found, lang)


def _with_notes(
    sections: list[Section], notes: Sequence[str], overview: Sequence[Table]
) -> list[Section]:
    lead: list[Block] = [Paragraph(text=note, role="notice") for note in notes]
    lead += overview
    return [replace(sections[0], blocks=(*lead, *sections[0].blocks)), *sections[1:]]


def _sections(name: str, part: Part, lang: str) -> list[Section]:
    title = tr(f"dossier.{name}", lang)
    if part.document is None:
        text = part.problem or tr("dossier.not_computed", lang)
        return [Section(title=title, blocks=(Paragraph(text=text, role="notice"),), id=name)]
    return [
        replace(section, title=title, id=name)
        if not at
        else replace(section, title=tr("dossier.continued", lang, title=title), id=f"{name}_{at}")
        for at, section in enumerate(part.document.sections)
    ]


def _sides_section(sides: Sequence[SideOut], lang: str) -> Section:
    title = tr("dossier.sides", lang)
    table = Table(
        id=title,
        caption=title,
        columns=columns("dossier", lang, Column(title="site"), Column(title="side", share=0.7),
                        Column(title="neighbour", share=1.6),
                        Column(title="distance_m", decimals=0),
                        Column(title="layer", share=2.0), Column(title="status")),
        rows=tuple(_side_row(one, lang) for one in sides),
        note=tr("dossier.sides_note", lang, reach=_reach_km()),
    )  # fmt: skip
    return Section(title=title, blocks=(*_sentences(sides, lang), table), id="sides")


def _reach_km() -> str:
    return number(siting_terms().bound_reach_m / 1000.0, 0)


def _sentences(sides: Sequence[SideOut], lang: str) -> list[Paragraph]:
    """Return the bounds of each site in a sentence, as documents write them."""
    by_site: dict[str, list[SideOut]] = {}
    for one in sides:
        by_site.setdefault(one.site, []).append(one)
    return [
        Paragraph(
            text=tr("dossier.bounds", lang, site=site,
                    sides=tr("dossier.comma", lang).join(_bound(one, lang) for one in own))
        )
        for site, own in by_site.items()
    ]  # fmt: skip


def _bound(one: SideOut, lang: str) -> str:
    side = tr(f"dossier.{one.side}", lang)
    if one.neighbour is None or one.status is None:
        return tr("dossier.bound_open", lang, side=side, reach=_reach_km())
    words = "through" if one.side == "within" else "bound"
    name = one.neighbour.text(lang) + _qualified(one.status, lang)
    return tr(f"dossier.{words}", lang, side=side, name=name)


def _qualified(status: str, lang: str) -> str:
    if status == "official":
        return ""
    return tr("dossier.qualified", lang, status=tr(f"statuses.{status}", lang))


def _side_row(one: SideOut, lang: str) -> tuple[Cell, ...]:
    return (
        one.site,
        tr(f"dossier.{one.side}", lang),
        one.neighbour.text(lang) if one.neighbour else None,
        one.distance_m,
        one.layer.text(lang) if one.layer else None,
        tr(f"statuses.{one.status}", lang) if one.status else None,
    )
