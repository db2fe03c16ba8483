"""
Who may do what: the one table of it. A route of the URL conf that is missing here fails a test.

A rule says who gets in (yes), who sees that it is there but may not (no), and for everybody else it does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.permissions.cast import (
    ADMINISTRATOR,
    ANONYMOUS,
    BLIND_KEY,
    DESIGNER,
    EVERYBODY,
    FACILITATOR,
    INSIDERS,
    KEY,
    KEYS,
    LIMITED_KEY,
    LINE_MANAGER,
    MANAGER,
    MEMBERS,
    OPERATOR,
    OWNER,
    PEOPLE,
    RIVAL,
)
from tests.permissions.visits import ELSEWHERE, NO, NONE, SIGN_IN, YES

Roles = frozenset[str]


@dataclass(frozen=True)
class Rule:
    """yes, no: roles. Where nobody is asked who they are, everybody meets the same."""

    yes: Roles
    no: Roles = frozenset()
    asks: bool = True

    def of_page(self, role: str) -> str:
        """Return what a role meets on a page. Keys open no page; an operator without an organization has none."""
        if role in self.yes:
            return YES
        if not self.asks:
            return NONE
        if role in KEYS or role == ANONYMOUS:
            return SIGN_IN
        if role == OPERATOR:
            return ELSEWHERE
        return NO if role in self.no else NONE

    def of_api(self, role: str) -> str:
        """Return what a role meets in the API, where a person without an organization is refused."""
        if role in self.yes:
            return YES
        if role == ANONYMOUS:
            return SIGN_IN
        return NO if role in self.no | {OPERATOR, BLIND_KEY} else NONE


def only(*yes: str, but_shown_to: tuple[str, ...] = ()) -> Rule:
    return Rule(frozenset(yes), frozenset(but_shown_to))


Methods = Mapping[str, Rule]
ANYONE: Final = Rule(EVERYBODY)
CLOSED: Final = Rule(frozenset(), asks=False)
MEMBER: Final = Rule(MEMBERS)
INSIDER: Final = Rule(INSIDERS)
SIGNED_IN: Final = Rule(PEOPLE)
LEARNER: Final = only(OWNER)
READER: Final = only(OWNER, FACILITATOR)
AUTHOR: Final = only(DESIGNER, ADMINISTRATOR)
ANY_AUTHOR: Final = only(DESIGNER, ADMINISTRATOR, RIVAL)
# A file that waits to be confirmed is its sender's alone.
SENDER: Final = only(DESIGNER)
LOOKS_AFTER: Final = only(FACILITATOR, MANAGER, LINE_MANAGER, ADMINISTRATOR)
LEADS: Final = only(FACILITATOR, ADMINISTRATOR, but_shown_to=(MANAGER, LINE_MANAGER))

PAGES: Final[Mapping[str, Methods]] = {
    # What needs no sign-in: health, the ways in, signed links, and words about the site.
    "healthz": {"GET": ANYONE},
    "readyz": {"GET": ANYONE},
    # Keys with a scope of their own; the blind one lacks another.
    "metrics": {"GET": Rule(frozenset({KEY, BLIND_KEY}), asks=False)},
    "help": {"GET": ANYONE},
    "accessibility": {"GET": ANYONE},
    "sign-off": {"GET": ANYONE, "POST": ANYONE},
    "unsubscribe": {"GET": ANYONE, "POST": ANYONE},
    "invitation": {"GET": ANYONE, "POST": ANYONE},
    "oauth-token": {"POST": ANYONE},
    "oauth-revoke": {"POST": ANYONE},
    # Only where the demo was loaded.
    "demo-sign-in": {"POST": CLOSED},
    "demo-mail": {"GET": CLOSED},
    "demo-mail-detail": {"GET": CLOSED},
    "demo-mail-html": {"GET": CLOSED},
    # Every member's own.
    "today": {"GET": MEMBER},
    "messages-read": {"POST": MEMBER},
    "switch-organization": {"POST": MEMBER},
    "reflections": {"GET": MEMBER},
    "commitments": {"GET": MEMBER},
    "progress": {"GET": MEMBER},
    "ratings": {"GET": MEMBER},
    "preferences": {"GET": MEMBER, "POST": MEMBER},
    "privacy": {"GET": MEMBER},
    "privacy-export": {"GET": SIGNED_IN},
    "erase-me": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "erase-me-code": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "cohorts": {"GET": MEMBER},
    "asset": {"GET": INSIDER},
    # One learner's.
    "journey-map": {"GET": LEARNER},
    "journey-recap": {"GET": LEARNER},
    "module-recap": {"GET": LEARNER},
    "step": {"GET": LEARNER, "POST": LEARNER},
    "step-sign-off": {"POST": LEARNER},
    "session-calendar": {"GET": LEARNER},
    "reflection": {"GET": READER},
    "reflection-share": {"POST": LEARNER},
    "reflection-delete": {"GET": LEARNER, "POST": LEARNER},
    "commitment": {"GET": LEARNER, "POST": LEARNER},
    "check-in": {"GET": LEARNER, "POST": LEARNER},
    # One cohort's.
    "cohort-board": {"GET": LOOKS_AFTER},
    "cohort-people-csv": {"GET": LOOKS_AFTER},
    "cohort-person": {"GET": LOOKS_AFTER},
    "cohort-change": {"POST": LEADS},
    "cohort-open": {"POST": LEADS},
    "cohort-session": {"GET": LEADS, "POST": LEADS},
    "cohort-attendance": {"POST": LEADS},
    # The studio.
    "studio-journeys": {"GET": ANY_AUTHOR},
    "studio-new": {"GET": ANY_AUTHOR, "POST": ANY_AUTHOR},
    "studio-copy": {"GET": ANY_AUTHOR, "POST": ANY_AUTHOR},
    "studio-import": {"GET": ANY_AUTHOR, "POST": ANY_AUTHOR},
    "studio-import-check": {"GET": SENDER, "POST": SENDER},
    "studio-schemas": {"GET": ANY_AUTHOR},
    "studio-bundle": {"GET": AUTHOR},
    "studio-version": {"GET": AUTHOR},
    "studio-about": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-act": {"POST": AUTHOR},
    "studio-several": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-history": {"GET": AUTHOR},
    "studio-restore": {"POST": AUTHOR},
    "studio-undo": {"POST": AUTHOR},
    "studio-draft": {"POST": AUTHOR},
    "studio-discard": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-publish": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-simulate": {"GET": AUTHOR},
    "studio-simulate-csv": {"GET": AUTHOR},
    "studio-module-new": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-module": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-step-new": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-step-library": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-step": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-preview": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-behaviors": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-behavior-new": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-expectations": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-nudge-new": {"GET": AUTHOR, "POST": AUTHOR},
    "studio-nudge": {"GET": AUTHOR, "POST": AUTHOR},
    # A version as somebody imagined meets it.
    "preview-as-learner": {"GET": AUTHOR},
    "preview-frame": {"GET": AUTHOR},
    "preview-today": {"GET": AUTHOR, "POST": AUTHOR},
    "preview-map": {"GET": AUTHOR},
    "preview-journey-recap": {"GET": AUTHOR},
    "preview-module-recap": {"GET": AUTHOR},
    "preview-step": {"GET": AUTHOR, "POST": AUTHOR},
    "preview-elsewhere": {"GET": AUTHOR},
    # Who moves to a version.
    "rollout-plan": {"GET": AUTHOR, "POST": AUTHOR},
    "rollout": {"GET": AUTHOR},
    "rollout-undo": {"POST": AUTHOR},
    "rollout-log": {"GET": AUTHOR},
}

# allauth's own pages look at nothing but whether somebody is signed in, so three callers stand for all.
ENTRANCES: Final = frozenset(
    {
        "account_login",
        "account_signup",
        "account_logout",
        "account_inactive",
        "account_email_verification_sent",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_confirm_login_code",
        "account_request_login_code",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "socialaccount_login_cancelled",
        "socialaccount_signup",
    }
)
# Leads everybody to sign-in, since no other site signs people in here.
TO_SIGN_IN: Final = frozenset({"socialaccount_login_error"})
OWN_ACCOUNT: Final = frozenset(
    {
        "account_reauthenticate",
        "account_email",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
        "socialaccount_connections",
        "usersessions_list",
    }
)

# The API. A key of another cohort sees what belongs to the whole organization, and its own cohort's part of lists.
EVERY_KEY: Final = (KEY, LIMITED_KEY)
A_LIST: Final = only(*MEMBERS, *EVERY_KEY)
OF_THE_ORGANIZATION: Final = only(*INSIDERS, *EVERY_KEY)
RUNS: Final = only(FACILITATOR, MANAGER, ADMINISTRATOR, KEY)
LEADS_BY_API: Final = only(FACILITATOR, ADMINISTRATOR, KEY, but_shown_to=(MANAGER,))
ANSWERS_FOR: Final = only(OWNER, FACILITATOR, MANAGER, LINE_MANAGER, ADMINISTRATOR, KEY)
ME: Final = Rule(MEMBERS, KEYS)

API: Final[Mapping[str, Methods]] = {
    "api-schema": {"GET": ANYONE},
    "api-docs": {"GET": ANYONE},
    "api-journeys": {"GET": A_LIST},
    "api-journey": {"GET": OF_THE_ORGANIZATION},
    "api-journey-versions": {"GET": OF_THE_ORGANIZATION},
    "api-journey-schedule": {"GET": OF_THE_ORGANIZATION},
    "api-skills": {"GET": A_LIST},
    "api-cohorts": {
        "GET": A_LIST,
        "POST": only(ADMINISTRATOR, RIVAL, KEY, but_shown_to=(*INSIDERS, LIMITED_KEY)),
    },
    "api-cohort": {"GET": RUNS, "PATCH": LEADS_BY_API},
    "api-cohort-progress": {"GET": RUNS},
    "api-cohort-learners": {"GET": RUNS},
    "api-cohort-learners-csv": {"GET": RUNS},
    "api-cohort-learners-ndjson": {"GET": RUNS},
    "api-cohort-enrollments": {"POST": LEADS_BY_API},
    "api-enrollments": {"GET": A_LIST},
    "api-enrollment": {
        "GET": ANSWERS_FOR,
        "PATCH": only(FACILITATOR, ADMINISTRATOR, KEY, but_shown_to=(OWNER, MANAGER, LINE_MANAGER)),
    },
    "api-enrollment-schedule": {"GET": ANSWERS_FOR},
    "api-completion": {
        "PUT": only(OWNER, FACILITATOR, ADMINISTRATOR, KEY, but_shown_to=(MANAGER, LINE_MANAGER)),
    },
    "api-people-to-reach": {"GET": A_LIST},
    "api-events": {"GET": A_LIST},
    "api-me": {"GET": ME},
    "api-my-enrollments": {"GET": ME},
}

# The administration. Whoever has work there enters; to everybody else it is refused at the door.
VISITORS: Final = frozenset({FACILITATOR, MANAGER, DESIGNER, ADMINISTRATOR, RIVAL, OPERATOR})
STAFF: Final = frozenset({FACILITATOR, MANAGER, ADMINISTRATOR, OPERATOR})
ADMINISTRATORS: Final = frozenset({ADMINISTRATOR, OPERATOR})
AUTHORS: Final = frozenset({DESIGNER, ADMINISTRATOR})
OPERATORS: Final = frozenset({OPERATOR})
NOBODY_AT_ALL: Final[Roles] = frozenset()


@dataclass(frozen=True)
class Screen:
    """One model of the administration: who looks at a row, and who adds, changes and deletes. Sets of insiders."""

    look: Roles
    add: Roles = NOBODY_AT_ALL
    change: Roles = NOBODY_AT_ALL
    delete: Roles = NOBODY_AT_ALL


SCREENS: Final[Mapping[str, Screen]] = {
    "accounts_organization": Screen(OPERATORS, add=OPERATORS, change=OPERATORS),
    "accounts_user": Screen(ADMINISTRATORS, change=OPERATORS),
    "accounts_membership": Screen(ADMINISTRATORS, add=ADMINISTRATORS, change=ADMINISTRATORS),
    "accounts_apikey": Screen(ADMINISTRATORS, add=ADMINISTRATORS),
    "accounts_clientorganization": Screen(ADMINISTRATORS, add=ADMINISTRATORS),
    "learners_apikeycohort": Screen(ADMINISTRATORS, add=ADMINISTRATORS, delete=ADMINISTRATORS),
    "content_activity": Screen(AUTHORS),
    "content_skillframework": Screen(AUTHORS, add=AUTHORS, change=AUTHORS),
    "content_behaviorindicator": Screen(AUTHORS),
    "journeys_organizationcalendar": Screen(
        ADMINISTRATORS, add=frozenset({ADMINISTRATOR}), change=ADMINISTRATORS, delete=ADMINISTRATORS
    ),
    "learners_cohort": Screen(STAFF, add=ADMINISTRATORS, change=STAFF - {MANAGER}),
    "learners_enrollment": Screen(STAFF),
    "learners_completion": Screen(STAFF),
    "learners_attempt": Screen(STAFF),
    "learners_signoff": Screen(STAFF),
    "learners_nudgetimer": Screen(ADMINISTRATORS),
    "learners_nudgedelivery": Screen(ADMINISTRATORS),
    "learners_deliveryevent": Screen(ADMINISTRATORS),
    "learners_suppression": Screen(OPERATORS, delete=OPERATORS),
    "learners_enginestate": Screen(OPERATORS),
}
# allauth's own tables are for whoever operates the installation.
FOREIGN_SCREENS: Final = frozenset(
    {
        "mfa_authenticator",
        "socialaccount_socialapp",
        "socialaccount_socialaccount",
    }
)
# Its screens only lead on to the studio, which has rules of its own above.
LEADING_ON: Final = frozenset({"journeys_journey"})
LEADERS: Final = frozenset({FACILITATOR, ADMINISTRATOR, OPERATOR})

# What the administration has beside a model's five pages: who gets in, and who sees the cohort but may not.
ADMIN_PAGES: Final[Mapping[str, tuple[Roles, Roles]]] = {
    "admin:index": (VISITORS, NOBODY_AT_ALL),
    "admin:jsi18n": (VISITORS, NOBODY_AT_ALL),
    "admin:content_skillframework_import": (AUTHORS | {RIVAL}, NOBODY_AT_ALL),
    "admin:content_skillframework_import_check": (frozenset({DESIGNER}), NOBODY_AT_ALL),
    "admin:learners_cohort_enroll": (LEADERS, frozenset({MANAGER})),
    "admin:learners_cohort_sample": (VISITORS, NOBODY_AT_ALL),
    "admin:learners_cohort_events": (LEADERS, frozenset({MANAGER})),
    "admin:learners_cohort_sessions": (LEADERS, frozenset({MANAGER})),
    "admin:learners_cohort_attendance": (LEADERS, frozenset({MANAGER})),
    "admin:learners_enrollment_adjust": (LEADERS, frozenset({MANAGER})),
}
# Tried one by one in test_administration.
ADMIN_DOORS: Final = frozenset(
    {
        "admin:login",
        "admin:logout",
        "admin:password_change",
        "admin:password_change_done",
        "admin:autocomplete",
        "admin:view_on_site",
        "admin:app_list",
    }
)
