"""What a person hands in: a path at a terminal, bytes over HTTP."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from layers.readers import ReadLimits, Source

DRAWN: Final = "site.geojson"
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file, with the loose files beside it that belong to it.

    ``path`` is None for what came over HTTP; then ``files`` holds the bytes by name.
    """

    name: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    path: Path | None = None

    def source(self, limits: "ReadLimits") -> "Source":
        """Return it as readers take it.

        Raises
        ------
        PlanningError
            There is no such file, or it is too large.
        """
        from layers.readers import Source, source_from_path  # noqa: PLC0415 - heavy

        if self.path is not None:
            return source_from_path(self.path, limits)
        return Source(name=self.name, files=dict(self.files))

    def require_path(self) -> Path:
        """Return the path of a file at a terminal.

        Raises
        ------
        MissingFileError
            Nothing is there.
        """
        from layers.errors import MissingFileError  # noqa: PLC0415 - heavy

        assert self.path is not None  # noqa: S101 - the operation has no route
        if not self.path.exists():
            raise MissingFileError(name=self.name)
        return self.path

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Lend it as a file that lies alone in a folder of its own.

        GDAL then finds no other file beside it, and its name cannot lead elsewhere.
        """
        if self.path is not None:
            # Of a file that is not there GDAL says that it is damaged.
            yield self.require_path()
            return
        with TemporaryDirectory(prefix="ftzgis-upload-") as folder:
            path = Path(folder) / _plain_name(self.name)
            path.write_bytes(self.files[self.name])
            yield path

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        """Take an upload, the path of a file, or a shape drawn as GeoJSON."""
        return core_schema.no_info_plain_validator_function(
            _upload, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: object) -> dict[str, Any]:
        """Describe it as a person sends it in JSON."""
        return {"type": "object", "description": "GeoJSON, lon/lat."}


def _plain_name(name: str) -> str:
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(one for one in last if one.isprintable())[-_LONGEST_NAME:]
    return kept if kept.strip(". ") else "upload"


def _upload(value: object) -> Upload:
    if isinstance(value, Upload):
        return value
    if isinstance(value, Path):
        return Upload(name=value.name, path=value)
    if isinstance(value, dict):
        return Upload(name=DRAWN, files={DRAWN: json.dumps(value).encode("utf-8")})
    raise ValueError("not a file")
