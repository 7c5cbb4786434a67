"""Answers as plain text for a terminal: dictionaries in, lines out."""

from collections.abc import Mapping, Sequence
from typing import Any

from maps.answers import Basis
from maps.i18n import tr
from maps.numbers import number

Answer = Mapping[str, Any]


def written_text(answer: Answer, lang: str) -> str:
    """Return which file was written."""
    size = number(answer["size_bytes"] / 1e6, 2)
    return tr("cli.written", lang, path=answer["path"], megabytes=size)


def basis_lines(basis: Sequence[Answer] | Sequence[Basis], lang: str) -> list[str]:
    """Return one warning per status that is not official."""
    return [
        f"! {tr('basis.' + item.status, lang)} ({', '.join(item.layer_ids)})"
        for item in map(Basis.model_validate, basis)
    ]


def report_lines(report: Answer, lang: str) -> list[str]:
    """Return how the input was understood, with every issue."""
    how = tr(f"evidence.{report['crs_how']}", lang)
    lines = [tr("cli.read_as", lang, format=report["format"], crs=report["crs"], how=how)]
    for issue in report["issues"]:
        where = f"[{issue['feature_id']}] " if issue["feature_id"] else ""
        text = tr(f"issues.{issue['code']}", lang, **issue["params"])
        lines.append(f"- {where}{text}")
    return lines
