"""Suitability for building as plain text for a terminal."""

from collections.abc import Sequence

from maps.answers import Citation
from maps.document.text import basis_lines
from maps.expansion.ground_answers import Share
from maps.expansion.suitability_answers import FormChange, SuitabilityMap, SuitabilityReport
from maps.expansion.terrain_text import problem_lines, site_heading
from maps.i18n import tr
from maps.numbers import number, table


def suitability_text(answer: SuitabilityReport, lang: str) -> str:
    """Return grades, exclusions and points of every site, and what is not known."""
    lines = [answer.title.in_lang(lang), *basis_lines(answer.basis, lang)]
    lines += [cited(one, lang) for one in answer.citations.values()]
    lines += missing_lines(answer, lang)
    for site in answer.sites:
        lines += ["", site_heading(site, lang), *problem_lines(site, lang)]
        if site.score:
            score = {name: number(value, 1) for name, value in site.score}
            lines.append(tr("cli.suitability_score", lang, **score))
        elif not site.problem:
            lines.append(tr("cli.suitability_no_score", lang))
        lines += [] if site.problem else [form_text(site.form, lang)]
        if site.shares:
            lines += share_table(site.shares, lang)
    return "\n".join(lines)


def suitability_map_text(answer: SuitabilityMap, lang: str) -> str:
    """Return what a map of suitability holds, where it is, and what is not known."""
    lines = [answer.raster.title.in_lang(lang), *basis_lines(answer.basis, lang)]
    lines += missing_lines(answer, lang)
    lines += [] if answer.form_counted else [tr("cli.form_map", lang)]
    lines += share_table(answer.shares, lang)
    made = {"id": answer.raster.id, "version": answer.raster.version}
    return "\n".join([*lines, tr("cli.suitability_stored", lang, files=answer.files, **made)])


def missing_lines(answer: SuitabilityReport | SuitabilityMap, lang: str) -> list[str]:
    """Return a line for what is missing: factors, and layers of hard lines."""
    kinds = [tr(f"raster_kinds.{kind}", lang) for kind in answer.missing_factors]
    lines = [tr("cli.factors_missing", lang, kinds=kinds)] if kinds else []
    for line in answer.missing_lines:
        said = {
            "kind": tr(f"hard_lines.{line.kind}", lang),
            "reason": tr(f"reasons.{line.reason}", lang),
        }
        key = "cli.line_missing_required" if line.required else "cli.line_missing"
        lines.append(tr(key, lang, **said))
    return lines


def form_text(form: FormChange | None, lang: str) -> str:
    """Return what a site's form did to its grades."""
    if form is None:
        return tr("cli.form_not_asked", lang)
    if form.compactness is None:
        return tr("cli.form_unknown", lang)
    grades = form.only_grades
    only = (
        tr("suitability_form.only", lang, list=", ".join(map(str, grades)))
        if grades
        else tr("suitability_form.every", lang)
    )
    signed = f"{form.grades:+d}" if form.effect == "adds" else str(form.grades)
    without = form.points_without
    return tr(
        "cli.form_line",
        lang,
        compactness=number(form.compactness, 2),
        change=tr(f"suitability_form.{form.effect}", lang, only=only, grades=signed),
        without=tr("suitability_form.nopoints", lang) if without is None else number(without, 1),
    )


def share_table(shares: Sequence[Share], lang: str) -> list[str]:
    """Return shares of ground as a table."""
    header = [tr(f"cli.col_{name}", lang) for name in ("grade", "ha", "share")]
    rows = [
        [share_name(one.id, lang), number(one.area_ha, 4), number(one.pct, 2)] for one in shares
    ]
    return table([header, *rows])


def share_name(share_id: str, lang: str) -> str:
    """Return the name of a grade, or of why ground has none."""
    kind, _, reason = share_id.partition(":")
    if reason:
        return tr("suitability_parts.excluded", lang, reason=tr(f"hard_lines.{reason}", lang))
    return tr(f"suitability_parts.{kind}", lang)


def cited(citation: Citation, lang: str) -> str:
    """Return a source with its number, its certainty and its note."""
    certainty = tr(f"certainty.{citation.certainty}", lang)
    note = citation.note(lang)
    return f"{citation.document(lang)} {citation.number} ({certainty}): {note}"
