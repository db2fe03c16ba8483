"""
What a person wrote for certain eyes is met by nobody else: in no page, search, file, feed, mail, message or log.

Everybody opens every route and every page that words of people stand on. Of the lists and rows of the administration,
and of the studio's pages, a few of each route are followed; `make proof` follows all of them, in test_wide_walk.
"""

import re
from collections import defaultdict

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from learners.nudges.models import NudgeDelivery
from tests.canaries.texts import AUDIENCES, HUSH, SIGNER
from tests.permissions.cast import (
    ADMINISTRATOR,
    ANONYMOUS,
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
)
from tests.permissions.crawler import search, walk
from tests.permissions.routes import routes, screens
from tests.permissions.rules import ADMIN_PAGES, API, PAGES, VISITORS

pytestmark = pytest.mark.django_db

ROLES = (
    OWNER,
    COLLEAGUE,
    FACILITATOR,
    MANAGER,
    LINE_MANAGER,
    DESIGNER,
    ADMINISTRATOR,
    RIVAL,
    OPERATOR,
    KEY,
    LIMITED_KEY,
    ANONYMOUS,
)
# Where the words are kept, and nowhere else: no history, event, message, session or log row has them.
PLACES = {
    "CANARYprivate": {"Reflection.text"},
    "CANARYdraft": {"Reflection.text"},
    "CANARYfacilitator": {"Reflection.text"},
    "CANARYcohort": {"Reflection.text"},
    "CANARYreport": {"Attempt.response"},
    "CANARYshown": {"Attempt.response"},
    "CANARYcompared": {"Attempt.response"},
    "CANARYreason": {"Attempt.response"},
    "CANARYcue": {"Commitment.cue"},
    "CANARYaction": {"Commitment.response"},
    "CANARYnote": {"CheckIn.note"},
    "CANARYcomment": {"SignOff.comment"},
    "CANARYreasonforstaff": {"EnrollmentAdjustment.reason"},
}


def addresses(stage):
    """Return every address that a GET could open, for the rows of this stage, whether a page leads there or not."""
    enrollment = stage.owner
    reflections = list(enrollment.reflections.all())
    known = {
        "enrollment": [enrollment.uuid],
        "cohort": [stage.cohort.uuid],
        "journey": [enrollment.version.journey.uuid],
        "reflection": [row.uuid for row in reflections],
        "commitment": [row.uuid for row in enrollment.commitments.all()],
        "version_uuid": [enrollment.version.uuid],
        "cohort_id": [stage.cohort.pk],
        "enrollment_id": [enrollment.pk],
        "key": ["try-it", "first", "each-week"],
        "module_key": ["first", "second"],
        "step_key": list(dict.fromkeys(enrollment.version.steps.values_list("key", flat=True))),
        "act": ["pause"],
        "kind": ["pause"],
        "object_id": [],
        "app_label": ["accounts", "content", "learners"],
    }
    for route in routes():
        methods = PAGES.get(route.name) or API.get(route.name)
        if methods is None and route.name not in ADMIN_PAGES or methods is not None and "GET" not in methods:
            continue
        steps = known["step_key"] if route.name == "step" else ["try-it", "meet"]
        yield from _filled(route.pattern, route.arguments, {**known, "step_key": steps})
    for page in screens().values():
        name = f"{page.model._meta.app_label}/{page.model._meta.model_name}"
        for pk in page.model._base_manager.values_list("pk", flat=True)[:2]:
            yield f"/admin/{name}/{pk}/change/"
        yield f"/admin/{name}/"


def _filled(pattern, names, known):
    paths = ["/" + re.sub(r"\^?\(\?P<(\w+)>[^)]*\)/?\$?", r"<x:\1>/", pattern)]
    for name in names:
        paths = [re.sub(rf"<\w+:{name}>", str(value), path) for path in paths for value in known.get(name, [])]
    return paths


@pytest.fixture(scope="module")
def walks(kept):
    """Let everybody look at everything once."""
    return walk_as_everybody(kept.stage, alike=2, variants=1)


def walk_as_everybody(stage, **reach):
    """Return what each role sees; reach: see walk."""
    starts = list(addresses(stage))
    inside = [start for start in starts if not start.startswith("/admin/")]
    found = {role: walk(stage.visitor(role), starts if role in VISITORS else inside, **reach) for role in ROLES}
    found[SIGNER] = walk(stage.visitor(ANONYMOUS), [f"/sign-off/{stage.token}/"], **reach)
    return found


