"""What a page is told when it is made; apart from folium, which takes long to import."""

from dataclasses import dataclass

from maps.answers import JsonObject, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class PageConfig:
    """What a page needs to know when it is made; layers and values are fetched by it.

    ``zone`` is the short name of the zone.
    ``bounds_lonlat`` is (west, south, east, north) of the first view in degrees.
    ``embedded`` is None for a served page, else the answers that a single file carries:
    ``layers``, ``features`` by layer id, ``indicators`` and ``densities``.
    ``accounts``: people sign in, and the page leads to their own account.
    """

    lang: str
    zone: Title
    bounds_lonlat: tuple[float, float, float, float]
    embedded: JsonObject | None = None
    accounts: bool = False
