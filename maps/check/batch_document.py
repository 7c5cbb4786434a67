"""Batches of checks as documents."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from geo.check.verdict import gravity
from geo.model import Relation, Verdict
from geo.units import M2_PER_HA, m2_to_mu
from maps import refusals
from maps.answers import LeftOutOut, ReadReportOut
from maps.check.answers import CheckResult, SiteResult
from maps.check.batch_answers import (
    Batch,
    BatchFile,
    BatchWritten,
    Refusal,
    unexamined_of,
)
from maps.check.certificate import not_examined_blocks
from maps.check.finding import Finding
from maps.check.headline import lines_of
from maps.check.headline_words import beside_text, has_untold, line_tag
from maps.check.report.material import (
    UNOFFICIAL,
    finding_name,
    finding_tag,
    nature_name,
    outcome_tag,
    reasons_text,
    reviewed_tag,
)
from maps.document.cells import Cell, Column, Marked, Tag
from maps.document.model import Block, Document, Facts, Paragraph, Section, Table, sheet_of
from maps.document.reading import left_out_text, note_text, written_blocks
from maps.i18n import tr

_WHO: Final = ("file", "data_set", "site", "site_name")
_DECIMALS: Final = {
    "area_m2": 2, "area_ha": 4, "area_mu": 3, "overlap_m2": 2, "overlap_ha": 4, "overlap_mu": 3,
    "share_pct": 2, "width_m": 3, "nearest_m": 1, "coverage_pct": 1,
}  # fmt: skip
_FILE: Final = ("file", "data_set", "status", "verdict", "sites", "crs", "why", "check_id")
_SITE: Final = (
    "verdict", "conditions", "contacts", "outcome", "area_m2", "area_ha", "area_mu", "overlap_m2",
    "nearest_m", "worst_rule", "why", "check_id",
)  # fmt: skip
_FINDING: Final = (
    *_WHO, "kind", "rule", "layer", "version", "verdict", "reasons", "outcome", "overlap_m2",
    "overlap_ha", "overlap_mu", "share_pct", "width_m", "nearest_m", "coverage_pct",
)  # fmt: skip
Row = tuple[Cell, ...]


def batch_document(batch: Batch, lang: str) -> Document:
    """Return a batch as tables of data: sites, files, verdicts by rule, findings, gaps, basis."""
    tables = (
        # What a planner starts from: every site that came in, those that could not be used too.
        _sites_table(batch, lang),
        _table("files", _FILE, [_file_row(file, lang) for file in batch.files], lang),
        _matrix(batch, lang),
        _table("findings", _FINDING, _finding_rows(batch, lang), lang),
        _table("gaps", (*_WHO, "kind", "rule", "why"), _all_gaps(batch, lang), lang),
        _table("basis", ("item", "value"), _basis_rows(batch, lang), lang),
    )
    sections = (Section(title=table.id, blocks=(table,)) for table in tables)
    return Document(lang=lang, title="", sections=tuple(sections))


def batch_summary(answer: BatchWritten, lang: str) -> Document:
    """Return files with what became of them, sites by verdict, and what was written."""
    batch = answer.batch
    blocks: list[Block] = [_files_table(batch, lang), _counts(answer, lang)]
    if answer.reviewed_verdicts:
        said = _count_text(answer.reviewed_verdicts, lang)
        text = tr("cli.batch_reviewed", lang, counts=said)
        blocks.append(Paragraph(text=text, role="notice"))
    blocks += [
        Paragraph(text=f"{one.file}: {left_out_text(one.site, lang)}", role="item")
        for one in batch.left_out
    ]
    blocks += not_examined_blocks(answer.not_examined, lang)
    if batch.refused:
        text = tr("cli.batch_refused", lang, refused=batch.refused)
        blocks.append(Paragraph(text=text, role="notice"))
    if batch.done < batch.total:
        text = tr("cli.batch_stopped", lang, done=batch.done, total=batch.total)
        blocks.append(Paragraph(text=text))
    return sheet_of("", (*blocks, *written_blocks(answer.outputs, lang)), lang=lang)


def _files_table(batch: Batch, lang: str) -> Table:
    """Return a row for each file: the three lines by themselves, then what they come to."""
    rows = []
    for file in batch.files:
        name, layer, status, verdict, _, crs, why, _ = _file_row(file, lang)
        told = [line_tag(line, lang) for line in file.lines]
        lines: list[Cell] = [*told] or [None] * len(_line_titles(lang))
        who = f"{name} / {layer}" if layer else name
        rows.append((who, status, *lines, verdict, crs, why))
    file_, status_, *rest = _table(
        "files", ("file", "status", "verdict", "crs", "why"), (), lang
    ).columns
    columns = (file_, status_, *_line_columns(lang), *rest)
    title = tr("book.sheet_files", lang)
    return Table(id=title, caption=None, columns=columns, rows=tuple(rows))


def _counts(answer: BatchWritten, lang: str) -> Facts:
    """Return how many sites have which verdict: by line, in all, and what is told beside."""
    rows = [(one.title.text(lang), _count_text(one.verdicts, lang)) for one in answer.lines]
    rows.append((tr("book.verdict", lang), _count_text(answer.verdicts, lang)))
    for name, count in (("conditions", answer.conditions), ("contacts", answer.contacts)):
        rows.append((tr(f"beside.{name}", lang), tr("beside.sites", lang, count=count)))
    return Facts(id=tr("book.sheet_sites", lang), caption=None, rows=tuple(rows))


def _count_text(verdicts: Mapping[str, int], lang: str) -> str:
    return " · ".join(f"{tr(f'verdicts.{one}', lang)} {count}" for one, count in verdicts.items())


def _line_titles(lang: str) -> list[str]:
    return [line.title.text(lang) for line in lines_of(())]


def _line_columns(lang: str) -> tuple[Column, ...]:
    return tuple(Column(title=title, share=1.4) for title in _line_titles(lang))


def refusal_text(refusal: Refusal, lang: str) -> str:
    """Return in words why a file could not be used, and what would help."""
    text = refusals.refusal_text(refusal.code, refusal.params, lang)
    return " ".join(filter(None, (text, refusals.proposals_text(refusal.params, lang))))


def _table(name: str, heads: Iterable[str], rows: Iterable[Row], lang: str) -> Table:
    columns = (
        Column(title=title, decimals=_DECIMALS.get(head), share=max(0.5, len(title) / 4 - 0.75))
        for head in heads
        for title in [tr(f"book.{head}", lang)]
    )
    title = tr(f"book.sheet_{name}", lang)
    return Table(id=title, caption=None, columns=tuple(columns), rows=tuple(rows))


def _checked_sites(batch: Batch) -> Iterator[tuple[BatchFile, CheckResult, SiteResult]]:
    for file in batch.files:
        for site in file.check.sites if file.check else []:
            if file.check:
                yield file, file.check, site


def _who(file: BatchFile, site: SiteResult) -> Row:
    return file.name, file.layer, site.site_id, site.name


def _file_row(file: BatchFile, lang: str) -> Row:
    return (
        file.name,
        file.layer,
        tr(f"file_statuses.{file.status}", lang),
        reviewed_tag(file.check.verdict, file.check.reviewed_verdict, lang) if file.check else None,
        len(file.check.sites) if file.check else None,
        _crs_text(file.check.read_report, lang) if file.check else None,
        _remark(file, lang),
        file.check.id if file.check else None,
    )


def _remark(file: BatchFile, lang: str) -> str | None:
    """Return why a file was refused, or what its reader warns of."""
    if file.refusal:
        return refusal_text(file.refusal, lang)
    notes = file.check.read_report.issues if file.check else []
    warned = dict.fromkeys(note_text(one, lang) for one in notes if one.severity == "warning")
    return "; ".join(warned) or None


def _crs_text(report: ReadReportOut, lang: str) -> str:
    """Return the CRS that a file was read by, and how it was found."""
    how = tr(f"evidence.{report.crs_how}", lang)
    return tr("report.with_how", lang, value=report.crs, how=how)


def _sites_table(batch: Batch, lang: str) -> Table:
    """Return a row for each site, with the three lines before what all findings come to.

    A site that was not judged has a row that says why, and so has a file that was not used.
    """
    who, rest = (_table("sites", heads, (), lang) for heads in (_WHO, _SITE))
    columns = (*who.columns, *_line_columns(lang), *rest.columns)
    return Table(id=who.id, caption=None, columns=columns, rows=tuple(_site_rows(batch, lang)))


def _site_rows(batch: Batch, lang: str) -> Iterator[Row]:
    for file in batch.files:
        if file.check is None:
            why = refusal_text(file.refusal, lang) if file.refusal else None
            yield _unused_row(file, None, tr(f"file_statuses.{file.status}", lang), why)
            continue
        yield from _rows_of_check(file, file.check, lang)
        for lost in file.check.left_out:
            unused = tr("file_statuses.refused", lang)
            yield _unused_row(file, lost.label, unused, left_out_text(lost, lang))


def _unused_row(file: BatchFile, label: str | None, status: str, why: str | None) -> Row:
    """Return a row of what was not judged, empty but for who it is and why."""
    lines, rest = len(lines_of(())), len(_SITE) - _SITE.index("verdict") - 3
    empty: Row = (None,) * rest
    tag = Tag(text=status, tone="undetermined")
    check_id = file.check.id if file.check else None
    return (file.name, file.layer, label, None, *(None,) * lines, tag, *empty, why, check_id)


def _rows_of_check(file: BatchFile, check: CheckResult, lang: str) -> Iterator[Row]:
    for site in check.sites:
        worst = _deciding(site)
        # What all land lies in is nearest to every site: only what forbids is far or near.
        hard = (one for one in site.findings if one.relation == Relation.MUST_NOT_OVERLAP)
        near = [one.nearest_m for one in hard if one.nearest_m is not None]
        yield (
            *_who(file, site),
            *(line_tag(line, lang) for line in site.lines),
            reviewed_tag(site.verdict, site.reviewed_verdict, lang),
            beside_text(site.conditions, lang, untold=has_untold(site)),
            beside_text(site.contacts, lang, untold=has_untold(site)),
            outcome_tag(site.outcome, lang),
            site.area_m2,
            site.area_m2 / M2_PER_HA,
            site.area_mu,
            worst.told.area_m2 if worst else None,
            min(near, default=None),
            worst.title.text(lang) if worst else None,
            None,
            check.id,
        )


def _deciding(site: SiteResult) -> Finding | None:
    """Return the finding that the verdict of a site rests on; a clear site has none.

    Conditions that hold on all land are told in their own column.
    """
    own = (
        one
        for one in site.findings
        if one.verdict == site.verdict
        and one.verdict != Verdict.CLEAR
        and not (one.verdict == Verdict.CONDITIONAL and one.covers_all_land)
    )
    return min(own, key=_gravity, default=None)


def _matrix(batch: Batch, lang: str) -> Table:
    """Return a row for each site and a column for each rule: the gravest of its verdicts."""
    sites = list(_checked_sites(batch))
    # A site at the rim of a layer lacks some rules: the longest list gives the order.
    longest_first = sorted((site.findings for *_, site in sites), key=len, reverse=True)
    rules = {one.rule_id: finding_name(one, lang) for found in longest_first for one in found}
    own = _table("matrix", _WHO, [], lang)
    columns = (Column(title=title) for title in rules.values())
    rows = []
    for file, _, site in sites:
        ordered = sorted(site.findings, key=_gravity, reverse=True)
        said = {finding.rule_id: _reviewed(finding, lang) for finding in ordered}
        rows.append((*_who(file, site), *(said.get(rule) for rule in rules)))
    return Table(id=own.id, caption=None, columns=(*own.columns, *columns), rows=tuple(rows))


def _gravity(finding: Finding) -> tuple[int, float]:
    return gravity(finding.verdict), -(finding.overlap_area_m2 or 0.0)


def _finding_rows(batch: Batch, lang: str) -> Iterator[Row]:
    """Return what is not clear in full; that the rest is clear stands in the matrix."""
    for file, _, site in _checked_sites(batch):
        for finding in site.findings:
            if finding.verdict != "clear":
                yield (*_who(file, site), *_finding_cells(finding, lang))


def _finding_cells(finding: Finding, lang: str) -> Row:
    area_m2 = finding.told.area_m2
    return (
        finding.kind_title.text(lang),
        finding.rule.text(lang),
        finding.title.text(lang),
        finding.layer_version,
        _verdict_cell(finding, lang),
        reasons_text(finding, lang),
        outcome_tag(finding.decision.outcome, lang),
        area_m2,
        None if area_m2 is None else area_m2 / M2_PER_HA,
        None if area_m2 is None else m2_to_mu(area_m2),
        finding.told.share_pct,
        finding.told.width_m,
        finding.nearest_m,
        finding.coverage_pct,
    )


def _verdict_cell(finding: Finding, lang: str) -> Cell:
    """Return a verdict, marked where the layer that it rests on is not official."""
    status = finding.layer_status
    mark = tr(f"statuses.{status}", lang) if status in UNOFFICIAL else None
    return Marked(value=_reviewed(finding, lang), mark=mark)


def _reviewed(finding: Finding, lang: str) -> Tag:
    return finding_tag(finding, lang)


def _all_gaps(batch: Batch, lang: str) -> Iterator[Row]:
    """Return the kinds that were not examined, then what could not be told of each file."""
    state, why = tr("examined.not_examined", lang), tr("reasons.layer_missing", lang)
    for one in unexamined_of(batch):
        yield (*(None,) * len(_WHO), one.text(lang), state, why)
    yield from _gap_rows(batch, lang)


def _gap_rows(batch: Batch, lang: str) -> Iterator[Row]:
    """Return what could not be told: files not read, notes of reading, findings open."""
    nothing = (None, None, None)
    for file in batch.files:
        if file.refusal:
            yield (file.name, file.layer, None, *nothing, refusal_text(file.refusal, lang))
    for file in batch.files:
        if not file.check:
            continue
        for note in file.check.read_report.issues:
            why = tr(f"issues.{note.code}", lang, **note.params)
            yield (file.name, file.layer, note.feature_id, *nothing, why)
        for entry in _lost_entries(batch, file):
            yield (file.name, file.layer, entry.label, *nothing, left_out_text(entry, lang))
        for site in file.check.sites:
            for finding in site.findings:
                if finding.verdict == "undetermined":
                    rule = (finding.kind_title.text(lang), finding.rule.text(lang))
                    yield (*_who(file, site), *rule, reasons_text(finding, lang))


def _lost_entries(batch: Batch, file: BatchFile) -> Iterator[LeftOutOut]:
    ledger = file.check.read_report.ledger if file.check else None
    for entry in ledger.left_out if ledger else ():
        if not _is_read(batch, file, entry):
            yield entry


def _is_read(batch: Batch, file: BatchFile, entry: LeftOutOut) -> bool:
    """Tell whether what one reading put aside is another file of the batch."""
    beside = entry.reason in ("layer_beside", "lies_beside", "kml_beside")
    others = (one.layer or "" for one in batch.files if one.name == file.name)
    return beside and any(f"/{one}".endswith(f"/{entry.label}") for one in others)


def _basis_rows(batch: Batch, lang: str) -> Iterator[Row]:
    yield tr("book.checked_on", lang), batch.checked_on
    yield tr("book.nature", lang), nature_name(batch.nature, lang)
    progress = tr("book.progress_value", lang, done=batch.done, total=batch.total)
    yield tr("book.progress", lang), progress
    if batch.refused:
        yield tr("book.progress", lang), tr("book.refused_value", lang, refused=batch.refused)
    if batch.done < batch.total:
        yield tr("book.progress", lang), tr("book.stopped", lang)
    checks = [file.check for file in batch.files if file.check]
    for digest in sorted({check.record["rules_sha256"] for check in checks}):
        yield tr("book.rules", lang), digest
    layers = {name: digest for check in checks for name, digest in check.record["layers"].items()}
    titles = _layer_titles(checks, lang)
    yield from ((_layer_name(name, titles), digest) for name, digest in sorted(layers.items()))
    basis = {
        (one.status, name) for check in checks for one in check.basis for name in one.layer_ids
    }
    for status, layer_id in sorted(basis):
        yield titles.get(layer_id, layer_id), tr(f"basis.{status}", lang)


def _layer_titles(checks: Iterable[CheckResult], lang: str) -> Mapping[str, str]:
    """Return the titles of layers by id, as the findings name them."""
    found: dict[str, str] = {}
    for check in checks:
        for site in check.sites:
            found |= {one.layer_id: one.title.text(lang) for one in site.findings if one.layer_id}
        for layer in check.land_use.layers if check.land_use else ():
            found[layer.layer_id] = layer.title.text(lang)
    return found


def _layer_name(name: str, titles: Mapping[str, str]) -> str:
    """Return a layer by its title with its id and version, which the digest is of."""
    title = titles.get(name.rpartition("@")[0])
    return f"{title} ({name})" if title else name
