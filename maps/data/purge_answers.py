"""Answer of a purge: what goes, and what stays although it is old."""

from pydantic import Field

from maps.answers import Answer


class PurgeEntry(Answer):
    """Something old: a check with its upload, an upload of no check, the files of a task."""

    what: str = Field(examples=["check", "run", "upload", "evidence", "project"])
    id: str
    name: str
    day: str = Field(description="Since when it is kept, ISO 8601.")
    size_bytes: int
    stays: str | None = Field(
        default=None,
        description="Why it is not removed: `reviewed`, `named_by_layer`, `named_by_publication`, "
        "`named_by_project`, `damaged`; null where it is.",
    )


class Purge(Answer):
    """What is older than a retention time."""

    days: int
    before: str = Field(description="What is kept since an earlier moment is old, ISO 8601, UTC.")
    removed: bool = Field(description="False: this only lists; nothing was removed.")
    size_bytes: int = Field(description="Of all that goes.")
    entries: list[PurgeEntry] = Field(description="What goes.")
    stays: list[PurgeEntry] = Field(description="What is as old, and stays.")
