"""The evaluation of firms as a document whose values, points and totals compute themselves."""

from collections.abc import Iterator, Sequence
from typing import Final

from maps.density.answers import Qualifiers
from maps.density.evaluation_answers import (
    FirmGroupOut,
    FirmOut,
    LowLand,
    PermuReport,
    SchemeList,
    ScoredOut,
)
from maps.density.qualified import (
    area_qualifier,
    note_lines,
    qualifier,
    qualifier_notices,
    time_text,
)
from maps.density.unread import unread_blocks
from maps.document.cells import Cell, Column, Formula, Marked, Plain, columns
from maps.document.model import Block, Document, Paragraph, Table, basis_blocks, sheet_of
from maps.document.reading import ledger_blocks
from maps.i18n import tr
from maps.numbers import number, unit_text
from maps.source_words import source_text

_MOST_FIRMS: Final = 25


def schemes_document(answer: SchemeList, lang: str) -> Document:
    """Return the schemes with what they are."""
    table = Table(
        id=tr("permu.scheme", lang),
        caption=None,
        columns=columns(
            "cli",
            lang,
            Column(title="col_id", share=1.6),
            Column(title="col_title", share=3.0),
            Column(title="col_scheme_for"),
            Column(title="col_to_fill", decimals=0),
        ),
        rows=tuple(
            (
                one.id,
                one.name.text(lang),
                tr(f"ui.view_{room}", lang),
                float(len(one.to_fill)) or None,
            )
            for room, schemes in (("permu", answer.schemes), ("intensity", answer.ideals))
            for one in schemes
        ),
        note=tr("cli.permu_usage", lang),
    )
    return sheet_of("", (table,), lang=lang)


def permu_document(answer: PermuReport, lang: str) -> Document:
    """Return firms, how each group is scored, and low-yield land."""
    scheme = answer.scheme
    blocks: list[Block] = [*basis_blocks(answer.basis, lang), *_notices(answer, lang)]
    blocks += [*ledger_blocks(answer.ledger, lang), _firms(answer, lang)]
    for group in answer.groups:
        blocks += _group(answer, group, lang)
    blocks += [*_low(answer, lang), _source(answer, lang)]
    return sheet_of(scheme.name.text(lang), tuple(blocks), lang=lang, subtitle=answer.source_name)


def _notices(answer: PermuReport, lang: str) -> Iterator[Paragraph]:
    yield Paragraph(text=answer.scheme.note.text(lang), role="notice")
    yield from qualifier_notices([answer.qualifiers], lang)
    yield from note_lines([answer.qualifiers], lang)
    if answer.missing_columns:
        names = ", ".join(tr(f"firm_quantities.{one}", lang) for one in answer.missing_columns)
        yield Paragraph(text=tr("cli.permu_missing", lang, names=names), role="notice")
    if len(answer.times) > 1:
        times = "; ".join(one.text(lang) for one in answer.times)
        yield Paragraph(text=tr("cli.permu_times", lang, times=times), role="notice")
    yield from unread_blocks(answer.unread, answer.left_out, lang)
    for one in answer.area_differences:
        text = tr("cli.permu_area", lang, name=one.name, stated=number(one.stated_mu, 2),
                  drawn=number(one.drawn_mu, 2), pct=number(one.difference_pct, 1))  # fmt: skip
        yield Paragraph(text=text, role="notice")


def _source(answer: PermuReport, lang: str) -> Paragraph:
    said = [
        source_text(answer.scheme.source, lang),
        answer.source_name,
        f"sha256 {answer.source_sha256 or '—'}",
    ]
    if layer := answer.parcel_layer:
        said.append(f"{tr('permu.parcels', lang)}: {layer.id} v{layer.version}")
    return Paragraph(text="; ".join(said), role="citation")


def _firms(answer: PermuReport, lang: str) -> Table:
    """Return all firms, those on low-yield land first; their points are for spreadsheets."""
    names = {item.id: item.name.text(lang) for group in answer.groups for item in group.indicators}
    groups = {group.id: group.name.text(lang) for group in answer.groups}
    points = tr("permu.points", lang)
    firms = sorted(answer.firms, key=lambda firm: not firm.low)
    return Table(
        id=tr("permu.sheet_firms", lang),
        caption=tr("permu.sheet_firms", lang),
        columns=(
            *columns("permu", lang, Column(title="firm", share=2.0), Column(title="group"),
                     Column(title="district"), Column(title="land_mu", decimals=2)),
            *(Column(title=f"{name} · {points}", decimals=2, data_only=True)
              for name in names.values()),
            *columns("permu", lang, Column(title="total", decimals=2), Column(title="grade"),
                     Column(title="low", share=2.0), Column(title="source", data_only=True),
                     Column(title="time")),
        ),
        rows=tuple(
            (firm.name, groups[firm.group], firm.district,
             Marked(value=firm.land_mu, mark=_of_land(firm, lang)),
             *(_marked(firm.points.get(name), firm.qualifiers, lang) for name in names),
             _marked(firm.total, firm.qualifiers, lang), firm.grade,
             _low_rules(answer, firm, lang), firm.qualifiers.source,
             time_text(firm.qualifiers, lang))
            for firm in firms
        ),
        most_rows=_MOST_FIRMS,
    )  # fmt: skip


