"""The self-audit of layers as a document: layers, lines that cross, faults, limits."""

from collections.abc import Iterator
from typing import Final

from maps.check.audit_answers import AuditFault, AuditWritten, LayerAudit
from maps.document.cells import Cell, Column
from maps.document.model import Block, Document, Paragraph, Section, Table, basis_blocks, sheet_of
from maps.document.reading import written_blocks
from maps.i18n import tr
from maps.numbers import number

CODES: Final = (
    "invalid", "repaired", "duplicate", "overlap", "lines_cross", "gap", "cleft", "sliver", "area",
    "text",
)  # fmt: skip
_OF_A_LAYER: Final = tuple(code for code in CODES if code != "lines_cross")
_MOST_LINES: Final = 40
_SHARE: Final = 2.0


def audit_document(audit: LayerAudit, lang: str) -> Document:
    """Return all of an audit as tables of data."""
    tables = (
        _layers(audit, lang),
        _table("line_pairs", ("layer", "other_layer", "places", "area_m2"), lang, [
            (pair.left, pair.right, pair.places, pair.area_m2) for pair in audit.line_pairs
        ]),
        _faults(audit, lang),
        _table("limits", ("limit", "value"), lang, list(_limits(audit, lang))),
    )  # fmt: skip
    sections = (Section(title=table.id, blocks=(table,)) for table in tables)
    return Document(lang=lang, title="", sections=tuple(sections))


def audit_summary(answer: AuditWritten, lang: str) -> Document:
    """Return faults counted by layer, lines that cross, the first faults, and files."""
    audit = answer.audit
    listed = audit.faults[:_MOST_LINES]
    blocks: list[Block] = [*basis_blocks(audit.basis, lang), _layers(audit, lang)]
    for pair in audit.line_pairs:
        key = "cli.lines_cross" if pair.places else "cli.lines_apart"
        area = number(pair.area_m2, 2)
        text = tr(key, lang, left=pair.left, right=pair.right, places=pair.places, area=area)
        blocks.append(Paragraph(text=text))
    blocks += [Paragraph(text=_fault_text(fault, lang), role="item") for fault in listed]
    if audit.total > len(listed):
        more = tr("cli.more_faults", lang, count=audit.total - len(listed))
        blocks.append(Paragraph(text=more))
    return sheet_of("", (*blocks, *written_blocks(answer.outputs, lang)), lang=lang)


def _table(name: str, heads: tuple[str, ...], lang: str, rows: list[tuple[Cell, ...]]) -> Table:
    columns = tuple(Column(title=tr(f"audit.{head}", lang), share=_SHARE) for head in heads)
    return Table(
        id=tr(f"audit.sheet_{name}", lang), caption=None, columns=columns, rows=tuple(rows)
    )


def _layers(audit: LayerAudit, lang: str) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            layer.id,
            layer.title.text(lang),
            tr(f"statuses.{layer.status}", lang),
            layer.version,
            layer.feature_count,
            *(layer.faults.get(code, 0) for code in _OF_A_LAYER),
        )
        for layer in audit.layers
    ]
    own = _table("layers", ("layer", "title", "status", "version", "count"), lang, [])
    codes = (
        Column(title=tr(f"fault_codes.{code}", lang), share=_SHARE, align="right")
        for code in _OF_A_LAYER
    )
    return Table(id=own.id, caption=None, columns=(*own.columns, *codes), rows=tuple(rows))


def _faults(audit: LayerAudit, lang: str) -> Table:
    heads = (
        "fault", "layer", "feature", "other_layer", "other_feature", "area_m2", "width_m",
        "stated_m2", "field", "text", "repaired", "lon", "lat",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            tr(f"fault_codes.{fault.code}", lang),
            fault.layer_id,
            fault.feature_id,
            fault.other_layer_id,
            fault.other_feature_id,
            fault.area_m2,
            fault.width_m,
            fault.stated_m2,
            fault.field,
            fault.text,
            fault.repaired,
            *(fault.at_lonlat or (None, None)),
        )
        for fault in audit.faults
    ]
    return _table("faults", heads, lang, rows)


def _limits(audit: LayerAudit, lang: str) -> Iterator[tuple[Cell, ...]]:
    for name, value in audit.limits.items():
        said = ", ".join(value) if isinstance(value, (list, tuple)) else value
        yield tr(f"audit_limits.{name}", lang), said
    yield tr("audit.checked_on", lang), audit.checked_on
    yield tr("audit.total", lang), audit.total
    yield tr("audit.listed", lang), len(audit.faults)
    for item in audit.basis:
        yield ", ".join(item.layer_ids), tr(f"basis.{item.status}", lang)


def _fault_text(fault: AuditFault, lang: str) -> str:
    other = "/".join(filter(None, (fault.other_layer_id, fault.other_feature_id)))
    said = [f"{fault.layer_id}/{fault.feature_id or '—'}"]
    if other:
        said.append(f"× {other}")
    if fault.field:
        said.append(fault.field)
    if fault.area_m2 is not None:
        said.append(f"{number(fault.area_m2, 2)} m²")
    if fault.stated_m2 is not None:
        said.append(tr("cli.stated_area", lang, area=number(fault.stated_m2, 2)))
    if fault.width_m is not None:
        said.append(f"{number(fault.width_m, 3)} m")
    said += [f"“{fault.text}”"] if fault.text else []
    said += [f"→ “{fault.repaired}”"] if fault.repaired else []
    return f"{tr(f'fault_codes.{fault.code}', lang)}: " + "  ".join(said)
