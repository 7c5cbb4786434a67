"""Operations that withdraw versions of imported tables, declared once for both doors."""

from api.operation import Call, operation
from api.reading import Said
from maps.data.withdrawal_answers import VersionStanding


class TableVersionQuestion(Said):
    """Which version of a data set."""

    dataset: str
    version: int


@operation(
    "stats withdraw",
    "POST /api/v1/statistics/{dataset}/versions/{version}/withdraw",
    arguments=("dataset", "version"),
    text="maps.data.withdrawal_document:standing_document",
)
def withdraw_table(call: Call, asked: TableVersionQuestion) -> VersionStanding:
    """Let a version of a data set count no more; it is kept, and what rests on it is named."""
    from api.workspace.withdraw import Wish, change_table

    wish = Wish(withdrawn=True, name=asked.name, reason=asked.reason)
    return change_table(call.workspace, asked.dataset, asked.version, wish)


@operation(
    "stats restore",
    "POST /api/v1/statistics/{dataset}/versions/{version}/restore",
    arguments=("dataset", "version"),
    text="maps.data.withdrawal_document:standing_document",
)
def restore_table(call: Call, asked: TableVersionQuestion) -> VersionStanding:
    """Let a version of a data set that was withdrawn count again."""
    from api.workspace.withdraw import Wish, change_table

    wish = Wish(withdrawn=False, name=asked.name, reason=asked.reason)
    return change_table(call.workspace, asked.dataset, asked.version, wish)


OPERATIONS = (withdraw_table, restore_table)
