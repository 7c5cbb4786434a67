"""What differs between an answer before and after, as lines that a person reads.

Everything follows from the two answers alone, so that who holds both can make the lines again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from api.check.stale.changes import changes_between
from api.check.stale.past_basis import numbers_of
from geo.model import Verdict
from geo.units import M2_PER_HA, round_as_printed
from maps.answers import JsonObject, Title
from maps.check.answers import CheckResult
from maps.publish.replacement_answers import Line, Value, What

DECIMALS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "area_ha": 4, "area_km2": 4, "density": 4, "overlap_m2": 2, "place": 0, "score": 2,
        "sites": 0, "trim_m2": 2,
    }
)  # fmt: skip
"""Digits to which numbers of an item are printed; what reads the same is the same."""

Lines = Iterator[Line]


def lines_between(what: What, before: JsonObject, after: JsonObject) -> list[Line]:
    """Return the main result of both answers, and whatever else differs as it is printed."""
    found = list(_MAKERS[what](before, after))
    return [line for at, line in enumerate(found) if at == 0 or differs(line)]


def differs(line: Line) -> bool:
    """Tell whether a line reads otherwise before and after."""
    return _read(line, line.before) != _read(line, line.after)


def name_of(what: What, answer: JsonObject) -> Title:
    """Return how a kept answer is called."""
    if what in ("check", "rank", "avoid"):
        return _plain(answer["read_report"]["name"])
    if what == "publication":
        return Title(**answer["plan"]["title"])
    if what == "density":
        known = answer.get("name") or dict.fromkeys(("zh", "en"), answer["indicator"])
        return Title(**{lang: f"{text} {answer['year']}" for lang, text in known.items()})
    named = {"search": "area_name", "report": "name"}.get(what)
    return _plain(str(answer.get(named) or "") if named else "")


def besides(
    what: What, before: JsonObject, after: JsonObject, replaced: Sequence[str]
) -> list[str]:
    """Return what else is another, where an answer records it: a check does.

    ``replaced`` are the ids of the layers of the replacement.
    """
    if what != "check":
        return []
    then, now = before["record"], after["record"]
    parameters = ("sensitivity_widths_m", "site_limits")
    versions = [
        {name: number for name, number in numbers_of(one["layers"]).items() if name not in replaced}
        for one in (then, now)
    ]
    other = {
        "rules": then["rules_sha256"] != now["rules_sha256"],
        "decisions": then["parameters"]["decisions_sha256"]
        != now["parameters"]["decisions_sha256"],
        "parameters": any(
            then["parameters"].get(one) != now["parameters"].get(one) for one in parameters
        ),
        "software": then["software"] != now["software"],
        "layer_version": versions[0] != versions[1],
    }
    return [name for name, true in other.items() if true]


def _read(line: Line, value: Value) -> Value:
    if isinstance(value, float) and line.item in DECIMALS:
        return round_as_printed(value, DECIMALS[line.item])
    return value


def _plain(text: str) -> Title:
    """Return a name that is the same in both languages."""
    return Title(zh=text, en=text)


def _joined(first: Title, second: Title) -> Title:
    return Title(zh=f"{first.zh} · {second.zh}", en=f"{first.en} · {second.en}")


def _line(
    item: str, subject: Title | None, sides: tuple[Value, Value], unit: str | None = None
) -> Line:
    return Line(item=item, subject=subject, unit=unit, before=sides[0], after=sides[1])


def _each(
    before: JsonObject, after: JsonObject, value: Callable[[JsonObject], Value]
) -> tuple[Value, Value]:
    return value(before), value(after)


def _of(row: JsonObject, *names: str) -> Value:
    """Return what stands in a row under names within names; None where it is not there."""
    found: Any = row
    for name in names:
        found = (found or {}).get(name)
    return float(found) if isinstance(found, int) and not isinstance(found, bool) else found


def _check(before: JsonObject, after: JsonObject) -> Lines:
    yield _line("verdict", None, (before["verdict"], after["verdict"]))
    then, now = (CheckResult.model_validate(one) for one in (before, after))
    for change in changes_between(then, now):
        named = change.rule_name or change.kind_title or _plain(change.rule_id)
        subject = _joined(_plain(change.site_name or change.site_id), named)
        yield _line("verdict", subject, (change.verdict_then, change.verdict_now))
        yield _line("outcome", subject, (change.outcome_then, change.outcome_now))
        reasons = "; ".join(change.reasons_then), "; ".join(change.reasons_now)
        yield _line("reasons", subject, (reasons[0] or None, reasons[1] or None))
        yield _line("overlap_m2", subject, (change.overlap_then_m2, change.overlap_now_m2))


def _claim(before: JsonObject, after: JsonObject) -> Lines:
    yield _line("verdict", None, (before["verdict"], after["verdict"]))
    yield _line("problem", None, _each(before, after, partial(_of_name, "problem")))
    units = [_by_unit(one["units"]) for one in (before, after)]
    for name, then, now in _pairs(units[0], units[1], "key"):
        for item in ("verdict", "reason"):
            yield _line(item, name, _each(then, now, partial(_of_name, item)))
        findings = [_by_rule(one.get("findings", ())) for one in (then, now)]
        for rule, one, two in _pairs(findings[0], findings[1], "key"):
            subject = _joined(name, rule)
            yield _line("verdict", subject, _each(one, two, partial(_of_name, "verdict")))
            yield _line("overlap_m2", subject, _each(one, two, _known_overlap_m2))


def _known_overlap_m2(finding: JsonObject) -> float | None:
    """Return an overlap; where nothing can be told, that nothing was found is none of nought."""
    area_m2: float | None = finding.get("overlap_area_m2")
    return area_m2 if area_m2 or finding.get("verdict") != Verdict.UNDETERMINED else None


def _by_unit(units: Sequence[JsonObject]) -> list[JsonObject]:
    """Return units with a key of their name, where only one has it: other layers have other ids."""
    named = Counter(one["name"]["zh"] for one in units)
    return [
        {**one, "key": zh if named[zh := one["name"]["zh"]] == 1 else one["unit_id"]}
        for one in units
    ]


def _by_rule(findings: Sequence[JsonObject]) -> list[JsonObject]:
    """Return findings with a key of rule and place: a layer may have taken another's."""
    counts: dict[str, int] = {}
    found = []
    for one in findings:
        at = counts[one["rule_id"]] = counts.get(one["rule_id"], 0) + 1
        found.append({**one, "key": one["rule_id"] if at == 1 else f"{one['rule_id']} {at}"})
    return found


