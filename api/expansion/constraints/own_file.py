"""The text of a planner's own file of constraints or criteria."""

from api.upload import Upload
from geo.errors import InputError
from layers.readers import ReadLimits


def read_own_text(file: Upload, limits: ReadLimits, refusal: type[InputError]) -> tuple[str, str]:
    """Return what a file is called and its text in UTF-8.

    Raises
    ------
    InputError
        The refusal, where it is in another encoding: its words would be others.
    """
    source = file.source(limits)
    try:
        return source.name, b"".join(source.files.values()).decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise refusal(file=source.name, field="*", problem="not_yaml") from exc
