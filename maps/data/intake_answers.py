"""Answers about files that are read and written again."""

from pydantic import Field

from maps.answers import Answer, ReadReportOut


class Converted(Answer):
    """A file of sites, written in another format."""

    path: str
    size_bytes: int
    crs: str = Field(description="Of the coordinates that were written.", examples=["EPSG:4522"])
    read_report: ReadReportOut
