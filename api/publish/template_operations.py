"""Operations on the plans that an office keeps to publish by."""

from typing import Any

from api.operation import Call, Question, operation
from api.upload import Upload
from maps.publish.answers import ThemeList


class TemplateQuestion(Question):
    """The name of a template, and its plan as a file or as values."""

    name: str
    file: Upload | None = None
    plan: dict[str, Any] | None = None


@operation(
    "publications keep",
    "POST /api/v1/publications/templates",
    arguments=("name", "file"),
    text="maps.publish.document:themes_document",
)
def keep(call: Call, asked: TemplateQuestion) -> ThemeList:
    """Keep a plan as a template, from which later plans are proposed."""
    from api.publish.publication_plan import keep_template

    return keep_template(call, asked)


TEMPLATE_OPERATIONS = (keep,)
