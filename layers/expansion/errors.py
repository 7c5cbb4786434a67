"""What can be wrong with the data by which sites are searched and compared."""

from geo.errors import InputError


class CriteriaFileError(InputError):
    """A file of criteria is not as it should be. Params: ``file``, ``field``, ``problem``."""

    code = "layers.criteria.file"


class UnknownCriteriaError(InputError):
    """No set of criteria, or no criterion of it, has this id. Params: ``name``, ``known``."""

    code = "layers.criteria.unknown"


class ConstraintsFileError(InputError):
    """A file of constraints on ground has a fault. Params: ``file``, ``field``, ``problem``."""

    code = "layers.constraints.file"


class UnknownConstraintsError(InputError):
    """No set of constraints on ground has this id. Params: ``name``, ``known``."""

    code = "layers.constraints.unknown"
