"""Why places are protected, as blocks: for a terminal, a sheet, and a chapter of the report."""

from collections.abc import Iterator

from maps.answers import Title
from maps.check.data_words import class_texts
from maps.check.protection_answers import Protection, ProtectionList
from maps.document.model import Block, Document, Facts, Paragraph, sheet_of
from maps.i18n import tr
from maps.law_words import article_text


def protections_document(answer: ProtectionList, lang: str) -> Document:
    """Return the rules of a day as cards."""
    blocks = tuple(block for one in answer.protections for block in card_blocks(one, lang))
    return sheet_of(tr("why.title", lang), blocks, lang=lang, subtitle=answer.on)


def card_blocks(one: Protection, lang: str) -> Iterator[Block]:
    """Yield one card: what, since when, by which article, what is allowed, who decides."""
    cited = one.citation
    words = (("why", one.why), ("demands", one.demands), ("allowed", one.allowed),
             ("decides", one.decides))  # fmt: skip
    yield Facts(
        id=tr("why.sheet", lang),
        caption=one.name.text(lang),
        rows=(
            (tr("why.kind", lang), _kind(one, lang)),
            (tr("why.since", lang), _days(one, lang)),
            *((tr(f"why.{key}", lang), _text_or_dash(text, lang)) for key, text in words),
            (tr("why.law", lang), _law(one, lang)),
            (tr("why.certainty", lang), tr(f"certainty.{cited.certainty}", lang)),
        ),
    )
    if not one.in_force:
        yield Paragraph(text=tr("why.not_in_force", lang), role="notice")


def _kind(card: Protection, lang: str) -> str:
    classes = class_texts((one for values in card.where.values() for one in values), lang)
    title = card.kind_title.text(lang)
    return tr("why.classes", lang, kind=title, classes=classes) if classes else title


def _days(one: Protection, lang: str) -> str:
    said = one.valid_from or tr("why.since_unknown", lang)
    return f"{said} – {one.valid_to}" if one.valid_to else said


def _law(one: Protection, lang: str) -> str:
    cited = one.citation
    parts = (cited.document(lang), *(article_text(p, lang) for p in (cited.number, cited.clause)))
    return " ".join(dict.fromkeys(parts))


def _text_or_dash(text: Title | None, lang: str) -> str:
    return text.text(lang) if text else tr("why.unsaid", lang)
