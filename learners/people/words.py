"""What is said of a line manager who is named by an address alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.accounts.models import Membership

MANAGER_ADDED = "manager_added"
MANAGER_BACK = "manager_back"
MANAGER_REPLACED = "manager_replaced"


@dataclass(frozen=True, slots=True)
class ManagerNote:
    """One thing that naming a line manager does besides; code: MANAGER_ADDED, MANAGER_BACK or MANAGER_REPLACED."""

    code: str
    sentence: str


def manager_sentences(
    *, email: str, manager_email: str, members: Mapping[str, Membership], invited: Collection[str] = (), is_done: bool
) -> list[str]:
    """Return the sentences of manager_notes, which tells what it takes. No query."""
    notes = manager_notes(
        email=email, manager_email=manager_email, members=members, invited=invited, is_done=is_done, with_names=True
    )
    return [note.sentence for note in notes]


def manager_notes(
    *,
    email: str,
    manager_email: str,
    members: Mapping[str, Membership],
    invited: Collection[str],
    is_done: bool,
    with_names: bool,
) -> list[ManagerNote]:
    """
    Return what naming this manager does besides: a member who is new or active again, a manager who is replaced.

    members: who was here before anything was written, by address, with their managers. invited: people who are
    enrolled or invited themselves, and so are told. is_done: it is written; else it would come to that.
    with_names: else whom somebody replaces is left out. No query.
    """
    if not manager_email:
        return []
    said: list[tuple[str, str]] = []
    manager, person = members.get(manager_email), members.get(email)
    if manager is None and manager_email not in invited:
        said.append((MANAGER_ADDED, _was_added(is_done)))
    elif manager is not None and not manager.is_active:
        said.append((MANAGER_BACK, _is_active_again(is_done)))
    present = person.manager if person is not None else None
    if present is not None and (manager is None or present.pk != manager.pk):
        said.append((MANAGER_REPLACED, _replaces(is_done) if with_names else _replaces_somebody(is_done)))
    words = {"email": manager_email, "present": present.user if present is not None else ""}
    return [ManagerNote(code, sentence % words) for code, sentence in said]


def _was_added(is_done: bool) -> str:
    if is_done:
        return _("%(email)s was not known here and is a new member now, as line manager, who hears nothing.")
    return _("%(email)s is not known here; would be added as a new member, as line manager, who hears nothing.")


def _is_active_again(is_done: bool) -> str:
    if is_done:
        return _("%(email)s was not active here and is again, as line manager.")
    return _("%(email)s is not active here; would be active again, as line manager.")


def _replaces(is_done: bool) -> str:
    if is_done:
        return _("Their line manager was %(present)s and is %(email)s now.")
    return _("Their line manager is %(present)s; would be %(email)s.")


def _replaces_somebody(is_done: bool) -> str:
    if is_done:
        return _("They had another line manager and have %(email)s now.")
    return _("They have another line manager; would have %(email)s.")
