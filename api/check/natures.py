"""The natures that a project can have, and what each needs by each rule in force."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from api.workspace.needs import LawSource
from geo.model import Relation, Verdict
from layers.check.law import Law
from layers.check.natures import Nature, Outcome, load_natures, require_nature
from layers.check.rules import ControlRule, place_of
from maps.answers import Title
from maps.check.answers import NatureList, NatureOption, Need
from maps.check.finding import DecisionSource

_TOUCHED: Final = {
    Relation.MUST_NOT_OVERLAP: Verdict.CONFLICT,
    Relation.MUST_BE_INSIDE: Verdict.CONFLICT,
    Relation.IMPOSES_CONDITIONS: Verdict.CONDITIONAL,
}


def list_natures(workspace: LawSource, nature: str | None = None) -> NatureList:
    """Return natures in the order of the table, or one, with what follows under the law of today.

    Raises
    ------
    UnknownNatureError
        There is none with this id.
    """
    asked, law = require_nature(nature), workspace.law(workspace.today())
    rules = sorted(law.rules, key=lambda one: place_of(workspace.kind(one.kind), one))
    sources: dict[str, DecisionSource] = {}
    return NatureList(
        natures=[
            _option(one, law, rules, sources)
            for one in load_natures().values()
            if asked in (None, one.id)
        ],
        rules={rule.id: _named(workspace, rule) for rule in rules},
        sources=sources,
    )


def _option(
    nature: Nature, law: Law, rules: Sequence[ControlRule], sources: dict[str, DecisionSource]
) -> NatureOption:
    """Return a nature with what follows by each rule; the law behind it goes into ``sources``."""
    needs, open_ = list[Need](), list[str]()
    for rule in rules:
        verdict = _TOUCHED[rule.relation]
        decided = law.decisions.decide(rule.id, rule.kind, verdict, nature.id)
        if decided.outcome is Outcome.UNDETERMINED:
            open_.append(rule.id)
            continue
        source = DecisionSource(**asdict(decided.source)) if decided.source else law_of(rule)
        needs.append(
            Need(
                rule_id=rule.id,
                outcome=decided.outcome,
                statement=decided.statement,
                papers=list(decided.papers),
                source=_key_of(source, sources),
            )
        )
    return NatureOption(
        id=nature.id,
        name=Title(zh=nature.name_zh, en=nature.name_en),
        of=nature.of,
        asks=law.decisions.asks(nature.id),
        needs=needs,
        open=open_,
    )


def _key_of(source: DecisionSource, sources: dict[str, DecisionSource]) -> str:
    known = next((name for name, one in sources.items() if one == source), None)
    key = known or f"s{len(sources) + 1}"
    sources[key] = source
    return key


def law_of(rule: ControlRule) -> DecisionSource:
    """Return the clause that a rule cites."""
    cited = rule.citation
    return DecisionSource(
        document_zh=cited.document_zh,
        document_en=cited.document_en,
        number=cited.number,
        clause=cited.clause,
        certainty=cited.certainty,
    )


def _named(workspace: LawSource, rule: ControlRule) -> Title:
    kind = workspace.kind(rule.kind)
    title = Title(zh=kind.title_zh, en=kind.title_en)
    if rule.id == rule.kind:
        return title
    zh, en = rule.name_zh or rule.demands_zh, rule.name_en or rule.demands_en
    return Title(zh=f"{title.zh} · {zh}", en=f"{title.en} · {en}")
