"""Answers on past checks as files."""

from typing import Final

from api.workspace.file_forms import FileForms
from maps.check.stale_document import stale_document
from maps.document.forms import writers

STALE_FILES: Final = FileForms(stem="stale", writers=writers(stale_document))