def _density(before: JsonObject, after: JsonObject) -> Lines:
    known = _each(
        before, after, lambda one: float(sum(r["density"] is not None for r in one["rows"]))
    )
    yield _line("sites", None, known)
    yield _line("problem", None, _each(before, after, partial(_of_name, "problem")))
    for name, then, now in _pairs(before["rows"], after["rows"], "unit_id"):
        unit = str(then.get("density_unit") or now.get("density_unit") or "") or None
        yield _line("density", name, _each(then, now, partial(_of_name, "density")), unit)
        yield _line("area_km2", name, _each(then, now, partial(_of_name, "area_km2")))
        yield _line("reason", name, _each(then, now, partial(_of_name, "reason")))


def _search(before: JsonObject, after: JsonObject) -> Lines:
    yield _line("sites", None, _each(before, after, lambda one: float(len(one["candidates"]))))
    yield _line("area_ha", None, _each(before, after, _candidates_ha))
    because = _each(before, after, partial(_of_name, "nothing_because"))
    yield _line("constraint", None, because)


def _candidates_ha(answer: JsonObject) -> float:
    return sum((site["area_m2"] for site in answer["candidates"]), 0.0) / M2_PER_HA


def _rank(before: JsonObject, after: JsonObject) -> Lines:
    usable = _each(before, after, lambda one: float(sum(s["feasible"] for s in one["sites"])))
    yield _line("sites", None, usable)
    for name, then, now in _pairs(before["sites"], after["sites"], "site_id"):
        yield _line("place", name, _each(then, now, partial(_of_name, "rank_best")))
        yield _line("score", name, _each(then, now, partial(_of_name, "score")))
        yield _line("verdict", name, _each(then, now, lambda one: _of(one, "check", "verdict")))


def _avoid(before: JsonObject, after: JsonObject) -> Lines:
    def cleared(one: JsonObject) -> float:
        return float(sum(s["trim"]["possible"] or s["shift"]["possible"] for s in one["sites"]))

    yield _line("sites", None, _each(before, after, cleared))
    for name, then, now in _pairs(before["sites"], after["sites"], "site_id"):
        yield _line("trim_m2", name, _each(then, now, lambda one: _of(one, "trim", "area_m2")))
        yield _line("verdict", name, _each(then, now, lambda one: _of(one, "before", "verdict")))


def _report(before: JsonObject, after: JsonObject) -> Lines:
    yield _line("file", None, (before["name"], after["name"]))


def _publication(before: JsonObject, after: JsonObject) -> Lines:
    yield _line("layers", None, _each(before, after, _layers_shown))
    yield _line("status", None, _each(before, after, _statuses_shown))


def _layers_shown(manifest: JsonObject) -> str:
    every = {f"{one['id']}@{one['version']}" for one in manifest["layers"]}
    return ", ".join(sorted(every | set(manifest.get("density_layers", ()))))


def _statuses_shown(manifest: JsonObject) -> str:
    return ", ".join(sorted({str(one["status"]) for one in manifest["layers"]}))


def _of_name(name: str, row: JsonObject) -> Value:
    return _of(row, name)


_MAKERS: Final[Mapping[What, Callable[[JsonObject, JsonObject], Lines]]] = MappingProxyType(
    {
        "check": _check,
        "claim": _claim,
        "density": _density,
        "search": _search,
        "rank": _rank,
        "avoid": _avoid,
        "report": _report,
        "publication": _publication,
    }
)


def _pairs(
    before: Sequence[JsonObject], after: Sequence[JsonObject], key: str
) -> Iterator[tuple[Title, dict[str, Any], dict[str, Any]]]:
    """Return rows of both with their names; a row that only one has meets an empty one."""
    then, now = ({str(row[key]): row for row in rows} for rows in (before, after))
    for of in dict.fromkeys([*then, *now]):
        row = now.get(of) or then[of]
        yield _title(row, of), then.get(of, {}), now.get(of, {})


def _title(row: JsonObject, of: str) -> Title:
    """Return how a row is called: by a rule, a unit or a site."""
    named = row.get("rule_name") or row.get("kind_title") or row.get("name")
    return Title(**named) if isinstance(named, dict) else _plain(named or of)
