"""Answers as plain text for a terminal: dictionaries in, lines out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from maps.i18n import tr
from maps.numbers import number

Answer = Mapping[str, Any]

MOST_LEFT_OUT: Final = 20
"""How many entries of a ledger a terminal shows; JSON and workbooks have all."""


def written_text(answer: Answer, lang: str) -> str:
    """Return which file was written."""
    size = number(answer["size_bytes"] / 1e6, 2)
    return tr("cli.written", lang, path=answer["path"], megabytes=size)


def basis_lines(basis: Sequence[Answer], lang: str) -> list[str]:
    """Return one warning per status that is not official."""
    return [
        f"! {tr('basis.' + item['status'], lang)} ({', '.join(item['layer_ids'])})"
        for item in basis
    ]


def report_lines(report: Answer, lang: str) -> list[str]:
    """Return how the input was understood, with every issue."""
    how = tr(f"evidence.{report['crs_how']}", lang)
    lines = [tr("cli.read_as", lang, format=report["format"], crs=report["crs"], how=how)]
    for issue in report["issues"]:
        where = f"[{issue['feature_id']}] " if issue["feature_id"] else ""
        text = tr(f"issues.{issue['code']}", lang, **issue["params"])
        lines.append(f"- {where}{text}")
    return lines + ledger_lines(report, lang)


def ledger_lines(report: Answer, lang: str) -> list[str]:
    """Return what of the input was left out, and why; nothing where all of it was used."""
    if not (report["ledger"] and report["ledger"]["left_out"]):
        return []
    entries = report["ledger"]["left_out"]
    lines = [ledger_sum(report["ledger"], lang)]
    lines += [f"- {left_out_text(entry, lang)}" for entry in entries[:MOST_LEFT_OUT]]
    if len(entries) > MOST_LEFT_OUT:
        lines.append("- " + tr("ledger.more", lang, count=len(entries) - MOST_LEFT_OUT))
    return lines


def ledger_sum(ledger: Answer, lang: str) -> str:
    """Return how many elements were found, used and left out."""
    unit = tr(f"ledger.unit_{ledger['unit']}", lang)
    left = ledger["found"] - ledger["used"]
    found, used = ledger["found"], ledger["used"]
    return tr("ledger.sum", lang, unit=unit, found=found, used=used, left=left)


def left_out_text(entry: Answer, lang: str) -> str:
    """Return which element was left out and why."""
    what = tr(f"ledger.what_{entry['what']}", lang, label=entry["label"])
    reason = tr(f"left_out.{entry['reason']}", lang, **entry["params"])
    count = tr("ledger.times", lang, count=entry["count"]) if entry["count"] > 1 else ""
    return tr("ledger.entry", lang, what=f"{what}{count}", reason=reason)
