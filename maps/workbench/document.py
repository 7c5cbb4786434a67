"""Positions, features, measures, past checks and changes as documents."""

from collections.abc import Iterable, Iterator, Sequence

from geo.units import M2_PER_HA
from maps.check.report.material import reviewed_tag
from maps.document.cells import Cell, Column
from maps.document.faults import damaged_blocks, lost_blocks
from maps.document.model import Block, Document, Paragraph, Table, sheet_of
from maps.i18n import tr
from maps.numbers import number
from maps.workbench.answers import (
    CheckList,
    FeatureAt,
    Identified,
    LayerComparison,
    Measured,
    PlaceList,
)
from maps.workbench.basemaps_answers import BasemapList
from maps.workbench.tiles_answers import TileSet


def places_document(answer: PlaceList, lang: str) -> Document:
    """Return what a text can mean, one a line."""
    if not answer.places:
        nothing = Paragraph(text=tr("ui.search_nothing", lang))
        return sheet_of("", (nothing, *lost_blocks(answer.lost, lang)), lang=lang)
    columns = (("name", None), ("layer_or_crs", None), ("lon", 6), ("lat", 6))
    rows = (
        (
            one.name.text(lang),
            one.layer_title.text(lang) if one.layer_title else one.crs,
            one.lon_deg,
            one.lat_deg,
        )
        for one in answer.places
    )
    more = (*_more(answer.more, lang), *lost_blocks(answer.lost, lang))
    return sheet_of("", (_table(columns, rows, lang), *more), lang=lang)


def identified_document(answer: Identified, lang: str) -> Document:
    """Return a position in all notations, its features, and the layers that say nothing."""
    at = answer.position
    county = at.county_name.text(lang) if at.county_name else ""
    texts = [f"{at.lon_dms}E {at.lat_dms}N  {county}".rstrip()]
    if at.gauss_krueger_crs:
        texts.append(f"{at.gauss_krueger_crs}  {at.easting_m:.3f} {at.northing_m:.3f}")
    blocks: list[Block] = [Paragraph(text=text) for text in texts]
    blocks += [Paragraph(text=_feature(one, lang), role="item") for one in answer.features]
    for one in answer.silent:
        key = {True: "covered", False: "uncovered", None: "unstated"}[one.covered]
        said = f"{one.layer_title.text(lang)}: {tr(f'silent.{key}', lang)}"
        blocks.append(Paragraph(text=said, role="quote"))
    blocks += [*_more(answer.more, lang), *lost_blocks(answer.lost, lang)]
    return sheet_of("", tuple(blocks), lang=lang)


def measured_document(answer: Measured, lang: str) -> Document:
    """Return lengths and area."""
    texts = [tr("look.length", lang, m=number(answer.length_m, 2))]
    if answer.area_m2 is not None:
        m2, mu = number(answer.area_m2, 2), number(answer.area_mu, 3)
        ha = number(answer.area_m2 / M2_PER_HA, 4)
        texts.append(tr("look.area", lang, m2=m2, ha=ha, mu=mu))
    if answer.crossing:
        texts.append(tr("ui.measure_crossing", lang))
    return _lines(texts, lang)


def checks_document(answer: CheckList, lang: str) -> Document:
    """Return past checks as a table."""
    if not answer.checks:
        none = Paragraph(text=tr("ui.history_none", lang))
        return sheet_of("", tuple(damaged_blocks(answer.damaged, lang)) or (none,), lang=lang)
    columns = (
        ("check", None), ("kept_at", None), ("verdict", None), ("name", None), ("sites", 0),
        ("ha", 4),
    )  # fmt: skip
    rows = (
        (
            one.id,
            one.kept_at[:16].replace("T", " "),
            reviewed_tag(one.verdict, one.reviewed_verdict, lang),
            one.name,
            one.site_count,
            one.printed.ha,
        )
        for one in answer.checks
    )
    more = (*_more(answer.more, lang), *damaged_blocks(answer.damaged, lang))
    return sheet_of("", (_table(columns, rows, lang), *more), lang=lang)


def comparison_document(answer: LayerComparison, lang: str) -> Document:
    """Return counts of changes, then the changes one a line."""
    old, new = answer.from_version, answer.to_version
    compared = tr(
        "look.compared", lang, id=answer.layer_id, old=old, new=new, same=answer.same_count
    )
    counts = "  ".join(f"{tr(f'changes.{k}', lang)} {n}" for k, n in answer.counts.items())
    blocks: list[Block] = [Paragraph(text=compared), Paragraph(text=counts)]
    if answer.changes:
        columns = (("feature", None), ("change", None), ("before", 2), ("after", 2))
        rows = (
            (
                one.feature_id,
                tr(f"changes.{one.change}", lang),
                one.area_before_m2,
                one.area_after_m2,
            )
            for one in answer.changes
        )
        blocks.append(_table(columns, rows, lang))
    return sheet_of("", (*blocks, *_more(answer.more, lang)), lang=lang)


def tiles_document(answer: TileSet, lang: str) -> Document:
    """Return where tiles are and their zooms."""
    return _lines([tr("look.tiles", lang, **answer.model_dump())], lang)


def basemaps_document(answer: BasemapList, lang: str) -> Document:
    """Return the configured base maps."""
    if not answer.basemaps:
        return _lines([tr("cli.no_basemaps", lang)], lang)
    columns = tuple(Column(title=tr(f"cli.col_{name}", lang)) for name in ("id", "title"))
    rows = tuple((one.id, one.title.text(lang)) for one in answer.basemaps)
    table = Table(id=columns[0].title, caption=None, columns=columns, rows=rows)
    return sheet_of("", (table,), lang=lang)


def _feature(one: FeatureAt, lang: str) -> str:
    name = one.name.text(lang) if one.name else one.feature_id
    status = tr(f"statuses.{one.layer_status}", lang)
    size = "" if one.area_m2 is None else f"  {number(one.area_m2, 2)} m²"
    return f"{one.layer_title.text(lang)} [{status}]: {name}{size}"


def _table(
    columns: Sequence[tuple[str, int | None]], rows: Iterable[tuple[Cell, ...]], lang: str
) -> Table:
    heads = tuple(
        Column(title=tr(f"look.{name}", lang), decimals=decimals) for name, decimals in columns
    )
    return Table(id=heads[0].title, caption=None, columns=heads, rows=tuple(rows))


def _lines(texts: Iterable[str], lang: str) -> Document:
    return sheet_of("", tuple(Paragraph(text=text) for text in texts), lang=lang)


def _more(count: int, lang: str) -> Iterator[Block]:
    if count:
        yield Paragraph(text=tr("ui.more", lang, count=count))
