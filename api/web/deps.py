"""What routes depend on, as types."""

from typing import Annotated

from fastapi import Depends, Header, Request

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
