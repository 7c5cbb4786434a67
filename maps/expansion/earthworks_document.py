"""The earthworks of sites as a document."""

from collections.abc import Iterator

from maps.document.cells import Cell, Column
from maps.document.model import Block, Document, Facts, Paragraph, Table, basis_blocks, sheet_of
from maps.expansion.earthworks_answers import (
    EarthworksReport,
    ErrorModel,
    SiteEarthworks,
    Span,
)
from maps.expansion.ground_words import raster_text, site_blocks, site_label
from maps.i18n import tr
from maps.numbers import number

_CNY_PER_WAN = 10_000.0


def earthworks_document(answer: EarthworksReport, lang: str) -> Document:
    """Return what is cut and filled on each site, how sure that is, and what it costs."""
    blocks: list[Block] = [*basis_blocks(answer.basis, lang)]
    for site in answer.sites:
        blocks += site_blocks(site, lang)
        if site.problem is None:
            blocks += _site(site, answer, lang)
    blocks += [Paragraph(text=_prices(answer, lang)), Paragraph(text=_terms(answer, lang))]
    blocks.append(Paragraph(text=_say("method", lang), role="small"))
    return sheet_of(
        _say("title", lang),
        tuple(blocks),
        lang=lang,
        subtitle=tr("ground_sheet.sites", lang, count=len(answer.sites)),
        mark=" ".join(tr(f"basis.{one.status}", lang) for one in answer.basis) or None,
    )


def _say(key: str, lang: str, **said: object) -> str:
    return tr(f"earthworks.{key}", lang, **said)


def _notice(key: str, lang: str, **said: object) -> Paragraph:
    return Paragraph(text=_say(key, lang, **said), role="notice")


def _site(site: SiteEarthworks, answer: EarthworksReport, lang: str) -> Iterator[Block]:
    label = site_label(site, lang)
    if site.open_slopes:
        yield _notice("open_slopes", lang)
    yield Paragraph(text=error_text(site.error, lang), role="body" if site.error else "notice")
    yield Facts(
        id=_say("by", lang),
        caption=None,
        rows=(
            (_say("by", lang), _rasters(site, lang)),
            (_say("slope_ha", lang), number(site.slope_ha, 4)),
        ),
    )
    yield Table(
        id=_say("volumes", lang),
        caption=_say("volumes_of", lang, id=label),
        columns=(
            Column(title=_say("col_what", lang), share=1.8),
            Column(title=_say("col_m3", lang), decimals=0),
            Column(title=_say("col_slopes", lang), decimals=0),
            Column(title=_say("col_interval", lang), share=1.6),
        ),
        rows=tuple(_volume_rows(site, lang)),
    )
    yield Table(
        id=_say("platforms", lang),
        caption=_say("balanced_of" if answer.balanced else "platforms_of", lang, id=label),
        columns=(
            Column(title=_say("col_platform", lang), decimals=0),
            Column(title=_say("col_elevation", lang), decimals=2),
            Column(title=_say("col_ha", lang), decimals=4),
            Column(title=_say("col_cut", lang), decimals=0),
            Column(title=_say("col_fill", lang), decimals=0),
        ),
        rows=tuple(
            (one.number, one.elevation_m, one.area_ha, one.cut_m3, one.fill_m3)
            for one in site.platforms
        ),
        note=_shift(site, answer, lang),
    )
    yield Paragraph(text=cost_text(site, answer, lang))


def _rasters(site: SiteEarthworks, lang: str) -> str:
    used = [one for one in (site.raster, *site.others) if one is not None]
    return tr("cli.rasters_join", lang).join(raster_text(one, lang) for one in used)


def _volume_rows(site: SiteEarthworks, lang: str) -> Iterator[tuple[Cell, ...]]:
    spans = site.interval
    rows = (
        ("cut", site.cut_m3, site.slope_cut_m3, spans.cut_m3 if spans else None),
        ("fill", site.fill_m3, site.slope_fill_m3, spans.fill_m3 if spans else None),
        ("surplus", site.surplus_m3, None, spans.surplus_m3 if spans else None),
    )
    for name, volume_m3, slope_m3, span in rows:
        yield _say(name, lang), volume_m3, slope_m3, span_text(span, lang)


def span_text(span: Span | None, lang: str, decimals: int = 0) -> str:
    """Return bounds, or that they cannot be told."""
    if span is None:
        return _say("cannot_tell", lang)
    least, most = number(span.least, decimals), number(span.most, decimals)
    return _say("span", lang, least=least, most=most)


def error_text(error: ErrorModel | None, lang: str) -> str:
    """Return how the error of the heights was drawn, or that nothing is known of it."""
    if error is None:
        return _say("no_error", lang)
    return _say(
        "error",
        lang,
        sd=number(error.sd_m, 2),
        length=number(error.length_m, 1),
        how=_say("length_stated" if error.length_stated else "length_assumed", lang),
        draws=error.draws,
        seed=error.seed,
        pct=number(error.interval_pct, 0),
    )


def _shift(site: SiteEarthworks, answer: EarthworksReport, lang: str) -> str | None:
    if not answer.balanced:
        return None
    span = site.interval.balance_shift_m if site.interval else None
    return _say("shift", lang, span=span_text(span, lang, 2))


def cost_text(site: SiteEarthworks, answer: EarthworksReport, lang: str) -> str:
    """Return the range of cost, or why there is none."""
    mark = tr("report.list_mark", lang)
    items = mark.join(_say(f"item_{name}", lang) for name in site.unpriced)
    if not answer.prices:
        return _say("no_prices", lang)
    if site.cost_cny is None:
        return _say("no_cost", lang, items=items)
    wan = (site.cost_cny.least / _CNY_PER_WAN, site.cost_cny.most / _CNY_PER_WAN)
    said = _say("cost", lang, least=number(wan[0], 2), most=number(wan[1], 2))
    if site.interval is None:
        said += _say("cost_without_error", lang)
    return said + (_say("cost_without", lang, items=items) if items else "")


def _prices(answer: EarthworksReport, lang: str) -> str:
    if not answer.prices:
        return _say("prices_none", lang)
    mark = tr("report.list_mark", lang)
    listed = mark.join(
        _say(
            "price",
            lang,
            item=_say(f"item_{one.item}", lang),
            least=number(one.cny_per_m3.least, 2),
            most=number(one.cny_per_m3.most, 2),
        )
        for one in answer.prices
    )
    source = answer.price_source or _say("source_unstated", lang)
    return _say("prices", lang, list=listed, source=source)


def _terms(answer: EarthworksReport, lang: str) -> str:
    def slope(along: float | None) -> str:
        if along is None:
            return _say("upright", lang)
        return f"1 : {along:g}"

    return _say(
        "terms",
        lang,
        swell=f"{answer.swell:g}",
        cut=slope(answer.cut_slope),
        fill=slope(answer.fill_slope),
    )
