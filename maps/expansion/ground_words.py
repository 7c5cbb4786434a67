"""What answers on the ground of sites have in common: names, classes, sources, gaps."""

from collections.abc import Iterator

from maps.answers import Citation
from maps.document.model import Heading, Paragraph
from maps.expansion.earthworks_answers import SiteEarthworks
from maps.expansion.ground_answers import CoverShares, Ground, RasterUsed, Share, SiteTerrain
from maps.expansion.suitability_answers import SiteSuitability
from maps.i18n import tr
from maps.law_words import article_text
from maps.numbers import number
from maps.refusals import refusal_text

LabelledSite = SiteTerrain | SiteSuitability | SiteEarthworks


def site_blocks(site: LabelledSite, lang: str) -> Iterator[Heading | Paragraph]:
    """Yield the name of a site with its area and width, and why nothing can be said of it."""
    said = {"area_ha": number(site.area_ha, 4), "width_m": number(site.width_m, 1)}
    yield Heading(text=tr("cli.site_ground", lang, id=site_label(site, lang), **said))
    if site.problem:
        text = refusal_text(site.problem.code, site.problem.params, lang)
        yield Paragraph(text=text, role="notice")


def site_label(site: LabelledSite, lang: str) -> str:
    """Return what a site is called, with its id where that is another word."""
    name = site.name.text(lang) if site.name else site.id
    return name if name == site.id else f"{name} ({site.id})"


def slope_range(lower: float | None, upper: float | None) -> str:
    """Return the bounds of a class of slopes, such as ``3–8°``."""
    return f"> {lower:g}°" if upper is None else f"{lower:g}–{upper:g}°"


def share_name(share_id: str, lang: str) -> str:
    """Return the name of a grade, or of why ground has none."""
    kind, _, reason = share_id.partition(":")
    if reason:
        return tr("suitability_parts.excluded", lang, reason=tr(f"hard_lines.{reason}", lang))
    return tr(f"suitability_parts.{kind}", lang)


def cover_name(share: Share, lang: str) -> str:
    """Return the name of a class of land cover, its code where the legend has no name."""
    return share.name.text(lang) if share.name else share.id


def unjudged(part: Ground | CoverShares) -> list[tuple[str, float]]:
    """Return the hectares of which nothing is known, and beyond the raster, if any."""
    found = (("unknown_ha", part.unknown_ha), ("outside_ha", part.outside_ha))
    return [(name, area_ha) for name, area_ha in found if area_ha]


def raster_text(raster: RasterUsed, lang: str) -> str:
    """Return which raster an answer rests on, how fine it is, and whether it is official."""
    return tr(
        "cli.raster_used",
        lang,
        title=raster.title.text(lang),
        label=raster.label,
        pixel_m=number(raster.pixel_m, 1),
        status=tr(f"statuses.{raster.status}", lang),
    )


def rasters_text(part: Ground | CoverShares | SiteSuitability, lang: str) -> str:
    """Return all rasters that an answer about a site rests on, the first one first."""
    used = [one for one in (part.raster, *part.others) if one is not None]
    return tr("cli.rasters_join", lang).join(raster_text(one, lang) for one in used) or "—"


def cite_basis(citation: Citation, lang: str) -> Paragraph:
    """Return a source with its number, its certainty and its note."""
    certainty = tr(f"certainty.{citation.certainty}", lang)
    named = f"{citation.document(lang)} {article_text(citation.number, lang)}"
    text = f"{named} ({certainty}): {citation.note(lang)}"
    return Paragraph(text=text, role="citation")
