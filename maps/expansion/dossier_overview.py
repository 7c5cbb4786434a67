"""All sites of a dossier side by side: what its chapters found of each, fact by fact."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from geo.units import M2_PER_HA
from maps.density.qualified import marked_text
from maps.document.cells import Cell, Column
from maps.document.model import Table
from maps.expansion.access_answers import AccessReport, SiteAccess, Target
from maps.expansion.answers import RankedSite, RankingReport
from maps.expansion.constraint_answers import GroundShareOut, GroundTerms
from maps.expansion.earthworks_answers import EarthworksReport, SiteEarthworks, Span
from maps.expansion.ranking_document import rank_text, reason_text, unfit_text
from maps.expansion.sites_document import verdict_tag
from maps.expansion.suitability_answers import SiteSuitability, SuitabilityReport
from maps.i18n import tr
from maps.numbers import number, unit_text

MOST_SIDE_BY_SIDE: Final = 4
"""Sites whose names a page holds side by side; more stand in further tables."""
_FACTS: Final = ("hard_line_m", "slope_mean_deg", "steep_share_pct")
_WAN: Final = 10_000.0

Line: TypeAlias = tuple[str, Sequence[Cell]]
_Own = TypeVar("_Own", SiteAccess, SiteEarthworks, SiteSuitability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the chapters of a dossier found; None where one could not be computed."""

    ranking: RankingReport
    suitability: SuitabilityReport | None
    access: AccessReport | None
    earthworks: EarthworksReport | None


