"""Answers about files that are read and written again."""

from pydantic import Field

from maps.answers import ReadReportOut, Written


class Converted(Written):
    """A file of sites, written in another format."""

    crs: str = Field(description="Of the coordinates that were written.", examples=["EPSG:4522"])
    read_report: ReadReportOut
