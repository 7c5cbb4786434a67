"""Answers about backups."""

from pydantic import Field

from maps.answers import Answer


class BackupOut(Answer):
    """A backup, as it was made or restored."""

    path: str = Field(description="The file that was written, or the folder that was filled.")
    files: int
    size_bytes: int
    sha256: str = Field(description="Digest of the list of all files with their digests.")
    made_at: str = Field(description="ISO 8601, UTC.")
    restored: bool
