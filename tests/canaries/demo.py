"""
The demo with a canary in every personal text, and everybody who can sign in looking at everything: a program.

`python -m tests.canaries.demo`, with DATA_DIR at a copy of a demo that nobody serves, prints as JSON how much each
role opened, how many canaries it may meet and met, and every address at which it met one that is not for it.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import django

STAMPED = re.compile(r"CANARY\w+x")
SOUGHT = "CANARYreflection1x"
WRITTEN = ("report", "reason", "answer")
API = (
    "/api/v1/journeys/",
    "/api/v1/skills/",
    "/api/v1/cohorts/",
    "/api/v1/enrollments/",
    "/api/v1/events/",
    "/api/v1/people-to-reach/",
    "/api/v1/schema/",
    "/api/v1/me/",
    "/api/v1/me/enrollments/",
)
PARTS = ("", "progress/", "learners/", "learners.csv", "learners.ndjson")
BEGINNINGS = ("/", "/cohorts/", "/reflections/", "/commitments/", "/progress/", "/privacy/", "/admin/", "/demo/mail/")


@dataclass
class Result:
    """What one role saw. met: canaries that were for it; hits: address to canaries that were not."""

    opened: int = 0
    for_them: int = 0
    met: set[str] = field(default_factory=set)
    hits: dict[str, list[str]] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        return {"opened": self.opened, "for_them": self.for_them, "met": len(self.met), "hits": self.hits}


def stamp() -> dict[str, set[int]]:
    """Put a canary of its own into every personal text; return whose eyes each is for, by the ids of users."""
    from learners.progress.models import Attempt, SignOff  # noqa: PLC0415 - Django has to be set up first
    from learners.reflections.models import CheckIn, Commitment, Reflection  # noqa: PLC0415

    readers: dict[str, set[int]] = {}

    def mark(row: Any, text: str, own: set[int]) -> str:
        canary = f"CANARY{type(row).__name__.lower()}{row.pk}x"
        readers[canary] = own
        return f"{text} {canary}"

    for reflection in Reflection.objects.select_related("enrollment"):
        reflection.text = mark(reflection, reflection.text, _readers_of(reflection))
        reflection.save(update_fields=["text"])
    for attempt in Attempt.objects.select_related("enrollment"):
        attempt.response = _marked(
            attempt.response, lambda text, row=attempt: mark(row, text, {row.enrollment.user_id})
        )
        attempt.save(update_fields=["response"])
    for plan in Commitment.objects.select_related("enrollment"):
        plan.cue = mark(plan, plan.cue, {plan.enrollment.user_id})
        plan.save(update_fields=["cue"])
    for check in CheckIn.objects.select_related("commitment__enrollment"):
        check.note = mark(check, check.note, {check.commitment.enrollment.user_id})
        check.save(update_fields=["note"])
    for asked in SignOff.objects.select_related("enrollment"):
        # Whoever was asked finds their own words in their own file.
        asked.comment = mark(asked, asked.comment, {asked.enrollment.user_id, asked.signer_id} - {None})
        asked.save(update_fields=["comment"])
    return readers


def _marked(value: Any, mark: Any, key: str = "") -> Any:
    """Return an answer with its written parts marked; numbers, names of scenes and choices stay."""
    if isinstance(value, dict):
        return {name: _marked(part, mark, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_marked(part, mark, key) for part in value]
    return mark(value) if isinstance(value, str) and key in WRITTEN else value


def _readers_of(reflection: Any) -> set[int]:
    """Say it once more, apart from the product: who may read a reflection besides its author."""
    from learners.cohorts.models import CohortStaff, Enrollment  # noqa: PLC0415

    own = {reflection.author_id}
    if reflection.saved_at is None or reflection.audience == "private":
        return own
    cohort_id = reflection.enrollment.cohort_id
    own |= set(CohortStaff.objects.filter(cohort_id=cohort_id, role="facilitator").values_list("user_id", flat=True))
    if reflection.audience == "cohort":
        inside = Enrollment.objects.filter(cohort_id=cohort_id).exclude(status="withdrawn")
        own |= set(inside.values_list("user_id", flat=True))
    return own


def everybody() -> Iterator[tuple[str, int | None, Any]]:
    """Yield each role with the id of its user and its browser or tool."""
    from config.accounts.models import User  # noqa: PLC0415
    from config.demo.sign_ins import SIGN_INS, kept_access  # noqa: PLC0415
    from tests.permissions.cast import cookies_of  # noqa: PLC0415
    from tests.permissions.visits import Visitor  # noqa: PLC0415

    for one in SIGN_INS:
        user = User.objects.get(email=one.email)
        yield one.email, user.pk, Visitor(cookies=SimpleCookie(cookies_of(user)))
    yield "key", None, Visitor(secret=kept_access().api_key)
    yield "anonymous", None, Visitor()


def look_at_everything() -> dict[str, Result]:
    """Stamp, walk as everybody, and tell what each met."""
    from learners.cohorts.models import Cohort, Enrollment  # noqa: PLC0415
    from tests.permissions.crawler import search, walk  # noqa: PLC0415

    readers, results = stamp(), dict[str, Result]()
    below = [
        f"/api/v1/cohorts/{uuid}/{part}" for uuid in Cohort.objects.values_list("uuid", flat=True) for part in PARTS
    ]
    below += [f"/api/v1/enrollments/{one}/schedule/" for one in Enrollment.objects.values_list("uuid", flat=True)]
    for role, user_id, visitor in everybody():
        walked = walk(visitor, [*BEGINNINGS, *API, *below])
        seen = walked.seen + [search(visitor, form, name, SOUGHT) for (_, name), form in walked.searches.items()]
        own = {canary for canary, users in readers.items() if user_id in users}
        result = results[role] = Result(opened=sum(one.status == 200 for one in seen), for_them=len(own))
        for one in seen:
            # A word that was searched for is shown again, in its field.
            found = set(STAMPED.findall(one.text)) - set(STAMPED.findall(one.address))
            result.met |= found & own
            if found - own:
                result.hits[one.address] = sorted(found - own)[:3]
    return results


def main() -> None:
    """Print the results as JSON."""
    django.setup()
    told = {role: result.to_data() for role, result in look_at_everything().items()}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
