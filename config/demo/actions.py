"""Loading the demo once: organization, journeys, two cohorts, and their honest histories."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from config.accounts.models import Organization
from config.demo.organization import (
    Staff,
    ensure_key,
    found_organization,
    open_cohort,
    plan_live_sessions,
    publish_samples,
    set_password,
)
from config.demo.people import FEEDBACK, JUDGMENT, Person
from config.demo.sign_ins import DemoAccess, kept_access
from config.demo.story import Story, grant_extension
from config.support import bell
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import outline_of
from journeys.schedule.calendar import calendar_for
from journeys.schedule.simulate import simulation
from learners.cohorts.actions.cohorts import close_cohort
from learners.cohorts.models import Cohort

RUNNING_DAYS = 24
FINISHED_DAYS = 84
MAIL_FOLDER = "config.demo.mail.StoryMailFolder"


def load_demo(*, now: datetime, progress: Callable[[str], None] = lambda text: None) -> DemoAccess:
    """
    Build the demo organization unless it is there, and return its password and key.

    Idempotent: a second call changes a password or key that the environment fixes anew, and nothing else. Messages of
    the build go to the Today pages and to the mail folder only, whatever EMAIL_URL says. Takes well under a minute.
    """
    access = kept_access()
    organization = Organization.objects.filter(is_demo=True).first()
    if organization is not None:
        set_password(access.password)
        ensure_key(organization, access.api_key, now=now)
        return access
    progress("Building the demo: two cohorts and their last twelve weeks …")
    with bell.silenced(), mail_stays_here():
        _build(access, now=now, progress=progress)
    return access


@contextmanager
def mail_stays_here() -> Iterator[None]:
    """Send mail to the folder of this installation, to nobody else."""
    before = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = MAIL_FOLDER
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = before


def _build(access: DemoAccess, *, now: datetime, progress: Callable[[str], None]) -> None:
    finished_start = _monday(now.date() - timedelta(days=FINISHED_DAYS))
    running_start = _monday(now.date() - timedelta(days=RUNNING_DAYS))
    begin = _morning(finished_start - timedelta(days=3))
    staff = found_organization(access=access, now=begin)
    versions = publish_samples(staff, now=begin)
    story = Story(staff, until=now)
    finished = _cohort(
        staff, story, versions["feedback-that-lands"], "Feedback, summer group", finished_start, FEEDBACK
    )
    running = _cohort(staff, story, versions["judgment-with-ai"], "Judgment, autumn group", running_start, JUDGMENT)
    story.tell(begin, progress=progress)
    close_cohort(cohort_id=finished.pk, actor_id=staff.facilitator.pk, now=now)
    grant_extension(staff, running, "ines.moreau@example.com", now=now)


def _cohort(
    staff: Staff, story: Story, version: JourneyVersion, name: str, starts_on: date, people: tuple[Person, ...]
) -> Cohort:
    """Open a cohort on the Friday before its start, with its live sessions, and put its people into the story."""
    opened_at = _morning(starts_on - timedelta(days=3))
    cohort = open_cohort(staff, version, name=name, starts_on=starts_on, people=people, now=opened_at)
    outline = outline_of(version.pk)
    zone = staff.organization.time_zone
    imagined = simulation(outline, start_on=starts_on, zone=zone, calendar=calendar_for(None, zone))
    opens = {
        step.key: at
        for step in outline.steps_by_key.values()
        if step.kind == "live_session" and (at := imagined.timeline.steps[step.key].opens_at) is not None
    }
    story.add_meetings(cohort, plan_live_sessions(staff, cohort, opens, now=opened_at))
    story.add_people(cohort, people, begins=_morning(starts_on))
    return cohort


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(6), UTC)
