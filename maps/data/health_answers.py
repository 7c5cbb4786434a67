"""Answer of the doctor."""

from maps.answers import Answer


class Health(Answer):
    """Versions of the engines, where the data is, and which versions are damaged."""

    software: dict[str, str]
    data_dir: str
    layer_count: int
    damaged: list[str]
    sound: bool