def _met(walks, role, canary):
    """
    Return the addresses at which a role meets a canary.

    What staff noted about a person is data about that person: their own file has it, and no page shows it to them.
    """
    found = walks[role].holding(re.compile(rf"{canary}\b"))
    if (role, canary) == (OWNER, "CANARYreasonforstaff"):
        return [address for address in found if address != reverse("privacy-export")]
    return found


def test_the_file_with_which_somebody_takes_their_data_away_was_read(walks):
    path = reverse("privacy-export")
    taken = next(one.text for one in walks[OWNER].seen if one.address == path)

    for canary in ("CANARYprivate", "CANARYdraft", "CANARYreport", "CANARYcue", "CANARYnote", "CANARYreason"):
        assert canary in taken, canary
    assert any(one.address == path and one.status == 200 for one in walks[COLLEAGUE].seen)


@pytest.mark.parametrize("role", [*ROLES, SIGNER])
def test_nobody_meets_words_that_were_not_written_for_them(walks, role):
    hits = {canary: _met(walks, role, canary) for canary, audience in AUDIENCES.items() if role not in audience}

    assert {canary: found for canary, found in hits.items() if found} == {}


@pytest.mark.proof
def test_wide_walk(kept):
    """The same, without leaving out anything that a page leads to."""
    wide = walk_as_everybody(kept.stage)

    assert {canary: {role for role in wide if _met(wide, role, canary)} for canary in AUDIENCES} == AUDIENCES


@pytest.mark.parametrize("canary", AUDIENCES)
def test_everybody_for_whom_words_were_written_finds_them(walks, canary):
    finders = {role for role in walks if _met(walks, role, canary)}

    assert finders == AUDIENCES[canary]


@pytest.mark.parametrize("role", ROLES)
def test_the_walk_saw_what_the_role_works_with(walks, role):
    opened = [one.address for one in walks[role].seen if one.status == 200]

    least = {OWNER: 40, COLLEAGUE: 15, FACILITATOR: 40, ADMINISTRATOR: 60, OPERATOR: 60, KEY: 12, LIMITED_KEY: 6}
    assert len(opened) >= least.get(role, 5), len(opened)


@pytest.mark.parametrize("role", [role for role in ROLES if role != OWNER])
def test_no_search_finds_words_that_may_not_be_read(kept, walks, role):
    visitor = kept.stage.visitor(role)

    for (path, name), form in walks[role].searches.items():
        nothing = _without(search(visitor, form, name, "NOSUCHWORD").text, "NOSUCHWORD")
        assert _without(search(visitor, form, name, HUSH).text, HUSH) == nothing, (path, name)


def _without(text, word):
    """Return a page without the word that was searched for, and without what differs from one page to the next."""
    body = text.partition("\n\n")[2] or text
    return re.sub(r'[A-Za-z0-9]{64}|nonce="[^"]+"|Content-Length: \d+|ETag: \S+', "", body.replace(word, ""))


def test_words_are_kept_in_one_place(kept):
    found = defaultdict(set)

    for model in apps.get_models():
        for row in model._base_manager.values():
            for column, value in row.items():
                text = value if isinstance(value, str) else DjangoJSONEncoder().encode(value) if _is_json(value) else ""
                for canary in set(re.findall(r"CANARY[a-z]+", text)):
                    found[canary].add(f"{model.__name__}.{column}")

    assert dict(found) == PLACES


def _is_json(value):
    return isinstance(value, dict | list)


def test_mails_hold_the_words_of_their_reader_alone(kept):
    owner = kept.stage.owner.user.email
    addresses_ = " ".join(address for address, _ in kept.mails)
    assert owner in addresses_
    assert "three@example.org" in addresses_

    for address, text in kept.mails:
        for canary in AUDIENCES:
            if owner not in address:
                assert canary not in text, (address, canary)
    for canary in ("CANARYprivate", "CANARYdraft", "CANARYreport", "CANARYnote"):
        assert not any(canary in text for _, text in kept.mails), canary


def test_messages_in_the_app_hold_the_words_of_their_reader_alone(kept):
    rows = NudgeDelivery.objects.exclude(recipient=kept.stage.owner.user)

    assert NudgeDelivery.objects.filter(recipient=kept.stage.owner.user, channel="in-app").exists()
    assert not any("CANARY" in row.text + row.detail + row.why for row in rows)


def test_no_line_of_a_log_holds_a_word_of_anybody(kept, walks):
    assert kept.logs.lines
    assert [line for line in kept.logs.lines if "CANARY" in line] == []
