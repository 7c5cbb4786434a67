"""Answers as files: the same answer as a workbook or as CSV, at the door of choice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from api.operation import Call, FileAnswer, Operation, resolve
from api.workspace.output import write_whole
from geo.errors import InputError
from maps.answers import Answer, Written

Body = Mapping[str, Any]
Writer = Callable[[Any, str], bytes]

MEDIA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "geojson": "application/geo+json",
        "gpkg": "application/geopackage+sqlite3",
        "html": "text/html; charset=utf-8",
        "pdf": "application/pdf",
        "png": "image/png",
        "svg": "image/svg+xml",
        "txt": "text/plain; charset=gb18030",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip": "application/zip",
    }
)
"""Media type by form."""


class FileFormError(InputError):
    """An answer has no such form. Params: ``form``, ``known``."""

    code = "api.files.format"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForms:
    """How an answer is written as files; ``stem`` names them."""

    stem: str
    writers: Mapping[str, Writer]

    def write(self, answer: Answer, path: Path, lang: str) -> Written | None:
        """Write an answer in the form that a file's suffix names.

        Raises
        ------
        FileFormError
            There is no such form.
        OutputError
            The file cannot be written there.
        """
        form = path.suffix.lower().removeprefix(".")
        return write_whole(path, self.data(answer, form, lang))

    def file(self, answer: Answer, form: str, lang: str) -> FileAnswer:
        """Return an answer as a file that is called after the answer."""
        data = self.data(answer, form, lang)
        return FileAnswer(name=f"{self.stem}.{form}", data=data, media_type=MEDIA[form])

    def require(self, form: str) -> None:
        """Refuse a form that the answer has not.

        Raises
        ------
        FileFormError
            It names those that there are.
        """
        if form not in self.writers:
            raise FileFormError(form=form[:20], known=sorted(self.writers))

    def data(self, answer: Answer, form: str, lang: str) -> bytes:
        """Return an answer in a form.

        Raises
        ------
        FileFormError
            There is no such form.
        """
        self.require(form)
        return self.writers[form](answer, lang)


def forms_of(declared: Operation[Any, Any], call: Call, question: Any) -> FileForms | None:  # noqa: ANN401
    """Return the forms of an answer that is still to come; None where it is itself a file.

    Raises
    ------
    FileFormError
        The wanted form is none of them: known before the work begins.
    """
    if declared.makes_file:
        if call.form not in declared.forms:
            raise FileFormError(form=call.form[:20], known=sorted(declared.forms))
        return None
    if declared.files is None:
        raise FileFormError(form=call.form[:20], known=["json"])
    files = resolve(declared.files)
    forms: FileForms = files(call, question) if callable(files) else files
    forms.require(call.form)
    return forms
