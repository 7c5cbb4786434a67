"""The summary of a batch as a workbook: files, sites, verdicts by rule, findings, gaps, basis."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from geo.check.verdict import gravity
from geo.units import M2_PER_HA, m2_to_mu
from maps import refusals
from maps.document.workbook import BookSheet, Cell, workbook_bytes
from maps.i18n import tr

Answer = Mapping[str, Any]
_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "files": ("file", "data_set", "status", "verdict", "sites", "why", "check_id"),
    "sites": (
        "file",
        "data_set",
        "site",
        "site_name",
        "verdict",
        "outcome",
        "area_m2",
        "area_ha",
        "area_mu",
        "overlap_m2",
        "nearest_m",
        "worst_rule",
        "check_id",
    ),
    "findings": (
        "file",
        "data_set",
        "site",
        "site_name",
        "kind",
        "rule",
        "layer",
        "version",
        "verdict",
        "reasons",
        "outcome",
        "overlap_m2",
        "overlap_ha",
        "overlap_mu",
        "share_pct",
        "width_m",
        "nearest_m",
        "coverage_pct",
    ),
    "gaps": ("file", "data_set", "site", "site_name", "kind", "rule", "why"),
    "basis": ("item", "value"),
}


def batch_workbook(batch: Answer, lang: str) -> bytes:
    """Return the workbook of a batch; the same batch gives the same bytes.

    Numbers are numbers. Text that a spreadsheet would take for a formula is led by an
    apostrophe: names of sites come from anybody's files.
    """
    sheets: Mapping[str, Iterable[Sequence[Cell]]] = {
        "files": [_file_row(file, lang) for file in batch["files"]],
        "sites": _site_rows(batch, lang),
        "matrix": _matrix_rows(batch, lang),
        "findings": _finding_rows(batch, lang),
        "gaps": _gap_rows(batch, lang),
        "basis": _basis_rows(batch, lang),
    }
    return workbook_bytes([_sheet(name, rows, lang) for name, rows in sheets.items()])


def refusal_text(refusal: Answer, lang: str) -> str:
    """Return in words why a file could not be used."""
    return refusals.refusal_text(refusal["code"], refusal["params"], lang)


def _sheet(name: str, rows: Iterable[Sequence[Cell]], lang: str) -> BookSheet:
    heads = [tr(f"book.{column}", lang) for column in _HEADERS.get(name, ())]
    return BookSheet(
        title=tr(f"book.sheet_{name}", lang),
        rows=[heads, *rows] if heads else list(rows),
        widths=tuple(max(12, 2 * len(head) + 2) for head in heads),
        filtered=True,
    )


def _checks(batch: Answer) -> Iterator[tuple[Answer, Answer]]:
    for file in batch["files"]:
        if file["check"]:
            yield file, file["check"]


def _file_row(file: Answer, lang: str) -> list[Cell]:
    check, refusal = file["check"], file["refusal"]
    return [
        file["name"],
        file["layer"],
        tr(f"file_statuses.{file['status']}", lang),
        tr(f"verdicts.{check['verdict']}", lang) if check else None,
        len(check["sites"]) if check else None,
        refusal_text(refusal, lang) if refusal else None,
        check["id"] if check else None,
    ]


def _site_rows(batch: Answer, lang: str) -> Iterator[list[Cell]]:
    for file, check in _checks(batch):
        for site in check["sites"]:
            worst = min(site["findings"], key=_gravity, default=None)
            near = [f["nearest_m"] for f in site["findings"] if f["nearest_m"] is not None]
            yield [
                *_who(file, site),
                tr(f"verdicts.{site['verdict']}", lang),
                tr(f"outcomes.{site['outcome']}", lang),
                site["area_m2"],
                site["area_m2"] / M2_PER_HA,
                site["area_mu"],
                worst["overlap_area_m2"] if worst else None,
                min(near, default=None),
                _kind_text(worst, lang) if worst else None,
                check["id"],
            ]


def _matrix_rows(batch: Answer, lang: str) -> Iterator[list[Cell]]:
    """Return a row for each site and a column for each rule: the gravest of its verdicts."""
    rules = {
        finding["rule_id"]: _kind_text(finding, lang)
        for _, check in _checks(batch)
        for site in check["sites"]
        for finding in site["findings"]
    }
    heads = [tr(f"book.{name}", lang) for name in ("file", "data_set", "site", "site_name")]
    yield [*heads, *(f"{title} · {rule}" for rule, title in rules.items())]
    for file, check in _checks(batch):
        for site in check["sites"]:
            said: dict[str, str] = {}
            for finding in sorted(site["findings"], key=_gravity, reverse=True):
                said[finding["rule_id"]] = tr(f"verdicts.{finding['verdict']}", lang)
            yield [*_who(file, site), *(said.get(rule) for rule in rules)]


def _gravity(finding: Answer) -> tuple[int, float]:
    return gravity(finding["verdict"]), -(finding["overlap_area_m2"] or 0.0)


def _finding_rows(batch: Answer, lang: str) -> Iterator[list[Cell]]:
    """Return what is not clear in full; that the rest is clear stands in the matrix."""
    for file, check in _checks(batch):
        for site in check["sites"]:
            for finding in site["findings"]:
                if finding["verdict"] != "clear":
                    yield [*_who(file, site), *_finding_cells(finding, lang)]


def _finding_cells(finding: Answer, lang: str) -> list[Cell]:
    area_m2 = finding["overlap_area_m2"]
    return [
        _kind_text(finding, lang),
        finding["rule_id"],
        finding["layer_id"],
        finding["layer_version"],
        tr(f"verdicts.{finding['verdict']}", lang),
        _reasons(finding, lang),
        tr(f"outcomes.{finding['decision']['outcome']}", lang),
        area_m2,
        None if area_m2 is None else area_m2 / M2_PER_HA,
        None if area_m2 is None else m2_to_mu(area_m2),
        finding["share_pct"],
        finding["max_width_m"],
        finding["nearest_m"],
        finding["coverage_pct"],
    ]


def _gap_rows(batch: Answer, lang: str) -> Iterator[list[Cell]]:
    """Say what could not be told: files not read, findings open, and what reading noticed."""
    for file in batch["files"]:
        if file["refusal"]:
            why = refusal_text(file["refusal"], lang)
            yield [file["name"], file["layer"], None, None, None, None, why]
    for file, check in _checks(batch):
        for note in check["read_report"]["issues"]:
            why = tr(f"issues.{note['code']}", lang, **note["params"])
            yield [file["name"], file["layer"], note["feature_id"], None, None, None, why]
        for site in check["sites"]:
            for finding in site["findings"]:
                if finding["verdict"] == "undetermined":
                    kind, rule = _kind_text(finding, lang), finding["rule_id"]
                    yield [*_who(file, site), kind, rule, _reasons(finding, lang)]


def _basis_rows(batch: Answer, lang: str) -> Iterator[list[Cell]]:
    yield [tr("book.checked_on", lang), batch["checked_on"]]
    yield [tr("book.nature", lang), batch["nature"]]
    progress = tr("book.progress_value", lang, done=batch["done"], total=batch["total"])
    yield [tr("book.progress", lang), progress]
    if not batch["complete"]:
        yield [tr("book.progress", lang), tr("book.stopped", lang)]
    layers: dict[str, str] = {}
    rules: set[str] = set()
    basis: set[tuple[str, str]] = set()
    for _, check in _checks(batch):
        layers |= check["record"]["layers"]
        rules.add(check["record"]["rules_sha256"])
        basis |= {(one["status"], name) for one in check["basis"] for name in one["layer_ids"]}
    for digest in sorted(rules):
        yield [tr("book.rules", lang), digest]
    for name in sorted(layers):
        yield [name, layers[name]]
    for status, layer_id in sorted(basis):
        yield [layer_id, tr(f"basis.{status}", lang)]


def _who(file: Answer, site: Answer) -> list[Cell]:
    return [file["name"], file["layer"], site["site_id"], site["name"]]


def _kind_text(finding: Answer, lang: str) -> str:
    return str(finding["title"][lang])


def _reasons(finding: Answer, lang: str) -> str:
    return "; ".join(tr(f"reasons.{reason}", lang) for reason in finding["reasons"])
