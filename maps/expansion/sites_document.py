"""Searches and avoidances of sites as documents."""

from collections.abc import Iterator

from maps.check.certificate import not_examined_blocks
from maps.check.finding import UntoldLine
from maps.document.cells import Cell, Column, Tag, columns
from maps.document.model import (
    Block,
    Document,
    Heading,
    Paragraph,
    Table,
    basis_blocks,
    sheet_of,
)
from maps.document.reading import ledger_blocks
from maps.expansion.answers import (
    AvoidanceReport,
    BriefCheck,
    CandidateOut,
    FunnelStep,
    RelaxedConstraint,
    SearchReport,
    ShiftOut,
    TrimOut,
)
from maps.expansion.constraint_document import constraint_blocks, ground_cells, ground_columns
from maps.i18n import tr
from maps.numbers import number


def search_document(answer: SearchReport, lang: str) -> Document:
    """Return the funnel, the candidates, or after which constraint there are none."""
    names = ("removed", "alone", "left")
    funnel = Table(
        id=tr("siting.constraint", lang),
        caption=tr("siting.funnel", lang),
        columns=columns("siting", lang, Column(title="constraint", share=2.6),
                        *(Column(title=name, decimals=2) for name in names)),
        rows=tuple(
            (_step_name(step, lang), step.removed_km2, step.alone_km2, step.left_km2)
            for step in answer.funnel
        ),
    )  # fmt: skip
    title = tr(
        "siting.searched", lang, name=answer.area_name or tr("siting.drawn", lang),
        area=number(answer.area_km2, 1),
    )  # fmt: skip
    blocks: list[Block] = [*_notices(answer, lang), funnel]
    if answer.cell_m is not None:
        cells = tr("siting.searched_cells", lang, cell=number(answer.cell_m, 0))
        blocks.append(Paragraph(text=cells, role="small"))
    if answer.nothing_because:
        step = next(one for one in answer.funnel if one.reason == answer.nothing_because)
        text = tr("siting.nothing", lang, why=_step_name(step, lang))
        blocks += [Paragraph(text=text, role="notice"), *_relaxations(answer, lang)]
    else:
        blocks.append(_candidates(answer, lang))
        taken = [(one.site_id, one.takes) for one in answer.candidates]
        blocks += constraint_blocks(answer.ground_terms, taken, lang)
    return sheet_of(title, tuple(blocks), lang=lang)


def avoidance_document(answer: AvoidanceReport, lang: str) -> Document:
    """Return for each site what a trim and a shift make of it, and what the check says."""
    blocks: list[Block] = [*_notices(answer, lang)]
    for site in answer.sites:
        before = tr(
            "siting.avoid_before", lang, name=site.name or site.site_id,
            area=number(site.area_m2, 0), mu=number(site.area_mu, 2),
            verdict=tr(f"verdicts.{site.before.verdict}", lang),
        )  # fmt: skip
        blocks += [Heading(text=before), *_trim(site.trim, lang), _shift(site.shift, lang)]
    blocks.append(Paragraph(text=answer.terms_note.text(lang), role="citation"))
    return sheet_of("", tuple(blocks), lang=lang)


def verdict_tag(check: BriefCheck, lang: str) -> Tag:
    """Return what the check says of a site."""
    return Tag(text=tr(f"verdicts.{check.verdict}", lang), tone=check.verdict)


def _notices(answer: SearchReport | AvoidanceReport, lang: str) -> Iterator[Block]:
    yield from basis_blocks(answer.basis, lang)
    if isinstance(answer, AvoidanceReport):
        yield from ledger_blocks(answer.read_report.ledger, lang)
    if answer.untold:
        lines = "; ".join(_line_text(one, lang) for one in answer.untold)
        yield Paragraph(text=tr("siting.untold", lang, lines=lines), role="notice")
    yield from not_examined_blocks(answer.not_examined, lang)
    if isinstance(answer, SearchReport) and answer.missing_factors:
        kinds = [tr(f"raster_kinds.{kind}", lang) for kind in answer.missing_factors]
        yield Paragraph(text=tr("siting.missing_factors", lang, kinds=kinds), role="notice")


def _line_text(line: UntoldLine, lang: str) -> str:
    why = tr(f"reasons.{line.reason}", lang)
    why = f"{why}, {line.law_day}" if line.law_day else why
    return f"{line.title.text(lang)} ({why})"


def _step_name(step: FunnelStep, lang: str) -> str:
    """Return a constraint in words: the layer's title for a hard line."""
    return step.title.text(lang) if step.title else tr(f"siting.step_{step.reason}", lang)


def _largest_key(answer: SearchReport) -> str:
    """Return how the largest ground is told: what shares of soft ground took is no part of it."""
    limited = any(step.reason == "soft_limits" and step.removed_km2 for step in answer.funnel)
    return "largest_before_limits" if limited else "largest_now"


