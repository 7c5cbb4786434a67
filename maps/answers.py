"""What the product answers, in the one form that HTTP and the command line share."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

JsonObject = dict[str, Any]


class Answer(BaseModel):
    """Base of all answers: immutable, every field named with its unit."""

    # A command makes a few of all answers: schemas are built for those that are made.
    model_config = ConfigDict(frozen=True, defer_build=True)


class Title(Answer):
    """A name in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """Return the name in a language.

        Examples
        --------
        >>> Title(zh="昆明", en="Kunming").text("en")
        'Kunming'
        """
        return self.zh if lang == "zh" else self.en


class Citation(Answer):
    """Where a rule or a number is from, and how surely its text was seen."""

    document_zh: str
    document_en: str
    number: str
    clause: str | None = None
    certainty: str = Field(examples=["official_text", "general_knowledge"])
    note_zh: str | None = None
    note_en: str | None = None

    def document(self, lang: str) -> str:
        """Return the name of the document in a language."""
        return self.document_zh if lang == "zh" else self.document_en

    def note(self, lang: str) -> str | None:
        """Return what is said of it in a language, None where nothing is."""
        return self.note_zh if lang == "zh" else self.note_en


class Basis(Answer):
    """Layers that an answer rests on although they are not official."""

    status: str = Field(examples=["demonstration"])
    layer_ids: list[str] = Field(examples=[["demo_ecological_red_line"]])
    titles: list[Title] = Field(
        default=[],
        description="What these layers show, each once, the gravest first; empty in checks that "
        "older releases kept.",
    )


class Note(Answer):
    """A fact about the input that a person should know."""

    code: str
    severity: str
    feature_id: str | None
    params: JsonObject


class LeftOutOut(Answer):
    """Something of the input that became no feature, with the reason."""

    what: str = Field(description="Code of its kind.", examples=["placemark"])
    label: str = Field(description="Its name or number, in the file's own words.")
    reason: str = Field(examples=["no_geometry"])
    part: bool = Field(description="Only a part of an element that was used.")
    count: int = Field(description="How many elements this speaks of.")
    params: JsonObject


class LedgerOut(Answer):
    """The account of the input: found = used + left out, parts not counted."""

    unit: str = Field(description="Code of what is counted.", examples=["placemark"])
    found: int
    used: int
    left_out: list[LeftOutOut]


class ReadReportOut(Answer):
    """How the input was understood."""

    name: str
    sha256: str
    size_bytes: int
    format: str
    encoding: str | None
    encoding_how: str | None
    crs: str
    crs_how: str
    feature_count: int
    precision_m: float | None
    issues: list[Note]
    statements: dict[str, list[str]] = Field(
        default={}, description="What the file says beside its features, line by line."
    )
    ledger: LedgerOut | None = Field(
        default=None, description="None in reports that are older than it."
    )


class VersionStep(Answer):
    """That a version was withdrawn, or restored: by whom, why and when."""

    withdrawn: bool = Field(description="False: it was restored.")
    name: str
    reason: str
    at: str = Field(description="ISO 8601, UTC.")


class Written(Answer):
    """A file that was written."""

    path: str
    size_bytes: int
