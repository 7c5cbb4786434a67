"""Searches, comparisons and avoidances of sites as plain text for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from maps.document.text import basis_lines, ledger_lines
from maps.expansion.ranking_book import rank_text, reason_text, unfit_text
from maps.expansion.site_economics import neighbours_text
from maps.i18n import tr
from maps.numbers import number, table, unit_text

Answer = Mapping[str, Any]


def search_text(report: Answer, lang: str) -> str:
    """Return the funnel, the candidates, or why there are none."""
    lines = [
        tr("siting.searched", lang, name=report["area_name"] or tr("siting.drawn", lang),
           area=number(report["area_km2"], 1), cell=number(report["cell_m"], 0)),
        *basis_lines(report["basis"], lang),
        *_untold(report, lang),
        "",
    ]  # fmt: skip
    header = [tr(f"siting.{name}", lang) for name in ("constraint", "removed", "alone", "left")]
    rows = [
        [
            step_name(step, lang),
            number(step["removed_km2"], 2),
            number(step["alone_km2"], 2),
            number(step["left_km2"], 2),
        ]
        for step in report["funnel"]
    ]
    lines += [*table([header, *rows]), ""]
    if report["nothing_because"]:
        step = next(s for s in report["funnel"] if s["reason"] == report["nothing_because"])
        lines.append(tr("siting.nothing", lang, why=step_name(step, lang)))
    else:
        lines += _candidate_lines(report, lang)
    return "\n".join(lines)


def step_name(step: Answer, lang: str) -> str:
    """Return the constraint of a step in words: the layer's title for a hard line."""
    if step["title"]:
        return str(step["title"][lang])
    return tr(f"siting.step_{step['reason']}", lang)


def avoidance_text(report: Answer, lang: str) -> str:
    """Return for each site what a trim and a shift make of it, and what the check says."""
    lines = [*basis_lines(report["basis"], lang), *_untold(report, lang)]
    lines += ledger_lines(report["read_report"], lang)
    for site in report["sites"]:
        name = site["name"] or site["site_id"]
        lines += [
            "",
            tr("siting.avoid_before", lang, name=name, area=number(site["area_m2"], 0),
               mu=number(site["area_mu"], 2),
               verdict=tr(f"verdicts.{site['before']['verdict']}", lang)),
            *_trim_lines(site["trim"], lang),
            *_shift_lines(site["shift"], lang),
        ]  # fmt: skip
    lines += ["", report["terms_note"][lang]]
    return "\n".join(lines)


def ranking_text(report: Answer, lang: str) -> str:
    """Return the comparison with contributions, unfit sites, and what turns the order."""
    lines = [report["name"][lang], *basis_lines(report["basis"], lang)]
    lines += [*ledger_lines(report["read_report"], lang), ""]
    items = report["criteria"]
    heads = [tr(f"siting.{name}", lang) for name in ("site", "score", "rank", "first_share")]
    heads += [f"{item['name'][lang]} {number(item['share_pct'], 1)}%" for item in items]
    rows = [
        [
            site["name"] or site["site_id"],
            _score(site),
            rank_text(site) or "—",
            number(site["first_share_pct"], 1),
            *(_points(site, item, lang) for item in items),
        ]
        for site in report["sites"]
        if site["feasible"]
    ]
    lines += table([heads, *rows])
    for site in report["sites"]:
        if not site["feasible"]:
            lines.append(f"{site['name'] or site['site_id']}: {unfit_text(site, lang)}")
        lines += _economics_lines(site, lang)
    lines += [f"{one['name'][lang]}: {reason_text(one, lang)}" for one in report["left_out"]]
    if report["flips"]:
        lines += ["", tr("siting.sheet_flips", lang), *_flip_lines(report, lang)]
    lines += ["", report["weights_note"][lang]]
    return "\n".join(lines)


