"""The three lines, conditions and contacts in words, the same on every door."""

from collections.abc import Iterable, Sequence

from geo.model import Verdict
from maps.check.answers import CheckResult, SiteResult
from maps.check.headline import Beside, LineVerdict
from maps.check.report.material import reviewed_text
from maps.document.cells import Tag
from maps.document.model import Paragraph
from maps.i18n import tr
from maps.numbers import number


def line_rows(lines: Iterable[LineVerdict], lang: str) -> tuple[tuple[str, Tag], ...]:
    """Return the name of each of the three lines with what is said of it."""
    return tuple((line.title.text(lang), line_tag(line, lang)) for line in lines)


def line_tag(line: LineVerdict, lang: str) -> Tag:
    """Return the verdict on a line, with the area in m2 and the number of sites behind it."""
    said = [reviewed_text(line.verdict, line.reviewed_verdict, lang)]
    if line.overlap_area_m2:
        said.append(f"{number(line.overlap_area_m2, 2)} m²{_twice(line, lang)}")
    if line.sites > 1:
        said.append(tr("beside.sites", lang, count=line.sites))
    return Tag(text=" · ".join(said), tone=line.reviewed_verdict or line.verdict)


def beside_rows(result: CheckResult | SiteResult, lang: str) -> tuple[tuple[str, str], ...]:
    """Return conditions and contacts by name, or that there are none, as far as can be told."""
    untold = has_untold(result)
    rows = (("conditions", result.conditions), ("contacts", result.contacts))
    return tuple(
        (tr(f"beside.{name}", lang), beside_text(told, lang, untold=untold)) for name, told in rows
    )


def has_untold(result: CheckResult | SiteResult) -> bool:
    """Return whether something of a site, or a whole one, could not be told."""
    if isinstance(result, CheckResult):
        return bool(result.left_out) or any(map(has_untold, result.sites))
    return any(one.final_verdict == Verdict.UNDETERMINED for one in result.findings)


def beside_text(told: Sequence[Beside], lang: str, *, untold: bool = False) -> str:
    """Return the names of conditions or contacts, each with its area in m2.

    Where there are none, ``untold`` makes of it that none were found.
    """
    none = tr("beside.none_found" if untold else "beside.none", lang)
    return "; ".join(_one(one, lang) for one in told) or none


def _one(one: Beside, lang: str) -> str:
    name = one.name.text(lang)
    if one.covers_all_land or not one.overlap_area_m2:
        return name
    return f"{name} ({number(one.overlap_area_m2, 2)} m²{_twice(one, lang)})"


def _twice(one: LineVerdict | Beside, lang: str) -> str:
    return tr("beside.counted_twice", lang) if one.counted_twice else ""


def ahead_notices(check: CheckResult, lang: str) -> tuple[Paragraph, ...]:
    """Return that the day of a check had not come, if it had not: its law may be another."""
    if not check.ahead:
        return ()
    text = tr("beside.ahead", lang, date=check.checked_on)
    return (Paragraph(text=text, role="notice", tone="conflict"),)
