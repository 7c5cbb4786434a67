"""Batches and stale checks as plain text for a terminal."""

from collections.abc import Mapping
from typing import Any

from maps.batch_book import refusal_text
from maps.i18n import tr
from maps.plain import table

Answer = Mapping[str, Any]


def batch_text(answer: Answer, lang: str) -> str:
    """Return files with what became of them, sites by verdict, and what was written."""
    batch = answer["batch"]
    rows = [[tr(f"book.{name}", lang) for name in ("file", "status", "verdict", "why")]]
    for file in batch["files"]:
        name = f"{file['name']} / {file['layer']}" if file["layer"] else file["name"]
        rows.append(
            [
                name,
                tr(f"file_statuses.{file['status']}", lang),
                tr(f"verdicts.{file['check']['verdict']}", lang) if file["check"] else "—",
                refusal_text(file["refusal"], lang) if file["refusal"] else "",
            ]
        )
    lines = [*table(rows), ""]
    lines += [
        f"{tr(f'verdicts.{verdict}', lang)}  {count}"
        for verdict, count in sorted(answer["verdicts"].items())
    ]
    if not batch["complete"]:
        lines.append(tr("cli.batch_stopped", lang, done=batch["done"], total=batch["total"]))
    for one in answer["outputs"]:
        megabytes = f"{one['size_bytes'] / 1e6:.1f}"
        lines.append(tr("cli.written", lang, path=one["path"], megabytes=megabytes))
    return "\n".join(lines)
