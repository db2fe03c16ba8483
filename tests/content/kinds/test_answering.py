"""What a learner sees of each kind, and what becomes of what they send."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from content.activities.markdown import render
from content.kinds.contract import AudienceChoice
from content.kinds.registry import KINDS, get_kind
from tests.content.kinds.specs import MINUTES, SPECS
from tests.content.kinds.specs import shown_spec as spec_for

AUDIENCES = [
    AudienceChoice("private", "Only you", note="Nobody else can read it."),
    AudienceChoice("facilitator", "Your facilitator", ("Nadia Rahman",)),
    AudienceChoice("cohort", "Your cohort", ("Amal", "Jo", *(f"Person {n}" for n in range(19)))),
]
REPORT = {"report-0": "I asked what for.", "report-1": "They laughed."}


def form_of(kind: str) -> Any:
    return KINDS[kind].response_form


def answered(kind, data, response=None, **changes):
    return form_of(kind)(spec_for(kind, **changes), data, response)


def shown(kind, *, form=None, response=None, outcome=None, spec=None, **context):
    spec = spec or spec_for(kind)
    activity = SimpleNamespace(title="A <b>title</b>", minutes=MINUTES, kind=kind)
    page = {"spec": spec, "form": form, "response": response, "outcome": outcome, "activity": activity}
    return BeautifulSoup(
        render_to_string(get_kind(kind).template, {"body": render("The *text*."), **page, **context}), "html.parser"
    )


def played(*choices):
    """Walk through the sample scenario by the places of the choices."""
    kind, spec = get_kind("scenario"), spec_for("scenario")
    response = kind.Response()
    for place in choices:
        form = form_of("scenario")(spec, None, response)
        data = {"scene": form["scene"].value(), "choice": str(place), "why": f"Reason {place}"}
        form = form_of("scenario")(spec, data, response)
        assert form.is_valid(), form.errors
        response = form.to_response()
    return spec, response, kind.judge(spec, response)


@pytest.mark.parametrize("kind", SPECS)
def test_each_page_has_one_heading_and_shows_the_text_first(kind):
    form_class = form_of(kind)
    page = shown(kind, form=form_class(spec_for(kind)) if form_class else None, audience_choices=AUDIENCES)

    assert [heading.get_text() for heading in page.select("h1")] == ["A <b>title</b>"]
    assert page.find("em", string="text") is not None
    assert page.select("script, style, [style], [onclick], iframe") == []


@pytest.mark.parametrize("kind", sorted(set(SPECS) - {"article", "video", "live_session"}))
def test_each_control_has_a_label_and_each_error_its_place(kind):
    form = answered(kind, {})
    assert not form.is_valid()

    page = shown(kind, form=form, audience_choices=AUDIENCES)

    labeled = {label["for"] for label in page.select("label[for]")}
    for control in page.select("input:not([type=hidden]), textarea"):
        assert control["id"] in labeled
        for name in control.get("aria-describedby", "").split():
            assert page.find(id=name) is not None, name
    shown_errors = [error.get_text(strip=True) for error in page.select(".err")]
    assert sorted(shown_errors) == sorted(str(errors[0]) for errors in form.errors.values())


@pytest.mark.parametrize("kind", ["article", "video"])
def test_going_on_is_an_answer(kind):
    form = answered(kind, {})

    assert form.is_valid()
    assert KINDS[kind].judge(spec_for(kind), form.to_response()).completed


def test_a_quiz_asks_for_each_answer_and_how_sure_one_is():
    form = answered("quiz", {"answer-first": "0", "answer-second": "1"})

    assert not form.is_valid()
    assert list(form.errors) == ["sure-first"]
    assert "guess is fine" in form.errors["sure-first"][0]


def test_a_quiz_explains_every_choice_only_after_answering():
    spec = spec_for("quiz")
    form = answered("quiz", {"answer-first": "1", "sure-first": "sure", "answer-second": "1"})
    before = shown("quiz", form=form).get_text()
    assert form.is_valid()
    response = form.to_response()

    after = shown("quiz", response=response, outcome=KINDS["quiz"].judge(spec, response))

    reasons = [choice.because for question in spec.questions for choice in question.choices]
    assert not any(reason in before for reason in reasons)
    assert all(reason in after.get_text() for reason in reasons)
    assert "1 of 2 right" in after.get_text()
    assert "You said: sure." in after.get_text()
    assert after.find("button", attrs={"name": "replay"}) is not None


def test_a_half_answered_quiz_is_kept_as_a_draft_and_shown_again():
    draft = answered("quiz", {"answer-second": "2"}).to_draft()

    page = shown("quiz", form=answered("quiz", None, draft), response=draft)

    assert not KINDS["quiz"].judge(spec_for("quiz"), draft).completed
    assert [radio["value"] for radio in page.select("input[checked]")] == ["2"]
    assert "Right" not in page.get_text()


def test_a_scenario_marks_the_reason_it_asks_for():
    page = shown("scenario", form=answered("scenario", None))

    assert "(required)" in page.select_one("label[for=id_why]").get_text()


def test_a_scenario_takes_one_choice_a_time_and_then_says_what_each_was_worth():
    spec, response, outcome = played(1)
    assert not outcome.completed

    page = shown("scenario", form=form_of("scenario")(spec, None, response), response=response, outcome=outcome)

    text = page.get_text()
    assert "It fixes the frame." in text
    assert "It opens the frame." in text
    assert "Reason 1" in text
    assert "Jo can choose." not in text
    assert page.select_one(".key-choice h3").get_text() == "Ask what it is for"
    assert [radio["value"] for radio in page.select("input[type=radio]")] == ["0", "1"]
    assert page.find("input", attrs={"name": "scene"})["value"] == "answer"


def test_a_scenario_that_has_ended_can_be_played_again():
    spec, response, outcome = played(1, 0)

    page = shown("scenario", response=response, outcome=outcome)

    assert outcome.completed
    assert "Jo thanks you." in page.get_text()
    assert "Strong here" in page.get_text()
    assert page.find("button", attrs={"name": "replay"}) is not None
    assert page.select("input[type=radio]") == []


def test_an_answer_to_a_scene_that_is_behind_is_not_counted_twice():
    spec, response, _outcome = played(1)

    form = form_of("scenario")(spec, {"scene": "request", "choice": "1", "why": "Again"}, response)

    assert not form.is_valid()
    assert form.to_draft() == response
    page = shown("scenario", form=form, response=response)
    assert "answered that scene already" in page.get_text()
    assert page.select("input[checked]") == []


def test_a_scenario_asks_for_a_reason_only_where_the_designer_wants_one():
    assert set(answered("scenario", {"scene": "request", "choice": "0"}).errors) == {"why"}
    assert answered("scenario", {"scene": "request", "choice": "0"}, ask_reason=False).is_valid()


@pytest.mark.parametrize("choice", ["2", "-1", "x", ""])
def test_a_choice_that_is_not_offered_is_refused(choice):
    assert "choice" in answered("scenario", {"scene": "request", "choice": choice, "why": "So."}).errors


def test_the_points_of_a_model_pair_are_shown_after_the_answer_only():
    spec = spec_for("model_pair")
    form = answered("model_pair", {"answer": "B has a name in it.\r\nA has none."})
    before = shown("model_pair", form=answered("model_pair", None)).get_text()
    assert form.is_valid()
    response = form.to_response()

    after = shown("model_pair", response=response, outcome=KINDS["model_pair"].judge(spec, response))

    assert not any(point in before for point in spec.points)
    assert all(point in after.get_text() for point in spec.points)
    assert response.answer == "B has a name in it.\nA has none."
    assert "weak" not in before.lower()
    assert "strong" not in before.lower()


def test_a_practice_asks_for_each_line_of_its_report():
    form = answered("practice", {"report-0": "I asked."})

    assert list(form.errors) == ["report-1"]
    assert form.to_draft().report == ("I asked.", "")


@pytest.mark.parametrize(
    ("person", "wrong"),
    [
        ({"signer_name": "Amal"}, "signer_email"),
        ({"signer_email": "amal@example.com"}, "signer_name"),
        ({"signer_name": "Amal", "signer_email": "nowhere"}, "signer_email"),
    ],
)
def test_half_a_person_is_refused(person, wrong):
    assert list(answered("practice", REPORT | person).errors) == [wrong]


def test_a_person_to_ask_is_named_or_left_out():
    named = answered("practice", REPORT | {"signer_name": "Amal", "signer_email": "amal@example.com"})
    alone = answered("practice", REPORT)

    assert named.is_valid()
    assert named.to_response().sign_off.email == "amal@example.com"
    assert alone.is_valid()
    assert alone.to_response().sign_off is None


@pytest.mark.parametrize(("sign_off", "words"), [("peer", "Ask a colleague"), ("manager", "Ask your manager")])
def test_a_practice_says_what_is_sent_to_whom(sign_off, words):
    spec = spec_for("practice", sign_off=sign_off)

    page = shown("practice", spec=spec, form=form_of("practice")(spec))

    assert words in page.get_text()
    assert "They see your report only if you tick that below" in page.get_text()


def test_a_practice_without_a_sign_off_asks_for_nobody():
    spec = spec_for("practice", sign_off="none")
    form = form_of("practice")(spec, REPORT | {"signer_name": "Amal", "signer_email": "a@example.com"})

    assert "e-mail" not in shown("practice", spec=spec, form=form).get_text()
    assert form.is_valid()
    assert form.to_response().sign_off is None


def test_a_reflection_is_private_unless_one_chooses_otherwise():
    page = shown("reflection", form=answered("reflection", None), audience_choices=AUDIENCES, quoted="If <Jo> asks")

    radios = page.select("input[name=audience]")
    assert [(radio["value"], radio.has_attr("checked")) for radio in radios] == [
        ("private", True),
        ("facilitator", False),
    ]
    assert "Nadia Rahman" in page.get_text()
    assert "Amal" not in page.get_text()
    assert "If <Jo> asks" in page.get_text()
    assert "Your manager never sees reflections" in page.get_text()


def test_a_wider_audience_shows_names_and_how_many_more():
    spec = spec_for("reflection", audience="cohort")
    form = form_of("reflection")(spec, {"text": "Hm.", "audience": "cohort"})

    page = shown("reflection", spec=spec, form=form, audience_choices=AUDIENCES)

    assert form.is_valid()
    assert form.to_response().audience == "cohort"
    assert "Amal, Jo, Person 0, Person 1 and 17 others" in page.get_text()
    assert len(page.select("details.names li")) == 21
    assert [bdi.get_text() for bdi in page.select("small bdi")][:3] == ["Nadia Rahman", "Amal", "Jo"]


def test_an_audience_wider_than_allowed_cannot_be_sent():
    assert "audience" in answered("reflection", {"text": "Hm.", "audience": "cohort"}).errors


def test_a_commitment_shows_its_plan_examples_and_when_we_ask():
    form = answered("commitment", {"cue": "Jo asks <i>", "action": "ask what for"})
    assert form.is_valid()

    page = shown("commitment", form=form, check_in_at=datetime(2027, 3, 9, 16, 0, tzinfo=UTC))

    words = " ".join(page.select_one(".slab .words").get_text().split())
    assert words == "If Jo asks <i>, then I will ask what for"
    assert [part["data-preview-of"] for part in page.select("[data-preview-of]")] == ["cue", "action"]
    assert "Tuesday 9 March, 16:00" in page.get_text()
    assert "If Jo asks for numbers, then I ask what they are for." in page.get_text()


def test_a_commitment_without_a_known_moment_says_how_long_it_takes():
    page = shown("commitment", form=answered("commitment", None))

    assert "We ask once, 3 working days later, at 16:00" in page.get_text()


def test_an_own_film_loads_nothing_until_it_is_played_and_has_captions_and_transcript():
    urls = {"assets/welcome.mp4": "/assets/1/", "assets/welcome.vtt": "/assets/2/"}

    page = shown("video", form=answered("video", None), asset_urls=urls)

    assert page.video["preload"] == "none"
    assert page.video.has_attr("controls")
    assert not page.video.has_attr("autoplay")
    assert page.source["src"] == "/assets/1/"
    assert page.track["src"] == "/assets/2/"
    assert "hello" in page.details.get_text()


def test_a_film_elsewhere_is_a_plain_link_behind_a_sentence_of_consent():
    spec = spec_for("video", source="https://films.example.org/x?a=1&b=2", captions=None, transcript=None)

    page = shown("video", spec=spec)

    assert page.select("video, iframe, img, link") == []
    assert "films.example.org" in page.select_one(".note").get_text()
    assert page.a["href"] == "https://films.example.org/x?a=1&b=2"
    assert page.a["target"] == "_blank"
    assert {"noopener", "noreferrer"} <= set(page.a["rel"])


def test_a_live_session_shows_its_date_in_the_learners_zone_and_a_calendar_link():
    session = SimpleNamespace(
        starts_at=datetime(2027, 3, 12, 14, 0, tzinfo=UTC),
        zone="Asia/Tokyo",
        place="Room 4",
        link="https://meet.example.org/x",
        calendar_url="/sessions/1.ics",
    )

    page = shown("live_session", session=session)

    assert "Friday 12 March, 23:00" in page.get_text()
    assert "Asia/Tokyo" in page.get_text()
    assert "/sessions/1.ics" in [link["href"] for link in page.select("a")]
    assert "4 min" in page.get_text()


def test_a_live_session_without_a_date_says_who_sets_it():
    assert "Your facilitator sets the date" in shown("live_session").get_text()


def test_what_people_write_is_never_taken_as_html():
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    spec, _response, _outcome = played()
    kind = KINDS["scenario"]
    response = kind.Response(moves=({"scene": "request", "choice": 0, "reason": attack},))
    pages = [
        shown("scenario", spec=spec, response=response, outcome=kind.judge(spec, response)),
        shown("reflection", form=answered("reflection", {"text": attack}), quoted=attack, audience_choices=AUDIENCES),
        shown("commitment", form=answered("commitment", {"cue": attack, "action": attack})),
        shown("practice", response=KINDS["practice"].Response(report=(attack, attack))),
        shown("model_pair", spec=spec_for("model_pair", ask=attack, points=[attack]), form=None),
    ]

    for page in pages:
        assert page.select("script, img, [onerror]") == []
        assert "alert(1)" in page.get_text() or "alert(1)" in str(page)
