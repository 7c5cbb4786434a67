"""Why the lines that sites meet are there, in plain words."""

from collections.abc import Iterator

from geo.model import Verdict
from maps.check.protection_document import card_blocks
from maps.check.report.material import CheckMaterial, LineNames, findings_of, say
from maps.document.model import Block, Paragraph, Section


def protection_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter of cards: one for each rule that any site meets, the others counted."""
    cards: list[Block] = [block for one in material.protections for block in card_blocks(one, lang)]
    names = tuple(dict.fromkeys(_open_names(material, lang)))
    if names:
        chapters = {"open": say("open", lang), "basis": say("basis", lang)}
        text = say("protection_open", lang, count=len(names), **chapters)
        cards.append(Paragraph(text=text, role="notice"))
    if material.protections or not names:
        key = "protection_lead" if material.protections else "protection_none"
        cards.insert(0, Paragraph(text=say(key, lang)))
    return Section(title=say("protection", lang), blocks=tuple(cards))


def _open_names(material: CheckMaterial, lang: str) -> Iterator[str]:
    """Yield the lines that nothing can be told of and that have no card."""
    told = {one.rule_id for one in material.protections}
    names = LineNames(material.check, lang)
    for _, finding in findings_of(material.check):
        if finding.verdict == Verdict.UNDETERMINED and finding.rule_id not in told:
            yield names.short(finding)
