"""Why the lines that sites meet are there, in plain words."""

from maps.check.protection_document import card_blocks
from maps.check.report.material import CheckMaterial, say
from maps.document.model import Block, Paragraph, Section


def protection_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter of cards, one for each rule that any site does not keep clear of."""
    cards: list[Block] = [block for one in material.protections for block in card_blocks(one, lang)]
    lead = Paragraph(text=say("protection_lead" if cards else "protection_none", lang))
    return Section(title=say("protection", lang), blocks=(lead, *cards))
