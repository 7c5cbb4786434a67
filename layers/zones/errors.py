"""What can be wrong with a zone's folder."""

from geo.errors import InputError
from layers.errors import ConflictError


class ZoneFolderError(InputError):
    """A file of a zone's folder is missing, unknown, or not as its schema has it.

    Params: ``file``, ``field`` (line and name of the field), ``problem``, ``given``.
    """

    code = "layers.zones.folder"


class OtherZoneError(ConflictError):
    """A data folder was made for another zone.

    Params: ``folder``, ``made_for``, ``opened_with``.
    """

    code = "layers.zones.other"


class ZoneRulesError(InputError):
    """Two folders of rules are set: that of the zone, and another. Params: ``zone``, ``folder``."""

    code = "layers.zones.two_rules"