def _untold(report: Answer, lang: str) -> list[str]:
    if not report["untold"]:
        return []
    return [tr("siting.untold", lang, kinds=", ".join(report["untold"]))]


def _candidate_lines(report: Answer, lang: str) -> list[str]:
    names = ("site", "area_ha", "width", "compact", "slope", "district", "place", "verdict")
    rows = [
        [
            one["site_id"],
            number(one["area_m2"] / 10_000.0, 2),
            number(one["width_m"], 0),
            number(one["compactness"], 2),
            number(one["slope_mean_deg"], 1),
            number(one["district_km"], 2),
            number(one["point_km"], 2),
            tr(f"verdicts.{one['check']['verdict']}", lang),
        ]
        for one in report["candidates"]
    ]
    lines = table([[tr(f"siting.{name}", lang) for name in names], *rows])
    if report["left_out"]:
        lines.append(tr("siting.more", lang, count=report["left_out"]))
    return lines


def _trim_lines(found: Answer, lang: str) -> list[str]:
    if not found["possible"]:
        return [tr("siting.trim_none", lang, why=tr(f"siting.why_{found['why']}", lang),
                   area=number(found["area_m2"], 0))]  # fmt: skip
    lines = [
        tr("siting.trim_done", lang, area=number(found["area_m2"], 0),
           pct=number(found["kept_pct"], 1), width=number(found["width_m"], 0),
           verdict=tr(f"verdicts.{found['check']['verdict']}", lang),
           overlap=number(found["check"]["hard_overlap_m2"], 2))
    ]  # fmt: skip
    lines += [f"  − {one['title'][lang]}: {number(one['area_m2'], 0)} m²" for one in found["lost"]]
    if found["cut_off_m2"] >= 1.0:
        lines.append(f"  − {tr('siting.cut_off', lang)}: {number(found['cut_off_m2'], 0)} m²")
    return lines


def _shift_lines(found: Answer, lang: str) -> list[str]:
    if not found["possible"]:
        return [tr("siting.shift_none", lang, why=tr(f"siting.why_{found['why']}", lang))]
    return [
        tr("siting.shift_done", lang, distance=number(found["distance_m"], 1),
           bearing=number(found["bearing_deg"], 0),
           verdict=tr(f"verdicts.{found['check']['verdict']}", lang),
           overlap=number(found["check"]["hard_overlap_m2"], 2))
    ]  # fmt: skip


def _score(site: Answer) -> str:
    if site["score"] is not None:
        return number(site["score"], 2)
    return f"{number(site['score_least'], 1)}–{number(site['score_most'], 1)}"


def _points(site: Answer, item: Answer, lang: str) -> str:
    fact, points = site["facts"][item["id"]], site["contributions"].get(item["id"])
    if fact["reason"] is not None:
        return reason_text(fact, lang)
    return f"{number(points, 1)} ({number(fact['value'], 2)} {item['unit']})".replace(" )", ")")


def _flip_lines(report: Answer, lang: str) -> Sequence[str]:
    names = {item["id"]: item["name"][lang] for item in report["criteria"]}
    return [
        tr("siting.flip", lang, first=one["first"], second=one["second"],
           criterion=names[one["criterion"]], now=number(one["share_now_pct"], 1),
           then=number(one["share_at_flip_pct"], 1))
        for one in report["flips"][:20]
    ]  # fmt: skip


def _economics_lines(site: Answer, lang: str) -> list[str]:
    found = site["economics"]
    if found is None:
        return []
    unit = unit_text(found["unit"], lang)
    return [
        tr("siting.economics", lang, site=site["name"] or site["site_id"],
           name=found["name"][lang], available=number(found["available_ha"], 2),
           now=number(found["density_now"], 2), then=number(found["density_then"], 2),
           value=number(found["value_of_new_land"], 2), unit=unit,
           target=found["target_year"] or "—"),
        f"  {tr('siting.neighbours', lang)}{neighbours_text(found, lang)}",
    ]  # fmt: skip
