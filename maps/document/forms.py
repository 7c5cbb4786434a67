"""Every form that a document can become, by the suffix of its file."""

from collections.abc import Callable
from typing import TypeVar

from maps.document.book import csv_of, xlsx_of
from maps.document.model import Document
from maps.document.onepage import sheet_pdf
from maps.document.web import html_of
from maps.document.word import docx_of

A = TypeVar("A")


def writers(document: Callable[[A, str], Document]) -> dict[str, Callable[[A, str], bytes]]:
    """Return how an answer is written as XLSX, CSV, PDF, Word and HTML, through its document."""
    back_ends = {
        "xlsx": xlsx_of,
        "csv": csv_of,
        "pdf": sheet_pdf,
        "docx": docx_of,
        "html": html_of,
    }

    def writer(back_end: Callable[[Document], bytes]) -> Callable[[A, str], bytes]:
        return lambda answer, lang: back_end(document(answer, lang))

    return {form: writer(back_end) for form, back_end in back_ends.items()}
