"""What sites would have to yield, beside what their neighbours do."""

from typing import Final

from maps.density.qualified import marked_text, qualifier
from maps.document.cells import Cell, Column, Formula, Marked, Plain
from maps.document.model import Table
from maps.expansion.answers import RankingReport, SiteEconomics
from maps.i18n import tr
from maps.numbers import number, unit_text
from maps.source_words import source_text

_NUMBERS: Final = ("available", "density_now", "density_then", "value_needed")


def economics_table(answer: RankingReport, lang: str) -> Table:
    """Return the economics of each site; what a site must yield follows its cells."""
    told = [(site.name or site.site_id, site.economics) for site in answer.sites if site.economics]
    first = told[0][1]
    unit = unit_text(first.unit, lang)

    def title(name: str) -> str:
        return tr(f"siting.head_{name}", lang, unit=unit)

    return Table(
        id=tr("siting.sheet_economics", lang),
        caption=tr("siting.sheet_economics", lang),
        columns=(
            Column(title=title("site"), share=1.2),
            *(Column(title=title(name), decimals=2, key=name) for name in _NUMBERS),
            Column(title=title("neighbours"), share=2.6),
        ),
        rows=tuple(
            (name, *_numbers(found, lang), _neighbours(found, lang)) for name, found in told
        ),
        note=_note(first, lang),
    )


def _numbers(found: SiteEconomics, lang: str) -> tuple[Cell, ...]:
    needed: Plain = found.value_of_new_land
    if found.density_then is not None:
        needed = Formula(text="{density_then}*{available}/100", value=found.value_of_new_land)
    now, wanted = qualifier(found.qualifiers, lang), qualifier(found.wanted_qualifiers, lang)
    return (
        found.available_ha,
        Marked(value=found.density_now, mark=now if found.density_now is not None else None),
        Marked(value=found.density_then, mark=wanted if found.density_then is not None else None),
        Marked(value=needed, mark=wanted if needed is not None else None),
    )


def _neighbours(found: SiteEconomics, lang: str) -> str:
    """Return the nearest planning units with their densities, or why they have none."""
    parts = []
    for one in found.neighbours:
        said = f"{number(one.density, 2)} {unit_text(one.density_unit, lang)}"
        density = marked_text(said, one.qualifiers, lang)
        if one.density is None:
            density = tr(f"reasons.{one.reason}", lang)
        parts.append(f"{one.name.text(lang)} ({number(one.distance_km, 1)} km): {density}")
    return "; ".join(parts)


def _note(found: SiteEconomics, lang: str) -> str:
    if found.reason:
        return tr(f"siting.economics_{found.reason}", lang)
    said = tr(
        "siting.economics_note" if found.target_year is None else "siting.economics_target",
        lang,
        name=found.name.text(lang),
        year=found.year,
        target=found.target_year or "",
        denominator=tr(f"denominators.{found.denominator}", lang),
        source=source_text(found.source, lang) if found.source else "—",
    )
    target = f" {found.year}: {tr('ui.target_note', lang)}"
    return said + target if found.value_note == "target" else said
