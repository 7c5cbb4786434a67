"""The language that a request asks for: by name, else as its browser prefers."""

from starlette.requests import HTTPConnection
from starlette.types import Scope

from maps.i18n import negotiate


def language_of(scope: Scope) -> str:
    """Return the language of an answer or refusal, ``lang`` of the address first."""
    asked = HTTPConnection(scope)
    return negotiate(asked.query_params.get("lang") or asked.headers.get("accept-language"))
