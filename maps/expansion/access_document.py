"""The access of sites as a document."""

from collections.abc import Iterator

from maps.document.cells import Cell, Column
from maps.document.model import (
    Block,
    Document,
    Facts,
    Heading,
    Paragraph,
    Table,
    basis_blocks,
    sheet_of,
)
from maps.expansion.access_answers import (
    AccessReport,
    Count,
    LayerUsed,
    NetworkUsed,
    SiteAccess,
    Target,
)
from maps.i18n import tr
from maps.numbers import number


def access_document(answer: AccessReport, lang: str) -> Document:
    """Return how each site reaches what it must reach, and on which roads."""
    blocks: list[Block] = [*basis_blocks(answer.basis, lang), *_gaps(answer, lang)]
    for site in answer.sites:
        blocks += _site(site, answer, lang)
    if answer.network:
        blocks += _network(answer.network, lang)
    return sheet_of(
        _say("title", lang),
        tuple(blocks),
        lang=lang,
        subtitle=tr("ground_sheet.sites", lang, count=len(answer.sites)),
        mark=" ".join(tr(f"basis.{one.status}", lang) for one in answer.basis) or None,
    )


def _say(key: str, lang: str, **said: object) -> str:
    return tr(f"access.{key}", lang, **said)


def _notice(key: str, lang: str, **said: object) -> Paragraph:
    return Paragraph(text=_say(key, lang, **said), role="notice")


def _gaps(answer: AccessReport, lang: str) -> Iterator[Paragraph]:
    """Yield what there is no layer of, and which layers are not valid today."""
    if answer.network is None:
        yield _notice("no_roads", lang)
    if answer.missing:
        mark = tr("report.list_mark", lang)
        kinds = mark.join(one.text(lang) for one in answer.missing)
        yield _notice("missing", lang, kinds=kinds)
    if answer.not_in_force:
        yield _notice("not_in_force", lang, layers=_layers(answer.not_in_force, lang))


def _layers(layers: list[LayerUsed], lang: str) -> str:
    mark = tr("report.list_mark", lang)
    return mark.join(
        _say("layer", lang, title=one.title.text(lang), label=one.label,
             status=tr(f"statuses.{one.status}", lang))
        for one in layers
    )  # fmt: skip


def _site(site: SiteAccess, answer: AccessReport, lang: str) -> Iterator[Block]:
    name = site.name.text(lang) if site.name else site.id
    label = name if name == site.id else f"{name} ({site.id})"
    yield Heading(text=_say("site", lang, id=label, area_ha=number(site.area_ha, 4)))
    yield Paragraph(text=entry_text(site, answer, lang))
    if site.unreached_km:
        yield _notice("unreached", lang, km=number(site.unreached_km, 3))
    if site.targets:
        yield _targets(site, label, lang)
    if site.isochrones and answer.network:
        yield Table(
            id=_say("isochrones", lang),
            caption=_say("isochrones_of", lang, id=label),
            columns=(
                Column(title=_say("col_within", lang), decimals=1),
                Column(title=_say("col_road_km", lang), decimals=3),
                Column(title=_say("col_area_km2", lang), decimals=3),
            ),
            rows=tuple((one.minutes, one.road_km, one.area_km2) for one in site.isochrones),
            note=_say("belt", lang, belt=number(answer.network.belt_m, 0)),
        )


def entry_text(site: SiteAccess, answer: AccessReport, lang: str) -> str:
    """Return where a site joins the network, or that it does not."""
    if answer.network is None:
        return _say("entry_no_network", lang)
    if site.entry is None:
        return _say("entry_none", lang, snap=number(answer.network.snap_m, 0))
    return _say(
        "entry",
        lang,
        road=site.entry.road.text(lang) if site.entry.road else _say("unnamed", lang),
        distance=number(site.entry.distance_m, 1),
        lon=f"{site.entry.lon:.6f}",
        lat=f"{site.entry.lat:.6f}",
        piece=site.entry.piece,
        kmh=number(answer.network.connection_kmh, 0),
    )


