"""A cohort in which everything that somebody wrote for certain eyes carries a canary of its own."""

from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie

from config.accounts.models import Membership, User
from content.kinds.registry import parse_response
from learners.cohorts.actions import set_staff
from learners.cohorts.models import Cohort, Enrollment
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.actions.tick import tick
from learners.player.actions import draft_step
from learners.player.queries.step import load_step
from learners.progress.actions import answer_sign_off, ask_sign_off, extend_due
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.actions import check_in
from learners.reflections.models import Commitment
from tests.api.world import member, new_key
from tests.factories.accounts import OrganizationFactory
from tests.learners.player.journey import (
    FIRST,
    NOW,
    StepData,
    actor_of,
    do,
    join,
    make_cohort,
    make_version,
)
from tests.permissions.cast import (
    ADMINISTRATOR,
    COLLEAGUE,
    DESIGNER,
    FACILITATOR,
    KEY,
    LIMITED_KEY,
    LINE_MANAGER,
    MANAGER,
    OPERATOR,
    OWNER,
    RIVAL,
    cookies_of,
)
from tests.permissions.visits import Visitor

SIGNER = "signer"
# Stands in everything that is its author's alone, so that one search tries all of it.
HUSH = "HUSHHUSH"
HOURS = timedelta(hours=1)
LOOKED_AT = NOW + timedelta(days=9)

# Which words are whose: the roles that may read them. Nobody else meets them anywhere.
ALONE = frozenset({OWNER})
AUDIENCES: dict[str, frozenset[str]] = {
    "CANARYprivate": ALONE,
    "CANARYdraft": ALONE,
    "CANARYfacilitator": frozenset({OWNER, FACILITATOR}),
    "CANARYcohort": frozenset({OWNER, FACILITATOR, COLLEAGUE}),
    "CANARYreport": ALONE,
    "CANARYshown": frozenset({OWNER, SIGNER}),
    "CANARYcue": ALONE,
    "CANARYaction": ALONE,
    "CANARYnote": ALONE,
    "CANARYcomment": ALONE,
    "CANARYreason": ALONE,
    "CANARYcompared": ALONE,
    # Told to those who may adjust dates, and said so where it is written.
    "CANARYreasonforstaff": frozenset({FACILITATOR, ADMINISTRATOR, OPERATOR}),
}


@dataclass
class Stage:
    """Who looks, and with what. token: of the link with which somebody may read a report."""

    cohort: Cohort
    owner: Enrollment
    cookies: dict[str, dict[str, str]]
    secrets: dict[str, str]
    token: str

    def visitor(self, role: str) -> Visitor:
        """Return a new browser or tool of somebody."""
        cookies = SimpleCookie(self.cookies[role]) if role in self.cookies else None
        return Visitor(cookies=cookies, secret=self.secrets.get(role, ""))


# Steps beside the usual ones, so that one learner writes to every audience.
LOOK = ("reflection", "reflects", {"prompt": "What did you notice?", "audience": "cohort"}, {"required": False})
MORE: dict[str, StepData] = {
    "look-inside": LOOK,
    "look-unsaved": LOOK,
    "look-together": LOOK,
    "try-again": FIRST["try-it"],
}


def make_stage() -> Stage:
    """Let learners write everything that can be written, to the narrow and the wide audience."""
    organization = OrganizationFactory(name="Acme")
    cohort = make_cohort(make_version(organization, more=MORE))
    elsewhere = make_cohort(make_version(organization, title="Second"))
    owner = join(cohort, "owner@example.com", "Olive Owner")
    colleague = join(cohort, "colleague@example.com", "Cole League")
    _write(owner)
    token = _ask(owner)
    _passing_time()
    _answer_check_in(owner)
    people = {
        OWNER: owner.user,
        COLLEAGUE: colleague.user,
        FACILITATOR: User.objects.get(email="nadia@example.com"),
        MANAGER: member(organization),
        LINE_MANAGER: member(organization),
        DESIGNER: member(organization, is_designer=True),
        ADMINISTRATOR: member(organization, is_administrator=True),
        RIVAL: member(OrganizationFactory(name="Rival"), is_administrator=True, is_designer=True),
        OPERATOR: User.objects.create_superuser("operator@example.org"),
    }
    set_staff(cohort_id=cohort.pk, user_id=people[MANAGER].pk, role="manager", actor_id=None, now=NOW)
    boss = Membership.objects.get(user=people[LINE_MANAGER])
    Membership.objects.filter(user=owner.user, organization=organization).update(manager=boss)
    scopes = ("journeys:read", "progress:read", "people:read")
    secrets = {KEY: new_key(organization, scopes), LIMITED_KEY: new_key(organization, scopes, elsewhere)}
    return Stage(cohort, owner, {role: cookies_of(person) for role, person in people.items()}, secrets, token)


def _write(owner: Enrollment) -> None:
    do(owner, "recall", "read", "watch")
    moves = [{"scene": scene, "choice": 0, "reason": f"CANARYreason {HUSH}"} for scene in ("door", "answer")]
    do(owner, "decide", moves=moves)
    do(owner, "compare", answer=f"CANARYcompared {HUSH}")
    do(owner, "plan", cue=f"CANARYcue {HUSH}", action=f"CANARYaction {HUSH}")
    do(owner, "try-it", report=[f"CANARYreport {HUSH}", "And CANARYreport again."])
    do(owner, "try-again", report=["CANARYshown", "And so on."])
    do(owner, "look-inside", text=f"CANARYprivate {HUSH}", audience="private")
    do(owner, "look-together", text="CANARYfacilitator", audience="facilitator")
    do(owner, "look-back", text="CANARYcohort", audience="cohort", now=NOW + HOURS)
    opened = load_step(actor_of(owner), owner.uuid, "look-unsaved", now=NOW)
    draft = parse_response("reflection", {"text": f"CANARYdraft {HUSH}", "audience": "cohort"}, spec=opened.place.spec)
    draft_step(place=opened.place, response=draft, revision="", now=NOW + HOURS)
    extend_due(
        enrollment_id=owner.pk,
        key="",
        until_on=LOOKED_AT.date(),
        reason="CANARYreasonforstaff",
        actor_id=None,
        now=NOW + HOURS,
    )


def _ask(owner: Enrollment) -> str:
    """Let one peer answer, and ask another who may read the report; return the link of the second."""
    at = NOW + 2 * HOURS
    first = ask_sign_off(enrollment_id=owner.pk, step_key="try-it", email="one@example.org", now=at)
    answer_sign_off(token=sign_off_token(first), answer="not_yet", comment=f"CANARYcomment {HUSH}", now=at)
    shown = ask_sign_off(
        enrollment_id=owner.pk, step_key="try-again", email="three@example.org", shows_report=True, now=at
    )
    return sign_off_token(shown)


def _passing_time() -> None:
    """Let the engine run until the second week has begun."""
    at = NOW
    while at < LOOKED_AT:
        at += 6 * HOURS
        tick(now=at)
        while dispatch(now=at):
            pass


def _answer_check_in(owner: Enrollment) -> None:
    plan = Commitment.objects.get(enrollment=owner)
    check_in(
        actor=actor_of(owner), commitment_uuid=plan.uuid, answer="happened", note=f"CANARYnote {HUSH}", now=LOOKED_AT
    )
