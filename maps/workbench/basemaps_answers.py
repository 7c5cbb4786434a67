"""Answers about configured base maps."""

from maps.answers import Answer, Title


class BasemapOut(Answer):
    """A base map that the server passes on; its source and key stay on the server."""

    id: str
    title: Title
    url: str
    datum: str
    max_zoom: int
    attribution: str


class BasemapList(Answer):
    """All configured base maps; empty where none are."""

    basemaps: list[BasemapOut]
