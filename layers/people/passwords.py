"""Passwords as Argon2id hashes, and tokens that nobody can guess."""

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from layers.people.errors import WeakPasswordError
from layers.provenance import digest

LEAST: Final = 12
"""Characters of a password, as NIST SP 800-63B and the Chinese graded protection ask or exceed."""
MOST: Final = 256
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
"""32 MiB and three passes, above the least of OWASP (19 MiB, two): about 50 ms."""


def hash_password(password: str) -> str:
    """Return the hash that is kept.

    Raises
    ------
    WeakPasswordError
        It is too short, too long, or one character over and over.
    """
    if not LEAST <= len(password) <= MOST or len(set(password)) < 5:
        raise WeakPasswordError(least=LEAST)
    return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether a password is the kept one; it takes as long where there is none."""
    try:
        _HASHER.verify(kept or _nobodys(), password[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))


def new_password() -> str:
    """Return a password to be told once and changed: 16 characters, 80 bits, none alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def new_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is kept of a token: of so many random bits one pass is enough."""
    return digest(token.encode("utf-8", "surrogatepass"))
