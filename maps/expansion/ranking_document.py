"""The comparison of sites (比选表) as a document whose points, scores and ranks compute."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from geo.units import round_as_printed
from maps.check.certificate import not_examined_blocks
from maps.document.cells import Cell, Column, Formula, columns
from maps.document.model import (
    Block,
    Document,
    Figure,
    Paragraph,
    Picture,
    Section,
    Table,
    basis_blocks,
)
from maps.document.reading import ledger_blocks
from maps.expansion.answers import (
    SCORE_DECIMALS,
    CriterionOut,
    FactOut,
    LeftOut,
    RankedSite,
    RankingReport,
)
from maps.expansion.constraint_document import constraint_blocks
from maps.expansion.contribution_chart import Bar, ContributionChart
from maps.expansion.economics_table import economics_table
from maps.expansion.sites_document import verdict_tag
from maps.i18n import tables, tr
from maps.numbers import number, numbers_apart, unit_text
from maps.source_words import source_text

_MOST_BARS: Final = 12
_MOST_FLIPS: Final = 20
_SIDE_BY_SIDE: Final = 4
"""Sites whose points stand side by side on an upright page."""


def ranking_document(answer: RankingReport, lang: str, picture: Picture | None = None) -> Document:
    """Return the comparison, its map, what makes up the scores, and what turns the order.

    ``picture`` is the map of the sites, None where it is not drawn.
    """
    fit = [site for site in answer.sites if site.feasible]
    unfit = [site for site in answer.sites if not site.feasible]
    blocks: list[Block] = [
        *basis_blocks(answer.basis, lang),
        *ledger_blocks(answer.read_report.ledger, lang),
        *not_examined_blocks(answer.not_examined, lang),
        _comparison(answer, fit, lang),
    ]
    if unfit:
        blocks.append(_unfit(answer, unfit, lang))
    if picture is not None:
        caption = tr("siting.map", lang)
        blocks.append(Figure(caption=caption, alt=caption, picture=picture))
    if fit:
        blocks.append(_bars(answer, fit[:_MOST_BARS], lang))
    if answer.flips:
        blocks.append(_flips(answer, lang))
    if any(site.economics for site in answer.sites):
        blocks.append(economics_table(answer, lang))
    taken = [(_called(site), site.takes) for site in answer.sites if site.takes is not None]
    blocks += [*constraint_blocks(answer.ground_terms, taken, lang), _criteria(answer, lang)]
    blocks.append(Paragraph(text=answer.weights_note.text(lang), role="citation"))
    if answer.replaced:
        names = [one.text(lang) for one in answer.replaced]
        text = tr("siting.criteria_replaced", lang, names=names)
        blocks.append(Paragraph(text=text, role="citation"))
    few = len(fit) <= _SIDE_BY_SIDE
    if fit and few:
        blocks.insert(-1, _points_side_by_side(answer, fit, lang))
    wide = Section(title="", blocks=(_points(answer, fit, lang),), wide=True)
    return Document(
        lang=lang,
        title=answer.name.text(lang),
        subtitle=tr("siting.pdf_subtitle", lang, fit=len(fit), all=len(answer.sites)),
        sections=(Section(title="", blocks=tuple(blocks)), *([] if few else [wide])),
    )


def _called(site: RankedSite) -> str:
    return site.name or site.site_id


def _heads(answer: RankingReport, lang: str) -> tuple[Column, ...]:
    """Return the columns of the comparison; facts and points are for spreadsheets."""
    points = tr("siting.points", lang)
    own = [
        column
        for item in answer.criteria
        for column in (
            Column(title=item.name.text(lang), unit=unit_text(item.unit, lang) or None,
                   key=f"fact_{item.id}", data_only=True),
            Column(title=f"{item.name.text(lang)} · {points}", decimals=2,
                   key=f"points_{item.id}", data_only=True),
        )
    ]  # fmt: skip
    return (
        *columns("siting", lang, Column(title="site"), Column(title="name", share=1.4),
                 Column(title="area_ha", decimals=2), Column(title="verdict")),
        *own,
        *columns("siting", lang, Column(title="score", decimals=SCORE_DECIMALS),
                 Column(title="rank", share=0.7), Column(title="first_share", decimals=1),
                 Column(title="note", share=2.6)),
    )  # fmt: skip


def _comparison(answer: RankingReport, fit: Sequence[RankedSite], lang: str) -> Table:
    items = answer.criteria
    whole = "+".join(f"{{weight_{item.id}}}" for item in items)
    weight = tr("siting.weight", lang)

    def given(name: str, key: str) -> Column:
        title = f"{name} · {weight}"
        return Column(title=title, decimals=2, key=f"weight_{key}", data_only=True)

    weights: list[tuple[Column, Cell]] = [
        (given(item.name.text(lang), item.id), item.share_pct) for item in items
    ]
    total = Formula(text=whole, value=sum(item.share_pct for item in items))
    weights.append((given(tr("siting.all_weights", lang), "whole"), total))
    certain = all(site.score is not None for site in fit)
    return Table(
        id=tr("siting.sheet_comparison", lang),
        caption=tr("siting.sheet_comparison", lang),
        given=tuple(weights) if fit else (),
        columns=_heads(answer, lang),
        rows=tuple(_compared(answer, site, lang, certain=certain) for site in fit),
    )


def _lead(site: RankedSite, lang: str) -> tuple[Cell, ...]:
    return (site.site_id, site.name, site.area_ha, verdict_tag(site.check, lang))


def _compared(
    answer: RankingReport, site: RankedSite, lang: str, *, certain: bool
) -> tuple[Cell, ...]:
    row: list[Cell] = [*_lead(site, lang)]
    for item in answer.criteria:
        points = site.contributions.get(item.id)
        fact = f"{{fact_{item.id}}}"
        utility = _utility(item, fact, f"{{fact_{item.id}_all}}")
        share = f"100*{{weight_{item.id}}}/{{weight_whole}}"
        text = f'IF(ISNUMBER({fact}),{share}*({utility}),"")'
        row.append(_fact(site.facts[item.id], lang))
        row.append(Formula(text=text, value="" if points is None else points))
    cells = ",".join(f"{{points_{item.id}}}" for item in answer.criteria)
    # Rounded as printed: scores that read the same share a rank.
    total = f'IF(COUNT({cells})={len(answer.criteria)},ROUND(SUM({cells}),{SCORE_DECIMALS}),"")'
    score: Cell = f"{number(site.score_least, 1)}–{number(site.score_most, 1)}"
    if site.score is not None:
        score = Formula(text=total, value=round_as_printed(site.score, SCORE_DECIMALS))
    rank: Cell = rank_text(site)
    if certain and site.rank_best is not None:
        order = "RANK({score},{score_all})"
        rank = Formula(text=order, value=site.rank_best)
    return (*row, score, rank, site.first_share_pct, "; ".join(_remarks(answer, site, lang)))


def _remarks(answer: RankingReport, site: RankedSite, lang: str) -> Iterator[str]:
    if site.taken_m2:
        yield tr("siting.gives_up", lang, area=number(site.taken_m2, 0))
    for item in answer.criteria:
        if item.id in site.missing:
            yield f"{item.name.text(lang)}: {reason_text(site.facts[item.id], lang)}"
    for one in site.untold_limits:
        why = reason_text(one, lang)
        yield tr("siting.limit_untold", lang, name=one.name.text(lang), why=why)


def _unfit(answer: RankingReport, unfit: Sequence[RankedSite], lang: str) -> Table:
    rows = [
        (
            *_lead(site, lang),
            *(
                cell
                for item in answer.criteria
                for cell in (_fact(site.facts[item.id], lang), None)
            ),
            None,
            None,
            None,
            unfit_text(site, lang),
        )
        for site in unfit
    ]
    title = tr("siting.sheet_unfit", lang)
    return Table(id=title, caption=title, columns=_heads(answer, lang), rows=tuple(rows))


def rank_text(site: RankedSite) -> str | None:
    """Return a rank, or the span of ranks that unknown facts leave open."""
    if site.rank_best is None or site.rank_best == site.rank_worst:
        return None if site.rank_best is None else str(site.rank_best)
    return f"{site.rank_best}–{site.rank_worst}"


def reason_text(fact: FactOut | LeftOut, lang: str) -> str:
    """Return in words why a fact is not known."""
    why = tr(f"siting.reason_{fact.reason}", lang)
    if isinstance(fact, LeftOut) or fact.bounds is None:
        return why
    least, most = (number(one, 1) for one in fact.bounds)
    return tr("siting.bounded", lang, least=least, most=most, why=why)


def unfit_text(site: RankedSite, lang: str) -> str:
    """Return in words why a site cannot be used; value and limit never read the same."""
    texts = []
    for one in site.unfit:
        value, limit = numbers_apart(one.value, one.limit, 2)
        words = f"unfit_{one.reason}"
        if words not in tables(lang)["siting"]:
            words = "unfit_limit"
        name = one.name.text(lang) if one.name else one.reason
        texts.append(tr(f"siting.{words}", lang, name=name, value=value, limit=limit))
    return "; ".join(texts)


def _fact(fact: FactOut, lang: str) -> Cell:
    return fact.value if fact.reason is None else reason_text(fact, lang)


def _utility(item: CriterionOut, cell: str, column: str) -> str:
    """Return the utility of a fact as a formula: nested straight lines, or the span."""
    if item.points is None:
        low, high = f"MIN({column})", f"MAX({column})"
        worst, best = (low, high) if item.span == "more" else (high, low)
        return f"IF({low}={high},1,({cell}-{worst})/({best}-{worst}))"
    points = item.points
    text = f"{points[-1][1]:g}"
    for (x0, y0), (x1, y1) in reversed(list(pairwise(points))):
        line = f"{y0:g}+({cell}-{x0:g})*({y1 - y0:.12g})/{x1 - x0:g}"
        text = f"IF({cell}<={x1:g},{line},{text})"
    return f"IF({cell}<={points[0][0]:g},{points[0][1]:g},{text})"


def _points_side_by_side(answer: RankingReport, fit: Sequence[RankedSite], lang: str) -> Table:
    """Return points with the facts behind them of few sites, a column each."""
    return Table(
        id=tr("siting.points_of_facts", lang),
        caption=tr("siting.points_of_facts", lang),
        columns=(
            Column(title=tr("siting.criterion", lang), share=1.6),
            *(Column(title=_called(site)) for site in fit),
        ),
        rows=tuple(
            (
                f"{item.name.text(lang)} {number(item.share_pct, 1)} %",
                *(_point_text(site, item, lang) for site in fit),
            )
            for item in answer.criteria
        ),
    )


def _point_text(site: RankedSite, item: CriterionOut, lang: str) -> str:
    fact, points = site.facts[item.id], site.contributions.get(item.id)
    if fact.reason is not None:
        return reason_text(fact, lang)
    said = f"{number(fact.value, 2)} {unit_text(item.unit, lang)}".strip()
    return f"{number(points, 1)} ({said})"


def _points(answer: RankingReport, fit: Sequence[RankedSite], lang: str) -> Table:
    """Return points with the facts behind them, to be read and not computed with."""
    heads = (
        Column(title=f"{item.name.text(lang)} {number(item.share_pct, 1)} %", share=1.2)
        for item in answer.criteria
    )

    return Table(
        id=tr("siting.points_of_facts", lang),
        caption=tr("siting.points_of_facts", lang),
        columns=(Column(title=tr("siting.site", lang)), *heads),
        rows=tuple(
            (_called(site), *(_point_text(site, item, lang) for item in answer.criteria))
            for site in fit
        ),
    )


def _bars(answer: RankingReport, sites: Sequence[RankedSite], lang: str) -> Figure:
    rows = tuple(_bar(answer, site) for site in sites)
    names = tuple(
        f"{item.name.text(lang)} {number(item.share_pct, 1)} %" for item in answer.criteria
    )
    alt = "; ".join(f"{bar.site} {bar.said}" for bar in rows)
    picture = ContributionChart(names=names, rows=rows)
    known = all(site.score is not None for site in sites)
    caption = tr("siting.bars" if known else "siting.bars_open", lang)
    return Figure(caption=caption, alt=alt, picture=picture)


def _bar(answer: RankingReport, site: RankedSite) -> Bar:
    """Return what is known of a score, and in an outline what it may still be."""
    values = tuple(site.contributions[item.id] or 0.0 for item in answer.criteria)
    if site.score is None:
        said = f"{number(site.score_least, 1)}–{number(site.score_most, 1)}"
        return Bar(site=_called(site), values=values, most=site.score_most or 0.0, said=said)
    said = number(sum(values), SCORE_DECIMALS)
    return Bar(site=_called(site), values=values, most=sum(values), said=said)


def _flips(answer: RankingReport, lang: str) -> Table:
    """Return at which weights neighbours in the order change places, with digits that differ."""
    names = {item.id: item.name.text(lang) for item in answer.criteria}
    heads = ("first", "second", "criterion", "share_now", "share_at_flip")
    return Table(
        id=tr("siting.sheet_flips", lang),
        caption=tr("siting.sheet_flips", lang),
        columns=columns("siting", lang, *(
            Column(title=name, share=2.0 if name == "criterion" else 1.0) for name in heads
        )),
        rows=tuple(
            (one.first, one.second, names[one.criterion],
             *map(float, numbers_apart(one.share_now_pct, one.share_at_flip_pct, 1)))
            for one in answer.flips
        ),
        most_rows=_MOST_FLIPS,
    )  # fmt: skip


def _criteria(answer: RankingReport, lang: str) -> Table:
    return Table(
        id=tr("siting.sheet_basis", lang),
        caption=tr("siting.sheet_basis", lang),
        columns=columns("siting", lang, Column(title="criterion", share=1.6),
                        Column(title="weight", decimals=1), Column(title="scale", share=2.0),
                        Column(title="quality"), Column(title="source", share=2.6)),
        rows=tuple(_criterion_rows(answer, lang)),
    )  # fmt: skip


def _criterion_rows(answer: RankingReport, lang: str) -> Iterator[tuple[Cell, ...]]:
    for item in answer.criteria:
        scale = ", ".join(f"{fact:g} → {utility:g}" for fact, utility in item.points or ())
        if item.span is not None:
            scale = tr(f"siting.span_{item.span}", lang)
        quality = tr(f"siting.quality_{item.quality}", lang)
        yield (item.name.text(lang), item.share_pct, scale, quality, source_text(item.source, lang))
    for one in answer.left_out:
        yield (one.name.text(lang), None, reason_text(one, lang), None, None)
