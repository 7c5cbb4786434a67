"""Layers in words for a terminal."""

from typing import Any

from maps.document.text import Answer, report_lines
from maps.i18n import tr
from maps.numbers import table


def layers_text(answer: Answer, lang: str) -> str:
    """Return layers or versions as a table."""
    header = [tr(f"cli.col_{name}", lang) for name in ("id", "title", "status", "version", "count")]
    rows = [
        [
            layer["id"],
            layer["title"][lang],
            tr(f"statuses.{layer['status']}", lang)
            + ("" if layer["in_use"] else f" ({tr('cli.replaced', lang)})"),
            str(layer["version"]),
            str(layer["feature_count"]),
        ]
        for layer in answer["layers"]
    ]
    return "\n".join(table([header, *rows]))


def import_text(answer: Answer, lang: str) -> str:
    """Return what an import stored, what it replaces and what it found in the file."""
    layer = answer["layer"]
    key = "cli.imported" if answer["created"] else "cli.unchanged"
    lines = [tr(key, lang, id=layer["id"], version=layer["version"], count=layer["feature_count"])]
    lines += [tr("cli.replaces", lang, id=other) for other in answer["replaces"]]
    if not layer["covered"]:
        lines.append(tr("cli.uncovered", lang))
    if answer["compiled"] is False:
        lines.append(tr("cli.not_compiled", lang))
    return "\n".join(lines + report_lines(answer["read_report"], lang))


def doctor_text(answer: Answer, lang: str) -> str:
    """Return the health of the installation and of every stored version."""
    lines = [f"{name} {version}" for name, version in answer["software"].items()]
    lines.append(tr("cli.data_dir", lang, path=answer["data_dir"]))
    lines += [tr("cli.damaged", lang, layer=item) for item in answer["damaged"]]
    lines.append(tr("cli.sound" if answer["sound"] else "cli.unsound", lang))
    return "\n".join(lines)


def features_text(answer: dict[str, Any], lang: str) -> str:
    """Return the features of a layer with their names."""
    rows = [[tr("cli.col_id", lang), tr("cli.col_title", lang)]]
    for feature in answer["features"]:
        known = feature["properties"]
        rows.append([str(known.get("feature_id", "")), str(known.get(f"name_{lang}") or "")])
    return "\n".join(table(rows))
