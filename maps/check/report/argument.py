"""What the author of the report still writes, and where avoidance is the outcome, its sentence."""

from collections.abc import Iterator
from typing import Final

from geo.units import M2_PER_HA
from layers.check.natures import Outcome
from maps.check.report.material import (
    HA_DECIMALS,
    CheckMaterial,
    LineNames,
    findings_of,
    say,
    site_label,
)
from maps.document.model import Block, Heading, Paragraph, Section

_ASKS: Final = Outcome.APPROVAL
_AVOIDS: Final = Outcome.AVOID
_CHAPTERS: Final = ("necessity", "unavoidable", "mitigation")


def argument_section(material: CheckMaterial, lang: str) -> Section:
    """Return the chapter of avoidance, and of the frames for what approval asks to be argued."""
    return Section(title=say("argument", lang), blocks=tuple(_argument(material, lang)))


def _argument(material: CheckMaterial, lang: str) -> Iterator[Block]:
    check, names = material.check, LineNames(material.check, lang)
    found = list(findings_of(check))
    outcomes = {finding.decision.outcome for _, finding in found}
    for site, finding in found:
        if finding.decision.outcome == _AVOIDS:
            area_ha = (finding.overlap_area_m2 or 0.0) / M2_PER_HA
            said = {"site": site_label(site, lang), "line": names.of(finding)}
            text = say("avoidance", lang, ha=f"{area_ha:,.{HA_DECIMALS}f}", **said)
            yield Paragraph(text=text, role="quote")
    if _AVOIDS in outcomes:
        yield Paragraph(text=say("avoidance_how", lang), role="small")
    untold = {names.of(one) for _, one in found if one.decision.outcome == Outcome.UNDETERMINED}
    if untold:
        said = {"count": str(len(untold)), "chapter": say("decisions", lang)}
        yield Paragraph(text=say("argument_untold", lang, **said), role="notice")
    if _ASKS not in outcomes:
        if not untold:
            yield Paragraph(text=say("no_argument", lang))
        return
    yield Paragraph(text=say("argument_lead", lang), role="notice")
    for name in _CHAPTERS:
        yield Heading(text=say(f"argument_{name}", lang))
        yield Paragraph(text=say(f"argument_{name}_asks", lang), role="small")
        yield Paragraph(text=say("to_be_written", lang), role="notice")
