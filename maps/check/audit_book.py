"""The self-audit of layers as a workbook: layers, lines that cross, faults, limits."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from maps.document.workbook import BookSheet, Cell, workbook_bytes
from maps.i18n import tr

Answer = Mapping[str, Any]
CODES: Final = (
    "invalid", "repaired", "duplicate", "overlap", "lines_cross", "gap", "cleft", "sliver", "area",
    "text",
)  # fmt: skip


def audit_workbook(audit: Answer, lang: str) -> bytes:
    """Return the workbook of an audit; the same audit gives the same bytes."""
    sheets = {
        "layers": _layer_rows(audit, lang),
        "line_pairs": _pair_rows(audit, lang),
        "faults": _fault_rows(audit, lang),
        "limits": _limit_rows(audit, lang),
    }
    return workbook_bytes(
        [
            BookSheet(
                title=tr(f"audit.sheet_{name}", lang),
                rows=list(rows),
                widths=(24,) * 12,
                filtered=name == "faults",
            )
            for name, rows in sheets.items()
        ]
    )


def _layer_rows(audit: Answer, lang: str) -> Iterator[Sequence[Cell]]:
    heads = [tr(f"audit.{name}", lang) for name in ("layer", "title", "status", "version", "count")]
    yield [*heads, *(tr(f"fault_codes.{code}", lang) for code in CODES if code != "lines_cross")]
    for layer in audit["layers"]:
        yield [
            layer["id"],
            layer["title"][lang],
            tr(f"statuses.{layer['status']}", lang),
            layer["version"],
            layer["feature_count"],
            *(layer["faults"].get(code, 0) for code in CODES if code != "lines_cross"),
        ]


def _pair_rows(audit: Answer, lang: str) -> Iterator[Sequence[Cell]]:
    yield [tr(f"audit.{name}", lang) for name in ("layer", "other_layer", "places", "area_m2")]
    for pair in audit["line_pairs"]:
        yield [pair["left"], pair["right"], pair["places"], pair["area_m2"]]


def _fault_rows(audit: Answer, lang: str) -> Iterator[Sequence[Cell]]:
    names = (
        "fault", "layer", "feature", "other_layer", "other_feature", "area_m2", "width_m",
        "stated_m2", "field", "text", "repaired", "lon", "lat",
    )  # fmt: skip
    yield [tr(f"audit.{name}", lang) for name in names]
    for fault in audit["faults"]:
        lon, lat = fault["at_lonlat"] or (None, None)
        yield [
            tr(f"fault_codes.{fault['code']}", lang),
            fault["layer_id"],
            fault["feature_id"],
            fault["other_layer_id"],
            fault["other_feature_id"],
            fault["area_m2"],
            fault["width_m"],
            fault["stated_m2"],
            fault["field"],
            fault["text"],
            fault["repaired"],
            lon,
            lat,
        ]


def _limit_rows(audit: Answer, lang: str) -> Iterator[Sequence[Cell]]:
    yield [tr(f"audit.{name}", lang) for name in ("limit", "value")]
    for name, value in audit["limits"].items():
        yield [tr(f"audit_limits.{name}", lang), ", ".join(value) if name == "lines" else value]
    yield [tr("audit.checked_on", lang), audit["checked_on"]]
    yield [tr("audit.total", lang), audit["total"]]
    yield [tr("audit.listed", lang), len(audit["faults"])]
    for item in audit["basis"]:
        yield [", ".join(item["layer_ids"]), tr(f"basis.{item['status']}", lang)]
