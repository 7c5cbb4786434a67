"""What sites take of ground under constraints, as tables and notices."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from geo.units import M2_PER_HA
from maps.document.cells import Cell, Column, Marked, Tag, columns
from maps.document.model import Block, Paragraph, Table
from maps.expansion.constraint_answers import (
    SHARE_DECIMALS,
    GroundConstraintOut,
    GroundShareOut,
    GroundTerms,
    SiteGround,
)
from maps.i18n import tr
from maps.numbers import number

Taken: TypeAlias = Sequence[tuple[str, SiteGround]]
"""What sites are called, with what each takes."""

_WAN: Final = 10_000.0
_NOBODY_TELLS: Final = frozenset({"no_layer", "layer_gone", "no_such_class"})
_TONES: Final[Mapping[str, str]] = {
    "kept": "clear",
    "broken": "conflict",
    "cannot_tell": "cannot_tell",
}


def constraint_blocks(terms: GroundTerms | None, sites: Taken, lang: str) -> Iterator[Block]:
    """Yield the ground that sites take, of what nobody can tell, and what it asks for."""
    if terms is None or not sites:
        return
    by_id = {one.id: one for one in terms.constraints}
    untold = _find_unknown(terms, sites)
    for name, reason in untold.items():
        text = tr(f"siting.ground_{reason}", lang)
        why = tr("siting.ground_unknown", lang, reason=text)
        yield Paragraph(text=f"{by_id[name].name.text(lang)}: {why}", role="notice")
    rows = [
        _row(called, by_id[share.constraint], share, lang)
        for called, site in sites
        for share in site.shares
        if share.constraint not in untold and _is_news(share)
    ]
    if rows:
        yield _table(rows, lang)
    elif len(untold) < len(by_id):
        yield Paragraph(text=tr("siting.takes_none", lang))
    yield from _basis(terms, lang)


def points_and_cost(terms: GroundTerms | None) -> tuple[bool, bool]:
    """Return whether any constraint takes points, and whether any has a price."""
    said = terms.constraints if terms else []
    return (
        any(one.points_per_pct is not None for one in said),
        any(one.yuan_per_ha is not None for one in said),
    )


def ground_columns(terms: GroundTerms | None) -> tuple[Column, ...]:
    """Return the columns that sum up what a site takes, where there is anything to sum up."""
    points, cost = points_and_cost(terms)
    found = [Column(title="ground_points", decimals=1)] if points else []
    return (*found, *([Column(title="cost", decimals=2)] if cost else []))


def ground_cells(terms: GroundTerms | None, site: SiteGround, lang: str) -> tuple[Cell, ...]:
    """Return the cells of :func:`ground_columns`: the worst case, with the best beside it."""
    points, cost = points_and_cost(terms)
    found: list[Cell] = []
    if points:
        found.append(_between(site.least_points, site.most_points, 1, lang))
    if cost and site.most_yuan is not None and site.least_yuan is not None:
        found.append(_between(site.most_yuan / _WAN, site.least_yuan / _WAN, 2, lang))
    return tuple(found)


def _between(worst: float, best: float, decimals: int, lang: str) -> Cell:
    if number(worst, decimals) == number(best, decimals):
        return worst
    return Marked(value=worst, mark=tr("siting.ground_best", lang, best=number(best, decimals)))


def _find_unknown(terms: GroundTerms, sites: Taken) -> dict[str, str]:
    """Return the constraints of which nobody can tell for any site, and why."""
    found = {}
    for one in terms.constraints:
        reasons = {
            share.reason for _, site in sites for share in site.shares if share.constraint == one.id
        }
        if len(reasons) == 1 and reasons <= _NOBODY_TELLS:
            found[one.id] = str(*reasons)
    return found


def _is_news(share: GroundShareOut) -> bool:
    return bool(share.taken_m2 or share.unknown_m2)


def _table(rows: list[tuple[Cell, ...]], lang: str) -> Table:
    return Table(
        id=tr("siting.taken_caption", lang),
        caption=tr("siting.taken_caption", lang),
        columns=columns("siting", lang,
                        Column(title="site"),
                        Column(title="takes", share=1.6),
                        Column(title="treatment"),
                        Column(title="taken_ha", decimals=2),
                        Column(title="unknown_ha", decimals=2),
                        Column(title="taken_pct", decimals=SHARE_DECIMALS),
                        Column(title="limit_pct", decimals=SHARE_DECIMALS),
                        Column(title="kept"),
                        Column(title="cost", decimals=2),
                        Column(title="asks", share=3.0)),
        rows=tuple(rows),
    )  # fmt: skip


def _row(
    called: str, said: GroundConstraintOut, share: GroundShareOut, lang: str
) -> tuple[Cell, ...]:
    limit_pct = 0.0 if said.treatment == "hard" else said.at_most_pct
    cost: Cell = None
    if share.least_yuan is not None and share.most_yuan is not None:
        cost = _between(share.most_yuan / _WAN, share.least_yuan / _WAN, 2, lang)
    return (
        called,
        said.name.text(lang),
        tr(f"siting.treatment_{said.treatment}", lang),
        share.taken_m2 / M2_PER_HA,
        Marked(
            value=share.unknown_m2 / M2_PER_HA,
            mark=tr(f"siting.ground_{share.reason}", lang) if share.reason else None,
        ),
        _between(share.most_pct, share.least_pct, SHARE_DECIMALS, lang),
        limit_pct,
        _kept(share, lang),
        cost,
        said.asks.text(lang) if said.asks else None,
    )


def _kept(share: GroundShareOut, lang: str) -> Cell:
    if share.verdict is None:
        return None
    return Tag(text=tr(f"siting.ground_{share.verdict}", lang), tone=_TONES[share.verdict])


def _basis(terms: GroundTerms, lang: str) -> Iterator[Paragraph]:
    name, note = terms.name.text(lang), terms.note.text(lang)
    yield Paragraph(text=tr("siting.ground_terms", lang, name=name, note=note), role="citation")
    if terms.replaced:
        names = [one.text(lang) for one in terms.replaced]
        yield Paragraph(text=tr("siting.ground_replaced", lang, names=names), role="citation")
    prices = [
        tr("siting.ground_price", lang, name=one.name.text(lang),
           price=number(one.yuan_per_ha / _WAN, 2), year=str(one.price_year),
           source=one.price_source)
        for one in terms.constraints
        if one.yuan_per_ha is not None
    ]  # fmt: skip
    if prices:
        text = tr("siting.ground_prices", lang, prices=prices)
        yield Paragraph(text=text, role="citation")
