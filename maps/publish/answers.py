"""Answers about published maps."""

from pydantic import Field

from maps.answers import Answer, JsonObject, Title, VersionStep


class PublishedLayer(Answer):
    """A layer of a bundle, and how far it is from the original."""

    id: str
    version: int
    status: str
    displacement_m: float = Field(description="Stated: no line is moved by more.")
    moved_m: float = Field(description="Measured: the largest distance of an original vertex.")
    feature_count: int
    vanished: int = Field(description="Features smaller than the displacement, left out.")
    shared_edges_kept: bool | None
    guessed_m: float | None = Field(
        default=None,
        description="Measured: median distance from surveyed corners of the best attack on all "
        "that is published of the layer; null where nothing is hidden.",
    )


class PublishFault(Answer):
    """Why a bundle must not be published; worded for people."""

    code: str = Field(examples=["raw_vertices"])
    params: JsonObject


class CheckPoint(Answer):
    """A question of the reviewer of maps (审图); its words stand in ``review_points``."""

    code: str = Field(examples=["review_number"])
    state: str = Field(description="ok, missing, or look: only a person can tell.")
    params: JsonObject = Field(default={}, description="What the words name.")


class OrderOut(Answer):
    """A wish to show a bundle, and what came of it. Times are ISO 8601."""

    publication_id: str
    sha256: str
    asked_name: str
    asked_at: str
    due_at: str | None = Field(description="Null is at once.")
    state: str = Field(
        description="to_confirm (by another person), planned (for its time), done, refused or "
        "dropped."
    )
    ended_name: str | None = Field(description="Who confirmed it, or took it back.")
    ended_at: str | None
    problem: str | None = Field(description="Code of what kept it from being shown.")


class OrderList(Answer):
    """Wishes to show bundles, the newest first."""

    orders: list[OrderOut]


class ViewOut(Answer):
    """Views of a map on a day in China, by the language that a reader's browser asks for."""

    publication_id: str
    day: str
    lang: str
    count: int


class ViewList(Answer):
    """Views of published maps. A view is an opened page: by a person, or by a program."""

    counted: bool = Field(description="Whether views are counted at present.")
    since: str = Field(description="First day of what is listed, ISO 8601.")
    views: list[ViewOut]


class Bundle(Answer):
    """A bundle as it was built; ``sha256`` is None where the gate refused it."""

    id: str
    sha256: str | None
    layers: list[PublishedLayer]
    faults: list[PublishFault]
    draft: bool
    size_bytes: int
    files: list[str] = Field(description="Names of files below the address.")
    released: bool
    order: OrderOut | None = Field(
        default=None, description="By which it waits, if it was to be released and is not yet."
    )
    checklist: list[CheckPoint] = Field(
        default=[], description="What the reviewer of maps will ask, and what is known of it."
    )
    address: str | None = Field(description="Path on this server.", examples=["/public/zone/"])


class ReleaseOut(Answer):
    """A bundle that was shown from a moment on."""

    sha256: str
    released_at: str
    withdrawals: list[VersionStep] = Field(
        default=[], description="That it was withdrawn, restored, ...; oldest first."
    )


class PublicationOut(Answer):
    """A publication: what is shown now, and what was before."""

    id: str
    title: Title | None
    draft: bool | None
    current: str | None
    withdrawn_at: str | None
    releases: list[ReleaseOut]
    address: str | None
    order: OrderOut | None = Field(
        default=None, description="By which a release that was just asked for waits."
    )


class LeftOutMap(Answer):
    """A map that the public does not see, and why."""

    id: str
    code: str = Field(examples=["layers.publication.withdrawn"])


class SiteExport(Answer):
    """What the public sees, written as files."""

    path: str
    shown: list[str] = Field(description="Ids of the maps, each a folder.")
    left_out: list[LeftOutMap]
    files: int


class PublicationList(Answer):
    """All publications by id."""

    publications: list[PublicationOut]
    damaged: list[str] = Field(
        default=[], description="What cannot be read and is not in the list: run `doctor`."
    )


class ThemeOut(Answer):
    """A kind of map that can be proposed."""

    id: str
    title: Title
    own: bool = Field(default=False, description="Whether the office keeps it as a template.")


class ThemeList(Answer):
    """Themes of published maps, and what a layer of each sensitivity must keep to."""

    themes: list[ThemeOut]
    least_displacement_m: dict[str, float | None] = Field(
        description="By sensitivity; null where nothing may be shown."
    )
