"""What routes depend on, as types."""

from typing import Annotated

from fastapi import Depends, Header, Request

from api.workspace.workspace import Workspace
from maps.i18n import negotiate


def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


def _language(
    accept_language: Annotated[str | None, Header()] = None, lang: str | None = None
) -> str:
    return negotiate(lang or accept_language)


WorkspaceDep = Annotated[Workspace, Depends(_workspace)]
LanguageDep = Annotated[str, Depends(_language)]
