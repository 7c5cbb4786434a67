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


class ThemeList(Answer):
    """Themes of published maps, and what a layer of each sensitivity must keep to."""

    themes: list[ThemeOut]
    least_displacement_m: dict[str, float | None] = Field(
        description="By sensitivity; null where nothing may be shown."
    )
