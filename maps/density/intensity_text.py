"""Evaluations of zones and firms as plain text for a terminal."""

from maps.density.intensity_answers import IntensityReport, PotentialOut, RateOut, ZoneIntensity
from maps.i18n import tr
from maps.numbers import number, table, unit_text


def intensity_text(answer: IntensityReport, lang: str) -> str:
    """Return the evaluation of every zone of a file."""
    cited = answer.citation
    lines = [f"{cited.document(lang)} {cited.number}"]
    for zone in answer.zones:
        lines += ["", *_zone_lines(zone, lang)]
    return "\n".join(lines)


def _zone_lines(zone: ZoneIntensity, lang: str) -> list[str]:
    kind = tr(f"zone_types.{zone.zone_type}", lang)
    lines = [f"{zone.name or zone.code or '—'}: {kind}"]
    if zone.type_agrees is False:
        lines.append(tr("cli.type_differs", lang, stated=zone.stated_type, found=kind))
    columns = ("title", "value", "unit", "ideal", "realised", "reasons")
    header = [tr(f"cli.col_{name}", lang) for name in columns]
    lines += table([header, *(_rate_row(rate, lang) for rate in zone.rates)])
    lines += [
        tr("cli.goal", lang, name=goal.name.in_lang(lang), score=number(goal.score, 1),
           judged=number(goal.judged_pct, 0))
        for goal in zone.goals
    ]  # fmt: skip
    lines.append(
        tr("cli.intensity_score", lang, score=number(zone.score, 1),
           judged=number(zone.judged_pct, 0))
    )  # fmt: skip
    lines += _potential_lines(zone.potential, lang)
    return lines + [
        tr("cli.unread", lang, field=field, why=tr(f"table_problems.{why}", lang, text=field))
        for field, why in zone.unread
    ]


def _rate_row(rate: RateOut, lang: str) -> list[str]:
    why = ""
    if rate.reason == "missing":
        names = ", ".join(tr(f"quantities.{name}", lang) for name in rate.missing)
        why = tr("cli.rate_missing", lang, names=names)
    elif rate.reason:
        why = tr(f"reasons.rate_{rate.reason}", lang)
    return [
        rate.name.in_lang(lang),
        number(rate.value, 2),
        unit_text(rate.unit, lang),
        number(rate.ideal, 2),
        number(rate.realisation_pct, 1),
        why,
    ]


def _potential_lines(potential: PotentialOut, lang: str) -> list[str]:
    facts = {
        name.removesuffix("_ha"): number(hectares, 2)
        for name, hectares in potential
        if name.endswith("_ha")
    }
    return [tr("cli.potential", lang, **facts)]
