"""Answers on the day on which an official layer takes the place of one that stood in for it."""

from typing import Literal

from pydantic import Field

from maps.answers import Answer, Title, Written
from maps.check.answers import Difference
from maps.check.batch_answers import Refusal

What = Literal["check", "claim", "density", "search", "rank", "avoid", "report", "publication"]
"""What can rest on a layer and is made again."""

Value = str | float | None


class Line(Answer):
    """One thing before and after; a code stands for a word of the table that ``item`` names."""

    item: str = Field(examples=["verdict", "overlap_m2", "density", "place", "sites"])
    subject: Title | None = Field(description="Site, unit or rule; null where it is the whole.")
    unit: str | None = None
    before: Value
    after: Value


class Restated(Answer):
    """Something that rests on the former layer, and the same with the new one."""

    what: What
    name: Title
    before_id: str = Field(description="Id of the kept check or answer, or of the bundle.")
    after_id: str | None = Field(description="The same made again; null: it could not be.")
    before_sha256: str = Field(description="Of the answer in the bundle.")
    after_sha256: str | None
    state: str = Field(examples=["changed", "same", "undetermined"])
    besides: list[str] = Field(
        description="What else is another since: law, decisions, software or other layers.",
        examples=[["rules"]],
    )
    lines: list[Line] = Field(description="What differs; and the main result in any case.")
    refusal: Refusal | None = None


class NotRestated(Answer):
    """Something that rests on the former layer and was not made again, and why."""

    what: str = Field(examples=["publication", "raster", "dataset"])
    id: str
    reason: str = Field(examples=["withdrawn", "superseded", "never_shown", "by_hand"])


class LayerNamed(Answer):
    """A version of a layer, named so that nobody can take it for another."""

    id: str
    version: int
    status: str
    title: Title
    content_sha256: str


class ReplacementList(Answer):
    """What rests on a layer that was replaced, before and after."""

    layer: LayerNamed
    former: list[LayerNamed] = Field(description="Versions that stood in for it.")
    today: str = Field(description="Day whose law and layers were applied, ISO 8601.")
    made_at: str = Field(description="ISO 8601, UTC.")
    items: list[Restated]
    left_out: list[NotRestated]


class ReplacementWritten(Answer):
    """The list, with the digest that binds it."""

    listed: ReplacementList
    sha256: str = Field(description="Of the bundle; to be handed over beside it.")
    outputs: list[Written]


class ReplacementVerification(Answer):
    """Whether a handed-over list is what the kept answers and the store say."""

    same: bool
    sha256: str
    items: int
    unproved: list[str] = Field(
        description="`origin`: no digest was given; `store`: it was not held against a store; "
        "`refusals`, `left_out`: only the digest of the bundle binds why something could not be "
        "made again, or was not."
    )
    differences: list[Difference]
