"""Which person of an identity provider is which account here.

A name may be given to somebody else one day, an identity never is: the first sign-in ties an
account to the identity that came with its name, and from then on only the identity counts
(OpenID Connect Core 1.0, section 5.7: ``iss`` and ``sub`` together are what stays). Only an
account that nobody uses yet is tied: whoever could choose a name at the provider would else
choose that of an administrator here.
"""

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from layers.people.errors import AccountInUseError, UnknownPersonError
from layers.people.rows import IdentityRow, PersonRow


class IdentityBook:
    """Accounts by identity."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def account_of(self, issuer: str, subject: str) -> str | None:
        """Return the account that is tied to an identity."""
        with Session(self._engine) as session:
            row = session.get(IdentityRow, (issuer, subject))
            return row.person_id if row is not None else None

    def tie(self, person_id: str, issuer: str, subject: str) -> None:
        """Tie an account to an identity; it has no password any more.

        Raises
        ------
        UnknownPersonError
            There is no such account.
        AccountInUseError
            Somebody else signs in to it, or it has a password of its owner's own.
        """
        with Session(self._engine) as session:
            person = session.get(PersonRow, person_id)
            if person is None:
                raise UnknownPersonError(person_id=person_id)
            owner = session.scalars(select(IdentityRow).filter_by(person_id=person_id)).first()
            if owner is not None or not person.must_change:
                raise AccountInUseError(person_id=person_id)
            person.password, person.must_change = None, False
            session.add(IdentityRow(issuer=issuer, subject=subject, person_id=person_id))
            try:
                session.commit()
            except IntegrityError as exc:  # Two at once: one of them was first.
                raise AccountInUseError(person_id=person_id) from exc

    def untie(self, person_id: str) -> None:
        """Forget whose account it is."""
        with Session(self._engine) as session:
            session.execute(delete(IdentityRow).where(IdentityRow.person_id == person_id))
            session.commit()
