"""A designer authors a journey from nothing to published; others see nothing of the studio."""

import pytest
from django.urls import reverse

from content.kinds.registry import KINDS
from journeys.authoring.models import JourneyVersion, Module, NudgeRule, Step
from journeys.publishing.actions import publish_version
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db


VERSION_PAGES = (
    "version",
    "about",
    "behaviors",
    "behavior-new",
    "expectations",
    "discard",
    "publish",
    "module-new",
    "nudge-new",
)


def _url(name, version, *keys):
    return reverse(f"studio-{name}", args=[version.uuid, *keys])


def _edits(version):
    return str(JourneyVersion.objects.get(pk=version.pk).edits)


def _pages(version):
    module = version.modules.first()
    yield reverse("studio-journeys")
    yield reverse("studio-new")
    yield from (_url(name, version) for name in VERSION_PAGES)
    yield _url("module", version, module.key)
    yield _url("step-new", version, module.key)
    yield _url("nudge", version, version.nudge_rules.first().key)
    for step in version.steps.all()[:6]:
        yield _url("step", version, step.key)
        yield _url("preview", version, step.key)


def test_every_page_opens_for_a_designer(page, draft):
    assert {url: page.get(url).status_code for url in _pages(draft)} == dict.fromkeys(_pages(draft), 200)


def test_a_page_opens_for_each_kind_of_a_new_step(page, draft):
    url = _url("step-new", draft, draft.modules.first().key)
    kinds = sorted(KINDS)

    assert {kind: page.get(url, {"kind": kind}).status_code for kind in kinds} == dict.fromkeys(kinds, 200)


@pytest.mark.parametrize("who", ["learner", "designer elsewhere", "anonymous"])
def test_the_studio_does_not_exist_for_others(client, draft, designer, who):
    if who == "learner":
        client.force_login(MembershipFactory(organization=designer.organization).user)
    elif who == "designer elsewhere":
        client.force_login(MembershipFactory(organization=OrganizationFactory(), is_designer=True).user)
    expected = 302 if who == "anonymous" else 404
    own = {reverse("studio-journeys"), reverse("studio-new")} if who == "designer elsewhere" else set()
    urls = [url for url in _pages(draft) if url not in own]

    assert {client.get(url).status_code for url in urls} == {expected}
    assert {client.post(url).status_code for url in urls if "preview" not in url} <= {expected, 405}
    assert draft.modules.count() == 7


MODULE = {
    "title": "Say it",
    "outcome": "Say one thing a person can use",
    "why_capability": "You try it once.",
    "why_opportunity": "After a meeting.",
    "why_motivation": "It takes a minute.",
    "skills": ["communication"],
    "opens-lines-count": "1",
    "opens-lines-0-what": "from",
    "opens-lines-0-anchor": "start",
    "opens-lines-0-unit": "working_days",
    "opens-lines-0-amount": "0",
    "opens-lines-0-at": "09:00",
    "due-lines-count": "0",
}
PRACTICE = {
    "title": "Try it",
    "minutes": "10",
    "serves": "practices",
    "required": "on",
    "spec-situation": "A meeting of yours.",
    "spec-steps-count": "1",
    "spec-steps-0-text": "Say one thing.",
    "spec-sign_off": "none",
    "spec-report-count": "1",
    "spec-report-0-text": "What did you say?",
}
REFLECTION = {
    "title": "Look back",
    "minutes": "4",
    "serves": "reflects",
    "required": "on",
    "spec-prompt": "What did the other person do?",
    "spec-after": "say-it/try-it",
    "spec-quote": "practice",
    "spec-audience": "private",
}
NUDGE = {
    "name": "One thing",
    "category": "practice",
    "channels": ["email", "in-app"],
    "moment-event": "module-opened",
    "moment-module": "say-it",
    "moment-amount": "2",
    "moment-unit": "working_days",
    "moment-at": "16:00",
    "unless-lines-count": "1",
    "unless-lines-0-what": "completed",
    "unless-lines-0-part": "say-it/try-it",
    "texts-count": "1",
    "texts-0-text": "Which one thing could you say today?",
}


def test_a_journey_goes_from_nothing_to_published(page, designer):
    page.post(reverse("studio-new"), {"title": "First talks", "weeks": "2", "language": "en", "summary": "Two weeks."})
    version = JourneyVersion.objects.get(title="First talks")
    about = {"title": "First talks", "weeks": "2", "language": "en", "license": "CC-BY-4.0"}
    page.post(_url("about", version), about | {"edits": _edits(version), "skill-communication": "3"})
    page.post(_url("module-new", version), MODULE | {"edits": _edits(version)})
    _add_step(
        page, version, "article", {"title": "Why it is hard", "minutes": "5", "serves": "knows", "body": "Because."}
    )
    _add_step(page, version, "practice", PRACTICE)
    _add_step(page, version, "reflection", REFLECTION)
    page.post(_url("nudge-new", version), NUDGE | {"edits": _edits(version)})

    answer = page.post(_url("publish", version), {"edits": _edits(version), "note": "The first one."})

    version.refresh_from_db()
    assert answer.status_code == 302, answer.context["problems"]
    assert version.status == "published"
    assert list(version.steps.order_by("position").values_list("key", flat=True)) == [
        "why-it-is-hard",
        "try-it",
        "look-back",
    ]
    assert version.steps.filter(revision=None).count() == 0
    assert NudgeRule.objects.get(version=version).unless == [{"completed": "say-it/try-it"}]


