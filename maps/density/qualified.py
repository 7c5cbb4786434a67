"""What qualifies a number, in words that stand beside it in every form."""

from collections.abc import Iterable, Iterator
from typing import Final

from maps.answers import Title
from maps.density.answers import Qualifiers
from maps.document.model import Paragraph
from maps.i18n import LANGUAGES, tables, tr
from maps.source_words import source_text

_TRUSTED: Final = frozenset(
    {
        "official",
        "official text (reprint)",
        "official_press",
        "derived",
        "reported",
        "reference",
        "",
    }
)
"""Qualities of figures that stand without a mark; any other source is named beside its figure."""
QUALITIES_APART: Final = "; "
"""Between the qualities of several sources."""

_RELATIONS: Final = {"=": "exact", ">": "more", "<": "less", "~": "about"}


def qualifier(found: Qualifiers | None, lang: str) -> str | None:
    """Return what keeps a value from being a plain fact of a whole year, None if nothing does."""
    if found is None:
        return None
    words: list[str | None] = []
    if found.relation != "=":
        words.append(relation_text(found.relation, lang))
    if found.period not in ("", "full_year"):
        months = f" {found.months}" if found.months else ""
        words.append(tr(f"periods.{found.period}", lang) + months)
    if found.nature not in ("fact", found.period):
        words.append(tr(f"periods.{found.nature}", lang))
    words.append(area_qualifier(found.quality, lang))
    if doubt := area_qualifier(found.area_quality, lang):
        words.append(tr("table.area_quality_mark", lang, quality=doubt))
    return ", ".join(filter(None, words)) or None


def value_qualifier(found: Qualifiers | None, lang: str) -> str | None:
    """Return what qualifies the value itself, without the area that a density divides by."""
    return qualifier(found.model_copy(update={"area_quality": ""}) if found else None, lang)


def area_qualifier(quality: str | None, lang: str) -> str | None:
    """Return what keeps a source from being trusted without a word, None if nothing does."""
    doubts = [one for one in (quality or "").split(QUALITIES_APART) if one not in _TRUSTED]
    return ", ".join(str(quality_text(one, lang)) for one in doubts) or None


def qualifier_mark(found: Qualifiers | None) -> Title | None:
    """Return what qualifies a value in all languages, None if nothing does."""
    said = {lang: text for lang in LANGUAGES if (text := qualifier(found, lang))}
    return Title(**said) if said else None


def time_text(found: Qualifiers, lang: str) -> str:
    """Return which time a number is of: the year, and what keeps it from being all of it.

    Examples
    --------
    >>> found = Qualifiers.model_construct(year=2024, period="target", months="")
    >>> time_text(found, "en")
    '2024 planning target'
    """
    words = [str(found.year or ""), tr(f"periods.{found.period}", lang), found.months]
    return " ".join(filter(None, words))


def time_title(found: Qualifiers) -> Title:
    """Return which time a number is of, in all languages."""
    return Title(**{lang: time_text(found, lang) for lang in LANGUAGES})


def with_mark(found: Qualifiers) -> Qualifiers:
    """Return qualifiers with their own words, for those who print from JSON."""
    return found.model_copy(update={"mark": qualifier_mark(found)})


def marked_text(text: str, found: Qualifiers | None, lang: str) -> str:
    """Return a printed number with what qualifies it in brackets."""
    said = qualifier(found, lang)
    return f"{text} ({said})" if said else text


def qualifier_notices(found: Iterable[Qualifiers], lang: str) -> Iterator[Paragraph]:
    """Yield what qualifies all numbers of an answer, with the source, once for each.

    As a basis: in CSV it stands in every row.
    """
    said: list[str] = []
    for one in found:
        if of_value := value_qualifier(one, lang):
            said.append(f"{source_text(one.source, lang)}: {of_value}")
        if of_area := area_qualifier(one.area_quality, lang):
            said.append(tr("table.area_quality_mark", lang, quality=of_area))
    for text in dict.fromkeys(said):
        yield Paragraph(text=text, role="basis")


def note_lines(found: Iterable[Qualifiers | None], lang: str) -> Iterator[Paragraph]:
    """Yield what the tables of an answer's numbers say of them besides, once each.

    As a basis: in CSV it stands in every row.
    """
    for note in dict.fromkeys(one.basis for one in found if one and one.basis):
        yield Paragraph(text=tr("cli.table_note", lang, note=note), role="basis")


def relation_text(relation: str | None, lang: str) -> str | None:
    """Return how a value stands to what it says; the sign would be taken for a formula."""
    return tr(f"relations.{_RELATIONS.get(relation, 'about')}", lang) if relation else None


def quality_text(quality: str | None, lang: str) -> str | None:
    """Return how good a source is in words; of several each."""
    known = tables(lang)["qualities"]
    if quality is None or quality in known:
        return known.get(quality or "", quality)
    return QUALITIES_APART.join(known.get(one, one) for one in quality.split(QUALITIES_APART))
