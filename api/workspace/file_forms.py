"""Answers as files: the same answer as a workbook or as CSV, at the door of choice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.workspace.output import write_whole
from geo.errors import InputError
from maps.answers import Answer, Written

Body = Mapping[str, Any]
Writer = Callable[[Any, str], bytes]


class FileFormError(InputError):
    """An answer has no such form. Params: ``form``, ``known``."""

    code = "api.files.format"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForms:
    """How an answer is written as files; ``stem`` names them."""

    stem: str
    writers: Mapping[str, Writer]

    def write(self, answer: Answer, path: Path, lang: str) -> Written:
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

    def data(self, answer: Answer, form: str, lang: str) -> bytes:
        """Return an answer in a form.

        Raises
        ------
        FileFormError
            There is no such form.
        """
        if form not in self.writers:
            raise FileFormError(form=form[:20], known=sorted(self.writers))
        return self.writers[form](answer, lang)
