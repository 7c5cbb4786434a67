"""The evaluation of firms as plain text for a terminal."""

from typing import Final

from maps.density.evaluation_answers import FirmGroupOut, FirmOut, LowLand, PermuReport, SchemeList
from maps.document.text import basis_lines
from maps.i18n import tr
from maps.numbers import number, table, unit_text

_MOST_FIRMS: Final = 25
"""Low-yield firms that a terminal shows; files hold all."""


def schemes_text(answer: SchemeList, lang: str) -> str:
    """Return the schemes with what they are."""
    header = [tr(f"cli.col_{name}", lang) for name in ("id", "title")]
    rows = [[one.id, one.name.in_lang(lang)] for one in answer.schemes]
    return "\n".join([*table([header, *rows]), "", tr("cli.permu_usage", lang)])


def permu_text(answer: PermuReport, lang: str) -> str:
    """Return groups, grades, low-yield land, and the firms on it."""
    lines = [answer.scheme.name.in_lang(lang), answer.scheme.note.in_lang(lang)]
    lines += basis_lines(answer.basis, lang)
    if answer.missing_columns:
        names = ", ".join(tr(f"firm_quantities.{one}", lang) for one in answer.missing_columns)
        lines.append(tr("cli.permu_missing", lang, names=names))
    if answer.unread:
        lines.append(tr("cli.permu_unread", lang, names=", ".join(answer.unread)))
    for group in answer.groups:
        lines += ["", *_group_lines(group, lang)]
    lines += ["", *_low_lines(answer, lang)]
    low = [firm for firm in answer.firms if firm.low]
    if low:
        lines += ["", *_firm_lines(answer, low[:_MOST_FIRMS], lang)]
    if len(low) > _MOST_FIRMS:
        lines.append(tr("cli.permu_more", lang, count=len(low) - _MOST_FIRMS))
    lines += [
        tr("cli.permu_area", lang, name=one.name, stated=number(one.stated_mu, 2),
           drawn=number(one.drawn_mu, 2), pct=number(one.difference_pct, 1))
        for one in answer.area_differences[:_MOST_FIRMS]
    ]  # fmt: skip
    return "\n".join(lines)


def _group_lines(group: FirmGroupOut, lang: str) -> list[str]:
    lines = [
        tr("cli.permu_group", lang, name=group.name.in_lang(lang), firms=group.firms,
           scored=group.scored)
    ]  # fmt: skip
    if not group.firms:
        return lines
    columns = ("title", "unit", "weight", "baseline", "mean", "missing")
    header = [tr(f"cli.col_{name}", lang) for name in columns]
    rows = [
        [
            item.name.in_lang(lang),
            unit_text(item.unit, lang),
            number(item.weight, 0),
            number(item.baseline, 4),
            number(item.mean, 4),
            str(item.missing),
        ]
        for item in group.indicators
    ]
    grades = [
        tr("cli.permu_grade", lang, grade=one.grade or tr("permu.ungraded", lang),
           firms=one.firms, land=number(one.land_mu, 1))
        for one in group.grades
        if one.grade or one.firms
    ]  # fmt: skip
    return [*lines, *table([header, *rows]), "; ".join(grades)]


def _low_lines(answer: PermuReport, lang: str) -> list[str]:
    rules = [
        tr("cli.permu_rule", lang, name=rule.name.in_lang(lang), firms=rule.firms,
           untold=rule.untold)
        for rule in answer.land_rules
    ]  # fmt: skip
    columns = (
        "district",
        "low_firms",
        "low_land_mu",
        "low_share_pct",
        "tax_per_mu",
        "low_tax_per_mu",
        "gain",
        "tax_per_mu_then",
    )
    header = [tr(f"permu.{name}", lang) for name in columns]
    parts = answer.low if len(answer.low) > 1 else []
    rows = [_low_row(one, lang) for one in (*parts, answer.low_whole)]
    rows[-1][0] = tr("permu.whole", lang)
    return [*rules, *table([header, *rows])]


def _low_row(low: LowLand, lang: str) -> list[str]:
    return [
        low.district or tr("permu.no_district", lang),
        str(low.low_firms),
        number(low.low_land_mu, 1),
        number(low.low_share_pct, 1),
        number(low.tax_per_mu, 2),
        number(low.low_tax_per_mu, 2),
        number(low.gain, 1),
        number(low.tax_per_mu_then, 2),
    ]


def _firm_lines(answer: PermuReport, firms: list[FirmOut], lang: str) -> list[str]:
    names = {rule.id: rule.name.in_lang(lang) for rule in answer.land_rules}
    header = [tr(f"permu.{name}", lang) for name in ("firm", "land_mu", "total", "grade", "low")]
    rows = [
        [
            firm.name,
            number(firm.land_mu, 2),
            number(firm.total, 2),
            firm.grade or "—",
            "; ".join(names[rule] for rule in firm.low),
        ]
        for firm in firms
    ]
    return table([header, *rows])
