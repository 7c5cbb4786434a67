"""The sentences of a quarter's statement, by the judgement of each row."""

from collections.abc import Mapping
from typing import Final

from maps.answers import Title
from maps.density.qualified import marked_text, value_qualifier
from maps.density.statement_answers import StatementRow
from maps.i18n import LANGUAGES, tr
from maps.numbers import number, unit_text

JUDGEMENTS: Final = (
    "reached", "on_time", "slightly_behind", "behind", "uncertain", "no_target", "no_value",
)  # fmt: skip


def row_text(row: StatementRow, months: str, time_pct: float) -> Title:
    """Return what the statement says of one indicator of one unit, in all languages."""
    return Title(**{lang: _row_text(row, months, time_pct, lang) for lang in LANGUAGES})


def overview_text(year: int, months: str, counts: Mapping[str, int]) -> Title:
    """Return how many indicators stand where, in all languages."""
    return Title(**{lang: _overview(year, months, counts, lang) for lang in LANGUAGES})


def months_text(months: str, lang: str) -> str:
    """Return a span of months in words.

    Examples
    --------
    >>> months_text("01-09", "zh"), months_text("01-12", "en")
    ('1—9月', 'January to December')
    """
    first, last = (int(one) for one in months.split("-"))
    names = [tr(f"months.m{month}", lang) for month in (first, last)]
    return tr("statement.span", lang, first=names[0], last=names[1])


def _row_text(row: StatementRow, months: str, time_pct: float, lang: str) -> str:
    said = {
        "unit": row.unit_name.text(lang),
        "name": row.name.text(lang),
        "span": months_text(months, lang),
        "value": _figure(row.value, row, lang, row.value_qualifiers),
        "target": _figure(row.target, row, lang, None),
        "pct": number(row.progress_pct, 1),
        "time": number(time_pct, 1),
    }
    parts = [tr(f"statement_texts.{row.judgement}", lang, **said)]
    if row.change_pct is not None:
        key = "rise" if row.change_pct >= 0 else "fall"
        parts.append(tr(f"statement_texts.{key}", lang, pct=number(abs(row.change_pct), 1)))
    if len(row.summed) > 1:
        parts.append(tr("statement_texts.summed", lang, parts=", ".join(row.summed)))
    if row.differs_from_sum is not None:
        differs = _figure(row.differs_from_sum, row, lang, None)
        parts.append(tr("statement_texts.differs", lang, value=differs))
    return tr("statement.sentences_apart", lang).join(parts)


def _figure(value: float | None, row: StatementRow, lang: str, said: object) -> str:
    text = f"{number(value, row.decimals)} {unit_text(row.unit, lang)}"
    if said is None or row.value_qualifiers is None:
        return text
    # That it is of a part of the year is said already: what else qualifies it stands beside it.
    plain = row.value_qualifiers.model_copy(update={"period": "full_year", "nature": "fact"})
    return marked_text(text, plain, lang) if value_qualifier(plain, lang) else text


def _overview(year: int, months: str, counts: Mapping[str, int], lang: str) -> str:
    listed = tr("report.list_mark", lang).join(
        tr("statement.counted", lang, judgement=tr(f"judgements.{one}", lang), count=counts[one])
        for one in JUDGEMENTS
        if counts.get(one)
    )
    total = sum(counts.values())
    span = months_text(months, lang)
    return tr("statement.overview", lang, year=year, span=span, total=total, listed=listed)
