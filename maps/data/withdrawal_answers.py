"""Answers of withdrawals: how a version stands, and what rests on it."""

from pydantic import Field

from maps.answers import Answer, Title, VersionStep


class WithdrawnVersion(Answer):
    """A version that does not count any more."""

    what: str = Field(examples=["layer", "raster", "dataset", "publication"])
    id: str
    version: str
    step: VersionStep


class Resting(Answer):
    """Something that was made with a version."""

    what: str = Field(examples=["check", "publication", "raster", "dataset"])
    id: str
    name: str
    day: str | None = Field(description="Of the check, the release or the import, ISO 8601.")
    verdict: str | None = Field(description="Of a check.")
    unreadable: bool = Field(
        default=False, description="It is damaged: whether it rests on the version is not known."
    )


class VersionStanding(Answer):
    """A version after it was withdrawn or restored; it is kept whatever is said of it."""

    what: str = Field(examples=["layer", "raster", "dataset", "publication"])
    id: str
    version: str
    steps: list[VersionStep] = Field(description="All that was said of it, oldest first.")
    in_use: str | None = Field(description="Version that answers now; null where there is none.")
    cannot_tell: str | None = Field(
        description="Kind of which nothing can be told any more: what stood is gone, and no "
        "demonstration takes its place."
    )
    kind_title: Title | None = Field(
        default=None, description="Of a layer, how that kind is called; null where there is none."
    )
    resting: list[Resting] = Field(description="What was made with the version.")

    @property
    def withdrawn(self) -> bool:
        """Whether the version does not count any more."""
        return bool(self.steps) and self.steps[-1].withdrawn
