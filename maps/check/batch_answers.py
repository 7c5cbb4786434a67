"""Answers of batches of checks, and of the watch over past checks."""

from pydantic import Field

from maps.answers import Answer, JsonObject, LeftOutOut, Title, Written
from maps.check.answers import CheckResult


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


class BatchLeftOut(Answer):
    """A site of a file of a batch that was not judged."""

    file: str
    layer: str | None
    site: LeftOutOut


class Batch(Answer):
    """Checks of many data sets in one run."""

    checked_on: str = Field(description="Date whose law and layers were applied, ISO 8601.")
    nature: str | None
    complete: bool = Field(description="False where the run was stopped; the rest is missing.")
    total: int = Field(description="Files found.")
    done: int = Field(description="Files dealt with.")
    files: list[BatchFile]
    left_out: list[BatchLeftOut] = Field(
        default=[], description="Sites of all files that were not judged, and why."
    )


class BatchWritten(Answer):
    """A batch without its checks, and the files that hold them."""

    batch: Batch
    verdicts: dict[str, int] = Field(description="Number of sites by verdict.")
    outputs: list[Written]


class PastCheck(Answer):
    """A kept check in short."""

    id: str
    name: str = Field(description="Name of the file that was checked.")
    checked_on: str
    nature: str | None
    verdict: str
    sites: int
    record: JsonObject = Field(description="What it rests on, as in the check itself.")


class FindingChange(Answer):
    """What one finding said, and what it would say now; null: there is no such finding."""

    site_id: str
    site_name: str | None
    kind_title: Title | None
    rule_id: str
    layer_id: str | None
    layer_version_then: int | None
    layer_version_now: int | None
    verdict_then: str | None
    verdict_now: str | None
    overlap_then_m2: float | None
    overlap_now_m2: float | None
    difference_m2: float | None = Field(description="Now less then; null if one is not known.")


class StaleCheck(Answer):
    """A past check beside what the same check says today."""

    check_id: str
    name: str
    checked_on: str
    state: str = Field(examples=["changed", "unaffected", "current", "undetermined"])
    causes: list[str] = Field(examples=[["layer_version"]])
    rerun: bool = Field(description="False where no change lies near enough to matter.")
    verdict_then: str
    verdict_now: str | None
    changes: list[FindingChange]
    refusal: Refusal | None = None


class StaleList(Answer):
    """All past checks, those whose result changes first."""

    today: str
    since: str | None
    checks: list[StaleCheck]
