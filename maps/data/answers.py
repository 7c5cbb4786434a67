"""Answers of layers."""

from typing import Any

from pydantic import Field

from maps.answers import Answer, ReadReportOut, Title, VersionStep
from maps.data.import_answers import CountyShareOut, FieldMatchOut, ImportChange, ImportSample


class LayerOut(Answer):
    """A layer of the catalogue at one version."""

    id: str
    kind: str
    title: Title
    status: str = Field(examples=["official", "reference", "indicative", "demonstration"])
    sensitivity: str
    source: str
    licence: str
    version: int
    sha256: str
    content_sha256: str
    created_at: str
    crs: str
    feature_count: int
    geometry_type: str
    bounds_lonlat: tuple[float, float, float, float]
    precision_m: float | None
    data_date: str | None
    valid_from: str | None
    valid_to: str | None
    covered: bool = Field(description="Whether the layer states which area it speaks about.")
    in_use: bool = Field(
        description="False for a demonstration layer that another replaces, and for versions "
        "that are old or withdrawn."
    )
    withdrawals: list[VersionStep] = Field(
        default=[], description="That this version was withdrawn, restored, ...; oldest first."
    )

    @property
    def withdrawn(self) -> bool:
        """Whether the version was withdrawn and not restored."""
        return bool(self.withdrawals) and self.withdrawals[-1].withdrawn


class LayerList(Answer):
    """The catalogue."""

    layers: list[LayerOut]
    lost: list[str] = Field(
        default=[],
        description="Versions that have a file and that the catalogue does not know: "
        "`doctor --rebuild` restores them.",
    )


class ImportConcern(Answer):
    """What differed from what was said or stood before, and was confirmed."""

    code: str = Field(examples=["outside_coverage", "count_changed", "said_elsewhere", "unclassed"])
    params: dict[str, Any]


class ImportPreview(Answer):
    """What would come in, and what an import must be told to accept; nothing is stored."""

    id: str
    kind: str
    kind_title: Title
    feature_count: int
    covered: bool = Field(description="Whether it is said which area the layer speaks about.")
    counties: list[CountyShareOut] = Field(description="In which it lies, the greatest first.")
    matched: list[FieldMatchOut] = Field(description="What rules of the kind read, and where.")
    concerns: list[ImportConcern]
    sample: ImportSample
    change: ImportChange
    read_report: ReadReportOut


class ImportResult(Answer):
    """What an import stored."""

    layer: LayerOut
    created: bool = Field(description="False where the same content was already current.")
    replaces: list[str] = Field(description="Demonstration layers that are no longer used.")
    stood_in: bool = Field(
        description="Whether it takes the place of an indicative or demonstration layer: results "
        "that rest on that one can be made again."
    )
    compiled: bool | None = Field(
        description="Whether large overlaps need not wait for it; null without polygons."
    )
    counties: list[CountyShareOut] = Field(description="In which it lies, the greatest first.")
    matched: list[FieldMatchOut] = Field(description="What rules of the kind read, and where.")
    concerns: list[ImportConcern] = Field(description="What was asked about and confirmed.")
    read_report: ReadReportOut
