"""What routes depend on, as types."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant

from api.errors import RequestError
from api.workspace.workspace import Workspace
from maps.i18n import negotiate


def open_workspace(request: Request) -> Workspace:
    """Return the server's workspace, with the kinds and rules that stand in its folder now.

    Raises
    ------
    RuleFileError
        A file of kinds or rules was written meanwhile and cannot be read.
    """
    workspace: Workspace = request.app.state.workspace
    workspace.read_terms_anew()
    return workspace


def _language(
    accept_language: Annotated[str | None, Header()] = None, lang: str | None = None
) -> str:
    return negotiate(lang or accept_language)


WorkspaceDep = Annotated[Workspace, Depends(open_workspace)]
LanguageDep = Annotated[str, Depends(_language)]


def refuse_unknown(request: Request) -> None:
    """Refuse query parameters that a route does not read: a slip must not pass as an answer.

    Raises
    ------
    RequestError
        Names the first of them.
    """
    known = _read_by(request.scope["route"].dependant)
    for name in request.query_params:
        if name not in known:
            raise RequestError(field=name[:40], problem="unknown")


def _read_by(dependant: Dependant) -> set[str]:
    """Return the query parameters that a route and what it depends on read."""
    own = {one.alias for one in dependant.query_params}
    return own.union(*(_read_by(one) for one in dependant.dependencies))
