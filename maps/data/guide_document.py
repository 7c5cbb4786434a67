"""The preparation guide of a kind as a document: attributes, CRS, coverage, precision."""

from collections.abc import Iterator

from maps.data.guide_answers import KindGuide, KindGuides
from maps.data.import_document import attribute_word
from maps.document.cells import Column
from maps.document.model import Block, Document, Heading, Paragraph, Table, sheet_of
from maps.i18n import tr


def guide_document(answer: KindGuides, lang: str) -> Document:
    """Return the guides of one kind or of several, and once what holds for all of them."""
    guides = answer.guides
    blocks = [block for one in guides for block in kind_blocks(one, lang)]
    blocks += common_blocks(answer, lang)
    alone = guides[0].title.text(lang) if len(guides) == 1 else None
    return sheet_of(tr("guide.title", lang), tuple(blocks), lang=lang, subtitle=alone)


def kind_blocks(guide: KindGuide, lang: str) -> Iterator[Block]:
    """Return what a layer of a kind is made of: geometry, attributes, classes, tolerance."""
    yield Heading(text=tr("guide.kind", lang, title=guide.title.text(lang), kind=guide.kind))
    shapes = [tr(f"guide.of_{one}", lang) for one in guide.geometries]
    yield Paragraph(text=tr("guide.geometry", lang, shapes=_joined(shapes, lang)))
    for note in guide.notes:
        yield Paragraph(text=note.text(lang), role="item")
    yield from _attribute_blocks(guide, lang)
    for width_m, factor, area_m2 in sorted(
        {(one.width_m, one.precision_factor, one.area_m2) for one in guide.contacts}
    ):
        said = {"width_m": width_m, "factor": factor, "area_m2": area_m2}
        yield Paragraph(text=tr("guide.contact", lang, **said))


def common_blocks(answer: KindGuides, lang: str) -> Iterator[Block]:
    """Return what holds for layers of whatever kind: fields, CRS, coverage, precision, dates."""
    limits = answer.limits
    kind = answer.guides[0].kind if len(answer.guides) == 1 else tr("guide.any_kind", lang)
    said = {
        "ids": _joined(answer.id_fields, lang),
        "names": _joined(answer.name_fields, lang),
        "counties": _joined(answer.county_fields, lang),
        "border_m": limits.border_m,
        "share": limits.least_inside_pct,
        "count": limits.count_factor,
        "area": limits.area_factor,
        "kind": kind,
    }
    yield Heading(text=tr("guide.common", lang))
    for topic in ("fields", "crs", "coverage", "precision", "before"):
        yield Paragraph(text=tr(f"guide.topic_{topic}", lang, **said))


def _attribute_blocks(guide: KindGuide, lang: str) -> Iterator[Block]:
    if not guide.attributes:
        yield Paragraph(text=tr("guide.no_attributes", lang))
    else:
        rows = tuple(
            (
                attribute_word(one.name, lang),
                tr("guide.asked" if one.asked else "guide.told", lang),
                _joined(one.fields, lang),
            )
            for one in guide.attributes
        )
        yield _table("attributes", ("attribute", "use", "fields"), rows, lang)
    classes = tuple(
        (attribute_word(one.name, lang), each.rule.text(lang), _joined(each.spellings, lang))
        for one in guide.attributes
        for each in one.classes
    )
    if classes:
        yield _table("classes", ("attribute", "rule", "values"), classes, lang)
        yield Paragraph(text=tr("guide.compared", lang))


def _table(
    name: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], lang: str
) -> Table:
    title = tr(f"guide.{name}", lang)
    heads = tuple(Column(title=tr(f"guide.{one}", lang)) for one in columns)
    return Table(id=title, caption=title, columns=heads, rows=rows)


def _joined(words: list[str], lang: str) -> str:
    return tr("guide.separator", lang).join(words)
