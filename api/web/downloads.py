"""Answers as downloads."""

from typing import Annotated, Final

from fastapi import Query, Response

from api.workspace.file_forms import FileForms
from maps.answers import Answer

_MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}

Form = Annotated[
    str, Query(alias="format", description="json, or a file: xlsx, csv; some also pdf.")
]


def download(files: FileForms, answer: Answer, form: str, lang: str) -> Response:
    """Return an answer in a form as a download.

    Raises
    ------
    FileFormError
        There is no such form.
    """
    data = files.data(answer, form, lang)
    name = f'attachment; filename="{files.stem}.{form}"'
    return Response(data, media_type=_MEDIA[form], headers={"content-disposition": name})
