"""The rule of every model: ours say theirs beside the model, those of other people's packages stand here."""

from collections.abc import Mapping
from typing import Any, Final

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Model, Q

from config.support.personal_data import NOTHING_PERSONAL, About, Cut, Delete, Keep, PersonalData


def _own_sessions(person: Any) -> Q:
    """Pick sessions of the person, and those of visitors who are signing in with their address; reads every session."""
    keys = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=500)
        if _speaks_of(session.get_decoded(), person)
    ]
    return Q(session_key__in=keys)


def _speaks_of(data: Any, person: Any) -> bool:
    return data.get("_auth_user_id") == str(person.pk) or person.email in str(data).lower()


FOREIGN: Final[Mapping[str, PersonalData]] = {
    "admin.LogEntry": PersonalData(
        about=(
            About(
                "user",
                erase=Keep("What was done in the admin stays told; it was done by a person without a name."),
                export=("action_time", "content_type", "action_flag"),
            ),
        )
    ),
    "auth.Permission": NOTHING_PERSONAL,
    "auth.Group": NOTHING_PERSONAL,
    "contenttypes.ContentType": NOTHING_PERSONAL,
    "sessions.Session": PersonalData(
        about=(About("session_key", erase=Delete(), export=("expire_date",), find=_own_sessions),)
    ),
    "account.EmailAddress": PersonalData(
        about=(About("user", erase=Delete(), export=("email", "verified", "primary")),)
    ),
    "account.EmailConfirmation": PersonalData(
        about=(About("email_address__user", erase=Delete(), export=("created", "sent")),)
    ),
    "mfa.Authenticator": PersonalData(
        about=(About("user", erase=Delete(), export=("type", "created_at", "last_used_at")),)
    ),
    "socialaccount.SocialApp": NOTHING_PERSONAL,
    "socialaccount.SocialAccount": PersonalData(
        about=(About("user", erase=Delete(), export=("provider", "uid", "last_login", "date_joined", "extra_data")),)
    ),
    "socialaccount.SocialToken": PersonalData(about=(About("account__user", erase=Delete(), export=("expires_at",)),)),
    "usersessions.UserSession": PersonalData(
        about=(About("user", erase=Delete(), export=("created_at", "last_seen_at", "ip", "user_agent")),)
    ),
    "allauth_idp_oidc.Client": PersonalData(
        about=(About("owner", erase=Cut({"owner": None}), export=("name", "created_at")),),
        why="It speaks for an organization; which one is said, and ended, by our ClientOrganization.",
    ),
    "allauth_idp_oidc.Token": PersonalData(
        about=(About("user", erase=Delete(), export=("type", "created_at", "expires_at")),)
    ),
}


def rule_of(model: type[Model]) -> PersonalData:
    """Return the rule of a model. Raises LookupError for one that has none: it would be neither told nor erased."""
    rule = FOREIGN.get(model._meta.label, getattr(model, "PERSONAL_DATA", None))
    if not isinstance(rule, PersonalData):
        raise LookupError(f"{model._meta.label} does not say what it holds about people (PERSONAL_DATA).")
    return rule


def personal_models() -> list[tuple[type[Model], PersonalData]]:
    """Return the models that hold something about people, each with its rule, those that others point at first."""
    ruled = [(model, rule_of(model)) for model in apps.get_models()]
    return [(model, rule) for model, rule in ruled if rule.about]
