"""Who guesses passwords is kept waiting.

Few tries of one name from one address; more of a name from wherever, so that a stranger who
mistypes somebody's name on purpose does not keep that person out at once; more from one address.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from layers.people.rows import FailureRow

WINDOW: Final = timedelta(minutes=15)
OF_NAME_AND_ADDRESS: Final = 5
OF_NAME: Final = 50
OF_ADDRESS: Final = 50


class LockOut:
    """Failed sign-ins of the last quarter of an hour."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def is_shut(self, name: str, address: str, now: datetime) -> bool:
        """Whether this name may not be tried from this address at present."""
        recent = FailureRow.at_s > (now - WINDOW).timestamp()
        by_name, by_address = FailureRow.name == name, FailureRow.address == address
        limits = (
            ((by_name, by_address), OF_NAME_AND_ADDRESS),
            ((by_name,), OF_NAME),
            ((by_address,), OF_ADDRESS),
        )
        with Session(self._engine) as session:
            for these, most in limits:
                counted = select(func.count()).select_from(FailureRow).where(recent, *these)
                if (session.scalar(counted) or 0) >= most:
                    return True
        return False

    def count(self, name: str, address: str, now: datetime) -> None:
        """Count a failure, and forget those of long ago."""
        with Session(self._engine) as session:
            past = FailureRow.at_s <= (now - WINDOW).timestamp()
            session.execute(delete(FailureRow).where(past))
            session.add(FailureRow(at_s=now.timestamp(), name=name, address=address))
            session.commit()

    def forget(self, name: str, address: str) -> None:
        """Forget the failures of somebody who got in."""
        with Session(self._engine) as session:
            both = (FailureRow.name == name, FailureRow.address == address)
            session.execute(delete(FailureRow).where(*both))
            session.commit()
