"""Density in words for a terminal."""

from maps.density.answers import DensityTable, IndicatorList
from maps.document.text import basis_lines
from maps.i18n import tr
from maps.numbers import number, table, unit_text


def indicators_text(answer: IndicatorList, lang: str) -> str:
    """Return the indicators with their years and denominators."""
    header = [tr(f"cli.col_{name}", lang) for name in ("id", "title", "unit", "years")]
    rows = [
        [
            item.id,
            item.name.in_lang(lang),
            unit_text(item.unit, lang),
            "; ".join(f"{y.year} ({', '.join(y.denominators)})" for y in item.years),
        ]
        for item in answer.indicators
    ]
    return "\n".join([*table([header, *rows]), "", tr("cli.density_usage", lang)])


def density_text(answer: DensityTable, lang: str) -> str:
    """Return a density table; rows without a density say why."""
    land = tr(f"denominators.{answer.denominator}", lang)
    lines = [f"{answer.name.in_lang(lang)} {answer.year} / {land} ({unit_text(answer.unit, lang)})"]
    lines += basis_lines(answer.basis, lang)
    header = [tr(f"cli.col_{name}", lang) for name in ("unit_name", "value", "area", "density")]
    rows = [
        [
            row.name.in_lang(lang),
            number(row.value, 2),
            number(row.area_km2, 2),
            number(row.density, 3) if row.reason is None else tr(f"reasons.{row.reason}", lang),
        ]
        for row in answer.rows
    ]
    return "\n".join([*lines, *table([header, *rows]), *_agreement_lines(answer, lang)])


def _agreement_lines(answer: DensityTable, lang: str) -> list[str]:
    """Return whether totals agree with their parts, and areas with boundaries."""
    lines = []
    if total := answer.reconciliation:
        key = "cli.sum_open" if total.missing else "cli.sum_differs"
        if not total.missing and not total.warned:
            key = "cli.sum_agrees"
        lines.append(
            tr(
                key, lang, total=number(total.total, 2), parts=number(total.parts_sum, 2),
                pct=number(total.difference_pct, 2), missing=", ".join(total.missing),
            )
        )  # fmt: skip
    return lines + [
        tr("cli.area_differs", lang, name=area.name.in_lang(lang),
           pct=number(area.difference_pct, 2), measured_km2=number(area.measured_km2, 2),
           published_km2=number(area.published_km2, 2))
        for area in answer.area_checks
        if area.warned
    ]  # fmt: skip
