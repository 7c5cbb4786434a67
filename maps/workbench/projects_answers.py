"""Answers about projects: what a planner works on, in all its versions."""

from base64 import b64decode
from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field

from maps.answers import Answer, JsonObject, VersionStep


def _require_area(geometry: JsonObject) -> JsonObject:
    """Refuse what is no polygon in lon/lat."""
    rings = {"Polygon": 1, "MultiPolygon": 2}.get(str(geometry.get("type")))
    if rings is None or not _are_points(geometry.get("coordinates"), rings + 1):
        raise ValueError("geometry")
    return geometry


def _are_points(value: Any, depth: int) -> bool:  # noqa: ANN401 - any JSON value
    if not isinstance(value, list) or not value:
        return False
    if depth:
        return all(_are_points(one, depth - 1) for one in value)
    lon_lat = [one for one in value if isinstance(one, (int, float)) and isfinite(one)]
    return len(value) >= 2 and lon_lat == value and abs(value[0]) <= 180 and abs(value[1]) <= 90


def _require_base64(data: str) -> str:
    b64decode(data, validate=True)
    return data


AreaGeometry = Annotated[JsonObject, AfterValidator(_require_area)]
Word = Annotated[str, Field(max_length=200)]


class Kept(Answer):
    """A part of a project; what it does not know is refused, so that nothing is dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProjectArea(Kept):
    """Where a project looks for ground: a county by its code, or polygons."""

    name: Word = ""
    county: Word | None = None
    geometry: AreaGeometry | None = None


class ProjectSite(Kept):
    """A site of a project."""

    id: Word
    name: Word
    geometry: AreaGeometry


class Alternative(Kept):
    """Sites that are weighed against others, under a name."""

    id: Word
    name: Word
    site_ids: list[Word] = Field(default=[], max_length=500)
    note: Annotated[str, Field(max_length=5000)] = ""


class ProjectResult(Kept):
    """A result by reference: what was asked, of what, when."""

    what: Word = Field(examples=["task", "check", "run"])
    id: Word
    kind: Word = Field(description="Kind of the task, or the verdict of a check.")
    title: Word = ""
    at: Word
    said: dict[Word, Word] = Field(default={}, description="Its parameters as they were shown.")


class ProjectFile(Kept):
    """A file that a person chose: of constraints, of criteria, of sites."""

    field: Word = Field(description="The field of the page in which it was chosen.")
    name: Word
    size_bytes: Annotated[int, Field(ge=0)]
    data: Annotated[str, AfterValidator(_require_base64)] | None = Field(
        default=None, description="Base64; without it the file was too large to be kept."
    )


class ProjectContent(Kept):
    """What a project keeps."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    notes: Annotated[str, Field(max_length=20_000)] = ""
    area: ProjectArea | None = None
    sites: list[ProjectSite] = Field(default=[], max_length=500)
    alternatives: list[Alternative] = Field(default=[], max_length=100)
    layers: list[Word] = Field(default=[], max_length=1000)
    weights: dict[Word, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(default={})
    view: dict[Word, Annotated[str, Field(max_length=10_000)]] = Field(
        default={}, description="What the address of the page says after #, part by part."
    )
    fields: dict[Word, Annotated[str, Field(max_length=20_000)] | bool] = Field(
        default={}, description="What was filled in, by field of the page."
    )
    files: list[ProjectFile] = Field(default=[], max_length=50)
    results: list[ProjectResult] = Field(default=[], max_length=1000)


class ProjectOut(Answer):
    """A project at one version."""

    id: str
    version: int
    newest: int
    action: str = Field(examples=["edit", "undo", "redo", "return"])
    saved_at: str = Field(description="ISO 8601, UTC.")
    can_undo: bool
    can_redo: bool
    content: ProjectContent
    missing: list[str] = Field(description="Results, by id, that are not kept on this server.")
    withdrawals: list[VersionStep] = Field(description="Oldest first.")


class ProjectSaved(Answer):
    """What came of a change."""

    id: str
    version: int
    created: bool = Field(description="False where the newest version says the same.")
    saved_at: str
    can_undo: bool
    can_redo: bool


class ProjectRow(Answer):
    """A project in the list of all."""

    id: str
    title: str
    version: int
    saved_at: str
    sites: int
    results: int
    withdrawals: list[VersionStep]


class ProjectList(Answer):
    """All projects, the one saved last first."""

    projects: list[ProjectRow]
    damaged: list[str]


class ProjectVersionOut(Answer):
    """A version in the history of a project."""

    number: int
    action: str
    shows: int = Field(description="The version whose content it shows.")
    saved_at: str
    title: str
    sites: int
    results: int


class ProjectHistory(Answer):
    """The newest versions of a project, the newest first."""

    id: str
    count: int = Field(description="How many versions there are in all.")
    versions: list[ProjectVersionOut]
    damaged: list[str]
