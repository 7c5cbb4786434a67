"""What is asked about checks and their law: the questions of the operations of this room."""

from datetime import date
from typing import Annotated

from pydantic import Field

from api.operation import Names, Question
from api.reading import Dated, FileReading, Nature, Reading
from api.upload import Upload

MOST_LISTED = 50


class PastCheck(Question):
    """Which past check."""

    check_id: str


class ReportQuestion(PastCheck):
    """Which report of a past check, and what stands on its front page."""

    project: str | None = None
    maker: str | None = None
    template: str | None = None


class VerifyQuestion(Question):
    """Which evidence, and what a report says of it: a digest, or the id of the check."""

    file: Upload
    digest: Annotated[str, Field(max_length=64)] | None = None


class CheckQuestion(Dated, FileReading):
    """Which sites are checked, and for what kind of project."""

    nature: Nature = None
    geometry: bool = False


class ShowQuestion(PastCheck):
    """Which past check, and whether with its geometry."""

    geometry: bool = False


class HistoryQuestion(Question):
    """How many past checks."""

    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 20


class OverrideQuestion(PastCheck):
    """What a reviewer says of one finding; ``layer_id`` is None where the layer is missing."""

    site_id: str
    rule_id: str
    layer_id: str | None = None
    verdict: str
    reason: str
    name: str


class BatchQuestion(Dated, Reading):
    """Which files are checked in one run; folders at a terminal."""

    file: tuple[Upload, ...]
    nature: Nature = None


class StaleQuestion(Dated):
    """Which past checks are judged again, and whether by the law or by some layers alone."""

    since: date | None = None
    law: bool = False
    layer: Names = ()


class AuditQuestion(Question):
    """Which layers are audited; all control layers if none is named."""

    layer: Names = ()


class OverlapQuestion(Question):
    """Parcels on disk, a layer, and who computes: this process, others, or a cluster."""

    parcels: Upload
    layer: str
    id_column: str | None = None
    workers: Annotated[int, Field(ge=0)] = 0
    scheduler: str | None = None


class ProtectionQuestion(Dated):
    """Which kind of control line, None for all, and on which day."""

    kind: str | None = None


class NaturesQuestion(Dated):
    """Which nature, all if none is named, and under the law of which day."""

    nature: Nature = None
