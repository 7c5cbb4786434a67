"""Rasters as plain text for a terminal."""

from collections.abc import Mapping
from typing import Any

from maps.i18n import tr
from maps.numbers import number, table

Answer = Mapping[str, Any]


def rasters_text(answer: Answer, lang: str) -> str:
    """Return rasters or versions of one as a table."""
    names = ("id", "title", "raster_kind", "status", "version", "pixel", "crs")
    header = [tr(f"cli.col_{name}", lang) for name in names]
    rows = [
        [
            raster["id"],
            raster["title"][lang],
            raster["kind_title"][lang],
            tr(f"statuses.{raster['status']}", lang)
            + ("" if raster["in_use"] else f" ({tr('cli.replaced', lang)})"),
            str(raster["version"]),
            number(raster["pixel_m"], 1),
            raster["crs"],
        ]
        for raster in answer["rasters"]
    ]
    return "\n".join(table([header, *rows]))


def raster_import_text(answer: Answer, lang: str) -> str:
    """Return what an import stored and what it replaces."""
    raster = answer["raster"]
    key = "cli.raster_imported" if answer["created"] else "cli.raster_unchanged"
    said = {
        "id": raster["id"],
        "version": raster["version"],
        "columns": raster["columns"],
        "rows": raster["rows"],
        "pixel_m": number(raster["pixel_m"], 1),
        "least": number(raster["least"], 2),
        "most": number(raster["most"], 2),
        "unit": tr(f"raster_units.{raster['unit']}", lang),
    }
    lines = [tr(key, lang, **said)]
    lines += [tr("cli.replaces", lang, id=other) for other in answer["replaces"]]
    lines += [
        tr(f"issues.{issue['code']}", lang, **issue["params"])
        for issue in answer["read_report"]["issues"]
    ]
    return "\n".join(lines)


def recipes_text(answer: Answer, lang: str) -> str:
    """Return the open rasters that can be fetched, with their licences."""
    header = [tr(f"cli.col_{name}", lang) for name in ("id", "title", "raster_kind")]
    rows = [
        [one["id"], one["title"][lang], tr(f"raster_kinds.{one['kind']}", lang)]
        for one in answer["recipes"]
    ]
    notes = [f"{one['id']}: {one['source']}. {one['licence']}" for one in answer["recipes"]]
    return "\n".join([*table([header, *rows]), "", *notes])
