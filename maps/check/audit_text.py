"""The self-audit of layers as plain text for a terminal."""

from collections.abc import Mapping
from typing import Any, Final

from maps.check.audit_book import CODES
from maps.document.text import basis_lines
from maps.i18n import tr
from maps.numbers import number, table

Answer = Mapping[str, Any]
_MOST_LINES: Final = 40


def audit_text(answer: Answer, lang: str) -> str:
    """Return faults counted by layer, lines that cross, and the first faults."""
    audit = answer["audit"]
    heads = [tr("audit.layer", lang), *(tr(f"fault_codes.{code}", lang) for code in CODES)]
    rows = [
        [layer["id"], *(str(layer["faults"].get(code, 0)) for code in CODES)]
        for layer in audit["layers"]
    ]
    lines = [*basis_lines(audit["basis"], lang), *table([heads, *rows]), ""]
    for pair in audit["line_pairs"]:
        places = {"places": pair["places"], "area": number(pair["area_m2"], 2)}
        key = "cli.lines_cross" if pair["places"] else "cli.lines_apart"
        lines.append(tr(key, lang, left=pair["left"], right=pair["right"], **places))
    lines += [_fault_line(fault, lang) for fault in audit["faults"][:_MOST_LINES]]
    if audit["total"] > _MOST_LINES:
        lines.append(tr("cli.more_faults", lang, count=audit["total"] - _MOST_LINES))
    for one in answer["outputs"]:
        megabytes = f"{one['size_bytes'] / 1e6:.1f}"
        lines.append(tr("cli.written", lang, path=one["path"], megabytes=megabytes))
    return "\n".join(lines)


def _fault_line(fault: Answer, lang: str) -> str:
    other = "/".join(filter(None, (fault["other_layer_id"], fault["other_feature_id"])))
    said = [
        f"{fault['layer_id']}/{fault['feature_id'] or '—'}",
        f"× {other}" if other else "",
        fault["field"] or "",
        f"{number(fault['area_m2'], 2)} m²" if fault["area_m2"] is not None else "",
        tr("cli.stated_area", lang, area=number(fault["stated_m2"], 2))
        if fault["stated_m2"] is not None
        else "",
        f"{number(fault['width_m'], 3)} m" if fault["width_m"] is not None else "",
        f"“{fault['text']}”" if fault["text"] else "",
        f"→ “{fault['repaired']}”" if fault["repaired"] else "",
    ]
    code = tr(f"fault_codes.{fault['code']}", lang)
    return f"- {code}: " + "  ".join(filter(None, said))
