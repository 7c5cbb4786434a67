"""Positions, features, measures and changes as plain text for a terminal."""

from collections.abc import Mapping
from typing import Any

from maps.i18n import tr
from maps.numbers import number, table
from maps.workbench.basemaps_answers import BasemapList

Answer = Mapping[str, Any]


def places_text(answer: Answer, lang: str) -> str:
    """Return what a text can mean, one a line."""
    if not answer["places"]:
        return tr("ui.search_nothing", lang)
    rows = [
        [
            one["name"][lang],
            one["layer_title"][lang] if one["layer_title"] else one["crs"],
            f"{one['lon_deg']:.6f}",
            f"{one['lat_deg']:.6f}",
        ]
        for one in answer["places"]
    ]
    header = [tr(f"look.{name}", lang) for name in ("name", "layer_or_crs", "lon", "lat")]
    return "\n".join([*table([header, *rows]), *_more(answer, lang)])


def identified_text(answer: Answer, lang: str) -> str:
    """Return a position in all notations, its features, and the layers that say nothing."""
    at = answer["position"]
    lines = [f"{at['lon_dms']}E {at['lat_dms']}N  {at['county'] or ''}".rstrip()]
    if at["gauss_krueger_crs"]:
        lines.append(f"{at['gauss_krueger_crs']}  {at['easting_m']:.3f} {at['northing_m']:.3f}")
    for one in answer["features"]:
        name = one["name"][lang] if one["name"] else one["feature_id"]
        status = tr(f"statuses.{one['layer_status']}", lang)
        size = "" if one["area_m2"] is None else f"  {number(one['area_m2'], 2)} m²"
        lines.append(f"- {one['layer_title'][lang]} [{status}]: {name}{size}")
    for one in answer["silent"]:
        key = {True: "covered", False: "uncovered", None: "unstated"}[one["covered"]]
        lines.append(f"  {one['layer_title'][lang]}: {tr(f'silent.{key}', lang)}")
    return "\n".join([*lines, *_more(answer, lang)])


def measured_text(answer: Answer, lang: str) -> str:
    """Return lengths and area."""
    lines = [tr("look.length", lang, m=number(answer["length_m"], 2))]
    if answer["area_m2"] is not None:
        m2, mu = number(answer["area_m2"], 2), number(answer["area_mu"], 3)
        ha = number(answer["area_m2"] / 1e4, 4)
        lines.append(tr("look.area", lang, m2=m2, ha=ha, mu=mu))
    if answer["crossing"]:
        lines.append(tr("ui.measure_crossing", lang))
    return "\n".join(lines)


def checks_text(answer: Answer, lang: str) -> str:
    """Return past checks as a table."""
    if not answer["checks"]:
        return tr("ui.history_none", lang)
    rows = [
        [
            one["id"][:12],
            one["kept_at"][:16],
            tr(f"verdicts.{one['verdict']}", lang),
            one["name"],
            str(one["site_count"]),
            number(one["area_m2"] / 1e4, 4),
        ]
        for one in answer["checks"]
    ]
    names = ("check", "kept_at", "verdict", "name", "sites", "ha")
    header = [tr(f"look.{name}", lang) for name in names]
    return "\n".join([*table([header, *rows]), *_more(answer, lang)])


def comparison_text(answer: Answer, lang: str) -> str:
    """Return counts of changes, then the changes one a line."""
    counts = "  ".join(f"{tr(f'changes.{k}', lang)} {n}" for k, n in answer["counts"].items())
    lines = [
        tr("look.compared", lang, id=answer["layer_id"], old=answer["from_version"],
           new=answer["to_version"], same=answer["same_count"]),
        counts,
    ]  # fmt: skip
    header = [tr(f"look.{name}", lang) for name in ("feature", "change", "before", "after")]
    rows = [
        [
            one["feature_id"],
            tr(f"changes.{one['change']}", lang),
            number(one["area_before_m2"], 2),
            number(one["area_after_m2"], 2),
        ]
        for one in answer["changes"]
    ]
    return "\n".join([*lines, *(table([header, *rows]) if rows else []), *_more(answer, lang)])


def tiles_text(answer: Answer, lang: str) -> str:
    """Return where tiles are and their zooms."""
    return tr("look.tiles", lang, **answer)


def _more(answer: Answer, lang: str) -> list[str]:
    return [tr("ui.more", lang, count=answer["more"])] if answer["more"] else []


def basemaps_text(answer: BasemapList, lang: str) -> str:
    """Return the configured base maps."""
    rows = [[one.id, one.title.zh if lang == "zh" else one.title.en] for one in answer.basemaps]
    return "\n".join(table(rows)) if rows else tr("cli.no_basemaps", lang)
