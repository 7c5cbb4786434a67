"""Batches and stale checks as plain text for a terminal."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from maps.check.batch_book import refusal_text
from maps.document.text import left_out_text
from maps.i18n import tr
from maps.numbers import number, table

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
    for one in batch["left_out"]:
        lines.append(f"- {one['file']}: {left_out_text(one['site'], lang)}")
    if not batch["complete"]:
        lines.append(tr("cli.batch_stopped", lang, done=batch["done"], total=batch["total"]))
    for one in answer["outputs"]:
        megabytes = f"{one['size_bytes'] / 1e6:.1f}"
        lines.append(tr("cli.written", lang, path=one["path"], megabytes=megabytes))
    return "\n".join(lines)


def stale_text(answer: Answer, lang: str) -> str:
    """Return the past checks that changed with every finding that did, and how many did not."""
    lines = []
    for check in answer["checks"]:
        if check["state"] not in ("changed", "undetermined"):
            continue
        causes = ", ".join(tr(f"stale_causes.{cause}", lang) for cause in check["causes"])
        state = tr(f"stale_states.{check['state']}", lang)
        lines.append(f"{state}  {check['name']}  {check['checked_on']}  {check['check_id']}")
        lines.append(f"  {causes}")
        if check["refusal"]:
            lines.append(f"  {refusal_text(check['refusal'], lang)}")
        lines += [f"  - {_change_text(change, lang)}" for change in check["changes"]]
    counts = Counter(check["state"] for check in answer["checks"])
    lines += [f"{tr(f'stale_states.{state}', lang)}  {counts[state]}" for state in sorted(counts)]
    return "\n".join(lines) or tr("cli.no_past_checks", lang)


def _change_text(change: Answer, lang: str) -> str:
    verdicts = [
        tr(f"verdicts.{change[key]}", lang) if change[key] else "—"
        for key in ("verdict_then", "verdict_now")
    ]
    areas = [number(change[key], 2) for key in ("overlap_then_m2", "overlap_now_m2")]
    title = change["kind_title"][lang] if change["kind_title"] else change["rule_id"]
    return tr(
        "cli.stale_change",
        lang,
        site=change["site_name"] or change["site_id"],
        rule=title,
        then=verdicts[0],
        now=verdicts[1],
        area_then=areas[0],
        area_now=areas[1],
        difference=number(change["difference_m2"], 2),
    )
