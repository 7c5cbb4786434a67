"""Why an account, a password or a key cannot be made or used."""

from geo.errors import InputError
from layers.errors import ConflictError, NotFoundError


class PersonNameError(InputError):
    """An account's name is letters, digits, dots, hyphens. Params: ``person_id``."""

    code = "layers.people.name"


class UnknownPersonError(NotFoundError):
    """There is no such account. Params: ``person_id``."""

    code = "layers.people.unknown"


class PersonExistsError(ConflictError):
    """There is an account of this name. Params: ``person_id``."""

    code = "layers.people.exists"


class AccountInUseError(ConflictError):
    """Somebody signs in to an account in another way already. Params: ``person_id``."""

    code = "layers.people.in_use"


class LastAdministratorError(ConflictError):
    """Nobody would be left who may let people in. Params: ``person_id``."""

    code = "layers.people.last_administrator"


class WeakPasswordError(InputError):
    """A password is too short, or that of before. Params: ``least``."""

    code = "layers.people.weak_password"


class UnknownKeyError(NotFoundError):
    """There is no such key. Params: ``key_id``."""

    code = "layers.people.unknown_key"


class KeyScopeError(InputError):
    """A key would do more than its owner, or last too long. Params: ``limit``."""

    code = "layers.people.key_scope"
