"""Count views of published maps, if an office wants to know: nothing is kept of who looked."""

import logging
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Final

from api.settings import Settings
from api.workspace.needs import CHINA_TIME, PublishNeeds
from geo.errors import InputError
from layers.publish.view_counts import ViewCounts
from maps.publish.answers import ViewList, ViewOut

_LOG: Final = logging.getLogger(__name__)


class ViewsDamagedError(InputError):
    """The counts of views cannot be read."""

    code = "api.publish.views_damaged"


def count_view(settings: Settings, publication_id: str, lang: str) -> None:
    """Count a view where that is switched on. A map is shown whether it can be counted or not."""
    if not settings.count_views:
        return
    today = datetime.now(UTC).astimezone(CHINA_TIME).date()
    try:
        _counts(settings).add(publication_id, today, lang)
    except (sqlite3.Error, OSError):
        _LOG.warning("view not counted", extra={"publication": publication_id})


def list_views(workspace: PublishNeeds, days: int) -> ViewList:
    """Return the views of the last days, and whether anything is counted at all.

    Raises
    ------
    ViewsDamagedError
        What was counted cannot be read.
    """
    first = workspace.today() - timedelta(days=days - 1)
    try:
        found = _counts(workspace.settings).since(first)
    except sqlite3.Error as exc:
        raise ViewsDamagedError from exc
    return ViewList(
        counted=workspace.settings.count_views,
        since=first.isoformat(),
        views=[
            ViewOut(publication_id=one.publication_id, day=one.day, lang=one.lang, count=one.views)
            for one in found
        ],
    )


def _counts(settings: Settings) -> ViewCounts:
    return ViewCounts(settings.data_dir / "views")