def overview_tables(found: Found, lang: str) -> list[Table]:
    """Return what was found of each site, a column each, as many tables as pages need."""
    sites, most = _in_order_of_file(found), MOST_SIDE_BY_SIDE
    return [
        _table(found, sites[at : at + most], lang, number_of=at // most)
        for at in range(0, len(sites), most)
    ]


def _in_order_of_file(found: Found) -> list[RankedSite]:
    """Return the proposed sites first, as the file has them; by rank where nobody says."""
    rows = found.suitability.sites if found.suitability else []
    order = {one.name.zh if one.name else one.id: at for at, one in enumerate(rows)}
    return sorted(found.ranking.sites, key=lambda site: order.get(called(site), len(order)))


def _table(found: Found, sites: Sequence[RankedSite], lang: str, number_of: int) -> Table:
    title = tr("dossier.overview", lang)
    more = f" ({number_of + 1})" if number_of else ""
    return Table(
        id=title + more,
        caption=title + more,
        columns=(
            Column(title=tr("dossier.fact", lang), share=1.3),
            *(Column(title=called(site)) for site in sites),
        ),
        rows=tuple(
            (name, *cells)
            for name, cells in (
                *_of_ranking(found.ranking, sites, lang),
                *_of_suitability(found.suitability, sites, lang),
                *_of_access(found.access, sites, lang),
                *_of_earthworks(found.earthworks, sites, lang),
            )
        ),
        note=tr("dossier.overview_note", lang),
    )


def called(site: RankedSite) -> str:
    """Return what a site is called; its id where it has no name."""
    return site.name or site.site_id


def _of_ranking(ranking: RankingReport, sites: Sequence[RankedSite], lang: str) -> Iterator[Line]:
    def each(name: str, cell: Callable[[RankedSite], Cell]) -> Line:
        return tr(f"dossier.{name}", lang), [cell(site) for site in sites]

    yield each("area_ha", lambda one: number(one.area_ha, 2))
    yield each("verdict", lambda one: verdict_tag(one.check, lang))
    yield each("gives_up_ha", lambda one: number(one.taken_m2 / M2_PER_HA, 2))
    for item in ranking.criteria:
        if item.id in _FACTS:
            name = f"{item.name.text(lang)}{_in_brackets(item.unit, lang)}"
            yield name, [_fact(one, item.id, lang) for one in sites]
    yield from _of_ground(ranking.ground_terms, sites, lang)
    yield each("score", _score)
    yield each("rank", lambda one: rank_text(one) if one.feasible else unfit_text(one, lang))
    units = {one.economics.unit for one in sites if one.economics}
    for unit in sorted(units):
        name = tr("dossier.yield", lang, unit=_measure(unit, lang))
        yield name, [_yield(one, lang) for one in sites]


def _in_brackets(unit: str, lang: str) -> str:
    text = unit_text(unit, lang)
    return tr("dossier.in_brackets", lang, text=text) if text else ""


def _measure(unit: str, lang: str) -> str:
    """Return the unit of a value, of which the density over land is told per km²."""
    return unit_text(unit, lang).removesuffix("/km²")


def _fact(site: RankedSite, name: str, lang: str) -> str:
    fact = site.facts[name]
    return number(fact.value, 1) if fact.reason is None else reason_text(fact, lang)


def _score(site: RankedSite) -> Cell:
    if site.score is not None or site.score_least is None:
        return number(site.score, 1)
    return f"{number(site.score_least, 1)}–{number(site.score_most, 1)}"


def _of_ground(terms: GroundTerms | None, sites: Sequence[RankedSite], lang: str) -> Iterator[Line]:
    """Yield the ground that any of the sites takes, or may take, of each constraint."""
    for said in terms.constraints if terms else ():
        shares = [
            next(
                (s for s in (one.takes.shares if one.takes else ()) if s.constraint == said.id),
                None,
            )
            for one in sites
        ]
        if any(share and (share.taken_m2 or share.unknown_m2) for share in shares):
            name = tr("dossier.takes", lang, name=said.name.text(lang))
            yield (
                name,
                [
                    None
                    if share is None
                    else _between(
                        Span(least=share.taken_m2, most=share.taken_m2 + share.unknown_m2),
                        M2_PER_HA,
                    )
                    for share in shares
                ],
            )


def _share(site: RankedSite, constraint: str) -> GroundShareOut | None:
    shares = site.takes.shares if site.takes else ()
    return next((one for one in shares if one.constraint == constraint), None)


def _yield(site: RankedSite, lang: str) -> Cell:
    told = site.economics
    if told is None or told.value_of_new_land is None:
        return None
    return marked_text(number(told.value_of_new_land, 2), told.wanted_qualifiers, lang)


def _of_suitability(
    report: SuitabilityReport | None, sites: Sequence[RankedSite], lang: str
) -> Iterator[Line]:
    """Yield points between the bounds that factors without a raster, and unknown ground, leave."""
    if report is not None:
        own = _by_name(report.sites)
        yield tr("dossier.suitability", lang), [_points(own(site)) for site in sites]


def _points(one: SiteSuitability | None) -> Cell:
    if one is None or one.score is None:
        return None
    bounds = f"{number(one.score.least, 1)}–{number(one.score.most, 1)}"
    return f"{number(one.score.points, 1)} ({bounds})"


def _of_access(
    access: AccessReport | None, sites: Sequence[RankedSite], lang: str
) -> Iterator[Line]:
    if access is None:
        return
    by_name = _by_name(access.sites)
    titles = {one.title.zh: one.title for own in access.sites for one in own.targets}
    for key, title in titles.items():
        name = tr("dossier.to", lang, name=title.text(lang))
        yield name, [_reached(by_name(site), key, lang) for site in sites]


def _reached(own: SiteAccess | None, title_zh: str, lang: str) -> Cell:
    targets = [one for one in own.targets if one.title.zh == title_zh] if own else []
    return _way(targets[0], lang) if targets else None


def _way(one: Target, lang: str) -> str:
    if one.how == "road":
        minutes, km = number(one.minutes, 0), number(one.road_km, 1)
        return tr("dossier.by_road", lang, minutes=minutes, km=km)
    if one.how == "straight":
        return tr("dossier.straight", lang, km=number(one.straight_km, 1))
    return tr(f"dossier.{one.how}", lang)


def _of_earthworks(
    works: EarthworksReport | None, sites: Sequence[RankedSite], lang: str
) -> Iterator[Line]:
    if works is None:
        return
    own = _by_name(works.sites)

    def each(name: str, cell: Callable[[SiteEarthworks], Cell]) -> Line:
        found = [own(site) for site in sites]
        return tr(f"dossier.{name}", lang), [None if one is None else cell(one) for one in found]

    yield each("cut", lambda one: _volume(one, "cut_m3", lang))
    yield each("fill", lambda one: _volume(one, "fill_m3", lang))
    if works.prices:
        yield each("cost", lambda one: _between(one.cost_cny, _WAN) if one.cost_cny else None)


def _volume(one: SiteEarthworks, name: str, lang: str) -> Cell:
    """Return a volume with its bounds, or with the word that bounds cannot be told."""
    value = getattr(one, name)
    if value is None:
        return None
    text = number(value / _WAN, 2)
    if one.open_slopes:
        text = tr("dossier.at_least", lang, value=text)
    if one.interval is None:
        return text + tr("dossier.no_bounds", lang)
    return f"{text} ({_between(getattr(one.interval, name), _WAN)})"


def _between(span: Span, part: float) -> str:
    least, most = number(span.least / part, 2), number(span.most / part, 2)
    return least if least == most else f"{least}–{most}"


def _by_name(rows: Sequence[_Own]) -> Callable[[RankedSite], _Own | None]:
    """Return how to find what was found of a site: all chapters read the same file."""
    found = {one.name.zh if one.name else one.id: one for one in rows}
    return lambda site: found.get(called(site))
