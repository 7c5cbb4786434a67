"""Why a place is protected: the rules of a day in plain words."""

from collections.abc import Collection, Iterator

from api.check.judgement import cite
from api.workspace.needs import LawSource
from layers.check.rules import ControlRule, place_of
from layers.errors import UnknownKindError
from maps.answers import Title
from maps.check.protection_answers import Protection, ProtectionList
from maps.i18n import LANGUAGES, tables


def list_protections(workspace: LawSource, kind: str | None = None) -> ProtectionList:
    """Return the rules of the workspace's day as cards, in the order in which kinds are drawn.

    A rule without an edition in force is listed as such. ``kind`` asks for those of one kind.

    Raises
    ------
    UnknownKindError
        There is no kind of control line of this name.
    """
    on = workspace.today()
    found = list(_protections(workspace))
    known = sorted({one.kind for one in found})
    if kind is not None and kind not in known:
        raise UnknownKindError(kind=kind[:50], known=known)
    return ProtectionList(
        on=on.isoformat(), protections=[one for one in found if kind in {None, one.kind}]
    )


def protections_of(workspace: LawSource, rule_ids: Collection[str]) -> tuple[Protection, ...]:
    """Return the cards of some rules on the workspace's day; rules that are gone are left out."""
    return tuple(one for one in _protections(workspace) if one.rule_id in rule_ids)


def _protections(workspace: LawSource) -> Iterator[Protection]:
    law = workspace.law(workspace.today())
    rules = [(rule, True) for rule in law.rules] + [(one.rule, False) for one in law.ended]
    for rule, in_force in sorted(
        rules, key=lambda one: place_of(workspace.kind(one[0].kind), one[0])
    ):
        yield _protection(workspace, rule, in_force=in_force)


def _protection(workspace: LawSource, rule: ControlRule, *, in_force: bool) -> Protection:
    kind = workspace.kind(rule.kind)
    return Protection(
        rule_id=rule.id,
        edition=rule.edition,
        kind=rule.kind,
        kind_title=Title(zh=kind.title_zh, en=kind.title_en),
        name=Title(zh=rule.name_zh or kind.title_zh, en=rule.name_en or kind.title_en),
        where={name: list(values) for name, values in rule.where.items()},
        in_force=in_force,
        valid_from=rule.valid_from.isoformat() if rule.valid_from else None,
        valid_to=rule.valid_to.isoformat() if rule.valid_to else None,
        demands=Title(zh=rule.demands_zh, en=rule.demands_en),
        why=_words("why_protected", rule.id),
        allowed=_words("what_is_allowed", rule.id),
        decides=_words("who_decides", rule.id),
        citation=cite(rule.citation),
    )


def _words(table: str, rule_id: str) -> Title | None:
    """Return what the folder of a kind says in plain words; None where it says nothing."""
    zh, en = (tables(lang).get(table, {}).get(rule_id) for lang in LANGUAGES)
    return Title(zh=zh, en=en) if zh and en else None