def _relaxations(answer: SearchReport, lang: str) -> Iterator[Block]:
    """Yield what is largest now, and the smallest sets of constraints to give up."""
    least, width = (answer.constraints[name] for name in ("least_ha", "width_m"))
    yield Paragraph(
        text=tr(f"siting.{_largest_key(answer)}", lang, largest=number(answer.largest_ha, 2),
                least=number(least, 2), width=number(width, 0))
    )  # fmt: skip
    if not answer.relaxations:
        yield Paragraph(text=tr("siting.relaxed_none", lang), role="notice")
        return
    yield Table(
        id=tr("siting.relaxed", lang),
        caption=tr("siting.relaxations", lang),
        columns=columns("siting", lang, Column(title="relaxed", share=3.0),
                        Column(title="relaxed_sites", decimals=0),
                        Column(title="relaxed_largest", decimals=2),
                        Column(title="relaxed_area", decimals=2)),
        rows=tuple(
            (" + ".join(_given_up(each, lang) for each in one.constraints), one.sites,
             one.largest_ha, one.area_ha)
            for one in answer.relaxations
        ),
    )  # fmt: skip


def _given_up(one: RelaxedConstraint, lang: str) -> str:
    name = one.title.text(lang) if one.title else tr(f"siting.step_{one.reason}", lang)
    return tr(f"siting.needs_{one.needs}", lang, name=name)


def _candidates(answer: SearchReport, lang: str) -> Table:
    numbers = (("ground", 0), ("area_ha", 2), ("width", 0), ("compact", 2), ("slope", 1),
               ("district", 2), ("place", 2))  # fmt: skip
    left_out = tr("siting.more", lang, count=answer.left_out) if answer.left_out else None
    cut = any(one.cut_by for one in answer.candidates)
    notes = [left_out, cut_note(answer, lang) if cut else None]
    return Table(
        id=tr("siting.site", lang),
        caption=tr("siting.candidates", lang),
        columns=columns("siting", lang, Column(title="site"),
                        *(Column(title=name, decimals=digits) for name, digits in numbers),
                        *ground_columns(answer.ground_terms),
                        *([Column(title="cut_by", share=1.4)] if cut else []),
                        Column(title="verdict")),
        rows=tuple(_candidate(answer, one, lang, cut=cut) for one in answer.candidates),
        note=" ".join(filter(None, notes)) or None,
    )  # fmt: skip


def cut_note(answer: SearchReport, lang: str) -> str:
    """Return along what ground that was too large could be cut, and that lines were straight."""
    mark = tr("report.list_mark", lang)
    kinds = mark.join(tr(f"siting.cut_{one}", lang) for one in answer.cut_along)
    key = "siting.cut_note" if kinds else "siting.cut_note_none"
    return tr(key, lang, kinds=kinds, least=number(answer.cut_compactness, 2))


def _candidate(
    answer: SearchReport, one: CandidateOut, lang: str, *, cut: bool
) -> tuple[Cell, ...]:
    mark = tr("report.list_mark", lang)
    cut_by = mark.join(tr(f"siting.cut_{kind}", lang) for kind in one.cut_by)
    return (
        one.site_id,
        one.ground,
        one.area_m2 / 10_000.0,
        one.width_m,
        one.compactness,
        one.slope_mean_deg,
        one.district_km,
        one.point_km,
        *ground_cells(answer.ground_terms, one.takes, lang),
        *([cut_by or None] if cut else []),
        verdict_tag(one.check, lang),
    )


def _checked(check: BriefCheck, lang: str) -> dict[str, str]:
    verdict = tr(f"verdicts.{check.verdict}", lang)
    return {"verdict": verdict, "overlap": _hard_overlap(check, lang)}


def _hard_overlap(check: BriefCheck, lang: str) -> str:
    """Return the ground on hard lines, and which lines cannot be told: they may be there."""
    area = number(check.hard_overlap_m2, 2)
    if not check.untold:
        return tr("siting.hard_overlap", lang, area=area)
    lines = tr("report.list_mark", lang).join(one.text(lang) for one in check.untold)
    key = "hard_untold" if check.hard_overlap_m2 is None else "hard_overlap_partly"
    return tr(f"siting.{key}", lang, area=area, lines=lines)


def _trim(found: TrimOut, lang: str) -> Iterator[Paragraph]:
    if found.check is None:
        why = tr(f"siting.why_{found.why}", lang)
        # Where nothing was computed, no area is known either.
        key = "trim_not_computable" if found.why == "not_computable" else "trim_none"
        text = tr(f"siting.{key}", lang, why=why, area=number(found.area_m2, 0))
        yield Paragraph(text=text, role="notice")
        return
    yield Paragraph(
        text=tr("siting.trim_done", lang, area=number(found.area_m2, 0),
                pct=number(found.kept_pct, 1), width=number(found.width_m, 0),
                **_checked(found.check, lang))
    )  # fmt: skip
    lost = [(one.title.text(lang), one.area_m2) for one in found.lost]
    if found.cut_off_m2 >= 1.0:
        lost.append((tr("siting.cut_off", lang), found.cut_off_m2))
    for name, area_m2 in lost:
        yield Paragraph(text=f"{name}: −{number(area_m2, 0)} m²", role="item")


def _shift(found: ShiftOut, lang: str) -> Paragraph:
    if found.check is None:
        why = tr(f"siting.why_{found.why}", lang)
        return Paragraph(text=tr("siting.shift_none", lang, why=why), role="notice")
    return Paragraph(
        text=tr("siting.shift_done", lang, distance=number(found.distance_m, 1),
                bearing=number(found.bearing_deg, 0), **_checked(found.check, lang))
    )  # fmt: skip
