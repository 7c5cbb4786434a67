"""What is said of one past check that was held against a day."""

from collections.abc import Sequence

from api.workspace.archive import InputNotKeptError
from geo.errors import PlanningError
from layers.check.sensitivity import sensitivity_widths_m
from layers.check.site_limits import SiteLimits
from maps.check.batch_answers import PastCheck, Refusal
from maps.check.stale_answers import FindingChange, StaleCheck


def stale_check(past: PastCheck, state: str, causes: Sequence[str]) -> StaleCheck:
    """Return a check that was not made again."""
    return StaleCheck(
        check_id=past.id,
        name=past.name,
        checked_on=past.checked_on,
        state=state,
        causes=list(causes),
        rerun=False,
        verdict_then=past.verdict,
        verdict_now=None,
        changes=[],
    )


def compared_check(
    past: PastCheck, causes: Sequence[str], verdict_now: str, changes: Sequence[FindingChange]
) -> StaleCheck:
    """Return a check that was made again, with what came out otherwise."""
    again = {"rerun": True, "verdict_now": verdict_now, "changes": list(changes)}
    state = "changed" if changes else "unaffected"
    return stale_check(past, state, causes).model_copy(update=again)


def stale_without_answer(
    past: PastCheck, causes: Sequence[str], error: PlanningError
) -> StaleCheck:
    """Return a check that cannot be made again, with the reason."""
    lost = "input_not_kept" if isinstance(error, InputNotKeptError) else "unreadable"
    refusal = Refusal(code=error.code, params=error.params)
    found = stale_check(past, "undetermined", [*causes, lost])
    return found.model_copy(update={"refusal": refusal})


def other_parameters(past: PastCheck, here: SiteLimits) -> bool:
    """Tell whether a check was made with other limits than those of this installation."""
    parameters = past.record["parameters"]
    widths_m, limits = parameters["sensitivity_widths_m"], parameters.get("site_limits")
    same = limits == here.model_dump(mode="json")
    return not same or list(widths_m) != list(sensitivity_widths_m())
