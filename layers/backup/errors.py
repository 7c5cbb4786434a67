"""Why a backup cannot be made or read."""

from geo.errors import InputError, PlanningError


class BusyStoreError(PlanningError):
    """A writer did not let go of the store in time. Params: ``seconds``."""

    code = "layers.backup.busy"


class NotABackupError(InputError):
    """A file is no backup, or was changed or cut off. Params: ``name``, ``file``."""

    code = "layers.backup.not_one"


class TargetNotEmptyError(InputError):
    """A backup is only restored into a folder that is not there or empty. Params: ``folder``."""

    code = "layers.backup.target_not_empty"
