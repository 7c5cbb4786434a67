"""Answer of the doctor."""

from pydantic import Field

from maps.answers import Answer


class Ailment(Answer):
    """Something in the store that is not as it must be."""

    what: str = Field(examples=["layer", "lost", "check", "copy"])
    name: str = Field(examples=["red_line v2"])


class Health(Answer):
    """Versions of the engines, where the data is, and what is wrong with it.

    ``rebuilt`` is how many rows of catalogues were written again.
    """

    software: dict[str, str]
    data_dir: str
    layer_count: int
    rebuilt: int
    findings: list[Ailment]
    sound: bool
