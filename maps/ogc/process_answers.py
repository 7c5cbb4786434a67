"""Answers of OGC API Processes, with the member names of the standard (18-062r2)."""

from typing import Any

from pydantic import Field

from maps.answers import JsonObject
from maps.ogc.answers import Link, OgcAnswer


class ProcessSummary(OgcAnswer):
    """A process in a list."""

    id: str
    version: str
    title: str
    description: str
    job_control_options: list[str]
    output_transmission: list[str]
    links: list[Link]


class ProcessList(OgcAnswer):
    """All processes."""

    processes: list[ProcessSummary]
    links: list[Link]


class InputDescription(OgcAnswer):
    """An input; without ``min_occurs`` 1 it may be left out."""

    title: str
    description: str
    schema_: JsonObject = Field(alias="schema")
    min_occurs: int


class OutputDescription(OgcAnswer):
    """An output."""

    title: str
    description: str
    schema_: JsonObject = Field(alias="schema")


class Process(ProcessSummary):
    """A process with its inputs and outputs."""

    inputs: dict[str, InputDescription]
    outputs: dict[str, OutputDescription]


class JobStatus(OgcAnswer):
    """A job: a task of the server as the standard says it."""

    process_id: str = Field(alias="processID")
    type: str = "process"
    job_id: str = Field(alias="jobID")
    status: str = Field(examples=["accepted", "running", "successful", "failed", "dismissed"])
    message: str | None = None
    created: str
    finished: str | None = None
    progress: int
    links: list[Link]


class JobList(OgcAnswer):
    """Jobs, the newest first."""

    jobs: list[JobStatus]
    number_matched: int
    number_returned: int
    links: list[Link]


class Results(OgcAnswer):
    """What came of a job: the answer, and the files that it wrote."""

    answer: JsonObject | None
    files: dict[str, dict[str, Any]]
