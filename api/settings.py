"""Settings of a running product. The environment is read here and nowhere else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from geo.errors import InputError

PREFIX: Final = "FTZGIS_"
_IPV6: Final = r"\[[0-9A-Fa-f:.]+\]"
HostName = Annotated[str, StringConstraints(pattern=rf"^(\*|([\w.-]+|{_IPV6})(:\d+)?)$")]
Origin = Annotated[str, StringConstraints(pattern=rf"^(\*|https?://([\w.-]+|{_IPV6})(:\d+)?)$")]
"""As browsers say it: a path, or a slash at its end, would never be the origin of any page."""
Proxy = Annotated[str, StringConstraints(pattern=r"^(\*|[0-9A-Fa-f:.]+(/\d+)?)$")]
_SEVERAL: Final = frozenset({"allowed_hosts", "trusted_proxies", "open_to_sites"})


class SettingError(InputError):
    """An environment variable cannot be used. Params: ``name``, ``problem``."""

    code = "api.settings.invalid"


class Settings(BaseModel):
    """All settings; each is ``FTZGIS_<NAME>`` in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(
        default_factory=lambda: Path.home() / ".ftzgis",
        description="Folder of the layer store and of past checks.",
    )
    access: Literal["open", "accounts"] | None = Field(
        default=None,
        description="Whether people sign in (`accounts`) or whoever reaches this machine may do "
        "all (`open`); accounts where there are any.",
    )
    kernel_dir: Path | None = Field(
        default=None,
        description="Folder that keeps compiled machine code; data_dir/kernels if not set.",
    )
    zone: Path | None = Field(
        default=None,
        description="Folder of the zone that is planned for; the zone that ships if not set.",
    )
    rules_dir: Path | None = Field(
        default=None,
        description="Folder with kinds of control lines and rules beside the built-in ones.",
    )
    templates_dir: Path | None = Field(
        default=None,
        description="Folder with an office's own Word templates of reports; "
        "`report --template NAME` takes NAME.docx.",
    )
    max_upload_bytes: int = Field(
        default=50 * 1024 * 1024, gt=0, description="Largest request body or file that is read."
    )
    serve_public: bool | None = Field(
        default=None,
        description="Whether the internal server shows published maps, too; unset only where "
        "nobody signs in. `serve --public` shows nothing else.",
    )
    four_eyes: bool = Field(
        default=False,
        description="Whether a map is shown only once another person who is signed in confirmed "
        "it.",
    )
    count_views: bool = Field(
        default=False,
        description="Whether views of published maps are counted by map, day and language: no "
        "cookie, no address, nothing of who looked.",
    )
    log: Literal["text", "json"] = Field(
        default="text", description="Form of the server's log on standard error."
    )
    access_log: bool = Field(
        default=False, description="Whether each request is a line of the log."
    )
    uploads_in_memory_bytes: int = Field(
        default=64 * 1024 * 1024,
        gt=0,
        description="Most bytes of uploads that are taken in at once; the rest is told to wait.",
    )
    least_free_bytes: int = Field(
        default=200 * 1024 * 1024,
        ge=0,
        description="Free disk below which `/readyz` says that the disk is full.",
    )
    read_seconds: float = Field(
        default=30.0, gt=0, description="Longest time that reading one upload may take."
    )
    read_memory_bytes: int = Field(
        default=3 * 1024**3, gt=0, description="Most memory of the process that reads uploads."
    )
    max_site_vertices: int = Field(
        default=10_000,
        gt=0,
        description="Most vertices of a site that the server checks; 20 times as many in all.",
    )
    check_seconds: float = Field(
        default=60.0, gt=0, description="Longest time that the server checks one upload."
    )
    answer_seconds: float = Field(
        default=60.0,
        gt=0,
        description="Longest time that a request is computed on; longer work is asked for as a "
        "task (`Prefer: respond-async`).",
    )
    task_seconds: float = Field(
        default=3600.0, gt=0, description="Longest time that a task of the server runs."
    )
    max_features: int = Field(
        default=5000, gt=0, description="Most features that one features request answers with."
    )
    requests_per_minute: int | None = Field(
        default=None,
        gt=0,
        description="Most requests of a client in a minute; no limit if unset.",
    )
    basemaps_file: Path | None = Field(
        default=None, description="TOML file of base maps that the server passes on; none if unset."
    )
    allow_network: bool = Field(
        default=False, description="Whether open rasters may be fetched from the internet."
    )
    allowed_hosts: tuple[HostName, ...] = Field(
        default=("127.0.0.1", "localhost", "[::1]"),
        description="Host names that the server answers to, separated by commas.",
    )

    trusted_proxies: tuple[Proxy, ...] = Field(
        default=("127.0.0.1", "::1"),
        description="Addresses or networks of proxies whose X-Forwarded-For, -Proto and -Prefix "
        "are believed, separated by commas.",
    )
    open_to_sites: tuple[Origin, ...] = Field(
        default=(),
        description="Origins such as https://gis.example whose pages may read what is answered, "
        "separated by commas; * for all.",
    )

    oidc_issuer: str | None = Field(
        default=None,
        description="Address of the identity provider by which people sign in (OpenID Connect), "
        "as its `iss`; names and passwords alone if unset.",
    )
    oidc_client_id: str | None = Field(
        default=None, description="Name by which the identity provider knows this server."
    )
    oidc_client_secret_file: Path | None = Field(
        default=None,
        description="File with the secret that the identity provider gave this server; "
        "unset for a public client, which PKCE alone protects.",
    )
    oidc_name_claim: str = Field(
        default="preferred_username",
        description="What the identity provider calls the name under which an account stands here.",
    )

    @property
    def kernels(self) -> Path:
        """Folder that keeps compiled machine code."""
        return self.kernel_dir or self.data_dir / "kernels"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Build settings from environment variables.

        Raises
        ------
        SettingError
            A variable has a value that its setting cannot take.
        """
        given: dict[str, object] = {}
        for name in cls.model_fields:
            text = environment.get(PREFIX + name.upper())
            if text:
                given[name] = _several(text) if name in _SEVERAL else text
        try:
            return cls.model_validate(given)
        except ValidationError as exc:
            first = exc.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper()
            raise SettingError(name=name, problem=first["type"]) from exc


def _several(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())
