"""Where the sites lie: counties, parts of a multipart site, and lists of their points."""

from collections.abc import Iterator, Sequence

from geo.units import M2_PER_HA
from maps.check.report.locations import Places, Point
from maps.check.report.material import (
    HA_DECIMALS,
    M2_DECIMALS,
    MU_DECIMALS,
    CheckMaterial,
    say,
)
from maps.document.cells import Cell, Column
from maps.document.model import Block, Paragraph, Section, Table


def places_table(places: Places, lang: str) -> Table:
    """Return the parts of the sites with their counties; parts add up to the sites."""
    rows = tuple(
        (
            one.site,
            str(one.part),
            one.county or say("no_county", lang),
            one.area.m2,
            one.area.ha,
            one.area.mu,
        )
        for one in places.places
    )
    return Table(
        id=say("sheet_places", lang),
        caption=say("places_table", lang),
        columns=(
            Column(title=say("site", lang), share=2.0),
            Column(title=say("part_number", lang), share=0.8),
            Column(title=say("county", lang), share=1.6),
            Column(title=say("area_m2", lang), share=1.4, decimals=M2_DECIMALS),
            Column(title=say("area_ha", lang), share=1.2, decimals=HA_DECIMALS),
            Column(title=say("area_mu", lang), share=1.2, decimals=MU_DECIMALS),
        ),
        rows=rows,
        note=say("places_note", lang),
    )


def shared_sentences(places: Places, lang: str) -> Iterator[Paragraph]:
    """Yield in words how the lines that a site meets lie over each other."""
    for one in places.shared:
        area = f"{one.area_m2 / M2_PER_HA:,.{HA_DECIMALS}f}"
        said = {"site": one.site, "line": one.line, "other": one.other}
        yield Paragraph(text=say("shared_ground", lang, ha=area, **said), role="item")


def coordinates_section(material: CheckMaterial, lang: str) -> Section:
    """Return the annex of points of the sites and of the ground that control lines take."""
    return Section(title=say("coordinates", lang), blocks=tuple(_coordinates(material, lang)))


def _coordinates(material: CheckMaterial, lang: str) -> Iterator[Block]:
    places = material.places
    if places is None or not places.lists:
        count = places.point_count if places else 0
        text = say("coordinates_elsewhere", lang, count=f"{count:,}", id=material.check.id)
        yield Paragraph(text=text)
        return
    yield Paragraph(text=say("coordinates_lead", lang, crs=places.crs))
    if places.own_numbers:
        yield Paragraph(text=say("coordinates_numbers", lang))
    if places.is_old:
        yield Paragraph(text=say("points_old", lang))
    for one in places.lists:
        yield Table(
            id=say("sheet_coordinates", lang),
            caption=one.title,
            columns=(
                Column(title=say("number", lang), share=0.6),
                Column(title=say("ring", lang), share=0.5),
                Column(title=say("north_m", lang), share=1.4, decimals=3),
                Column(title=say("east_m", lang), share=1.4, decimals=3),
                Column(title=say("lon_deg", lang), share=1.4, decimals=8),
                Column(title=say("lat_deg", lang), share=1.4, decimals=8),
            ),
            rows=_point_rows(one.points),
        )


def _point_rows(points: Sequence[Point]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (one.number, str(one.ring), one.north_m, one.east_m, one.lon_deg, one.lat_deg)
        for one in points
    )
