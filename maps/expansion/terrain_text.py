"""The ground of sites as plain text for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from maps.document.text import basis_lines
from maps.i18n import tr
from maps.numbers import number, table
from maps.refusals import refusal_text

Answer = Mapping[str, Any]


def terrain_text(answer: Answer, lang: str) -> str:
    """Return heights, slopes and land cover of every site."""
    lines = basis_lines(answer["basis"], lang)
    cited = answer["citation"]
    lines.append(f"{cited[f'document_{lang}']} {cited['number']}: {cited[f'note_{lang}']}")
    for site in answer["sites"]:
        lines += ["", site_heading(site, lang)]
        lines += problem_lines(site, lang)
        if site["ground"]:
            lines += _ground_lines(site["ground"], lang)
        if site["cover"]:
            lines += _cover_lines(site["cover"], lang)
        lines += [
            tr("cli.raster_missing", lang, kind=tr(f"raster_kinds.{kind}", lang))
            for kind in site["missing"]
        ]
    return "\n".join(lines)


def site_heading(site: Answer, lang: str) -> str:
    """Return the line that names a site with its area and width."""
    said = {"area_ha": number(site["area_ha"], 4), "width_m": number(site["width_m"], 1)}
    return tr("cli.site_ground", lang, id=site_label(site, lang), **said)


def site_label(site: Answer, lang: str) -> str:
    """Return what a site is called, with its id where that is another word."""
    name = site["name"][lang] if site["name"] else site["id"]
    return name if name == site["id"] else f"{name} ({site['id']})"


def problem_lines(site: Answer, lang: str) -> list[str]:
    """Return the line that says why nothing can be told of a site, if so."""
    problem = site["problem"]
    return [refusal_text(problem["code"], problem["params"], lang)] if problem else []


def _ground_lines(ground: Answer, lang: str) -> list[str]:
    raster, high, steep = ground["raster"], ground["elevation_m"], ground["slope_deg"]
    lines = [
        tr("cli.raster_used", lang, title=raster["title"][lang], label=raster["label"],
           pixel_m=number(raster["pixel_m"], 1), status=tr(f"statuses.{raster['status']}", lang)),
        tr("cli.elevation", lang, least=number(high["least"], 1), mean=number(high["mean"], 1),
           most=number(high["most"], 1), relief_m=number(ground["relief_m"], 1)),
        tr("cli.slope", lang, mean=number(steep["mean"], 1), most=number(steep["most"], 1)),
    ]  # fmt: skip
    if ground["fit"] == "overview":
        lines.append(tr("cli.overview_only", lang))
    header = [tr(f"cli.col_{name}", lang) for name in ("slope", "grade", "ha", "share")]
    rows = [
        [slope_range(one), str(one["grade"]), number(one["area_ha"], 4), number(one["pct"], 2)]
        for one in ground["slope_shares"]
    ]
    lines += table([header, *rows, *rest_rows(ground, lang)])
    facing = [
        tr("aspects." + one["id"], lang) + f" {number(one['pct'], 1)} %"
        for one in ground["aspect_shares"]
        if one["pct"]
    ]
    return [*lines, tr("cli.aspects", lang, shares="  ".join(facing))]


def _cover_lines(cover: Answer, lang: str) -> list[str]:
    raster = cover["raster"]
    lines = [
        tr("cli.raster_used", lang, title=raster["title"][lang], label=raster["label"],
           pixel_m=number(raster["pixel_m"], 1), status=tr(f"statuses.{raster['status']}", lang))
    ]  # fmt: skip
    header = [tr(f"cli.col_{name}", lang) for name in ("cover", "ha", "share")]
    rows: Sequence[list[str]] = [
        [one["name"][lang], number(one["area_ha"], 4), number(one["pct"], 2)]
        for one in cover["shares"]
    ]
    rest = [[row[0], *row[2:]] for row in rest_rows(cover, lang)]
    return [*lines, *table([header, *rows, *rest])]


def slope_range(share: Answer) -> str:
    """Return the bounds of a class of slopes, such as ``3–8°``."""
    if share["upper"] is None:
        return f"> {share['lower']:g}°"
    return f"{share['lower']:g}–{share['upper']:g}°"


def rest_rows(part: Answer, lang: str) -> list[list[str]]:
    """Return rows for ground of which nothing is known, and beyond the raster, if any."""
    return [
        [tr(f"cli.{name}", lang), "", number(part[name], 4), ""]
        for name in ("unknown_ha", "outside_ha")
        if part[name]
    ]
