"""An office's own templates of reports: Word files in a folder of the settings, by name.

A template is made by who runs the program and never comes in over HTTP; its fields are all
the same filled in a sandbox.
"""

import re
from pathlib import Path
from typing import Final

from geo.errors import InputError
from layers.errors import NotFoundError

FORM: Final = "docx"
_NAME: Final = re.compile(r"[\w（）() .-]{1,80}")


class UnknownTemplateError(NotFoundError):
    """There is no template of this name. Params: ``name``, ``known``."""

    code = "api.report.unknown_template"


class TemplateFormError(InputError):
    """A template makes a Word file and no other form. Params: ``form``."""

    code = "api.report.template_form"


def read_template(folder: Path | None, name: str | None, form: str) -> bytes | None:
    """Return the template of a name, None where none is asked for.

    Raises
    ------
    TemplateFormError
        The report is wanted in another form than Word's.
    UnknownTemplateError
        There is no such file in the folder of the settings.
    """
    if name is None:
        return None
    if form != FORM:
        raise TemplateFormError(form=form)
    known = list_templates(folder)
    if folder is None or name not in known or not _NAME.fullmatch(name):
        raise UnknownTemplateError(name=name[:80], known=known)
    return (folder / f"{name}.{FORM}").read_bytes()


def list_templates(folder: Path | None) -> list[str]:
    """Return the names of all templates; those that Word has open lie there too and are none."""
    if folder is None or not folder.is_dir():
        return []
    return sorted(one.stem for one in folder.glob(f"*.{FORM}") if not one.name.startswith("~"))
