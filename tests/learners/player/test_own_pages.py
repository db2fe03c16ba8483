"""Reflections, commitments and progress: the learner's own pages."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from learners.progress.actions.signing_off import answer_sign_off
from learners.progress.models import Completion, SignOff
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.actions import save_draft
from learners.reflections.models import CheckIn, Commitment, Reflection
from tests.factories.learners import CommitmentFactory, ReflectionFactory
from tests.learners.player.journey import CANARY, NOW, do, join, signed_in

pytestmark = pytest.mark.django_db


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def words(response_or_node):
    node = response_or_node if hasattr(response_or_node, "get_text") else soup(response_or_node)
    return " ".join(node.get_text(" ").split())


@pytest.fixture
def colleague(enrollment):
    return join(enrollment.cohort, email="amal@example.com", name="Amal Haddad")


@pytest.fixture
def note(enrollment):
    do(enrollment, "look-back")
    return Reflection.objects.get()


def test_an_empty_notebook_says_what_will_be_here(page):
    shown = words(page.get("/reflections/"))

    assert "Your notes will gather here" in shown
    assert "Shared with you" not in shown


def test_the_notebook_shows_own_notes_and_what_was_shared(page, enrollment, colleague, note):
    do(colleague, "look-back", text="Amal's words", audience="cohort")
    ReflectionFactory(
        enrollment=colleague, author=colleague.user, step_key="last-look", text="Amal's secret", saved_at=NOW
    )

    shown = words(page.get("/reflections/"))

    assert CANARY in shown
    assert "Amal Haddad" in shown
    assert "Amal's words" in shown
    assert "Amal's secret" not in shown


def test_a_shared_note_is_read_by_the_cohort_and_taken_back_at_once(page, note, colleague):
    reader, way = signed_in(colleague.user), f"/reflections/{note.uuid}/"
    before = reader.get(way).status_code

    page.post(way + "share/", {"audience": "cohort"})
    shared = reader.get(way)
    page.post(way + "share/", {"audience": "private"})

    assert before == 404
    assert CANARY in words(shared)
    assert "Change the text" not in words(shared)
    assert reader.get(way).status_code == 404


def test_the_readers_are_named_before_anything_is_shared(page, note, colleague):
    shown = words(page.get(f"/reflections/{note.uuid}/"))

    assert "Amal Haddad and Nadia Rahman" in shown or "Amal Haddad, Nadia Rahman" in shown


def test_an_unknown_audience_changes_nothing(page, note):
    answer = page.post(f"/reflections/{note.uuid}/share/", {"audience": "everyone"})

    assert answer.status_code == 422
    note.refresh_from_db()
    assert note.audience == "private"


def test_a_draft_is_not_shared_by_its_page(page, enrollment):
    save_draft(enrollment_id=enrollment.pk, step_key="look-back", text="Half", audience="cohort", now=NOW)
    draft = Reflection.objects.get()

    shown = soup(page.get(f"/reflections/{draft.uuid}/"))

    assert not shown.select("#share")
    assert "nobody but you can read it" in words(shown)


def test_the_text_is_changed_in_the_one_editor(page, enrollment, note):
    change = soup(page.get(f"/reflections/{note.uuid}/")).select_one("a.btn")["href"]
    editor = soup(page.get(change))
    page.post(
        change, {"text": "Changed.", "audience": "private", "revision": editor.select_one("[name=revision]")["value"]}
    )

    note.refresh_from_db()
    assert change == f"/journeys/{enrollment.uuid}/steps/look-back/?change=1"
    assert editor.select_one("textarea").get_text().strip() == CANARY
    assert note.text == "Changed."
    assert Completion.objects.get().completed_at == NOW


def test_deleting_asks_once_and_leaves_no_copy(page, note):
    way = f"/reflections/{note.uuid}/delete/"

    asked = page.get(way)
    kept = Reflection.objects.count()
    page.post(way)

    assert "for good?" in words(asked)
    assert kept == 1
    assert Reflection.objects.count() == 0
    assert Completion.objects.count() == 1


@pytest.mark.parametrize("path", ["", "share/", "delete/"])
def test_only_the_author_changes_a_note(note, colleague, path):
    page = signed_in(colleague.user)

    get, post = page.get(f"/reflections/{note.uuid}/{path}"), page.post(f"/reflections/{note.uuid}/{path}", {})

    assert {get.status_code, post.status_code} <= {404, 405}
    assert Reflection.objects.count() == 1


@pytest.fixture
def plan(enrollment):
    do(enrollment, "plan")
    return Commitment.objects.get()


def test_one_press_checks_in_and_a_line_joins_it(page, plan):
    way = f"/commitments/{plan.uuid}/check-in/"

    pressed = page.post(way, {"answer": "happened"}, follow=True)
    page.post(way, {"answer": "happened", "note": "It was easy."})

    assert "Noted" in words(pressed)
    assert [(one.answer, one.note) for one in CheckIn.objects.all()] == [("happened", "It was easy.")]


def test_a_mails_button_writes_nothing_until_it_is_confirmed(page, plan):
    shown = soup(page.get(f"/commitments/{plan.uuid}/check-in/?answer=not_yet"))

    assert shown.select_one("input[checked]")["value"] == "not_yet"
    assert CheckIn.objects.count() == 0


def test_what_did_not_come_up_is_offered_a_nearer_moment(page, plan):
    shown = page.post(f"/commitments/{plan.uuid}/check-in/", {"answer": "did_not_come_up"}, follow=True)

    assert f"/commitments/{plan.uuid}/" in [link["href"] for link in soup(shown).select("main a")]


def test_a_check_in_without_an_answer_keeps_the_line(page, plan):
    answer = page.post(f"/commitments/{plan.uuid}/check-in/", {"note": "It was easy."})

    assert answer.status_code == 422
    assert soup(answer).title.get_text().startswith("Error:")
    assert soup(answer).select_one("#id_note").get_text().strip() == "It was easy."
    assert soup(answer).select(soup(answer).select_one("[autofocus] a")["href"])


def test_a_plan_is_changed_and_its_faults_are_named(page, plan):
    way = f"/commitments/{plan.uuid}/"

    wrong = page.post(way, {"cue": "", "response": "ask"})
    page.post(way, {"cue": "Jo  asks\nagain", "response": "ask"})

    plan.refresh_from_db()
    assert wrong.status_code == 422
    assert "Write the moment you can see coming" in words(wrong)
    assert plan.cue == "Jo asks again"


def test_a_plan_is_deleted_and_its_step_stays_done(page, plan):
    page.post(f"/commitments/{plan.uuid}/", {"intent": "delete"})

    assert Commitment.objects.count() == 0
    assert Completion.objects.count() == 1


@pytest.mark.parametrize("path", ["", "check-in/"])
def test_nobody_else_sees_a_plan(plan, colleague, enrollment, path):
    for person in (colleague.user, enrollment.cohort.staff.get().user):
        page = signed_in(person)
        way = f"/commitments/{plan.uuid}/{path}"
        assert page.get(way).status_code == 404
        assert page.post(way, {"answer": "happened", "cue": "a", "response": "b"}).status_code == 404
    assert CheckIn.objects.count() == 0


def test_the_commitments_of_a_person_are_listed_with_their_answers(page, enrollment, plan):
    page.post(f"/commitments/{plan.uuid}/check-in/", {"answer": "not_yet", "note": "Monday was quiet."})

    shown = words(page.get("/commitments/"))

    assert "If Jo asks for numbers, then I ask what they are for." in shown
    assert "Not yet Wednesday 3 March Monday was quiet." in shown


def ways(page):
    """What the one listed plan offers to press, apart from changing it."""
    return [words_of(link) for link in soup(page.get("/commitments/")).select(".notes .btn")][:-1]


def words_of(tag):
    return " ".join(tag.get_text(" ").split())


def test_a_plan_is_asked_about_when_its_day_comes_and_no_more_after_a_final_answer(page, plan, clock):
    way = f"/commitments/{plan.uuid}/check-in/"
    early = ways(page)
    assert "we ask you on Mon 8 March, 16:00" in words(page.get("/commitments/"))

    clock.move_to(NOW + timedelta(days=6))
    due = ways(page)
    page.post(way, {"answer": "not_yet"})
    undecided = ways(page)
    clock.move_to(NOW + timedelta(days=7))
    page.post(way, {"answer": "happened"})

    assert (early, due, undecided, ways(page)) == ([], ["Did the moment come?"], ["Answer again"], [])
    assert "You noted: It happened" in words(page.get(way)), "The button of an old mail asks nothing again."


def test_a_plan_that_was_written_anew_is_asked_about_anew(page, plan, clock):
    clock.move_to(NOW + timedelta(days=6))
    page.post(f"/commitments/{plan.uuid}/check-in/", {"answer": "happened"})
    clock.move_to(NOW + timedelta(days=7))
    page.post(f"/commitments/{plan.uuid}/", {"cue": "Jo asks again", "response": "ask"})

    assert ways(page) == []
    assert "Jo asks again" in words(page.get("/")), "The new plan is on Today although the old one happened."
    clock.move_to(NOW + timedelta(days=13))
    assert ways(page) == ["Did the moment come?"]


@pytest.mark.parametrize("path", ["/journeys/{enrollment}/steps/plan/", "/commitments/{plan}/"])
def test_both_pages_of_a_plan_say_and_keep_one_limit(page, enrollment, path):
    made = CommitmentFactory(enrollment=enrollment, step_key="other")
    way = path.format(enrollment=enrollment.uuid, plan=made.uuid)
    fields = soup(page.get(way)).select("form textarea")
    long = {field["name"]: "x" * 301 for field in fields}
    answer = page.post(way, long)

    assert [field["maxlength"] for field in fields] == ["300", "300"]
    assert words(page.get(way)).count("300 characters at most") == 2
    assert answer.status_code == 422
    assert words(answer).count("300 characters") >= 2


def test_progress_says_what_was_practiced_and_who_confirmed_it(page, enrollment):
    do(enrollment, "read", "recall", "plan")
    nothing = words(page.get("/progress/"))
    do(enrollment, "try-it", sign_off={"name": "Amal", "email": "amal@example.com"})
    once = words(page.get("/progress/"))
    answer_sign_off(token=sign_off_token(SignOff.objects.get()), answer="confirmed", now=NOW)
    confirmed = words(page.get("/progress/"))

    assert "Your first stone is laid by your first practice" in nothing
    assert "You practiced this once at work, on Wednesday 3 March." in once
    assert "Practiced Wednesday 3 March Try it" in once
    assert "Evidence Wednesday 3 March Try it" in confirmed
    assert "amal@example.com confirmed it." in confirmed or "Amal confirmed it." in confirmed
    assert "%" not in confirmed


def test_a_skill_that_is_still_to_come_says_from_when(page):
    assert "Comes up in your journey from Wednesday 10 March." in words(page.get("/progress/"))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("/reflections/", 7), ("/commitments/", 5), ("/progress/", 11), ("/privacy/", 9)]
)
def test_own_pages_cost_the_same_for_one_and_three(page, enrollment, count, path, queries, django_assert_num_queries):
    for number in range(count):
        other = join(enrollment.cohort, email=f"other{number}@example.com")
        ReflectionFactory(enrollment=enrollment, author=enrollment.user, step_key=f"mine-{number}", saved_at=NOW)
        ReflectionFactory(
            enrollment=other,
            author=other.user,
            step_key="theirs",
            audience="cohort",
            saved_at=NOW + timedelta(hours=number),
        )
        CommitmentFactory(enrollment=enrollment, step_key=f"mine-{number}")
    page.get(path)

    with django_assert_num_queries(queries):
        page.get(path)
