"""The files of a batch: workbook, layers of conflicts and of sites not judged, the answer."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import shapely

from api.workspace.answers import shapes_of
from api.workspace.output import worded_output, write_whole
from geo.check.verdict import gravity
from geo.model import Verdict
from layers.store.conflicts import write_conflicts, write_left_out
from maps.answers import JsonObject, Written
from maps.check.answers import SiteResult
from maps.check.batch_answers import (
    Batch,
    BatchFile,
    BatchLeftOut,
    BatchWritten,
    LineCount,
    unexamined_of,
)
from maps.check.batch_document import batch_document
from maps.check.finding import Finding, Part
from maps.document.book import xlsx_of
from maps.document.reading import left_out_text

WORKBOOK: Final = "batch.xlsx"
CONFLICTS: Final = "conflicts.gpkg"
RESULTS: Final = "results.json"


def without_geometry(batch: Batch) -> Batch:
    """Return the same batch with every geometry left out."""
    files = [
        file.model_copy(update={"check": file.check and file.check.without_geometry()})
        for file in batch.files
    ]
    return batch.model_copy(update={"files": files})


def write_batch(batch: Batch, folder: Path, lang: str) -> BatchWritten:
    """Write a workbook, the conflicts as a layer, and the answer into a folder.

    The outputs are told by name: on a server the folder is nobody's business.

    Raises
    ------
    OutputError
        The folder cannot be made, or a file in it cannot be written.
    """
    with worded_output(folder):
        folder.mkdir(parents=True, exist_ok=True)
    plain = without_geometry(batch)
    outputs = [
        _write_outputs(folder, name, data)
        for name, data in (
            (WORKBOOK, xlsx_of(batch_document(plain, lang))),
            (CONFLICTS, _conflicts(batch, lang)),
            (RESULTS, plain.model_dump_json().encode("utf-8")),
        )
    ]
    computed, reviewed = verdict_counts(batch)
    sites = _sites_of(batch)
    return BatchWritten(
        batch=_only_files(plain),
        lines=_line_counts(sites, not_judged(batch)),
        verdicts=computed,
        reviewed_verdicts=reviewed,
        conditions=sum(bool(site.conditions) for site in sites),
        contacts=sum(bool(site.contacts) for site in sites),
        not_examined=unexamined_of(batch),
        outputs=outputs,
    )


def _sites_of(batch: Batch) -> list[SiteResult]:
    return [site for file in batch.files if file.check for site in file.check.sites]


def verdict_counts(batch: Batch) -> tuple[dict[str, int], dict[str, int]]:
    """Return sites by computed verdict, and with reviewers' own where there is any.

    The gravest verdict stands first.
    """
    sites, untold = _sites_of(batch), not_judged(batch)
    computed = _counts([*(site.verdict for site in sites), *untold])
    reviewed = _counts([*(site.reviewed_verdict or site.verdict for site in sites), *untold])
    return computed, reviewed if any(one.reviewed_verdict for one in sites) else {}


def not_judged(batch: Batch) -> list[str]:
    """Return a verdict for each site of the files read that was not judged: it is open."""
    return [Verdict.UNDETERMINED.value] * sum(one.site.count for one in batch.left_out)


def _counts(verdicts: Iterable[str]) -> dict[str, int]:
    """Return how often each verdict occurs, the gravest first."""
    return dict(sorted(Counter(verdicts).items(), key=lambda one: gravity(one[0])))


def _line_counts(sites: Sequence[SiteResult], untold: Sequence[str]) -> list[LineCount]:
    columns = zip(*(site.lines for site in sites), strict=True)
    return [
        LineCount(
            kind=lines[0].kind,
            title=lines[0].title,
            verdicts=_counts([*(one.verdict for one in lines), *untold]),
        )
        for lines in columns
    ]


def _write_outputs(folder: Path, name: str, data: bytes) -> Written:
    return write_whole(folder / name, data).model_copy(update={"path": name})


def _only_files(batch: Batch) -> Batch:
    """Return a batch whose checks carry no sites: thousands do not fit a screen."""
    files = [
        file.model_copy(
            update={"check": file.check and file.check.model_copy(update={"sites": []})}
        )
        for file in batch.files
    ]
    return batch.model_copy(update={"files": files})


def _conflicts(batch: Batch, lang: str) -> bytes:
    rows: list[dict[str, Any]] = []
    shapes: list[JsonObject | None] = []
    for file in batch.files:
        for site in file.check.sites if file.check else []:
            for finding in site.findings:
                for part in finding.parts:
                    rows.append(_row(file, site, finding, part))
                    shapes.append(part.geometry)
    with tempfile.TemporaryDirectory(prefix="ftzgis-") as folder:
        path = Path(folder) / "conflicts.gpkg"
        write_conflicts(rows, shapes_of(shapes).tolist(), path)
        lost = batch.left_out
        write_left_out(
            [_count_lost(one, lang) for one in lost], [_place(one) for one in lost], path
        )
        return path.read_bytes()


def _count_lost(one: BatchLeftOut, lang: str) -> dict[str, Any]:
    return {
        "file": one.file,
        "data_set": one.layer,
        "label": one.site.label,
        "reason": one.site.reason,
        "why": left_out_text(one.site, lang),
    }


def _place(one: BatchLeftOut) -> Any | None:  # noqa: ANN401 - a shape
    lonlat = [one.site.params.get(name) for name in ("lon", "lat")]
    return None if None in lonlat else shapely.Point(lonlat)


def _row(file: BatchFile, site: SiteResult, finding: Finding, part: Part) -> dict[str, Any]:
    return {
        "file": file.name,
        "data_set": file.layer,
        "check_id": file.check.id if file.check else None,
        "site_id": site.site_id,
        "site_name": site.name,
        "kind": finding.kind,
        "rule_id": finding.rule_id,
        "rule_name_zh": finding.named.zh,
        "rule_name_en": finding.named.en,
        "layer_id": finding.layer_id,
        "layer_version": finding.layer_version,
        "layer_status": finding.layer_status,
        "feature_id": part.feature_id,
        "verdict": finding.verdict,
        "reviewed_verdict": finding.override.verdict if finding.override else None,
        "outcome": finding.decision.outcome,
        "area_m2": part.area_m2,
        "shared_area_m2": part.shared_area_m2,
        "max_width_m": part.max_width_m,
    }
