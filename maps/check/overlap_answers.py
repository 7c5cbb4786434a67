"""Answers about overlaps of very many parcels with one layer."""

from pydantic import Field

from maps.answers import Answer, Title, Written


class OverlapTable(Answer):
    """A table of overlaps was written."""

    layer_id: str
    layer_version: int
    layer_status: str
    title: Title
    parcels: int = Field(description="Rows of the input.")
    overlaps: int = Field(description="Rows of the table: pairs that share ground.")
    touched: int = Field(description="Parcels that share ground with any feature.")
    outside_region: int = Field(
        description="Parcels that are not wholly in the region: no row says nothing of them."
    )
    too_small: int = Field(description="Parcels below the least area that a check judges.")
    overlap_area_m2: float = Field(
        description="Sum over the rows; ground under several features counts with each."
    )
    workers: int = Field(description="Processes that shared the work.")
    output: Written