def _add_step(page, version, kind, values):
    url = _url("step-new", version, "say-it") + f"?kind={kind}"
    rules = {"opens-lines-count": "0", "due-lines-count": "0"}
    answer = page.post(url, values | rules | {"edits": _edits(version)})
    assert answer.status_code == 302, answer.context["problems"]


def _act(page, version, what, key, act, **more):
    values = {"what": what, "key": key, "act": act, "edits": _edits(version), **more}
    return page.post(_url("act", version), values)


def _modules(version):
    return list(Module.objects.filter(version=version).order_by("position", "id").values_list("key", flat=True))


def test_a_new_module_opens_at_nine_where_no_time_is_given(page, draft):
    lines = {
        "opens-lines-0-amount": "2",
        "opens-lines-0-unit": "days",
        "opens-lines-0-at": "",
    }
    page.post(_url("module-new", draft), MODULE | lines | {"edits": _edits(draft)})
    module = draft.modules.get(title=MODULE["title"])
    assert module.opens == {"from": "start", "days": 2, "at": "09:00"}

    # What is kept already is taken as it is written.
    page.post(_url("module", draft, module.key), MODULE | lines | {"edits": _edits(draft)})
    module.refresh_from_db()
    assert module.opens == {"from": "start", "days": 2}


def test_the_first_module_of_a_new_journey_opens_at_nine_on_the_first_day(page, draft):
    draft.modules.all().delete()

    page.post(_url("module-new", draft), MODULE | {"opens-lines-count": "0", "edits": _edits(draft)})

    assert draft.modules.get().opens == {"from": "start", "days": 0, "at": "09:00"}


def test_modules_move_by_buttons_and_by_position(page, draft):
    first, second, third, *rest = _modules(draft)

    _act(page, draft, "module", second, "up")
    _act(page, draft, "module", first, "down")
    _act(page, draft, "module", third, "place", place="1")

    assert _modules(draft) == [third, second, first, *rest]


def test_a_step_is_copied_behind_itself_and_removed_again(page, draft):
    step = Step.objects.filter(version=draft, key="two-briefs").get()

    _act(page, draft, "step", "two-briefs", "duplicate")
    keys = list(Step.objects.filter(module=step.module).order_by("position").values_list("key", flat=True))
    _act(page, draft, "step", "two-briefs-for-the-same-job", "delete")

    assert keys[2:4] == ["two-briefs", "two-briefs-for-the-same-job"]
    assert not Step.objects.filter(version=draft, key="two-briefs-for-the-same-job").exists()


def test_a_published_version_refuses_every_act_in_words(page, draft):
    publish_version(version_id=draft.pk, actor_id=None, now=NOW)
    before = _modules(draft)
    url = _url("module", draft, before[0])

    _act(page, draft, "module", before[1], "up")
    answer = page.post(url, {"title": "New", "outcome": "x", "edits": _edits(draft)})

    assert _modules(draft) == before
    assert answer.status_code == 422
    assert "Start a draft" in answer.content.decode()


def test_a_second_designer_is_told_and_keeps_what_they_wrote(page, draft):
    url = _url("module", draft, "what-got-easier")
    known = _edits(draft)
    page.post(url, {"title": "First", "outcome": "x", "edits": known})

    answer = page.post(url, {"title": "Second", "outcome": "My words", "edits": known})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed this draft" in text
    assert "My words" in text
    assert Module.objects.get(version=draft, key="what-got-easier").title == "First"


def test_a_rule_that_names_nothing_is_told_and_nothing_is_saved(page, draft):
    url = _url("module", draft, "frame-before-you-solve")
    before = Module.objects.get(version=draft, key="frame-before-you-solve").opens
    values = {"title": "T", "outcome": "o", "opens-lines-count": "1", "opens-lines-0-what": "completed"}

    answer = page.post(url, values | {"edits": _edits(draft)})

    assert answer.status_code == 422
    assert Module.objects.get(version=draft, key="frame-before-you-solve").opens == before


def test_warnings_want_a_reason_before_publishing(page, draft):
    version = draft
    version.license = ""
    version.save(update_fields=["license"])

    without = page.post(_url("publish", version), {"edits": _edits(version)})
    reasoned = page.post(_url("publish", version), {"edits": _edits(version), "note": "The license follows."})

    assert without.status_code == 422
    assert reasoned.status_code == 302
    assert JourneyVersion.objects.get(pk=version.pk).publish_note == "The license follows."


def test_discarding_a_draft_asks_first(page, draft):
    assert page.get(_url("discard", draft)).status_code == 200
    page.post(_url("discard", draft), {"edits": _edits(draft)})

    assert not JourneyVersion.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("modules", [1, 3])
def test_the_page_of_a_version_asks_a_constant_number_of_queries(page, draft, modules, django_assert_num_queries):
    keep = _modules(draft)[:modules]
    Step.objects.filter(version=draft).exclude(module__key__in=keep).delete()
    NudgeRule.objects.filter(version=draft).delete()
    Module.objects.filter(version=draft).exclude(key__in=keep).delete()
    page.get(_url("version", draft))

    with django_assert_num_queries(17):
        page.get(_url("version", draft))
