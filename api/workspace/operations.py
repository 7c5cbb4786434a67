"""Operations of the store itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from api.exits import Exit
from api.operation import Call, Question, operation, split_names
from maps.data.backup_answers import BackupOut
from maps.data.health_answers import Health
from maps.data.purge_answers import Purge
from maps.data.zone_answers import ZoneCheck

if TYPE_CHECKING:
    from layers.backup.backup import Backup

Kinds = Annotated[
    tuple[Literal["checks", "uploads", "evidence", "projects"], ...], BeforeValidator(split_names)
]


class DoctorQuestion(Question):
    """Whether lost rows are written again first."""

    rebuild: bool = False


@operation(
    "doctor",
    text="maps.data.document:health_document",
    exit_of=lambda health: Exit.FINE if health.sound else Exit.INTERNAL,
)
def doctor(call: Call, asked: DoctorQuestion) -> Health:
    """Check the installation and the stored data; only where these are, at a terminal."""
    from api.workspace.doctor import examine

    return examine(call.workspace, rebuild=asked.rebuild)


class PurgeQuestion(Question):
    """How long what is kept, in days; without ``sure`` it is only listed."""

    days: Annotated[int, Field(ge=1)]
    what: Kinds = ("checks", "uploads", "evidence")
    sure: bool = False


@operation("purge", text="maps.data.purge_document:purge_document")
def purge(call: Call, asked: PurgeQuestion) -> Purge:
    """List what is older than a retention time, and remove it; only at a terminal."""
    from api.workspace.purge import purge as remove

    return remove(call.workspace, asked.days, asked.what, sure=asked.sure)


class BackupQuestion(Question):
    """The file to write."""

    archive: Path


@operation("backup", arguments=("archive",), text="maps.data.backup_document:backup_document")
def backup(call: Call, asked: BackupQuestion) -> BackupOut:
    """Write the whole data folder into one file, of one moment; only at a terminal."""
    from layers.backup.backup import back_up

    workspace = call.workspace
    made = back_up(workspace.settings.data_dir, asked.archive, workspace.now())
    return _backup_out(made, asked.archive, restored=False)


class RestoreQuestion(BackupQuestion):
    """A backup, and the new folder that it fills."""

    into: Path


@operation(
    "restore", arguments=("archive", "into"), text="maps.data.backup_document:backup_document"
)
def restore(call: Call, asked: RestoreQuestion) -> BackupOut:  # noqa: ARG001 - no store is opened
    """Unpack a backup into a new folder, and compare every file; only at a terminal."""
    from layers.backup.backup import restore as unpack

    return _backup_out(unpack(asked.archive, asked.into), asked.into, restored=True)


def _backup_out(made: "Backup", path: Path, *, restored: bool) -> BackupOut:
    return BackupOut(
        path=str(path),
        files=made.files,
        size_bytes=made.size_bytes,
        sha256=made.sha256,
        made_at=made.made_at.isoformat(timespec="seconds"),
        restored=restored,
    )


class ZoneQuestion(Question):
    """The folder of a zone."""

    zone_folder: Path


@operation(
    "zone check",
    arguments=("zone_folder",),
    text="maps.data.zone_document:zone_document",
    exit_of=lambda found: Exit.FINE if found.sound else Exit.BAD_INPUT,
)
def zone_check(call: Call, asked: ZoneQuestion) -> ZoneCheck:
    """Say all that is wrong with a zone's folder, or what the zone is; only at a terminal."""
    from api.workspace.zones.zone_check import check_zone

    return check_zone(asked.zone_folder, call.progress)


OPERATIONS = (doctor, purge, backup, restore, zone_check)