def _low_rules(answer: PermuReport, firm: FirmOut, lang: str) -> str:
    names = {rule.id: rule.name.text(lang) for rule in answer.land_rules}
    return "; ".join(names[rule] for rule in firm.low)


def _group(answer: PermuReport, group: FirmGroupOut, lang: str) -> Iterator[Block]:
    name = group.name.text(lang)
    text = tr("cli.permu_group", lang, name=name, firms=group.firms, scored=group.scored)
    yield Paragraph(text=text)
    if not group.firms:
        return
    if group.ranked < group.least_ranked:
        small = tr("permu.small_group", lang, name=name, ranked=group.ranked,
                   least=group.least_ranked)  # fmt: skip
        yield Paragraph(text=small, role="notice")
    names = ("title", "unit", "weight", "baseline", "mean", "missing")
    decimals = (None, None, 0, 4, 4, 0)
    yield Table(
        id=tr("permu.sheet_scoring", lang),
        caption=name,
        columns=columns("cli", lang, *(
            Column(title=f"col_{name}", decimals=digits, share=2.4 if digits is None else 1.0)
            for name, digits in zip(names, decimals, strict=True)
        )),
        rows=tuple(
            (item.name.text(lang), unit_text(item.unit, lang), item.weight, item.baseline,
             _marked(item.mean, item.mean_qualifiers, lang), item.missing)
            for item in group.indicators
        ),
    )  # fmt: skip
    grades = [
        tr("cli.permu_grade", lang, grade=one.grade or tr("permu.ungraded", lang),
           firms=one.firms, land=number(one.land_mu, 1))
        for one in group.grades
        if one.grade or one.firms
    ]  # fmt: skip
    yield Paragraph(text="; ".join(grades))
    yield _scores(answer, group, lang)


def _scores(answer: PermuReport, group: FirmGroupOut, lang: str) -> Table:
    """Return the firms of a group with all that their totals are computed of."""
    items = group.indicators
    # Land stands in its own column already.
    quantities = [
        name for name in dict.fromkeys(one for item in items for one in _terms(item))
        if name != "land_mu"
    ]  # fmt: skip
    heads = [
        *columns("permu", lang, Column(title="firm"), Column(title="district"),
                 Column(title="land_mu"), Column(title="land_from")),
        *columns("firm_quantities", lang, *(Column(title=name) for name in quantities)),
    ]  # fmt: skip
    for item in items:
        title, unit = item.name.text(lang), unit_text(item.unit, lang)
        points = f"{title} · {tr('permu.points', lang)}"
        heads += [
            Column(title=title, unit=unit or None, decimals=4, key=f"value_{item.id}"),
            Column(title=points, decimals=2, key=f"points_{item.id}"),
        ]
    heads += columns("permu", lang, Column(title="total", decimals=2), Column(title="grade"),
                     Column(title="low"))  # fmt: skip
    return Table(
        id=group.name.text(lang),
        caption=group.name.text(lang),
        given=tuple(one for item in items for one in _scoring(item, lang)),
        columns=tuple(
            Column(title=head.title, unit=head.unit, decimals=head.decimals, key=head.key,
                   data_only=True)
            for head in heads
        ),
        rows=tuple(
            _scored(answer, firm, items, quantities, lang)
            for firm in answer.firms
            if firm.group == group.id
        ),
    )  # fmt: skip


def _scoring(item: ScoredOut, lang: str) -> Iterator[tuple[Column, Cell]]:
    """Yield what the points of an indicator rest on, as cells that may be changed."""
    name = item.name.text(lang)

    def given(key: str, words: str) -> Column:
        title = f"{name} · {words}"
        return Column(title=title, decimals=4, key=f"{key}_{item.id}", data_only=True)

    yield given("baseline", tr("permu.baseline", lang)), item.baseline
    yield given("weight", tr("permu.weight", lang)), item.weight
    if item.cap is not None:
        yield given("cap", tr("permu.cap", lang)), item.cap
    if item.floor is not None:
        yield given("floor", tr("permu.floor", lang)), item.floor
    cells = f"{{value_{item.id}_all}}"
    mean = Formula(
        text=f'IF(COUNT({cells})=0,"",AVERAGE({cells}))',
        value="" if item.mean is None else item.mean,
    )
    rule = tr(f"missing_rules.{item.missing_rule}", lang)
    yield given("mean", f"{tr('permu.mean', lang)} ({rule})"), mean