def _targets(site: SiteAccess, label: str, lang: str) -> Table:
    return Table(
        id=_say("targets", lang),
        caption=_say("targets_of", lang, id=label),
        columns=(
            Column(title=_say("col_target", lang), share=1.8),
            Column(title=_say("col_minutes", lang), decimals=1),
            Column(title=_say("col_km", lang), decimals=3),
            Column(title=_say("col_shortest", lang), decimals=3),
            Column(title=_say("col_straight", lang), decimals=3),
            Column(title=_say("col_how", lang), share=2.6),
        ),
        rows=tuple(_row(one, site, lang) for one in site.targets),
    )


def _row(one: Target, site: SiteAccess, lang: str) -> tuple[Cell, ...]:
    name = one.title.text(lang)
    if one.name:
        name = _say("named", lang, kind=name, name=one.name.text(lang))
    how = how_text(one, site, lang)
    return name, one.minutes, one.road_km, one.shortest_km, one.straight_km, how


def how_text(one: Target, site: SiteAccess, lang: str) -> str:
    """Return in words how a target is reached, or why there is a straight line or nothing."""
    if one.how == "road":
        said = _say("how_road", lang, join=number(one.join_m, 1))
    elif one.how == "unknown":
        return _say("how_unknown", lang)
    else:
        entry = site.entry.piece if site.entry else None
        said = _say(f"why_{one.why}", lang, piece=one.piece, entry=entry)
    if one.count > 1:
        key = "of_several" if one.how == "road" else "of_several_near"
        said += _say(key, lang, count=one.count, reached=one.reached)
    return said


def _network(network: NetworkUsed, lang: str) -> Iterator[Block]:
    yield Heading(text=_say("network", lang))
    yield Facts(
        id=_say("network", lang),
        caption=None,
        rows=(
            (_say("network_layers", lang), _layers(network.layers, lang)),
            (_say("network_roads", lang), number(network.roads, 0)),
            (_say("network_km", lang), number(network.road_km, 3)),
            (_say("network_snap", lang), number(network.snap_m, 0)),
        ),
    )
    yield Table(
        id=_say("pieces", lang),
        caption=_say("pieces_caption", lang),
        columns=(
            Column(title=_say("col_piece", lang), decimals=0),
            Column(title=_say("col_road_km", lang), decimals=3),
            Column(title=_say("col_road_name", lang), share=1.6),
            Column(title=_say("col_bounds", lang), share=2.6),
        ),
        rows=tuple(
            (
                one.number,
                one.road_km,
                one.name.text(lang) if one.name else None,
                ", ".join(f"{b:.4f}" for b in one.bounds_lonlat),
            )
            for one in network.pieces
        ),
        note=_further(network, lang),
    )
    yield from _not_as_it_stands(network, lang)
    yield Paragraph(text=_say("method", lang), role="small")


def _further(network: NetworkUsed, lang: str) -> str | None:
    if not network.further_pieces:
        return None
    km = number(network.further_km, 3)
    return _say("further", lang, count=network.further_pieces, km=km)


def _not_as_it_stands(network: NetworkUsed, lang: str) -> Iterator[Paragraph]:
    """Yield what of the layers was left out or taken by a rule of thumb."""
    kmh = number(network.unlisted_kmh, 0)
    if network.left_out:
        yield _notice("left_out", lang, list=_counted(network.left_out, lang))
    if network.not_lines:
        yield _notice("not_lines", lang, count=network.not_lines)
    if network.unlisted:
        yield _notice("unlisted", lang, list=_counted(network.unlisted, lang), kmh=kmh)
    if network.unread:
        yield _notice("unread", lang, list=_counted(network.unread, lang))


def _counted(counts: list[Count], lang: str) -> str:
    mark = tr("report.list_mark", lang)
    return mark.join(f"{one.text or _say('no_class', lang)} ({one.count})" for one in counts)
