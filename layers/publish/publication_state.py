"""What is shown of a publication: its releases, their order, and what was withdrawn."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from layers.store.withdrawals import Step, Steps, is_withdrawn, plain_steps, steps_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A bundle that was shown from a moment on; ISO 8601, UTC."""

    sha256: str
    released_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationState:
    """Which bundles of a publication were released, oldest first, and how they stand.

    ``shown`` are their digests in the order in which they were last shown; ``steps`` is what
    was said of each: withdrawn, restored.
    """

    id: str
    releases: tuple[Release, ...] = ()
    shown: tuple[str, ...] = ()
    steps: Mapping[str, Steps] = field(default_factory=dict)

    @property
    def current(self) -> str | None:
        """The bundle that is shown: the last one that was and is not withdrawn."""
        return next((one for one in reversed(self.shown) if not self.is_withdrawn(one)), None)

    @property
    def withdrawn_at(self) -> str | None:
        """When the last one was withdrawn, where nothing is shown any more."""
        if self.current is not None or not self.shown:
            return None
        return max(self.steps[one][-1].at for one in self.shown).isoformat()

    def is_withdrawn(self, sha256: str) -> bool:
        """Tell whether a bundle was withdrawn."""
        return is_withdrawn(self.steps.get(sha256, ()))


def plain_state(state: PublicationState) -> dict[str, Any]:
    """Return a state as JSON values."""
    steps = {sha256: plain_steps(said) for sha256, said in state.steps.items()}
    return {**asdict(replace(state, steps={})), "steps": steps}


def state_from(kept: Mapping[str, Any]) -> PublicationState:
    """Return a state from JSON values.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        They are none.
    """
    releases = tuple(Release(**release) for release in kept["releases"])
    if "shown" in kept:
        steps = {sha256: steps_from(rows) for sha256, rows in kept["steps"].items()}
        return PublicationState(
            id=kept["id"], releases=releases, shown=tuple(kept["shown"]), steps=steps
        )
    # Of a release that withdrew a publication as a whole, and asked nobody who and why.
    current, at = kept["current"], kept["withdrawn_at"]
    past = tuple(one.sha256 for one in releases if one.sha256 != current)
    said = (
        ()
        if at is None
        else (Step(withdrawn=True, name="", reason="", at=datetime.fromisoformat(at)),)
    )
    shown = (*past, current) if current else past
    return PublicationState(
        id=kept["id"],
        releases=releases,
        shown=shown,
        steps=dict.fromkeys(shown, said) if said else {},
    )