def _scored(
    answer: PermuReport,
    firm: FirmOut,
    items: Sequence[ScoredOut],
    quantities: Sequence[str],
    lang: str,
) -> tuple[Cell, ...]:
    said = firm.qualifiers
    land = Marked(value=firm.land_mu, mark=_of_land(firm, lang))
    row: list[Cell] = [firm.name, firm.district, land]
    row.append(tr(f"permu.land_{firm.land_method}", lang))
    row += [_marked(firm.quantities.get(name), said, lang) for name in quantities]
    for item in items:
        value, points = firm.values.get(item.id), firm.points.get(item.id)
        row.append(_computed(_value(item), value, said, lang))
        row.append(_computed(_points(item), points, said, lang))
    cells = ",".join(f"{{points_{item.id}}}" for item in items)
    total = f'IF(COUNT({cells})={len(items)},SUM({cells}),"")'
    row.append(_computed(total, firm.total, said, lang))
    return (*row, firm.grade, _low_rules(answer, firm, lang))


def _computed(text: str, value: float | None, found: Qualifiers, lang: str) -> Cell:
    """Return a formula with what qualifies its value, where it comes to one."""
    formula = Formula(text=text, value="" if value is None else value)
    return formula if value is None else _marked(formula, found, lang)


def _terms(item: ScoredOut) -> list[str]:
    above, _, below = item.formula.partition(" / ")
    return [*above.split(" + "), *below.split(" + ")]


def _value(item: ScoredOut) -> str:
    above, _, below = item.formula.partition(" / ")
    sides = [[f"{{{name}}}" for name in side.split(" + ")] for side in (above, below)]
    missing = ",".join(f'{cell}=""' for side in sides for cell in side)
    top, bottom = ("+".join(side) for side in sides)
    return f'IF(OR({missing}),"",IF({bottom}>0,({top})/({bottom}),IF({top}=0,0,"")))'


def _points(item: ScoredOut) -> str:
    value, name = f"{{value_{item.id}}}", item.id
    stand_in = {
        "zero": "0",
        "baseline": f"{{baseline_{name}}}",
        "group_mean": f"{{mean_{name}}}",
        "not_scored": '""',
    }[item.missing_rule]
    reached = f'IF({value}="",{stand_in},{value})'
    ratio = f"{reached}/{{baseline_{name}}}"
    if item.cap is not None:
        ratio = f"MIN({ratio},{{cap_{name}}})"
    if item.floor is not None:
        ratio = f"MAX({ratio},{{floor_{name}}})"
    return f'IF({reached}="","",{ratio}*{{weight_{name}}})'


def _low(answer: PermuReport, lang: str) -> Iterator[Block]:
    for rule in answer.land_rules:
        text = tr("cli.permu_rule", lang, name=rule.name.text(lang), firms=rule.firms,
                  untold=rule.untold)  # fmt: skip
        yield Paragraph(text=text, role="item")
    sums = ("land_mu", "low_land_mu", "taxed_mu", "tax", "low_taxed_mu", "low_tax", "gain")
    rates = ("low_share_pct", "tax_per_mu", "low_tax_per_mu", "tax_per_mu_then")
    printed = {"low_land_mu", "gain", *rates}
    yield Table(
        id=tr("permu.sheet_low", lang),
        caption=tr("permu.sheet_low", lang),
        columns=columns("permu", lang, Column(title="district", share=1.4),
                        Column(title="firms", decimals=0), Column(title="low_firms", decimals=0),
                        Column(title="unreported", decimals=0),
                        *(Column(title=name, decimals=2, data_only=name not in printed)
                          for name in (*sums, *rates))),
        rows=tuple(
            (one.district or tr("permu.no_district", lang), *_low_cells(one, lang))
            for one in answer.low
        ),
        total=(tr("permu.whole", lang), *_low_cells(answer.low_whole, lang)),
    )  # fmt: skip


def _low_cells(one: LowLand, lang: str) -> tuple[Cell, ...]:
    def marked(value: Plain) -> Cell:
        return _marked(value, one.qualifiers, lang)

    def rate(condition: str, text: str, value: float | None) -> Cell:
        formula = Formula(text=f'IF({condition},{text},"")', value="" if value is None else value)
        return formula if value is None else marked(formula)

    taxed = "{taxed_mu}>0"
    return (
        float(one.firms), float(one.low_firms), float(one.unreported), one.land_mu,
        marked(one.low_land_mu), one.taxed_mu, marked(one.tax), one.low_taxed_mu,
        marked(one.low_tax), marked(one.gain),
        rate("{land_mu}>0", "100*{low_land_mu}/{land_mu}", one.low_share_pct),
        rate(taxed, "{tax}/{taxed_mu}", one.tax_per_mu),
        rate("{low_taxed_mu}>0", "{low_tax}/{low_taxed_mu}", one.low_tax_per_mu),
        rate(taxed, "({tax}+{gain})/{taxed_mu}", one.tax_per_mu_then),
    )  # fmt: skip


def _marked(value: Plain, found: Qualifiers | None, lang: str) -> Cell:
    """Return a figure with what qualifies it; nothing where there is no figure."""
    return None if value is None else Marked(value=value, mark=qualifier(found, lang))


def _of_land(firm: FirmOut, lang: str) -> str | None:
    """Return what keeps the land of a firm from being a plain fact."""
    return area_qualifier(firm.qualifiers.area_quality, lang)
