"""One declaration of how versions are withdrawn and restored, for whatever has versions."""

from typing import Any

from api.operation import Call, Operation, operation, resolve
from api.reading import Said
from maps.data.withdrawal_answers import VersionStanding


def withdrawal_operations(
    noun: str, *paths: str, question: type[Said], change: str
) -> tuple[Operation[Any, VersionStanding], Operation[Any, VersionStanding]]:
    """Return the operations ``<noun> withdraw`` and ``<noun> restore``.

    A version that is withdrawn counts no more; it is kept, and what rests on it is named.

    Parameters
    ----------
    noun : str
        The first word of both commands.
    *paths : str
        What is withdrawn, as a path of HTTP with fields of the question in it.
    question : type
        Who and why, and in the order of the command what is withdrawn.
    change : str
        ``module:name`` of the use case: of a workspace, what is withdrawn, and the wish.
    """
    arguments = tuple(name for name in question.model_fields if name not in Said.model_fields)

    def declare(verb: str, *, withdrawn: bool) -> Operation[Any, VersionStanding]:
        def run(call: Call, asked: Said) -> VersionStanding:
            """Withdraw or restore a version; it is kept, and what rests on it is named."""
            from api.workspace.withdraw import Wish

            wish = Wish(withdrawn=withdrawn, name=asked.name, reason=asked.reason, actor=call.actor)
            what = (getattr(asked, name) for name in arguments)
            standing: VersionStanding = resolve(change)(call.workspace, *what, wish)
            return standing

        run.__annotations__["asked"] = question
        return operation(
            f"{noun} {verb}",
            *(f"POST {path}/{verb}" for path in paths),
            arguments=arguments,
            text="maps.data.withdrawal_document:standing_document",
            signed="name",
        )(run)

    return declare("withdraw", withdrawn=True), declare("restore", withdrawn=False)
