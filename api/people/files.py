"""The audit trail as files."""

from typing import Final

from api.workspace.file_forms import FileForms
from maps.document.forms import writers
from maps.workbench.people_document import audit_document

AUDIT_FILES: Final = FileForms(stem="audit", writers=writers(audit_document))
