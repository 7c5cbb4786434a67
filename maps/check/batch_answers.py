"""Answers of batches of checks, and past checks in short."""

from pydantic import Field

from maps.answers import Answer, JsonObject, LeftOutOut, Title, Written
from maps.check.answers import CheckResult
from maps.check.headline import Beside, LineVerdict
from maps.check.sensitive import not_examined_titles


class Refusal(Answer):
    """Why something could not be used; the code is worded for people."""

    code: str = Field(examples=["layers.read.damaged"])
    params: JsonObject


class BatchFile(Answer):
    """What became of one data set of a batch."""

    name: str = Field(description="Path below the folder that was handed in.")
    layer: str | None = Field(description="Data set inside the file, where it holds several.")
    status: str = Field(examples=["checked", "refused", "skipped"])
    refusal: Refusal | None = None
    check: CheckResult | None = Field(default=None, description="As a check of its own answers.")
    lines: list[LineVerdict] = Field(default=[], description="The three lines over its sites.")
    conditions: list[Beside] = Field(default=[], description="Conditions that apply to any site.")
    contacts: list[Beside] = Field(default=[], description="Technical contacts of any site.")


class BatchLeftOut(Answer):
    """A site of a file of a batch that was not judged."""

    file: str
    layer: str | None
    site: LeftOutOut


class Batch(Answer):
    """Checks of many data sets in one run."""

    checked_on: str = Field(description="Date whose law and layers were applied, ISO 8601.")
    nature: str | None
    complete: bool = Field(
        description="False where the run was stopped, or a file could not be checked."
    )
    total: int = Field(description="Files found.")
    done: int = Field(description="Files dealt with.")
    refused: int = Field(default=0, description="Files that could not be checked in full.")
    files: list[BatchFile]
    left_out: list[BatchLeftOut] = Field(
        default=[], description="Sites of all files that were not judged, and why."
    )


class LineCount(Answer):
    """How many sites of a batch have which verdict by one of the three lines."""

    kind: str
    title: Title
    verdicts: dict[str, int] = Field(
        description="Number of sites by verdict, gravest first; one not judged is undetermined."
    )


class BatchWritten(Answer):
    """A batch without its checks, and the files that hold them."""

    batch: Batch
    lines: list[LineCount] = Field(description="The three lines, each by itself.")
    verdicts: dict[str, int] = Field(
        description="Number of sites by computed verdict, gravest first; a site that was not "
        "judged is undetermined."
    )
    reviewed_verdicts: dict[str, int] = Field(
        default={},
        description="Number of sites by verdict with reviewers' own; empty where there are none.",
    )
    conditions: int = Field(description="Number of sites to which conditions apply.")
    contacts: int = Field(description="Number of sites with a technical contact.")
    not_examined: list[Title] = Field(
        default=[], description="Kinds that some check did not examine, for want of a layer."
    )
    outputs: list[Written]


def unexamined_of(batch: Batch) -> list[Title]:
    """Return the kinds that some check of a batch did not examine, each once."""
    checks = (file.check for file in batch.files if file.check)
    return not_examined_titles(one for check in checks for one in check.sensitive)


class PastCheck(Answer):
    """A kept check in short."""

    id: str
    name: str = Field(description="Name of the file that was checked.")
    checked_on: str
    nature: str | None
    verdict: str
    sites: int
    kept_at: str | None = Field(
        default=None, description="When it was made, ISO 8601; null where it was not recorded."
    )
    record: JsonObject = Field(description="What it rests on, as in the check itself.")
