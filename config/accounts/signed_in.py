"""Who is signed in: the session and its person, which every page asks for, by two prepared reads."""

from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.accounts.models import User
from config.support.prepared import Prepared, moment, text, whole

_person: Final = Prepared(lambda: User.objects.filter(pk=whole("person")))
_session: Final = Prepared(lambda: Session.objects.filter(session_key=text("key"), expire_date__gt=moment("now")))


class SessionStore(DatabaseStore):
    """Sessions in the database. Django asks for this name."""

    def _get_session_from_db(self) -> Session | None:
        found = _session.first(key=self.session_key, now=timezone.now())
        if found is None:
            # As Django does: a session that is over or never was gets a new key when something is written into it.
            self._session_key = None
        return found


class SignedIn(AuthenticationBackend):  # type: ignore[misc]
    """Signing in by address and password or code, as allauth has it."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the person of a session; None for somebody who is gone or inactive. One query."""
        person = _person.first(person=user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
